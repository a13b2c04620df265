// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/writing.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "explain/classify.h"
#include "render/json.h"
#include "render/message.h"
#include "render/table.h"
#include "ui/ask.h"
#include "ui/prompt.h"
#include "ui/sockets.h"
#include "ui/written.h"
#include "util/text.h"
#include "util/translate.h"

struct writing {
	const struct app *app;
	bool json;
	uint64_t count; /* sockets written */
};

/* Asks whether to replace a file. */
struct replacing {
	struct ask ask; /* first: it is its pane */
	char path[ENTRY_BYTES];
};

static bool ends_in(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n >= m && !strcmp(text + n - m, end);
}

static const struct sockets *table_of(const struct app *a)
{
	return (const struct sockets *)a->panes[PANE_SOCKETS];
}

static int put_row(struct writing *w, struct view *view, const struct live_socket *s)
{
	struct row row = s->row;
	int error;

	if (s->went)
		return 0;
	classify(&row);
	error = view->sink.take(&view->sink, &row);
	w->count += !error;
	return error;
}

static int put_rows(struct writing *w, struct view *view)
{
	const struct order *order = &table_of(w->app)->order;
	int error = 0;

	for (size_t i = 0; i < order->count && !error; i++)
		error = put_row(w, view, order->sockets[i]);
	return error;
}

static int put_listeners(struct writing *w, struct view *view)
{
	const struct live *l = w->app->live;
	int error = 0;

	for (size_t i = 0; i < l->count && !error; i++) {
		if (l->sockets[i]->row.socket->kernel_state == STATE_LISTEN)
			error = put_row(w, view, l->sockets[i]);
	}
	return error;
}

/* The sockets of the table, or those that listen. */
static int fill_sockets(struct out *o, struct writing *w)
{
	const struct app *a = w->app;
	bool all = a->current == PANE_SOCKETS;
	const struct view_options options = {
		.style = {.header = true, .width = WRITTEN_COLS},
		.columns = table_of(a)->columns,
		.in_order = true,
		.filter = !all        ? "state listen"
			  : a->filter ? a->filter_text
				      : NULL,
		.saved = a->live->saved,
	};
	struct view *view = w->json ? json_view() : table_view();
	int error;

	if (!view)
		return -ENOMEM;
	view->out = o;
	view->options = &options;
	view->snapshot = &a->live->snapshot;
	error = all ? put_rows(w, view) : put_listeners(w, view);
	error = error ? error : view->end(view);
	view->free(view);
	return error;
}

static int fill(struct out *o, void *ctx)
{
	struct writing *w = ctx;
	struct pane *p = w->app->panes[w->app->current];

	return p->ops->write && !w->json ? p->ops->write(p, o) : fill_sockets(o, w);
}

/* Notes a message about the file. */
static void note(struct app *a, const char *message, const char *path, int error, uint64_t count)
{
	struct out file = OUT_MEMORY, reason = OUT_MEMORY, text = OUT_MEMORY;

	text_safe(&file, path, strlen(path), TEXT_LINE);
	out_str(&reason, strerror(-error));
	message_fill(&text, message,
		     (struct message_value[]){
			     {.name = "file", .text = out_text(&file)},
			     {.name = "error", .text = out_text(&reason)},
			     {.name = "count", .number = count},
		     },
		     3);
	app_note_text(a, out_text(&text));
	out_free(&file);
	out_free(&reason);
	out_free(&text);
}

/* Others show what a snapshot cannot hold. */
static bool has_sockets(const struct app *a)
{
	return a->current == PANE_SOCKETS || a->current == PANE_LISTENERS;
}

/* Returns -EEXIST, having said nothing, where the name is taken and not to be replaced. */
static int write_to(struct app *a, const char *path, bool replace)
{
	struct writing w = {.app = a, .json = ends_in(path, ".json")};
	int error;

	if (w.json && !has_sockets(a)) {
		app_note(a,
			 N_("this view is written as text; Sockets and Listeners write snapshots"));
		return 0;
	}
	error = a->options->write_file(path, replace, fill, &w);
	if (!error && (w.json || a->current == PANE_SOCKETS))
		note(a, N_("written to {file}, sockets: {count}"), path, 0, w.count);
	else if (!error)
		note(a, N_("written to {file}"), path, 0, 0);
	else if (error != -EEXIST || replace)
		note(a, N_("nothing written to {file}: {error}"), path, error, 0);
	return error;
}

static void draw(struct pane *p, struct screen *s, const struct box *b)
{
	struct replacing *r = (struct replacing *)p;
	struct out *o = ask_begin(&r->ask);

	text_safe(o, r->path, strlen(r->path), TEXT_LINE);
	out_char(o, '\n');
	out_str(&r->ask.question,
		message_translate(N_("This file is there already. Replace all of it?")));
	ask_draw(&r->ask, s, b);
}

static bool key(struct pane *p, const struct key *key)
{
	struct app *a = p->app;
	char path[ENTRY_BYTES];
	enum ask_answer answer;

	memcpy(path, ((struct replacing *)p)->path, sizeof(path));
	answer = ask_key(p, key, N_("nothing was written"));
	if (answer == ASK_AGREED) {
		app_back(a);
		write_to(a, path, true);
	}
	return answer != ASK_NOTHING;
}

static const struct pane_ops replacing_pane = {
	.title = N_("Write"),
	.size = sizeof(struct replacing),
	.where = WHERE_LINES,
	.close = ask_close,
	.draw = draw,
	.act = text_page_act,
	.key = key,
};

static void done(struct app *a, const char *path)
{
	struct replacing *r;

	if (!*path || write_to(a, path, false) != -EEXIST)
		return;
	r = (struct replacing *)app_open_pane(a, &replacing_pane);
	if (!r)
		return;
	ask_open(&r->ask);
	snprintf(r->path, sizeof(r->path), "%s", path);
}

static const struct prompt_ops name_prompt = {
	.label = N_("Write to (.json: a snapshot, else text)"),
	.done = done,
};

static const struct prompt_ops text_prompt = {
	.label = N_("Write as text to"),
	.done = done,
};

void writing_open(struct app *a)
{
	const char *ending = has_sockets(a) ? "json" : "txt";
	char name[64], when[32] = "";
	time_t t = a->live->snapshot.time.tv_sec;
	struct tm tm;

	if (!a->options->write_file) {
		app_note(a, N_("no file can be written here"));
		return;
	}
	if (t && localtime_r(&t, &tm))
		strftime(when, sizeof(when), "-%Y%m%d-%H%M%S", &tm);
	snprintf(name, sizeof(name), "tcpstate%s.%s", when, ending);
	prompt_open(a, has_sockets(a) ? &name_prompt : &text_prompt, name, NULL);
}

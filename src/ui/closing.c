// SPDX-License-Identifier: GPL-2.0-or-later
/* Closing sockets by force: shown, asked, done, told. */
#include "ui/closing.h"

#include <errno.h>
#include <stdlib.h>

#include "render/cell.h"
#include "render/kill.h"
#include "render/message.h"
#include "render/page.h"
#include "ui/ask.h"
#include "ui/targets.h"
#include "util/translate.h"

struct closing {
	struct ask ask; /* first: it is its pane */
	struct targets targets;
	struct row *rows;    /* of the targets */
	struct killed *done; /* of those that are over */
	bool *over;
	uint32_t first_deed; /* their numbers, one after another */
	size_t over_count;
};

static struct closing *self(struct pane *p)
{
	return (struct closing *)p;
}

static void settle(struct closing *c, size_t i, int error, bool remains)
{
	if (c->over[i])
		return;
	c->over[i] = true;
	c->over_count++;
	c->done[i] = (struct killed){
		kill_outcome_of(c->targets.list[i].kept.socket, error, remains), error};
}

/* One without a cookie is not tried: another might be hit. */
static void close_all(struct pane *p)
{
	struct closing *c = self(p);
	struct feed *feed = p->app->feed;

	c->first_deed = app_deed_numbers(p->app, (uint32_t)c->targets.count);
	for (size_t i = 0; i < c->targets.count; i++) {
		struct deed deed = {
			.number = c->first_deed + (uint32_t)i,
			.kind = DEED_CLOSE,
			.socket = *c->targets.list[i].kept.socket,
		};
		int error = 0;

		if (deed.socket.have & HAVE_COOKIE)
			error = feed->act(feed, &deed);
		if (error || !(deed.socket.have & HAVE_COOKIE))
			settle(c, i, error, false);
	}
}

static void take_outcomes(struct closing *c, const struct live *l)
{
	for (size_t i = 0; i < l->outcome_count; i++) {
		uint32_t at = l->outcomes[i].deed - c->first_deed;

		if (at < c->targets.count)
			settle(c, at, l->outcomes[i].error, l->outcomes[i].remains);
	}
}

static void received(struct pane *p)
{
	struct closing *c = self(p);

	if (c->ask.agreed)
		take_outcomes(c, p->app->live);
	else
		targets_refresh(&c->targets, p->app->live);
}

/* "ESTABLISHED  10.0.0.1:80  10.0.0.7:51334  nginx[812]" and what is going on, below. */
static void put_target(struct out *o, const struct style *style, const struct target *t,
		       const struct row *row)
{
	static const char *const names[] = {"state", "local", "peer", "process"};
	struct out text = OUT_MEMORY;

	for (int i = 0; i < 4; i++) {
		if (i == 2 && !socket_has_peer(row->socket))
			continue;
		out_str(o, "  ");
		cell_put(o, field_find(names[i], strlen(names[i])), row, CELL_FULL);
	}
	out_char(o, '\n');
	if (t->gone)
		out_str(&text, message_translate(N_("gone meanwhile")));
	else
		message_put(&text, row->verdict.situation->line, row);
	page_painted(o, style, "", out_text(&text), t->gone ? PAINT_NOTICE : PAINT_DIM);
	out_free(&text);
}

static const struct row *session_among(const struct app *a, const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (app_is_session(a, rows[i].socket))
			return &rows[i];
	}
	return NULL;
}

static void put_plan(struct closing *c, struct out *o, const struct style *style)
{
	const struct app *a = c->ask.page.pane.app;
	const struct row *session;

	for (size_t i = 0; i < c->targets.count; i++)
		put_target(o, style, &c->targets.list[i], &c->rows[i]);
	out_char(o, '\n');
	if (kill_put_effects(o, style, c->rows, c->targets.count))
		o->error = -1;
	session = session_among(a, c->rows, c->targets.count);
	if (session)
		kill_warn_of_session(o, style, session);
	if (!a->options->may_close)
		kill_warn_of_refusal(o, style);
}

static void put_outcome(const struct closing *c, struct out *o, const struct style *style, size_t i)
{
	struct out line = OUT_MEMORY;

	if (c->over[i] && c->done[i].error == -EPIPE)
		kill_put_told(&line, &c->rows[i], ask_unsent());
	else if (c->over[i])
		kill_put_outcome(&line, &c->rows[i], &c->done[i]);
	else if (c->ask.page.pane.app->over)
		kill_put_told(&line, &c->rows[i], ask_unanswered());
	ask_put_line(o, style, &line);
}

static void put_outcomes(struct closing *c, struct out *o, const struct style *style)
{
	for (size_t i = 0; i < c->targets.count; i++)
		put_outcome(c, o, style, i);
	if (c->ask.page.pane.app->over) {
		ask_put_over(o, style);
	} else if (c->over_count < c->targets.count) {
		message_fill(o, N_("waiting for {count} more"),
			     &(struct message_value){.name = "count",
						     .number = c->targets.count - c->over_count},
			     1);
		out_char(o, '\n');
	} else if (c->targets.count > 1) {
		out_char(o, '\n');
		kill_put_sum(o, c->done, c->targets.count);
	}
}

static void put_question(struct closing *c, struct out *o)
{
	const struct message_value count = {.name = "count", .number = c->targets.count};

	if (c->ask.agreed)
		return;
	message_fill(o,
		     count.number == 1 ? N_("Close this socket?")
				       : N_("Close these {count} sockets?"),
		     &count, 1);
}

static void draw(struct pane *p, struct screen *s, const struct box *b)
{
	struct closing *c = self(p);
	const struct style style = {.color = true, .terminal = true, .width = b->cols};
	struct out *o = ask_begin(&c->ask);

	for (size_t i = 0; i < c->targets.count; i++)
		c->rows[i] = targets_row(&c->targets.list[i], p->app->live);
	if (c->ask.agreed)
		put_outcomes(c, o, &style);
	else
		put_plan(c, o, &style);
	put_question(c, &c->ask.question);
	ask_draw(&c->ask, s, b);
}

static bool key(struct pane *p, const struct key *key)
{
	enum ask_answer answer = ask_key(p, key, N_("nothing was closed"));

	if (answer == ASK_AGREED)
		close_all(p);
	return answer != ASK_NOTHING;
}

static void close_page(struct pane *p)
{
	struct closing *c = self(p);

	targets_free(&c->targets);
	free(c->rows);
	free(c->done);
	free(c->over);
	ask_close(p);
}

static void watch(struct pane *p, struct watch *w)
{
	struct closing *c = self(p);

	(void)w;
	for (size_t i = 0; i < c->targets.count && i < FEED_LOOKED_AT; i++)
		app_look_at(p->app, c->targets.list[i].id);
}

static const struct pane_ops closing_pane = {
	.title = N_("Close"),
	.size = sizeof(struct closing),
	.where = WHERE_LINES,
	.close = close_page,
	.received = received,
	.draw = draw,
	.act = text_page_act,
	.key = key,
	.watch = watch,
	.status = text_page_status,
};

void closing_open(struct app *a)
{
	struct targets targets;
	struct closing *c;
	int error;

	if (!targets_allowed(a))
		return;
	error = targets_gather(&targets, a);
	c = error || !targets.count ? NULL : (struct closing *)app_open_pane(a, &closing_pane);
	if (!c) {
		if (error)
			app_note(a, N_("out of memory"));
		targets_free(&targets);
		return;
	}
	ask_open(&c->ask);
	c->targets = targets;
	c->rows = calloc(targets.count, sizeof(*c->rows));
	c->done = calloc(targets.count, sizeof(*c->done));
	c->over = calloc(targets.count, sizeof(*c->over));
	if (!c->rows || !c->done || !c->over) {
		app_back(a);
		app_note(a, N_("out of memory"));
	}
}

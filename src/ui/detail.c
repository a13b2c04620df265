// SPDX-License-Identifier: GPL-2.0-or-later
/* The page of one socket. */
#include "ui/detail.h"

#include <stdlib.h>
#include <string.h>

#include "explain/classify.h"
#include "render/message.h"
#include "ui/detail_text.h"
#include "ui/kept.h"
#include "ui/text_page.h"
#include "util/translate.h"

struct detail {
	struct text_page page; /* first: it is its pane */
	uint64_t id;
	struct kept kept;        /* as it was last there */
	struct live_socket past; /* copied: its pointers are not looked at */
	struct trail trail;
	char *command;
	size_t command_len;
};

static struct detail *self(struct pane *p)
{
	return (struct detail *)p;
}

/* The socket, if it is there. */
static struct live_socket *find(struct pane *p)
{
	struct live_socket *s = live_find(p->app->live, self(p)->id);

	return s && !s->went ? s : NULL;
}

static void take_command(struct detail *d, const struct live *l)
{
	char *copy;

	if (l->command_id != d->id || !l->command_len ||
	    (l->command_len == d->command_len && !memcmp(l->command, d->command, l->command_len)))
		return;
	copy = malloc(l->command_len);
	if (!copy)
		return;
	memcpy(copy, l->command, l->command_len);
	free(d->command);
	d->command = copy;
	d->command_len = l->command_len;
}

static void take(struct detail *d, const struct live_socket *s)
{
	kept_take(&d->kept, s); /* without memory an earlier one is kept */
	d->past = *s;
	if (s->trail)
		d->trail = *s->trail;
}

static void received(struct pane *p)
{
	struct detail *d = self(p);
	struct live_socket *s = find(p);

	if (s)
		take(d, s);
	else if (!d->past.went)
		d->past.went = p->app->live->now ? p->app->live->now : 1;
}

static void draw(struct pane *p, struct screen *s, const struct box *b)
{
	struct detail *d = self(p);
	const struct live *live = p->app->live;
	const struct style style = {.color = true, .terminal = true, .width = b->cols};
	struct live_socket *there = find(p);
	struct detail_facts facts = {
		.past = &d->past,
		.trail = &d->trail,
		.command = d->command,
		.command_len = d->command_len,
		.now = p->app->clock > live->now ? p->app->clock : live->now,
		.saved = live->saved,
	};

	d->page.text.len = 0;
	if (there) {
		facts.row = there->row;
		classify(&facts.row);
	} else {
		facts.row = kept_row(&d->kept, live);
	}
	detail_text(&d->page.text, &style, &facts);
	text_page_draw(&d->page, s, b);
}

static bool act(struct pane *p, enum action action)
{
	return text_page_act(p, action);
}

static void watch(struct pane *p, struct watch *w)
{
	take_command(self(p), p->app->live);
	app_look_at(p->app, self(p)->id);
	w->command_id = self(p)->id;
}

static void close_detail(struct pane *p)
{
	struct detail *d = self(p);

	kept_free(&d->kept);
	free(d->command);
	text_page_close(p);
}

static const struct pane_ops detail_pane = {
	.title = N_("Socket"),
	.size = sizeof(struct detail),
	.where = WHERE_LINES | WHERE_SOCKETS | WHERE_HOLDERS,
	.close = close_detail,
	.received = received,
	.draw = draw,
	.act = act,
	.key = text_page_key,
	.find = text_page_find,
	.watch = watch,
	.status = text_page_status,
	.chosen = find,
};

void detail_open(struct app *a, struct live_socket *s)
{
	struct pane *p = app_open_pane(a, &detail_pane);
	struct detail *d = p ? self(p) : NULL;

	if (!d)
		return;
	d->page.text = (struct out)OUT_MEMORY;
	d->id = s->id;
	live_follow(s); /* without memory there is no graph */
	take(d, s);
	if (!d->kept.socket) {
		app_back(a);
		app_note(a, N_("out of memory"));
	}
}

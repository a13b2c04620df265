// SPDX-License-Identifier: GPL-2.0-or-later
/* The table of sockets. */
#include "ui/app.h"
#include "ui/cells.h"
#include "ui/columns_fit.h"
#include "ui/list.h"
#include "ui/order.h"

#include <stdlib.h>

#include "explain/classify.h"
#include "util/text.h"
#include "util/translate.h"

enum {
	MARKS = 2,         /* columns before the first: what happened, and the tag */
	NEWS_MS = 2500,    /* what is new is marked so long */
	ROWS_FOR_MORE = 8, /* from here on a line tells all about the chosen one */
};

struct sockets {
	struct pane pane;
	struct columns columns, sort;
	struct order order;
	struct list list;
	struct columns_fit fit;
	struct cells cells;
	size_t first; /* column at the left */
	size_t tagged;
	bool failed; /* the order is to be made anew */
};

static struct sockets *self(struct pane *p)
{
	return (struct sockets *)p;
}

static struct list_id id_at(const void *owner, size_t at)
{
	const struct sockets *t = owner;

	return (struct list_id){.number = t->order.sockets[at]->id};
}

static void refresh_list(struct sockets *t)
{
	list_changed(&t->list, t->order.count, id_at, t);
}

static void rebuild(struct sockets *t)
{
	t->order.filter = t->pane.app->filter;
	t->failed = order_rebuild(&t->order);
	fit_forget(&t->fit);
	refresh_list(t);
}

static int open_sockets(struct pane *p)
{
	struct sockets *t = self(p);

	t->columns = p->app->options->columns;
	t->sort = p->app->options->sort;
	t->order.live = p->app->live;
	t->order.sort = &t->sort;
	t->cells = (struct cells)CELLS;
	rebuild(t);
	return t->failed ? -1 : 0;
}

static void close_sockets(struct pane *p)
{
	struct sockets *t = self(p);

	order_free(&t->order);
	cells_free(&t->cells);
}

static void received(struct pane *p)
{
	struct sockets *t = self(p);

	if (t->failed)
		rebuild(t);
	else
		t->failed = order_update(&t->order);
	refresh_list(t);
	fit_calm(&t->fit, &t->columns, p->app->live->refreshes);
}

static void filtered(struct pane *p)
{
	rebuild(self(p));
}

/* Whether something that happened at `when` is still news. */
static bool is_news(const struct live *l, uint64_t when)
{
	return when && l->now - when < NEWS_MS;
}

static char mark_of(const struct live *l, const struct live_socket *s)
{
	if (s->went)
		return '-';
	if (is_news(l, s->came))
		return '+';
	return is_news(l, s->changed) ? '*' : ' ';
}

static bool is_sorted_by(const struct sockets *t, size_t column)
{
	const struct field *f = t->columns.fields[column];

	return t->sort.count ? f == t->sort.fields[0] : f->kind == KIND_STATE;
}

static const char *arrow(const struct sockets *t)
{
	bool down = t->order.inverted;

	if (t->sort.count)
		down ^= t->sort.descending[0];
	if (text_utf8())
		return down ? "\xe2\x96\xbc" : "\xe2\x96\xb2";
	return down ? "v" : "^";
}

/* Widths as the rows on the screen need them. */
static void measure(struct sockets *t, size_t end)
{
	for (size_t c = 0; c < t->columns.count; c++) {
		const struct field *f = t->columns.fields[c];
		unsigned width;

		fit_need(&t->fit, c, (unsigned)strlen(f->header) + is_sorted_by(t, c));
		for (size_t i = t->list.top; i < end; i++) {
			cells_make(&t->cells, f, &t->order.sockets[i]->row, &width);
			fit_need(&t->fit, c, width);
		}
	}
}

static void draw_heading(struct sockets *t, struct screen *s, const struct box *b)
{
	static const struct look look = {.paint = PAINT_HEADER, .bits = LOOK_UNDERLINE};

	screen_paint(s, b, 0, 0, b->cols, look);
	for (size_t i = t->first; i < t->columns.count; i++) {
		const struct fit_column *c = &t->fit.columns[i];
		const struct field *f = t->columns.fields[i];
		unsigned width = (unsigned)strlen(f->header) + is_sorted_by(t, i);
		unsigned col = MARKS + c->col;

		if (field_is_number(f) && width < c->shown)
			col += c->shown - width;
		col += screen_put(s, b, 0, col, c->shown, look, f->header, strlen(f->header));
		if (is_sorted_by(t, i) && c->shown)
			screen_str(s, b, 0, col, look, arrow(t));
	}
}

static struct look look_of(const struct live_socket *s, const struct field *f)
{
	struct look look = {0};

	if (s->went || s->row.socket->kernel_state == STATE_TIME_WAIT)
		look.paint = PAINT_DIM;
	else if (f->kind == KIND_STATE)
		look.paint = (uint8_t)paint_of_state(s->row.socket->kernel_state);
	return look;
}

static void draw_row(struct sockets *t, struct screen *s, const struct box *b, unsigned row,
		     const struct live_socket *of)
{
	const struct live *l = t->pane.app->live;
	char marks[] = {mark_of(l, of), of->tagged ? '#' : ' '};
	struct look look = {.bits = LOOK_BOLD};

	screen_put(s, b, row, 0, MARKS, look, marks, sizeof(marks));
	for (size_t i = t->first; i < t->columns.count; i++) {
		const struct fit_column *c = &t->fit.columns[i];
		const struct field *f = t->columns.fields[i];

		look = look_of(of, f);
		if (f->kind == KIND_STATE && !of->went && is_news(l, of->changed))
			look.bits |= LOOK_REVERSE;
		if (c->shown)
			cells_put(&t->cells, s, b, row, MARKS + c->col, c->shown, look, f,
				  &of->row);
	}
}

/* What is going on with the chosen one, in a line of its own: the column may have no room. */
static void draw_more(struct sockets *t, struct screen *s, const struct box *b, unsigned row)
{
	const struct field *what = field_find("what", 4), *process = field_find("process", 7);
	const struct row *of;
	unsigned width, col = MARKS;
	const char *text;

	if (!t->list.count)
		return;
	of = &t->order.sockets[t->list.at]->row;
	text = cells_make(&t->cells, process, of, &width);
	col += screen_put(s, b, row, col, b->cols / 3, (struct look){.paint = PAINT_BOLD}, text,
			  strlen(text)) +
	       2;
	text = cells_make(&t->cells, what, of, &width);
	screen_str(s, b, row, col, (struct look){0}, text);
}

static void draw_empty(struct sockets *t, struct screen *s, const struct box *b)
{
	const struct app *a = t->pane.app;
	const char *text = N_("no sockets");

	if (a->filter)
		text = N_("no socket matches the filter");
	else if (!a->live->refreshes && !a->live->saved)
		text = N_("looking for sockets");
	screen_str(s, b, 2, MARKS, (struct look){.paint = PAINT_DIM}, message_translate(text));
}

static void draw(struct pane *p, struct screen *s, const struct box *b)
{
	struct sockets *t = self(p);
	unsigned more = b->rows >= ROWS_FOR_MORE;
	unsigned page = b->rows > 1 + more ? b->rows - 1 - more : 1;
	struct box body = {b->row + 1, b->col, b->rows > 1 ? b->rows - 1 : 0, b->cols};
	size_t end;

	list_fit(&t->list, page);
	end = t->list.top + page < t->order.count ? t->list.top + page : t->order.count;
	for (size_t i = t->list.top; i < end; i++)
		classify(&t->order.sockets[i]->row);
	measure(t, end);
	fit_lay_out(&t->fit, &t->columns, t->first, b->cols > MARKS ? b->cols - MARKS : 0);
	draw_heading(t, s, b);
	for (size_t i = t->list.top; i < end; i++)
		draw_row(t, s, &body, (unsigned)(i - t->list.top), t->order.sockets[i]);
	if (t->order.count)
		screen_mark(s, &body, (unsigned)(t->list.at - t->list.top), 0, b->cols,
			    LOOK_REVERSE);
	else
		draw_empty(t, s, b);
	if (more)
		draw_more(t, s, b, b->rows - 1);
}

static void scroll_columns(struct sockets *t, int by)
{
	if (by < 0 && t->first)
		t->first--;
	if (by > 0 && t->first + 1 < t->columns.count)
		t->first++;
}

static bool act(struct pane *p, enum action action)
{
	struct sockets *t = self(p);

	if (list_act(&t->list, action, id_at, t))
		return true;
	switch (action) {
	case ACTION_LEFT: scroll_columns(t, -1); return true;
	case ACTION_RIGHT: scroll_columns(t, 1); return true;
	default: return false;
	}
}

static bool key(struct pane *p, const struct key *k)
{
	struct sockets *t = self(p);
	size_t line;

	if (k->code == PRESS_WHEEL_UP || k->code == PRESS_WHEEL_DOWN) {
		list_move(&t->list, k->code == PRESS_WHEEL_UP ? -3 : 3, id_at, t);
		return true;
	}
	if (k->code != PRESS_CLICK || k->row <= p->box.row)
		return false;
	line = k->row - p->box.row - 1;
	if (line < t->list.page && t->list.top + line < t->list.count)
		list_choose(&t->list, t->list.top + line, id_at, t);
	return true;
}

static void watch(struct pane *p, struct watch *w)
{
	struct sockets *t = self(p);

	w->want |= columns_need(&t->sort);
	for (size_t i = t->list.top; i < t->list.top + t->list.page && i < t->order.count; i++)
		app_look_at(p->app, t->order.sockets[i]->id);
}

static void status(struct pane *p, struct out *o)
{
	struct sockets *t = self(p);
	struct app *a = p->app;
	struct message_value values[] = {
		{.name = "at", .number = t->list.count ? t->list.at + 1 : 0},
		{.name = "count", .number = t->list.count},
		{.name = "all", .number = a->live->count, .absent = !a->filter},
		{.name = "tagged", .number = t->tagged, .absent = !t->tagged},
	};

	if (a->filter) {
		text_safe(o, a->filter_text, strlen(a->filter_text), TEXT_LINE);
		out_str(o, "  ");
	}
	message_fill(o, N_("{at}/{count}[ of {all}][, {tagged} tagged]"), values, 4);
}

static struct live_socket *chosen(struct pane *p)
{
	struct sockets *t = self(p);

	return t->list.count ? t->order.sockets[t->list.at] : NULL;
}

const struct pane_ops sockets_pane = {
	.title = N_("Sockets"),
	.size = sizeof(struct sockets),
	.where = WHERE_LINES | WHERE_TABLE | WHERE_SIDEWAYS | WHERE_SOCKETS,
	.open = open_sockets,
	.close = close_sockets,
	.received = received,
	.filtered = filtered,
	.draw = draw,
	.act = act,
	.key = key,
	.watch = watch,
	.status = status,
	.chosen = chosen,
};

// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/sockets.h"

#include <stdio.h>

#include "explain/classify.h"
#include "ui/mark.h"
#include "util/text.h"
#include "util/translate.h"

enum {
	NEWS_MS = 2500,    /* what is new is marked so long */
	ROWS_FOR_MORE = 8, /* from here on a line tells all about the chosen one */
};

static struct live_socket *socket_at(const struct sockets *t, size_t line)
{
	return groups_socket(&t->groups, &t->order, line);
}

/* Whether something that happened at `when` is still news. */
static bool is_news(const struct live *l, uint64_t when)
{
	return when && l->now - when < NEWS_MS;
}

static const char *mark_of(const struct live *l, const struct live_socket *s)
{
	if (s->went)
		return mark_text(MARK_WENT);
	if (is_news(l, s->came))
		return mark_text(MARK_CAME);
	return is_news(l, s->changed) ? mark_text(MARK_CHANGED) : "";
}

static const char *arrow(const struct sockets *t)
{
	bool down = t->order.inverted;

	if (t->sort.count)
		down ^= t->sort.descending[0];
	return mark_text(down ? MARK_DESCENDING : MARK_ASCENDING);
}

/* Widths as the rows on the screen need them. */
static void measure(struct sockets *t, size_t end)
{
	for (size_t i = t->list.top; i < end; i++) {
		if (!groups_heading(&t->groups, i))
			classify(&socket_at(t, i)->row);
	}
	for (size_t c = 0; c < t->columns.count; c++) {
		const struct field *f = t->columns.fields[c];
		unsigned width;

		fit_need(&t->fit, c, (unsigned)strlen(f->header) + sockets_sorted_by(t, c));
		for (size_t i = t->list.top; i < end; i++) {
			if (groups_heading(&t->groups, i))
				continue;
			cells_make(&t->cells, f, &socket_at(t, i)->row, &width);
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
		unsigned width = (unsigned)strlen(f->header) + sockets_sorted_by(t, i);
		unsigned col = SOCKETS_MARKS + c->col;

		if (field_is_number(f) && width < c->shown)
			col += c->shown - width;
		col += screen_put(s, b, 0, col, c->shown, look, f->header, strlen(f->header));
		if (sockets_sorted_by(t, i) && c->shown)
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
	struct look look = {.bits = LOOK_BOLD};

	screen_str(s, b, row, 0, look, mark_of(l, of));
	if (of->tagged)
		screen_str(s, b, row, 1, look, mark_text(MARK_TAGGED));
	for (size_t i = t->first; i < t->columns.count; i++) {
		const struct fit_column *c = &t->fit.columns[i];
		const struct field *f = t->columns.fields[i];

		look = look_of(of, f);
		if (f->kind == KIND_STATE && !of->went && is_news(l, of->changed))
			look.bits |= LOOK_REVERSE;
		if (c->shown)
			cells_put(&t->cells, s, b, row, SOCKETS_MARKS + c->col, c->shown, look, f,
				  &of->row);
	}
}

/* "ESTABLISHED 12": the states of a group. */
static unsigned draw_states(const struct sockets *t, struct screen *s, const struct box *b,
			    unsigned row, unsigned col, const struct group *g)
{
	uint32_t counts[256] = {0};
	unsigned order = 0, number;
	char digits[16];

	for (size_t i = 0; i < g->count; i++)
		counts[t->order.sockets[g->first + i]->row.socket->kernel_state]++;
	while (state_next(&order, &number)) {
		struct look look = {.paint = (uint8_t)paint_of_state(number)};

		if (!counts[number] || !state_token(number))
			continue;
		snprintf(digits, sizeof(digits), "%u", counts[number]);
		col += screen_str(s, b, row, col, look, state_token(number)) + 1;
		col += screen_str(s, b, row, col, (struct look){0}, digits) + 2;
	}
	return col;
}

static void draw_group(struct sockets *t, struct screen *s, const struct box *b, unsigned row,
		       const struct group *g)
{
	static const struct look bold = {.paint = PAINT_BOLD};
	unsigned col = 0;
	char digits[32];

	col += screen_str(s, b, row, col, bold,
			  mark_text(g->folded ? MARK_FOLDED : MARK_UNFOLDED)) +
	       1;
	if (t->groups.field->kind != KIND_OWNERS && t->groups.field->kind != KIND_STATE) {
		col += screen_str(s, b, row, col, bold, t->groups.field->header) + 1;
	}
	col += screen_str(s, b, row, col, bold, groups_value(&t->groups, &t->order, g)) + 2;
	snprintf(digits, sizeof(digits), "%zu", g->count);
	col += screen_str(s, b, row, col, bold, digits) + 2;
	if (t->groups.field->kind != KIND_STATE)
		draw_states(t, s, b, row, col, g);
}

static void draw_line(struct sockets *t, struct screen *s, const struct box *b, unsigned row,
		      size_t line)
{
	const struct group *heading = groups_heading(&t->groups, line);

	if (heading)
		draw_group(t, s, b, row, heading);
	else
		draw_row(t, s, b, row, socket_at(t, line));
}

/* What is going on with the chosen one, in a line of its own: the column may have no room. */
static void draw_more(struct sockets *t, struct screen *s, const struct box *b, unsigned row)
{
	const struct field *what = field_find("what", 4), *process = field_find("process", 7);
	const struct row *of;
	unsigned width, col = SOCKETS_MARKS;
	const char *text;

	if (!t->list.count || groups_heading(&t->groups, t->list.at))
		return;
	of = &socket_at(t, t->list.at)->row;
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
	screen_str(s, b, 2, SOCKETS_MARKS, (struct look){.paint = PAINT_DIM},
		   message_translate(text));
}

void sockets_draw(struct pane *p, struct screen *s, const struct box *b)
{
	struct sockets *t = (struct sockets *)p;
	unsigned more = b->rows >= ROWS_FOR_MORE;
	unsigned page = b->rows > 1 + more ? b->rows - 1 - more : 1;
	struct box body = {b->row + 1, b->col, b->rows > 1 ? b->rows - 1 : 0, b->cols};
	size_t end;

	list_fit(&t->list, page);
	end = t->list.top + page < t->list.count ? t->list.top + page : t->list.count;
	measure(t, end);
	fit_lay_out(&t->fit, &t->columns, t->first,
		    b->cols > SOCKETS_MARKS ? b->cols - SOCKETS_MARKS : 0);
	draw_heading(t, s, b);
	for (size_t i = t->list.top; i < end; i++)
		draw_line(t, s, &body, (unsigned)(i - t->list.top), i);
	if (t->list.count)
		screen_mark(s, &body, (unsigned)(t->list.at - t->list.top), 0, b->cols,
			    LOOK_REVERSE);
	else
		draw_empty(t, s, b);
	if (more)
		draw_more(t, s, b, b->rows - 1);
}

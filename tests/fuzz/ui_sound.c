// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui_sound.h"

#include <string.h>
#include <wchar.h>

#include "ui/sockets.h"
#include "util/text.h"

#include "fuzz.h"

/* Neither a control character nor one that turns the direction of text. */
static bool draws(uint32_t cp)
{
	return cp >= 0x20 && (cp < 0x7f || cp > 0x9f) && cp <= 0x10ffff &&
	       (cp < 0xd800 || cp > 0xdfff) && (cp < 0x202a || cp > 0x202e) &&
	       (cp < 0x2066 || cp > 0x2069) && cp != 0x200e && cp != 0x200f && cp != 0x61c;
}

static void check_cell(const struct screen *s, unsigned row, unsigned col, bool ascii)
{
	const struct screen_cell *c = &s->cells[(size_t)row * s->cols + col];
	int width;

	HOLDS(c->look.paint <= PAINT_BOLD && c->look.bits < LOOK_DIM * 2);
	/* Nearly all are so, and there are many. */
	if (c->width == 1 && c->cp >= 0x20 && c->cp < 0x7f && !c->marks[0])
		return;
	if (!c->width) {
		HOLDS(col && c[-1].width == 2, "row %u, column %u", row, col);
		return;
	}
	HOLDS(draws(c->cp), "U+%04x in row %u, column %u", c->cp, row, col);
	HOLDS(!ascii || c->cp < 0x80, "U+%04x in row %u, column %u", c->cp, row, col);
	width = wcwidth((wchar_t)c->cp);
	HOLDS(width == c->width || (width < 0 && c->width == 1), "U+%04x takes %d, not %u", c->cp,
	      width, c->width);
	HOLDS(c->width == 1 || (col + 1 < s->cols && !c[1].width), "row %u, column %u", row, col);
	for (int i = 0; i < CELL_MARKS && c->marks[i]; i++)
		HOLDS(draws(c->marks[i]) && !wcwidth((wchar_t)c->marks[i]), "U+%04x", c->marks[i]);
}

void sound_screen(const struct screen *s, bool ascii)
{
	for (unsigned row = 0; row < s->rows; row++) {
		for (unsigned col = 0; col < s->cols; col++)
			check_cell(s, row, col, ascii);
	}
	HOLDS(!s->cursor || (s->cursor_row < s->rows && s->cursor_col < s->cols), "%u %u",
	      s->cursor_row, s->cursor_col);
}

static bool same_cell(const struct screen_cell *a, const struct screen_cell *b)
{
	return a->cp == b->cp && a->width == b->width && a->look.paint == b->look.paint &&
	       a->look.bits == b->look.bits && !memcmp(a->marks, b->marks, sizeof(a->marks));
}

static const char *row_text(const struct screen *s, unsigned row, struct out *o)
{
	o->len = 0;
	screen_text(s, row, o);
	return out_text(o);
}

void sound_same(const struct screen *shown, const struct screen *again)
{
	struct out before = OUT_MEMORY, after = OUT_MEMORY;

	HOLDS(shown->rows == again->rows && shown->cols == again->cols);
	for (unsigned i = 0; i < shown->rows * shown->cols; i++) {
		unsigned row = i / shown->cols;

		HOLDS(same_cell(&shown->cells[i], &again->cells[i]), "row %u, column %u:\n%s\n%s",
		      row, i % shown->cols, row_text(shown, row, &before),
		      row_text(again, row, &after));
	}
	HOLDS(shown->cursor == again->cursor);
	out_free(&before);
	out_free(&after);
}

void sound_text(const char *text, size_t n)
{
	const char *p = text, *end = text + n;
	uint32_t cp;

	while (p < end) {
		size_t len = text_decode(p, end, &cp);

		HOLDS(len, "no UTF-8 at %zu: %s", (size_t)(p - text), text);
		HOLDS(draws(cp) || cp == '\n', "U+%04x at %zu: %s", cp, (size_t)(p - text), text);
		p += len;
	}
}

static void check_prompt(const struct prompt *p)
{
	if (!p->ops)
		return;
	HOLDS(p->line.len < ENTRY_BYTES && p->line.at <= p->line.len);
	HOLDS(strlen(p->line.text) == p->line.len);
	HOLDS(text_is_utf8(p->line.text, p->line.len));
	HOLDS(text_is_utf8(p->line.text, p->line.at));
	HOLDS(p->recalled <= (p->history ? p->history->count : 0));
	if (p->fault.set) {
		HOLDS(p->fault.offset <= p->line.len);
		HOLDS(p->fault.len <= p->line.len - p->fault.offset);
		sound_text(p->fault.text, strlen(p->fault.text));
	}
}

void sound_app(const struct app *a, const struct watch *told)
{
	const struct pane *top = app_top(a);
	const struct live_socket *chosen =
		top->ops->chosen ? top->ops->chosen((struct pane *)top) : NULL;

	check_prompt(&a->prompt);
	sound_text(a->note, strlen(a->note));
	HOLDS(!chosen || live_find(a->live, chosen->id) == chosen);
	HOLDS(told->interval_ms >= FEED_INTERVAL);
	HOLDS(told->id_count <= FEED_LOOKED_AT);
}

static size_t count_tagged(const struct live *l)
{
	size_t count = 0;

	for (size_t i = 0; i < l->count; i++)
		count += l->sockets[i]->tagged;
	return count;
}

static const struct sockets *table_of(const struct app *a)
{
	return (const struct sockets *)a->panes[PANE_SOCKETS];
}

static void check_order(const struct sockets *t, const struct live *l)
{
	struct order anew = {.live = l,
			     .filter = t->order.filter,
			     .sort = &t->keys,
			     .inverted = t->order.inverted};

	HOLDS(!order_rebuild(&anew));
	HOLDS(t->order.count == anew.count, "%zu, not %zu", t->order.count, anew.count);
	for (size_t i = 0; i < anew.count; i++)
		HOLDS(t->order.sockets[i] == anew.sockets[i], "place %zu: %llu, not %llu", i,
		      (unsigned long long)t->order.sockets[i]->id,
		      (unsigned long long)anew.sockets[i]->id);
	order_free(&anew);
}

/* Groups follow each other, and a line is a heading or a socket of the group above it. */
static void check_groups(const struct sockets *t)
{
	size_t sockets = 0, lines = 0;

	if (!t->groups.field)
		return;
	for (size_t i = 0; i < t->groups.count; i++) {
		const struct group *g = &t->groups.groups[i];

		HOLDS(g->first == sockets && g->count);
		HOLDS(lines < t->groups.line_count && groups_heading(&t->groups, lines) == g);
		sockets += g->count;
		lines += 1 + (g->folded ? 0 : g->count);
	}
	HOLDS(sockets == t->order.count && lines == t->groups.line_count);
}

static struct list_id id_at(const struct sockets *t, size_t line)
{
	const struct group *heading = groups_heading(&t->groups, line);

	if (heading)
		return (struct list_id){heading->id, 1};
	return (struct list_id){groups_socket(&t->groups, &t->order, line)->id, 0};
}

static bool same_id(struct list_id a, struct list_id b)
{
	return a.number == b.number && a.kind == b.kind;
}

void sound_table(const struct app *a)
{
	const struct sockets *t = table_of(a);

	HOLDS(!t->failed);
	check_order(t, a->live);
	check_groups(t);
	HOLDS(t->list.count == groups_lines(&t->groups, &t->order));
	HOLDS(t->list.count ? t->list.at < t->list.count : !t->list.at);
	HOLDS(t->list.top <= t->list.at);
	HOLDS(!t->list.count || same_id(t->list.chosen, id_at(t, t->list.at)));
	HOLDS(t->tagged == count_tagged(a->live), "%zu, not %zu", t->tagged, count_tagged(a->live));
}

struct before sound_before(const struct app *a)
{
	const struct list *l = &table_of(a)->list;

	return (struct before){.open = l->count, .followed = l->stuck, .id = l->chosen};
}

void sound_chosen(const struct app *a, const struct before *before)
{
	const struct sockets *t = table_of(a);

	if (!before->open || !before->followed)
		return;
	for (size_t i = 0; i < t->list.count; i++)
		HOLDS(!same_id(id_at(t, i), before->id) || t->list.at == i, "line %zu, not %zu",
		      t->list.at, i);
}

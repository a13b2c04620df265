// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/grid.h"

#include <errno.h>
#include <stdlib.h>

#include "util/grow.h"
#include "util/text.h"

enum { WRAP_LEAST = 20 }; /* columns that wrapped text gets, however narrow the terminal */

struct grid_cell {
	size_t end; /* of its bytes in the text; they begin where the cell before ends */
	uint32_t width;
	uint32_t paint;
};

static size_t start_of(const struct grid *g, size_t i)
{
	return i ? g->cells[i - 1].end : 0;
}

void grid_cell(struct grid *g, enum paint paint)
{
	size_t start = start_of(g, g->count);

	if (g->text.len == start && !g->layout->blank)
		out_char(&g->text, '-');
	if (!out_reserve(&g->text, 1)) /* an empty cell, too, stands somewhere */
		return;
	if (GROW(g->cells, g->cap, g->count + 1)) {
		g->text.error = -ENOMEM;
		return;
	}
	g->cells[g->count++] = (struct grid_cell){
		.end = g->text.len,
		.width = (uint32_t)text_width(g->text.data + start, g->text.len - start),
		.paint = paint,
	};
}

static void measure(struct grid *g, bool header)
{
	const struct grid_layout *l = g->layout;

	for (unsigned c = 0; c < l->count; c++)
		g->widths[c] = header ? strlen(l->columns[c].header) : 0;
	for (size_t i = 0; i < g->count; i++) {
		if (g->cells[i].width > g->widths[i % l->count])
			g->widths[i % l->count] = g->cells[i].width;
	}
}

/* Columns up to the start of column `end`, or all of them without the last gap. */
static size_t extent(const struct grid *g, unsigned end)
{
	size_t sum = g->layout->indent;

	for (unsigned c = 0; c < end; c++)
		sum += g->widths[c] + (c + 1 < g->layout->count ? g->layout->gap : 0);
	return sum;
}

/* Takes columns from those that may give some, the last first. */
static void shrink(struct grid *g, size_t room)
{
	const struct grid_layout *l = g->layout;

	for (unsigned c = l->count; c-- > 0;) {
		size_t all = extent(g, l->count), least = l->columns[c].least;
		size_t give;

		if (all <= room)
			return;
		if (!least || g->widths[c] <= least)
			continue;
		give = g->widths[c] - least;
		g->widths[c] -= give < all - room ? give : all - room;
	}
}

static void put_tied(struct out *o, const char *s, size_t n)
{
	for (const char *end = s + n, *tie; s < end; s = tie + 1) {
		tie = memchr(s, GRID_TIE, (size_t)(end - s));
		if (!tie) {
			out_put(o, s, (size_t)(end - s));
			return;
		}
		out_put(o, s, (size_t)(tie - s));
		out_char(o, ' ');
	}
}

static void put_cut(struct out *o, const char *s, size_t n, size_t room, bool last)
{
	size_t dots = text_ellipsis_width(), fit = text_fit(s, n, room > dots ? room - dots : 0);
	size_t width = text_width(s, fit) + dots;

	put_tied(o, s, fit);
	out_str(o, text_ellipsis());
	/* A wide character that did not fit by half leaves a column. */
	out_repeat(o, ' ', width < room && !last ? room - width : 0);
}

/* Bytes of the next line: as far as it fits unbroken, or a whole line where nothing does. */
static size_t line_of(const char *s, size_t n, size_t room)
{
	size_t fit = text_fit(s, n, room), line = 0, end = 0;

	if (fit == n)
		return n;
	while (end <= fit) {
		line = end;
		while (end < n && s[end] == ' ')
			end++;
		end += text_unbroken(s + end, n - end);
	}
	return line ? line : fit;
}

static void put_wrapped(struct out *o, const struct grid *g, const char *s, size_t n, size_t width)
{
	const struct grid_layout *l = g->layout;
	size_t start = extent(g, l->count - 1), next = start + l->hang;
	size_t room = width > start + WRAP_LEAST ? width - start : WRAP_LEAST;

	for (;;) {
		size_t line = line_of(s, n, room);

		put_tied(o, s, line);
		s += line;
		n -= line;
		for (; n && *s == ' '; n--)
			s++;
		if (!n)
			return;
		out_char(o, '\n');
		out_repeat(o, ' ', next);
		room = width > next + WRAP_LEAST ? width - next : WRAP_LEAST;
	}
}

static void put_text(struct out *o, const struct grid *g, size_t i, const struct style *style)
{
	const struct grid_layout *l = g->layout;
	const struct grid_cell *cell = &g->cells[i];
	size_t start = start_of(g, i), n = cell->end - start, column = i % l->count;
	const char *s = g->text.data + start;

	paint_on(o, style, cell->paint);
	if (l->wrap && column + 1 == l->count) {
		put_wrapped(o, g, s, n, style->terminal ? style->width : SIZE_MAX);
	} else if (cell->width > g->widths[column]) {
		put_cut(o, s, n, g->widths[column], column + 1 == l->count);
	} else {
		put_tied(o, s, n);
	}
	paint_off(o, style, cell->paint);
}

/* Whether the rest of the row is blank: no blanks are written for it. */
static bool rest_is_blank(const struct grid *g, size_t i)
{
	for (; i % g->layout->count; i++) {
		if (g->cells[i].width)
			return false;
	}
	return true;
}

static void put_row(struct out *o, const struct grid *g, size_t row, const struct style *style)
{
	const struct grid_layout *l = g->layout;

	out_repeat(o, ' ', l->indent);
	for (unsigned c = 0; c < l->count; c++) {
		size_t i = row + c, width = g->cells[i].width;
		size_t pad = width < g->widths[c] ? g->widths[c] - width : 0;

		if (l->columns[c].number)
			out_repeat(o, ' ', pad);
		put_text(o, g, i, style);
		if (rest_is_blank(g, i + 1))
			break;
		out_repeat(o, ' ', (l->columns[c].number ? 0 : pad) + l->gap);
	}
	out_char(o, '\n');
}

static void put_header(struct out *o, const struct grid *g, const struct style *style)
{
	const struct grid_layout *l = g->layout;

	out_repeat(o, ' ', l->indent);
	paint_on(o, style, PAINT_HEADER);
	for (unsigned c = 0; c < l->count; c++) {
		size_t width = strlen(l->columns[c].header);
		size_t pad = width < g->widths[c] ? g->widths[c] - width : 0;
		bool last = c + 1 == l->count;

		if (l->columns[c].number)
			out_repeat(o, ' ', pad);
		out_str(o, l->columns[c].header);
		if (!last)
			out_repeat(o, ' ', (l->columns[c].number ? 0 : pad) + l->gap);
	}
	paint_off(o, style, PAINT_HEADER);
	out_char(o, '\n');
}

int grid_put(struct grid *g, struct out *o, const struct style *style)
{
	const struct grid_layout *l = g->layout;
	bool header = l->header && style->header;

	if (!g->text.error) {
		/* Between two writings the layout may become another. */
		free(g->widths);
		g->widths = calloc(l->count, sizeof(*g->widths));
		g->text.error = g->widths ? 0 : -ENOMEM;
	}
	if (g->text.error)
		return g->text.error;
	measure(g, header);
	if (style->terminal && !l->wrap)
		shrink(g, style->width);
	if (header)
		put_header(o, g, style);
	for (size_t row = 0; row + l->count <= g->count; row += l->count)
		put_row(o, g, row, style);
	g->count = 0;
	g->text.len = 0;
	return o->error;
}

void grid_free(struct grid *g)
{
	out_free(&g->text);
	free(g->cells);
	free(g->widths);
	*g = (struct grid){.layout = g->layout, .text = OUT_MEMORY};
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/screen.h"

#include <errno.h>
#include <stdlib.h>
#include <wchar.h>

#include "util/text.h"

static const struct screen_cell blank = {.cp = ' ', .width = 1};

int screen_resize(struct screen *s, unsigned rows, unsigned cols)
{
	size_t count = (size_t)rows * cols;
	struct screen_cell *cells = malloc(count ? count * sizeof(*cells) : 1);

	free(s->cells);
	*s = (struct screen){.rows = rows, .cols = cols, .cells = cells};
	if (!cells) {
		s->rows = s->cols = 0;
		return -ENOMEM;
	}
	screen_clear(s);
	return 0;
}

void screen_clear(struct screen *s)
{
	for (size_t i = 0; i < (size_t)s->rows * s->cols; i++)
		s->cells[i] = blank;
	s->cursor = false;
}

void screen_free(struct screen *s)
{
	free(s->cells);
	*s = (struct screen){0};
}

struct box screen_box(const struct screen *s)
{
	return (struct box){.rows = s->rows, .cols = s->cols};
}

/* The part of a box that is on the screen. */
static struct box clip(const struct screen *s, const struct box *b)
{
	struct box c = *b;

	if (c.row >= s->rows || c.col >= s->cols)
		return (struct box){0};
	if (c.rows > s->rows - c.row)
		c.rows = s->rows - c.row;
	if (c.cols > s->cols - c.col)
		c.cols = s->cols - c.col;
	return c;
}

static struct screen_cell *cell_at(struct screen *s, unsigned row, unsigned col)
{
	return &s->cells[(size_t)row * s->cols + col];
}

/* What half of a wide character is overwritten leaves a blank in the other. */
static void part_wide(struct screen *s, unsigned row, unsigned col)
{
	struct screen_cell *c = cell_at(s, row, col);

	if (!c->width && col)
		c[-1] = (struct screen_cell){.cp = ' ', .width = 1, .look = c[-1].look};
	if (c->width == 2 && col + 1 < s->cols)
		c[1] = (struct screen_cell){.cp = ' ', .width = 1, .look = c->look};
}

static void set_cell(struct screen *s, unsigned row, unsigned col, unsigned width, uint32_t cp,
		     struct look look)
{
	part_wide(s, row, col);
	*cell_at(s, row, col) =
		(struct screen_cell){.cp = cp, .width = (uint8_t)width, .look = look};
	if (width == 2) {
		part_wide(s, row, col + 1);
		*cell_at(s, row, col + 1) = (struct screen_cell){.look = look};
	}
}

static void add_mark(struct screen_cell *c, uint32_t cp)
{
	for (int i = 0; i < CELL_MARKS; i++) {
		if (!c->marks[i]) {
			c->marks[i] = cp;
			return;
		}
	}
}

/*
 * One character of text. Bytes that are none, and what would steer the terminal, become a question
 * mark where they have a width: a line that is being typed is as it came.
 */
static size_t take(const char *p, const char *end, uint32_t *cp, int *width)
{
	size_t len = text_decode(p, end, cp);

	if (!len)
		*cp = '?';
	*width = *cp < 0x80 ? 1 : wcwidth((wchar_t)*cp);
	if (*width < 0)
		*width = 1;
	if (*width && text_invisible(*cp))
		*cp = '?';
	return len ? len : 1;
}

/* Puts text from one column to before another; returns the column behind it. */
static unsigned put_run(struct screen *s, unsigned row, unsigned col, unsigned end_col,
			struct look look, const char *text, size_t n)
{
	const char *p = text, *end = text + n;
	unsigned start = col;

	while (p < end) {
		uint32_t cp;
		int width;

		p += take(p, end, &cp, &width);
		if (!width) {
			if (col > start && !text_invisible(cp))
				add_mark(
					cell_at(s, row, col - 1 - !cell_at(s, row, col - 1)->width),
					cp);
			continue;
		}
		if (col + (unsigned)width > end_col)
			break;
		set_cell(s, row, col, (unsigned)width, cp, look);
		col += (unsigned)width;
	}
	return col;
}

unsigned screen_put(struct screen *s, const struct box *b, unsigned row, unsigned col,
		    unsigned cols, struct look look, const char *text, size_t n)
{
	struct box c = clip(s, b);
	size_t dots = text_ellipsis_width();
	unsigned at = c.col + col, end, behind;

	if (row >= c.rows || col >= c.cols)
		return 0;
	if (cols > c.cols - col)
		cols = c.cols - col;
	row += c.row;
	end = at + cols;
	if (text_width(text, n) <= cols)
		return put_run(s, row, at, end, look, text, n) - at;
	if (cols <= dots)
		return put_run(s, row, at, end, look, text_ellipsis(), strlen(text_ellipsis())) -
		       at;
	behind = put_run(s, row, at, end - (unsigned)dots, look, text, n);
	behind = put_run(s, row, behind, end, look, text_ellipsis(), strlen(text_ellipsis()));
	return behind - at;
}

unsigned screen_str(struct screen *s, const struct box *b, unsigned row, unsigned col,
		    struct look look, const char *text)
{
	return screen_put(s, b, row, col, b->cols, look, text, strlen(text));
}

/* The look that an SGR sequence asks for; only those of render/style.c are known. */
static void apply_sgr(struct look *look, const char *codes, size_t n)
{
	unsigned number = 0;

	for (size_t i = 0; i < n && codes[i] >= '0' && codes[i] <= '9' && i < 4; i++)
		number = number * 10 + (unsigned)(codes[i] - '0');
	switch (number) {
	case 0: *look = (struct look){0}; break;
	case 1: look->paint = PAINT_BOLD; break;
	case 2: look->paint = PAINT_DIM; break;
	case 31: look->paint = PAINT_BAD; break;
	case 32: look->paint = PAINT_GOOD; break;
	case 33: look->paint = PAINT_NOTICE; break;
	default: break;
	}
}

/* The length of an SGR sequence that the text begins with; 0 where it begins with none. */
static size_t sgr_length(const char *p, const char *end)
{
	const char *q = p + 2;

	if (end - p < 3 || p[0] != '\033' || p[1] != '[')
		return 0;
	while (q < end && ((*q >= '0' && *q <= '9') || *q == ';'))
		q++;
	return q < end && *q == 'm' ? (size_t)(q + 1 - p) : 0;
}

/* One line, up to its end or the right end of the box. */
static void put_line(struct screen *s, const struct box *b, unsigned row, const char *p,
		     const char *end, struct look *look)
{
	unsigned col = 0;

	while (p < end) {
		size_t sgr = sgr_length(p, end);
		const char *next = memchr(p + 1, '\033', (size_t)(end - p) - 1);

		if (sgr) {
			apply_sgr(look, p + 2, sgr - 3);
			p += sgr;
			continue;
		}
		next = next ? next : end;
		if (col < b->cols)
			col += screen_put(s, b, row, col, b->cols - col, *look, p,
					  (size_t)(next - p));
		p = next;
	}
}

size_t screen_lines(struct screen *s, const struct box *b, size_t first, const char *text, size_t n)
{
	const char *p = text, *end = text + n;
	struct look look = {0};
	size_t line = 0;

	for (; p < end; line++) {
		const char *eol = memchr(p, '\n', (size_t)(end - p));

		eol = eol ? eol : end;
		if (line >= first && line - first < b->rows)
			put_line(s, b, (unsigned)(line - first), p, eol, &look);
		p = eol + (eol < end);
	}
	return line;
}

void screen_fill(struct screen *s, const struct box *b)
{
	struct box c = clip(s, b);

	for (unsigned row = 0; row < c.rows; row++) {
		for (unsigned col = 0; col < c.cols; col++)
			set_cell(s, c.row + row, c.col + col, 1, ' ', (struct look){0});
	}
}

void screen_paint(struct screen *s, const struct box *b, unsigned row, unsigned col, unsigned cols,
		  struct look look)
{
	struct box c = clip(s, b);

	if (row >= c.rows)
		return;
	for (unsigned i = col; i < c.cols && i - col < cols; i++)
		cell_at(s, c.row + row, c.col + i)->look = look;
}

void screen_mark(struct screen *s, const struct box *b, unsigned row, unsigned col, unsigned cols,
		 uint8_t bits)
{
	struct box c = clip(s, b);

	if (row >= c.rows)
		return;
	for (unsigned i = col; i < c.cols && i - col < cols; i++)
		cell_at(s, c.row + row, c.col + i)->look.bits |= bits;
}

static void put_utf8(struct out *o, uint32_t cp)
{
	if (cp < 0x80) {
		out_char(o, (char)cp);
	} else if (cp < 0x800) {
		out_char(o, (char)(0xc0 | cp >> 6));
		out_char(o, (char)(0x80 | (cp & 0x3f)));
	} else {
		if (cp < 0x10000) {
			out_char(o, (char)(0xe0 | cp >> 12));
		} else {
			out_char(o, (char)(0xf0 | cp >> 18));
			out_char(o, (char)(0x80 | (cp >> 12 & 0x3f)));
		}
		out_char(o, (char)(0x80 | (cp >> 6 & 0x3f)));
		out_char(o, (char)(0x80 | (cp & 0x3f)));
	}
}

void screen_text(const struct screen *s, unsigned row, struct out *o)
{
	const struct screen_cell *cells = &s->cells[(size_t)row * s->cols];
	unsigned end = s->cols;

	while (end && cells[end - 1].cp == ' ' && cells[end - 1].width == 1)
		end--;
	for (unsigned i = 0; i < end; i++) {
		if (!cells[i].width)
			continue;
		put_utf8(o, cells[i].cp);
		for (int m = 0; m < CELL_MARKS && cells[i].marks[m]; m++)
			put_utf8(o, cells[i].marks[m]);
	}
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/cells.h"

#include "render/cell.h"
#include "util/text.h"

const char *cells_make(struct cells *c, const struct field *f, const struct row *row,
		       unsigned *width)
{
	const char *text;

	c->text.len = 0;
	if (f->kind == KIND_WHAT && row->verdict.situation)
		message_put_cached(&c->text, &c->messages, row->verdict.situation->line, row);
	else
		cell_put(&c->text, f, row, CELL_BRIEF);
	text = out_text(&c->text);
	*width = (unsigned)text_width(text, strlen(text));
	return text;
}

/* "[2001:db8:...]:443": the head of the address and the port. */
static void cut_endpoint(struct out *o, size_t cols)
{
	struct out whole = *o, cut = OUT_MEMORY;
	const char *text = out_text(&whole), *port = strrchr(text, ':');
	size_t tail;

	*o = whole;
	if (!port)
		return;
	if (port > text && port[-1] == ']')
		port--;
	tail = strlen(port) + text_ellipsis_width();
	if (tail >= cols)
		return;
	out_put(&cut, text, cols - tail);
	out_str(&cut, text_ellipsis());
	out_str(&cut, port);
	o->len = 0;
	out_str(o, out_text(&cut));
	out_free(&cut);
}

void cells_put(struct cells *c, struct screen *s, const struct box *b, unsigned row, unsigned col,
	       unsigned cols, struct look look, const struct field *f, const struct row *of)
{
	unsigned width;
	const char *text = cells_make(c, f, of, &width);

	if (width > cols && f->kind == KIND_ENDPOINT) {
		cut_endpoint(&c->text, cols);
		text = out_text(&c->text);
	}
	if (field_is_number(f) && width < cols) {
		col += cols - width;
		cols = width;
	}
	screen_put(s, b, row, col, cols, look, text, strlen(text));
}

void cells_free(struct cells *c)
{
	out_free(&c->text);
}

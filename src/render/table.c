// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/table.h"

#include <errno.h>
#include <stdlib.h>

#include "render/block.h"
#include "render/cell.h"
#include "render/message.h"
#include "render/rows.h"
#include "util/text.h"

enum {
	KEEP_BYTES = 1024 * 1024,
	LAST_LEAST = 24, /* a last column narrower than this begins another line */
	INDENT = 4,
	COLUMN_WIDEST = 256, /* wider ones take the slow way */
};

struct table {
	struct view view;
	struct rows rows;
	struct out cell; /* of the row being written */
	struct block block;
	struct message_cache messages;
	size_t widths[COLUMNS_MAX];
	bool breaks[COLUMNS_MAX]; /* this column begins another line of the row */
	size_t last_room;         /* columns for the last one; 0 is as many as it takes */
	bool streaming;
};

static const struct columns *columns_of(const struct table *t)
{
	return &t->view.options->columns;
}

static enum cell_form form_of(const struct table *t)
{
	return t->view.options->style.terminal ? CELL_BRIEF : CELL_FULL;
}

/* Cells of these kinds may hold more bytes than columns. */
static bool may_be_wide(const struct field *f)
{
	return f->kind == KIND_OWNERS || f->kind == KIND_TEXT || f->kind == KIND_WHAT;
}

static size_t cell_width(const struct field *f, const char *s, size_t n)
{
	return may_be_wide(f) ? text_width(s, n) : n;
}

/* Puts a row's cell into t->cell. */
static void make_cell(struct table *t, const struct field *f, const struct row *row)
{
	t->cell.len = 0;
	if (f->kind == KIND_WHAT && row->verdict.situation)
		message_put_cached(&t->cell, &t->messages, row->verdict.situation->line, row);
	else
		cell_put(&t->cell, f, row, form_of(t));
}

static size_t header_width(const struct field *f)
{
	return strlen(f->header);
}

static void measure(struct table *t, const struct row *row)
{
	const struct columns *c = columns_of(t);

	for (size_t i = 0; i < c->count; i++) {
		size_t width;

		make_cell(t, c->fields[i], row);
		width = cell_width(c->fields[i], t->cell.data, t->cell.len);
		if (width > t->widths[i])
			t->widths[i] = width;
	}
}

/*
 * On a terminal too narrow for a row, columns go to further, indented lines; the last one gives
 * way first.
 */
static void fit(struct table *t)
{
	const struct style *style = &t->view.options->style;
	const struct columns *c = columns_of(t);
	size_t at = 0;

	if (!style->terminal)
		return;
	for (size_t i = 0; i < c->count; i++) {
		bool last = i + 1 == c->count;
		size_t needs = t->widths[i];

		if (last && needs > LAST_LEAST && c->count > 1)
			needs = LAST_LEAST;
		t->breaks[i] = i && at + 1 + needs > style->width;
		at = t->breaks[i] ? INDENT : at + (i ? 1 : 0);
		if (last && at + t->widths[i] > style->width)
			t->last_room = style->width - at;
		at += t->widths[i];
	}
}

/* What stands before a cell: nothing, a space, or the start of another line. */
static void put_gap(struct table *t, size_t i)
{
	if (t->breaks[i]) {
		out_char(t->view.out, '\n');
		out_repeat(t->view.out, ' ', INDENT);
	} else if (i) {
		out_char(t->view.out, ' ');
	}
}

/* Nothing follows this cell on its line: no blanks are written to fill it. */
static bool ends_line(const struct table *t, size_t i)
{
	return i + 1 == columns_of(t)->count || t->breaks[i + 1];
}

/* The last cell, cut with an ellipsis where it has less room than it takes. */
static void put_last(struct table *t, const char *s, size_t n)
{
	struct out *o = t->view.out;

	if (!t->last_room || text_width(s, n) <= t->last_room) {
		out_put(o, s, n);
		return;
	}
	out_put(o, s, text_fit(s, n, t->last_room - text_ellipsis_width()));
	out_str(o, text_ellipsis());
}

static enum paint paint_of(const struct field *f, const struct row *row)
{
	if (f->kind == KIND_STATE)
		return paint_of_state(row->socket->kernel_state);
	return f->kind == KIND_WHAT && row->socket->kernel_state == STATE_TIME_WAIT ? PAINT_DIM
										    : PAINT_NONE;
}

/*
 * A cell that needs no measuring and no cutting, in place: the room is reserved, digits are moved
 * to the right where they belong. False where it is not of that kind.
 */
static bool put_quick(struct table *t, size_t i, const struct row *row)
{
	const struct field *f = columns_of(t)->fields[i];
	struct out *o = t->view.out;
	char *start = out_reserve(o, CELL_QUICK + COLUMN_WIDEST), *end;
	size_t width, pad;

	if (!start || t->widths[i] > COLUMN_WIDEST ||
	    (t->last_room && i + 1 == columns_of(t)->count))
		return false;
	end = cell_quick(start, f, row);
	if (!end)
		return false;
	width = (size_t)(end - start);
	pad = width < t->widths[i] ? t->widths[i] - width : 0;
	if (!field_is_number(f)) {
		if (ends_line(t, i))
			pad = 0;
		memset(end, ' ', pad);
	} else if (pad) {
		memmove(start + pad, start, width);
		memset(start, ' ', pad);
	}
	o->len += width + pad;
	return true;
}

static void put_cell(struct table *t, size_t i, const struct row *row)
{
	const struct style *style = &t->view.options->style;
	const struct columns *c = columns_of(t);
	const struct field *f = c->fields[i];
	bool last = i + 1 == c->count, number = field_is_number(f);
	enum paint paint = style->color ? paint_of(f, row) : PAINT_NONE;
	struct out *o = t->view.out;
	size_t width, pad;

	make_cell(t, f, row);
	width = cell_width(f, t->cell.data, t->cell.len);
	pad = width < t->widths[i] ? t->widths[i] - width : 0;
	if (number)
		out_repeat(o, ' ', pad);
	paint_on(o, style, paint);
	if (last)
		put_last(t, t->cell.data, t->cell.len);
	else
		out_put(o, t->cell.data, t->cell.len);
	paint_off(o, style, paint);
	if (!number && !ends_line(t, i))
		out_repeat(o, ' ', pad);
}

static void put_row(struct table *t, const struct row *row)
{
	const struct style *style = &t->view.options->style;
	const struct columns *c = columns_of(t);
	struct out *o = t->view.out;

	for (size_t i = 0; i < c->count; i++) {
		put_gap(t, i);
		if (style->color || !put_quick(t, i, row))
			put_cell(t, i, row);
	}
	out_char(o, '\n');
	block_put(o, &t->block, style, row);
}

static void put_header(struct table *t)
{
	const struct style *style = &t->view.options->style;
	const struct columns *c = columns_of(t);
	struct out *o = t->view.out;

	if (!style->header)
		return;
	paint_on(o, style, PAINT_HEADER);
	for (size_t i = 0; i < c->count; i++) {
		const struct field *f = c->fields[i];
		size_t pad = t->widths[i] - header_width(f);

		put_gap(t, i);
		if (field_is_number(f))
			out_repeat(o, ' ', pad);
		out_str(o, f->header);
		if (!field_is_number(f) && !ends_line(t, i))
			out_repeat(o, ' ', pad);
	}
	paint_off(o, style, PAINT_HEADER);
	out_char(o, '\n');
}

/* Writes what is kept, with the widths it needs. */
static void put_kept(struct table *t)
{
	const struct columns *c = columns_of(t);

	block_prepare(&t->block, t->view.options->block_parts);
	for (size_t i = 0; i < c->count; i++)
		t->widths[i] = header_width(c->fields[i]);
	for (size_t i = 0; i < t->rows.count; i++)
		measure(t, &t->rows.rows[i]);
	fit(t);
	put_header(t);
	for (size_t i = 0; i < t->rows.count; i++)
		put_row(t, &t->rows.rows[i]);
	rows_free(&t->rows);
}

static int take(struct sink *sink, struct row *row)
{
	struct table *t = (struct table *)sink;

	t->view.shown++;
	if (!t->streaming) {
		int error = rows_keep(&t->rows, row);

		if (error || t->rows.bytes < KEEP_BYTES || t->view.options->sort.count)
			return error;
		t->streaming = true;
		put_kept(t);
		return 0;
	}
	put_row(t, row);
	return t->view.out->error;
}

static int end(struct view *view)
{
	struct table *t = (struct table *)view;

	if (!t->streaming) {
		rows_sort(&t->rows, &view->options->sort);
		put_kept(t);
	}
	return t->cell.error;
}

static void free_table(struct view *view)
{
	struct table *t = (struct table *)view;

	rows_free(&t->rows);
	out_free(&t->cell);
	free(t);
}

struct view *table_view(void)
{
	struct table *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->cell.fd = -1;
	t->view.sink.take = take;
	t->view.end = end;
	t->view.free = free_table;
	return &t->view;
}

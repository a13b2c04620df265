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
	GAP_ROOM = 8,
};

/* All that is the same for a column's cells. */
struct column {
	const struct field *field;
	cell_writer *quick; /* of cells that need no measuring and no cutting; NULL has none */
	size_t width;
	size_t fill; /* cells are filled up with blanks to this width: none at a line's end */
	size_t gap_len;
	char gap[GAP_ROOM]; /* stands before the cell: a blank, or the start of another line */
};

struct table {
	struct view view;
	struct rows rows;
	struct out cell;                /* of the row being written */
	struct block *block;            /* NULL: no details below the rows */
	struct message_cache *messages; /* NULL until one is written */
	struct column columns[COLUMNS_MAX];
	size_t row_room;  /* bytes of a row of quick cells */
	size_t last_room; /* columns for the last one; 0 is as many as it takes */
	bool streaming;
};

static size_t column_count(const struct table *t)
{
	return t->view.options->columns.count;
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

static void put_message(struct table *t, const char *message, const struct row *row)
{
	if (!t->messages)
		t->messages = calloc(1, sizeof(*t->messages));
	if (t->messages)
		message_put_cached(&t->cell, t->messages, message, row);
	else
		message_put(&t->cell, message, row);
}

/* Puts a row's cell into t->cell. */
static void make_cell(struct table *t, const struct field *f, const struct row *row)
{
	t->cell.len = 0;
	if (f->kind == KIND_WHAT && row->verdict.situation)
		put_message(t, row->verdict.situation->line, row);
	else
		cell_put(&t->cell, f, row, form_of(t));
}

static size_t header_width(const struct field *f)
{
	return strlen(f->header);
}

static void measure(struct table *t, const struct row *row)
{
	for (size_t i = 0; i < column_count(t); i++) {
		struct column *c = &t->columns[i];
		size_t width;

		make_cell(t, c->field, row);
		width = cell_width(c->field, t->cell.data, t->cell.len);
		if (width > c->width)
			c->width = width;
	}
}

/* A column that follows another begins another line, or stands behind it. */
static void set_gap(struct column *c, bool first, bool breaks)
{
	c->gap_len = first ? 0 : breaks ? 1 + INDENT : 1;
	memset(c->gap, ' ', sizeof(c->gap));
	if (breaks)
		c->gap[0] = '\n';
}

/*
 * On a terminal too narrow for a row, columns go to further, indented lines; the last one gives
 * way first.
 */
static void fit(struct table *t)
{
	const struct style *style = &t->view.options->style;
	size_t count = column_count(t), at = 0;

	for (size_t i = 0; i < count; i++) {
		struct column *c = &t->columns[i];
		bool last = i + 1 == count, breaks;
		size_t needs = c->width;

		if (last && needs > LAST_LEAST && count > 1)
			needs = LAST_LEAST;
		breaks = style->terminal && i && at + 1 + needs > style->width;
		set_gap(c, !i, breaks);
		at = breaks ? INDENT : at + c->gap_len;
		if (style->terminal && last && at + c->width > style->width)
			t->last_room = style->width - at;
		at += c->width;
	}
}

/* Once the widths are known: what else is the same for all cells of a column. */
static void plan_cells(struct table *t)
{
	const struct style *style = &t->view.options->style;

	t->row_room = 1;
	for (size_t i = 0; i < column_count(t); i++) {
		struct column *c = &t->columns[i];
		bool last = i + 1 == column_count(t);

		c->fill = last || c[1].gap[0] == '\n' ? 0 : c->width;
		c->quick = style->color || (last && t->last_room) ? NULL : cell_quick(c->field);
		t->row_room += GAP_ROOM + CELL_QUICK + c->width;
	}
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

/* Any cell, measured where its width matters. */
static void put_cell(struct table *t, const struct column *c, const struct row *row)
{
	const struct style *style = &t->view.options->style;
	bool number = field_is_number(c->field);
	enum paint paint = style->color ? paint_of(c->field, row) : PAINT_NONE;
	size_t least = number ? c->width : c->fill, pad = 0;
	struct out *o = t->view.out;

	make_cell(t, c->field, row);
	if (least) {
		size_t width = cell_width(c->field, t->cell.data, t->cell.len);

		pad = width < least ? least - width : 0;
	}
	if (number)
		out_repeat(o, ' ', pad);
	paint_on(o, style, paint);
	if (c == &t->columns[column_count(t) - 1])
		put_last(t, t->cell.data, t->cell.len);
	else
		out_put(o, t->cell.data, t->cell.len);
	paint_off(o, style, paint);
	if (!number)
		out_repeat(o, ' ', pad);
}

/* The details in the row's own line: their indentation becomes a blank. */
static void put_details_behind(struct table *t, const struct row *row)
{
	struct out *o = t->view.out;
	const char *at, *end;

	t->cell.len = 0;
	block_put(&t->cell, t->block, &t->view.options->style, row);
	for (at = t->cell.data, end = at + t->cell.len; at < end;) {
		const char *text = at;
		size_t n;

		while (text < end && *text == ' ')
			text++;
		n = (size_t)((const char *)memchr(text, '\n', (size_t)(end - text)) - text);
		out_char(o, ' ');
		out_put(o, text, n);
		at = text + n + 1;
	}
	out_char(o, '\n');
}

/* Quick cells are written side by side into room reserved once; any other one ends that run. */
static void put_row(struct table *t, const struct row *row)
{
	struct out *o = t->view.out;
	char *p = out_reserve(o, t->row_room);
	const struct column *end = t->columns + column_count(t);

	if (!p)
		return;
	for (const struct column *c = t->columns; c < end; c++) {
		char *cell = p + c->gap_len, *behind = NULL;

		memcpy(p, c->gap, GAP_ROOM);
		if (c->quick)
			behind = c->quick(cell, c->width, c->field, row);
		if (behind) {
			p = behind < cell + c->fill ? put_blanks(behind, cell + c->fill) : behind;
			continue;
		}
		o->len = (size_t)(cell - o->data);
		put_cell(t, c, row);
		p = out_reserve(o, t->row_room);
		if (!p)
			return;
	}
	if (t->block && t->view.options->style.oneline) {
		o->len = (size_t)(p - o->data);
		put_details_behind(t, row);
		return;
	}
	*p++ = '\n';
	o->len = (size_t)(p - o->data);
	if (t->block)
		block_put(o, t->block, &t->view.options->style, row);
}

static void put_header(struct table *t)
{
	const struct style *style = &t->view.options->style;
	struct out *o = t->view.out;

	if (!style->header)
		return;
	paint_on(o, style, PAINT_HEADER);
	for (size_t i = 0; i < column_count(t); i++) {
		const struct column *c = &t->columns[i];
		size_t width = header_width(c->field);

		out_put(o, c->gap, c->gap_len);
		if (field_is_number(c->field))
			out_repeat(o, ' ', c->width - width);
		out_str(o, c->field->header);
		if (!field_is_number(c->field) && c->fill)
			out_repeat(o, ' ', c->fill - width);
	}
	paint_off(o, style, PAINT_HEADER);
	out_char(o, '\n');
}

static int prepare_block(struct table *t)
{
	const struct view_options *options = t->view.options;

	if (!options->block_parts)
		return 0;
	t->block = malloc(sizeof(*t->block));
	if (!t->block)
		return -ENOMEM;
	block_prepare(t->block, options->block_parts, &options->style);
	return 0;
}

/* Writes what is kept, with the widths it needs. */
static int put_kept(struct table *t)
{
	int error = prepare_block(t);

	if (error)
		return error;
	for (size_t i = 0; i < column_count(t); i++) {
		t->columns[i].field = t->view.options->columns.fields[i];
		t->columns[i].width = header_width(t->columns[i].field);
	}
	for (size_t i = 0; i < t->rows.count; i++)
		measure(t, &t->rows.rows[i]);
	fit(t);
	plan_cells(t);
	put_header(t);
	for (size_t i = 0; i < t->rows.count; i++)
		put_row(t, &t->rows.rows[i]);
	rows_free(&t->rows);
	return 0;
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
		return put_kept(t);
	}
	put_row(t, row);
	return t->view.out->error;
}

static int end(struct view *view)
{
	struct table *t = (struct table *)view;
	int error = 0;

	if (!t->streaming) {
		if (!view->options->in_order)
			rows_sort(&t->rows, &view->options->sort);
		error = put_kept(t);
	}
	return error ? error : t->cell.error;
}

static void free_table(struct view *view)
{
	struct table *t = (struct table *)view;

	rows_free(&t->rows);
	out_free(&t->cell);
	free(t->block);
	free(t->messages);
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

// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/csv.h"

#include <stdlib.h>

#include "render/cell.h"
#include "render/rows.h"
#include "util/text.h"

struct csv {
	struct view view;
	struct rows rows; /* only with sort keys */
	struct out cell;  /* the text being written, before it is known to need quotes */
	struct out name;  /* a process's, before its ';' are escaped */
	cell_writer *quick[COLUMNS_MAX]; /* of fields that never need quotes; NULL has none */
	size_t row_room;                 /* bytes of a row of such fields */
	bool started;
};

/* A text as a field: in quotes where the reader would take it for more than one. */
static void put_quoted(struct out *o, const char *text, size_t n)
{
	bool plain = true;

	for (size_t i = 0; plain && i < n; i++)
		plain = text[i] != ',' && text[i] != '"' && text[i] != '\r' && text[i] != '\n';
	if (plain) {
		out_put(o, text, n);
		return;
	}
	out_char(o, '"');
	for (size_t i = 0; i < n; i++) {
		if (text[i] == '"')
			out_char(o, '"');
		out_char(o, text[i]);
	}
	out_char(o, '"');
}

/* name[pid], no ';' left in it that would read as a second process. */
static void put_process(struct csv *c, const struct process *p)
{
	c->name.len = 0;
	cell_process(&c->name, p);
	for (size_t i = 0; i < c->name.len; i++) {
		if (c->name.data[i] == ';')
			out_str(&c->cell, "\\x3b");
		else
			out_char(&c->cell, c->name.data[i]);
	}
}

static void put_owners(struct csv *c, const struct snapshot *s, const struct socket *sk)
{
	const struct owner_table *t = &s->owners;
	uint32_t last = UINT32_MAX;

	for (uint32_t i = sk->owners; i != OWNER_NONE; i = owner_table_next(t, i)) {
		if (t->owners[i].process == last)
			continue;
		if (last != UINT32_MAX)
			out_char(&c->cell, ';');
		last = t->owners[i].process;
		put_process(c, &t->processes[last]);
	}
}

/* In JSON a cookie is a name, not a number: the same here. */
static bool is_cookie(const struct field *f)
{
	return f->json && !strcmp(f->json, "cookie");
}

static void put_text(struct csv *c, const struct field *f, const struct row *row,
		     const struct value *v)
{
	c->cell.len = 0;
	switch (f->kind) {
	case KIND_TEXT: text_safe(&c->cell, v->text.bytes, v->text.len, TEXT_LINE); break;
	case KIND_OWNERS: put_owners(c, row->snapshot, v->socket); break;
	case KIND_FLAGS: cell_flags(&c->cell, v->number, ';'); break;
	case KIND_DETAILS: cell_details(&c->cell, v->number, ';'); break;
	case KIND_WHAT: out_str(&c->cell, row->verdict.situation->id); break;
	default: cell_value(&c->cell, f, row, v, CELL_FULL); break;
	}
	put_quoted(c->view.out, c->cell.data, c->cell.len);
}

static void put_field(struct csv *c, const struct field *f, const struct row *row)
{
	struct out *o = c->view.out;
	struct value v;

	if (!field_get(f, row, &v))
		return;
	switch (f->kind) {
	case KIND_HEX:
		if (is_cookie(f))
			out_hex(o, v.number);
		else
			out_u64(o, v.number);
		break;
	case KIND_TOKEN: out_put(o, v.text.bytes, v.text.len); break;
	default: put_text(c, f, row, &v); break;
	}
}

/* Numbers stand without units. */
static cell_writer *quick_of(const struct field *f)
{
	switch (f->kind) {
	case KIND_US:
	case KIND_MS:
	case KIND_RATE:
	case KIND_PERCENT: return cell_quick_number;
	default: return cell_quick(f);
	}
}

/* Quick fields are written side by side into room reserved once; any other one ends that run. */
static void put_row(struct csv *c, const struct row *row)
{
	const struct columns *columns = &c->view.options->columns;
	struct out *o = c->view.out;
	char *p = out_reserve(o, c->row_room);

	if (!p)
		return;
	for (size_t i = 0; i < columns->count; i++) {
		const struct field *f = columns->fields[i];
		char *end = c->quick[i] ? c->quick[i](p, 0, f, row) : NULL;

		if (!end) {
			o->len = (size_t)(p - o->data);
			put_field(c, f, row);
			end = out_reserve(o, c->row_room);
			if (!end)
				return;
		}
		*end = ',';
		p = end + 1;
	}
	p[-1] = '\r';
	*p++ = '\n';
	o->len = (size_t)(p - o->data);
}

static void put_header(struct csv *c)
{
	const struct columns *columns = &c->view.options->columns;
	struct out *o = c->view.out;

	for (size_t i = 0; i < columns->count; i++) {
		const struct field *f = columns->fields[i];

		if (i)
			out_char(o, ',');
		out_str(o, f->json && strcmp(f->json, "-") ? f->json : f->name);
	}
	out_put(o, "\r\n", 2);
}

static void start(struct csv *c)
{
	const struct columns *columns = &c->view.options->columns;

	c->started = true;
	for (size_t i = 0; i < columns->count; i++)
		c->quick[i] = quick_of(columns->fields[i]);
	c->row_room = columns->count * (CELL_QUICK + 1) + 1;
	if (c->view.options->style.header)
		put_header(c);
}

static int take(struct sink *sink, struct row *row)
{
	struct csv *c = (struct csv *)sink;

	c->view.shown++;
	if (c->view.options->sort.count)
		return rows_keep(&c->rows, row);
	if (!c->started)
		start(c);
	put_row(c, row);
	return c->view.out->error;
}

static int end(struct view *view)
{
	struct csv *c = (struct csv *)view;

	if (!c->started)
		start(c);
	rows_sort(&c->rows, &view->options->sort);
	for (size_t i = 0; i < c->rows.count; i++)
		put_row(c, &c->rows.rows[i]);
	return c->cell.error ? c->cell.error : c->name.error;
}

static void free_csv(struct view *view)
{
	struct csv *c = (struct csv *)view;

	rows_free(&c->rows);
	out_free(&c->cell);
	out_free(&c->name);
	free(c);
}

struct view *csv_view(void)
{
	struct csv *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->cell.fd = -1;
	c->name.fd = -1;
	c->view.sink.take = take;
	c->view.end = end;
	c->view.free = free_csv;
	return &c->view;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/json.h"

#include <stdlib.h>

#include "render/json_writer.h"
#include "render/rows.h"
#include "util/text.h"

void json_key(struct out *o, char *sep, const char *key)
{
	size_t n = strlen(key);
	char *p = out_reserve(o, n + 4);

	if (!p)
		return;
	*p++ = *sep;
	*p++ = '"';
	p = pen_bytes(p, key, n);
	PEN(p, "\":");
	o->len += n + 4;
	*sep = ',';
}

void json_item(struct out *o, char *sep)
{
	out_char(o, *sep);
	*sep = ',';
}

void json_close(struct out *o, char *sep, char bracket)
{
	if (*sep != ',')
		out_char(o, *sep);
	out_char(o, bracket);
	*sep = ',';
}

/* How much of the text stands in JSON as it is, with no need to look closer. */
static size_t plain_length(const char *text)
{
	size_t n = 0;

	while (text[n] >= ' ' && text[n] < 0x7f && text[n] != '"' && text[n] != '\\')
		n++;
	return n;
}

void json_quote(struct out *o, const char *text)
{
	size_t n = plain_length(text);
	char *p;

	if (text[n]) {
		text_json(o, text, strlen(text));
		return;
	}
	p = out_reserve(o, n + 2);
	if (!p)
		return;
	*p++ = '"';
	p = pen_bytes(p, text, n);
	*p = '"';
	o->len += n + 2;
}

static void put_twin(struct out *o, const char *key, const char *text)
{
	out_str(o, ",\"");
	out_str(o, key);
	out_str(o, "_hex\":\"");
	for (const char *p = text; *p; p++) {
		out_char(o, "0123456789abcdef"[(unsigned char)*p >> 4]);
		out_char(o, "0123456789abcdef"[*p & 15]);
	}
	out_char(o, '"');
}

void json_text(struct out *o, char *sep, const char *key, const char *text)
{
	if (!text)
		return;
	json_key(o, sep, key);
	json_quote(o, text);
	if (text[plain_length(text)] && !text_is_utf8(text, strlen(text)))
		put_twin(o, key, text);
}

void json_u64(struct out *o, uint64_t v)
{
	char *p = out_reserve(o, JSON_NUMBER_ROOM);

	if (p)
		o->len = (size_t)(pen_u64(p, v) - o->data);
}

void json_i64(struct out *o, int64_t v)
{
	bool exact = v >= -(int64_t)JSON_EXACT_MAX;

	if (v >= 0) {
		json_u64(o, (uint64_t)v);
		return;
	}
	if (!exact)
		out_char(o, '"');
	out_i64(o, v);
	if (!exact)
		out_char(o, '"');
}

void json_bool(struct out *o, bool v)
{
	out_str(o, v ? "true" : "false");
}

struct json {
	struct view view;
	struct rows rows; /* only with sort keys */
};

static void put_row(struct json *j, const struct row *row)
{
	struct out *o = j->view.out;

	if (j->view.shown++) {
		out_put(o, ",\n", 2);
	} else {
		json_snapshot_head(o, j->view.snapshot, j->view.options);
		out_char(o, '\n');
	}
	json_socket(o, row);
}

static int take(struct sink *sink, struct row *row)
{
	struct json *j = (struct json *)sink;

	if (j->view.options->sort.count)
		return rows_keep(&j->rows, row);
	put_row(j, row);
	return j->view.out->error;
}

static int end(struct view *view)
{
	struct json *j = (struct json *)view;

	rows_sort(&j->rows, &view->options->sort);
	for (size_t i = 0; i < j->rows.count; i++)
		put_row(j, &j->rows.rows[i]);
	if (view->shown)
		out_char(view->out, '\n');
	else
		json_snapshot_head(view->out, view->snapshot, view->options);
	out_char(view->out, ']');
	json_tail(view->out, view->snapshot, view->shown);
	return 0;
}

static void free_json(struct view *view)
{
	struct json *j = (struct json *)view;

	rows_free(&j->rows);
	free(j);
}

struct view *json_view(void)
{
	struct json *j = calloc(1, sizeof(*j));

	if (!j)
		return NULL;
	j->view.sink.take = take;
	j->view.end = end;
	j->view.free = free_json;
	return &j->view;
}

void json_count(struct out *o, char *sep, const char *key, uint64_t v)
{
	json_key(o, sep, key);
	json_u64(o, v);
}

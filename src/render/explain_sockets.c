// SPDX-License-Identifier: GPL-2.0-or-later
/* Given sockets, by situation: what each group means and what to do. */
#include <stdlib.h>

#include "explain/closer.h"
#include "render/cell.h"
#include "render/explain.h"
#include "render/holder.h"
#include "render/json.h"
#include "render/message.h"
#include "render/page.h"
#include "render/rows.h"
#include "util/text.h"
#include "util/translate.h"

enum { SHOWN_OF_GROUP = 20 };

struct sockets {
	struct view view;
	struct rows rows;
};

static int take(struct sink *sink, struct row *row)
{
	struct sockets *s = (struct sockets *)sink;

	s->view.shown++;
	return rows_keep(&s->rows, row);
}

/* "  10.0.0.1:80  10.0.0.7:51334  nginx[812]  idle for 3m" */
static void put_socket(struct sockets *s, const struct row *row, const size_t widths[3])
{
	static const char *const names[] = {"local", "peer", "process"};
	const struct style *style = &s->view.options->style;
	struct out *o = s->view.out;
	struct out cell = OUT_MEMORY;
	size_t before = 2, pad = 0;

	out_str(o, "  ");
	for (int i = 0; i < 3; i++) {
		if (!widths[i])
			continue;
		before += widths[i] + 2;
		out_repeat(o, ' ', pad);
		cell.len = 0;
		cell_put(&cell, field_find(names[i], strlen(names[i])), row, CELL_BRIEF);
		out_put(o, cell.data, cell.len);
		pad = widths[i] - text_width(cell.data, cell.len) + 2;
	}
	cell.len = 0;
	message_put(&cell, row->verdict.situation->line, row);
	if (style->terminal && before + text_width(cell.data, cell.len) > style->width)
		out_str(o, "\n      ");
	else
		out_repeat(o, ' ', pad);
	out_put(o, cell.data, cell.len);
	out_char(o, '\n');
	out_free(&cell);
}

/* Exact widths of local end, peer and process; a peer nobody has takes none. */
static void measure(const struct row *rows, size_t count, size_t widths[3])
{
	static const char *const names[] = {"local", "peer", "process"};
	struct out cell = OUT_MEMORY;

	for (int i = 0; i < 3; i++) {
		widths[i] = 0;
		for (size_t r = 0; r < count; r++) {
			size_t width;

			if (i == 1 && !socket_has_peer(rows[r].socket))
				continue;
			cell.len = 0;
			cell_put(&cell, field_find(names[i], strlen(names[i])), &rows[r],
				 CELL_BRIEF);
			width = text_width(cell.data, cell.len);
			widths[i] = width > widths[i] ? width : widths[i];
		}
	}
	out_free(&cell);
}

static void put_owner(struct sockets *s, const struct row *row, struct out *owner, bool which)
{
	struct out text = OUT_MEMORY, local = OUT_MEMORY;

	if (which) {
		cell_put(&local, field_find("local", 5), row, CELL_BRIEF);
		message_headed(&text, out_text(&local), out_text(owner));
	}
	page_text(s->view.out, &s->view.options->style, PAGE_LABEL("owner"),
		  which ? out_text(&text) : out_text(owner));
	out_free(&local);
	out_free(&text);
}

/* Who opened each listener and what closes it, once for neighbours of whom the same is true. */
static void put_listeners(struct sockets *s, const struct row *rows, size_t count)
{
	const struct style *style = &s->view.options->style;
	struct out texts[2] = {OUT_MEMORY, OUT_MEMORY};

	for (size_t i = 0; i < count; i++) {
		struct out *text = &texts[i & 1], *before = &texts[!(i & 1)];
		const struct remedy *closer = closer_of(&rows[i]);

		text->len = 0;
		holder_put(text, &rows[i]);
		if (i && !strcmp(out_text(text), out_text(before)))
			continue;
		put_owner(s, &rows[i], text, count > 1);
		if (closer) {
			struct out how = OUT_MEMORY;

			message_put(&how, closer->text, &rows[i]);
			page_text(s->view.out, style, N_("closes"), out_text(&how));
			out_free(&how);
		}
	}
	out_free(&texts[0]);
	out_free(&texts[1]);
}

static void put_number(struct out *o, const char *message, uint64_t count)
{
	message_fill(o, message, &(struct message_value){.name = "count", .number = count}, 1);
}

static void put_group(struct sockets *s, const struct row *rows, size_t count)
{
	const struct style *style = &s->view.options->style;
	const struct situation *situation = rows->verdict.situation;
	struct out *o = s->view.out;
	size_t shown = count > SHOWN_OF_GROUP ? SHOWN_OF_GROUP : count, widths[3];

	paint_on(o, style, PAINT_BOLD);
	state_put(o, rows->socket->kernel_state);
	paint_off(o, style, PAINT_BOLD);
	out_printf(o, "  %s", situation->id);
	if (count > 1) {
		out_str(o, "  ");
		put_number(o, N_("{count} sockets"), count);
	}
	out_char(o, '\n');
	measure(rows, shown, widths);
	for (size_t i = 0; i < shown; i++)
		put_socket(s, &rows[i], widths);
	if (count > shown) {
		out_str(o, "  ");
		put_number(o, N_("and {count} more"), count - shown);
		out_char(o, '\n');
	}
	out_char(o, '\n');
	page_text(o, style, PAGE_LABEL("means"), message_translate(situation->more));
	page_text(o, style, PAGE_LABEL("next"), message_translate(situation->next));
	page_text(o, style, PAGE_LABEL("do"), message_translate(situation->todo));
	if (rows->socket->kernel_state == STATE_LISTEN)
		put_listeners(s, rows, shown);
}

static int by_situation(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (x->verdict.situation != y->verdict.situation)
		return x->verdict.situation < y->verdict.situation ? -1 : 1;
	return row_compare(x, y);
}

static int end(struct view *view)
{
	struct sockets *s = (struct sockets *)view;
	struct row *rows = s->rows.rows;
	size_t count = s->rows.count;

	if (count)
		qsort(rows, count, sizeof(*rows), by_situation);
	else
		out_printf(view->out, "%s\n", message_translate("No socket matches."));
	for (size_t from = 0, to; from < count; from = to) {
		to = from + 1;
		while (to < count && rows[to].verdict.situation == rows[from].verdict.situation)
			to++;
		if (from)
			out_char(view->out, '\n');
		put_group(s, rows + from, to - from);
	}
	return 0;
}

static void free_sockets(struct view *view)
{
	struct sockets *s = (struct sockets *)view;

	rows_free(&s->rows);
	free(s);
}

/* The same sockets, in the form that snapshots have; no prose. */
static int end_json(struct view *view)
{
	struct sockets *s = (struct sockets *)view;
	struct out *o = view->out;

	rows_sort(&s->rows, &view->options->sort);
	json_head(o, view->snapshot, view->options);
	out_str(o, ",\n\"explain\":[");
	for (size_t i = 0; i < s->rows.count; i++) {
		out_str(o, i ? ",\n" : "\n");
		json_socket(o, &s->rows.rows[i]);
	}
	out_char(o, ']');
	json_tail(o, view->snapshot, view->shown);
	return 0;
}

static struct view *sockets_view(int (*finish)(struct view *view))
{
	struct sockets *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->view.sink.take = take;
	s->view.end = finish;
	s->view.free = free_sockets;
	return &s->view;
}

struct view *explain_sockets_view(void)
{
	return sockets_view(end);
}

struct view *explain_sockets_json_view(void)
{
	return sockets_view(end_json);
}

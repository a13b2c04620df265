// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>

#include "render/json.h"
#include "render/kill.h"
#include "util/error_name.h"

static int take(struct sink *sink, struct row *row)
{
	struct view *view = (struct view *)sink;

	view->shown++;
	return rows_keep(&view->options->killing->rows, row);
}

static void put_outcome(struct out *o, char *sep, const struct killed *done)
{
	json_key(o, sep, "outcome");
	json_quote(o, kill_outcomes[done->outcome].id);
	if (done->outcome == OUTCOME_FAILED)
		json_text(o, sep, "error", error_name(-done->error));
}

/* {"effect":...,"outcome":...,"socket":{...}} */
static void put_row(struct out *o, const struct row *row, const struct killed *done)
{
	char sep = '{';

	json_key(o, &sep, "effect");
	json_quote(o, kill_effects[kill_effect_of(row)].id);
	if (done)
		put_outcome(o, &sep, done);
	json_key(o, &sep, "socket");
	json_socket(o, row);
	json_close(o, &sep, '}');
}

static int end(struct view *view)
{
	struct killing *k = view->options->killing;
	struct out *o = view->out;
	char sep = ',', list = '[';

	if (view->options->sort.count)
		rows_sort(&k->rows, &view->options->sort);
	json_head(o, view->snapshot, view->options);
	out_char(o, '\n');
	json_key(o, &sep, "closed");
	for (size_t i = 0; i < k->rows.count; i++) {
		json_item(o, &list);
		out_char(o, '\n');
		put_row(o, &k->rows.rows[i], k->done ? &k->done[i] : NULL);
	}
	json_close(o, &list, ']');
	json_tail(o, view->snapshot, view->shown);
	return 0;
}

static void free_view(struct view *view)
{
	free(view);
}

struct view *kill_json_view(void)
{
	struct view *view = calloc(1, sizeof(*view));

	if (!view)
		return NULL;
	view->sink.take = take;
	view->end = end;
	view->free = free_view;
	return view;
}

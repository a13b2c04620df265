// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/kill.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "render/cell.h"
#include "render/message.h"
#include "render/page.h"
#include "render/table.h"
#include "util/translate.h"

struct kill {
	struct view view;
	struct view *table;
};

/* Sockets of which the same is to be told. */
struct group {
	uint64_t count;
	bool states[256];
};

void killing_free(struct killing *k)
{
	rows_free(&k->rows);
	free(k->done);
	k->done = NULL;
}

static int take(struct sink *sink, struct row *row)
{
	struct kill *k = (struct kill *)sink;
	int error = rows_keep(&k->view.options->killing->rows, row);

	if (error)
		return error;
	k->view.shown++;
	k->table->out = k->view.out;
	k->table->options = k->view.options;
	k->table->snapshot = k->view.snapshot;
	return k->table->sink.take(&k->table->sink, row);
}

/* "FIN_WAIT_1, FIN_WAIT_2" */
static void put_states(struct out *o, const struct group *g)
{
	unsigned i = 0, number;

	while (state_next(&i, &number)) {
		if (!g->states[number])
			continue;
		if (o->len)
			out_str(o, ", ");
		state_put(o, number);
	}
}

static void put_effect(struct out *o, const struct style *style, const struct group *g,
		       enum kill_effect effect)
{
	struct out states = OUT_MEMORY, text = OUT_MEMORY;

	put_states(&states, g);
	message_fill(
		&text, N_("{count} in {states}: {effect}"),
		(struct message_value[]){
			{.name = "count", .number = g->count},
			{.name = "states", .text = out_text(&states)},
			{.name = "effect", .text = message_translate(kill_effects[effect].text)},
		},
		3);
	page_line(o, style, out_text(&text), PAINT_NONE);
	out_free(&states);
	out_free(&text);
}

int kill_put_effects(struct out *o, const struct style *style, const struct row *rows, size_t count)
{
	struct group *groups = calloc(KILL_EFFECT_COUNT, sizeof(*groups));

	if (!groups)
		return -ENOMEM;
	page_line(o, style, message_translate(N_("What closing by force does:")), PAINT_BOLD);
	for (size_t i = 0; i < count; i++) {
		struct group *g = &groups[kill_effect_of(&rows[i])];

		g->count++;
		g->states[rows[i].socket->kernel_state] = true;
	}
	for (int i = 0; i < KILL_EFFECT_COUNT; i++) {
		if (groups[i].count)
			put_effect(o, style, &groups[i], i);
	}
	free(groups);
	return 0;
}

void kill_warn_of_session(struct out *o, const struct style *style, const struct row *row)
{
	struct out text = OUT_MEMORY;

	message_put(
		&text,
		N_("Careful: {local} {peer} is the ssh connection that you work over. Closing it "
		   "ends your session."),
		row);
	page_line(o, style, out_text(&text), PAINT_BOLD);
	out_free(&text);
}

void kill_warn_of_refusal(struct out *o, const struct style *style)
{
	page_line(o, style,
		  message_translate(N_("This takes CAP_NET_ADMIN (sudo), which this process "
				       "lacks: the kernel will refuse.")),
		  PAINT_NONE);
}

static int end(struct view *view)
{
	struct kill *k = (struct kill *)view;
	struct killing *killing = view->options->killing;
	int error;

	k->table->out = view->out;
	k->table->options = view->options;
	k->table->snapshot = view->snapshot;
	error = k->table->end(k->table);
	if (error || !killing->rows.count)
		return error;
	rows_sort(&killing->rows, &view->options->sort);
	out_char(view->out, '\n');
	error = kill_put_effects(view->out, &view->options->style, killing->rows.rows,
				 killing->rows.count);
	if (killing->session)
		kill_warn_of_session(
			view->out, &view->options->style,
			&(struct row){.snapshot = view->snapshot, .socket = killing->session});
	if (!killing->permitted)
		kill_warn_of_refusal(view->out, &view->options->style);
	return error;
}

void kill_put_told(struct out *o, const struct row *row, const char *text)
{
	static const char *const names[] = {"state", "local", "peer"};
	struct out socket = OUT_MEMORY;

	for (int i = 0; i < 3; i++) {
		if (i == 2 && !socket_has_peer(row->socket))
			break;
		if (i)
			out_char(&socket, ' ');
		cell_put(&socket, field_find(names[i], strlen(names[i])), row, CELL_BRIEF);
	}
	message_headed(o, out_text(&socket), text);
	out_char(o, '\n');
	out_free(&socket);
}

void kill_put_outcome(struct out *o, const struct row *row, const struct killed *done)
{
	struct out error = OUT_MEMORY, text = OUT_MEMORY;

	out_str(&error, strerror(-done->error));
	message_fill(&text, kill_outcomes[done->outcome].text,
		     &(struct message_value){.name = "error", .text = out_text(&error)}, 1);
	kill_put_told(o, row, out_text(&text));
	out_free(&error);
	out_free(&text);
}

void kill_put_sum(struct out *o, const struct killed *done, size_t count)
{
	uint64_t closed = 0, gone = 0;

	for (size_t i = 0; i < count; i++) {
		closed += done[i].outcome == OUTCOME_CLOSED;
		gone += done[i].outcome == OUTCOME_GONE;
	}
	message_fill(o, N_("closed: {closed}[, gone meanwhile: {gone}][, not closed: {others}]"),
		     (struct message_value[]){
			     {.name = "closed", .number = closed},
			     {.name = "gone", .number = gone, .absent = !gone},
			     {.name = "others",
			      .number = count - closed - gone,
			      .absent = closed + gone == count},
		     },
		     3);
	out_char(o, '\n');
}

void kill_tell(struct view *view)
{
	const struct killing *k = view->options->killing;

	if (k->done)
		out_char(view->out, '\n');
	for (size_t i = 0; k->done && i < k->rows.count; i++)
		kill_put_outcome(view->out, &k->rows.rows[i], &k->done[i]);
	if (k->done && k->rows.count > 1)
		kill_put_sum(view->out, k->done, k->rows.count);
}

static void free_kill(struct view *view)
{
	struct kill *k = (struct kill *)view;

	k->table->free(k->table);
	free(k);
}

struct view *kill_view(void)
{
	struct kill *k = calloc(1, sizeof(*k));
	struct view *table = table_view();

	if (!k || !table) {
		if (table)
			table->free(table);
		free(k);
		return NULL;
	}
	k->table = table;
	k->view.sink.take = take;
	k->view.end = end;
	k->view.free = free_kill;
	return &k->view;
}

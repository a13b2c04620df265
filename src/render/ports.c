// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/ports.h"

#include <stdlib.h>

#include "render/cell.h"
#include "render/grid.h"
#include "render/listener_group.h"
#include "render/message.h"
#include "render/ports_map.h"
#include "util/text.h"
#include "util/translate.h"

enum {
	PEERS_SHOWN = 10, /* of a program, on a terminal */
	LABEL_WIDTH = 8,  /* of "connects", the longest */
};

static const struct grid_column plain[3];

static const struct grid_layout title_layout = {
	.columns = plain,
	.count = 1,
	.gap = 1,
	.hang = 4,
	.blank = true,
	.wrap = true,
};

/* What, where, and how many. */
static const struct grid_layout block_layout = {
	.columns = plain,
	.count = 3,
	.indent = 2,
	.gap = 2,
	.blank = true,
	.wrap = true,
};

/* Why, and how many. */
static const struct grid_layout reason_layout = {
	.columns = plain,
	.count = 2,
	.indent = 2,
	.gap = 2,
	.blank = true,
	.wrap = true,
};

struct numbers {
	uint64_t sockets, others; /* {sockets}, {others} */
};

static bool put_number(struct out *o, const char *name, size_t n, const void *ctx)
{
	const struct numbers *numbers = ctx;

	if (n == 7 && !memcmp(name, "sockets", n))
		out_u64(o, numbers->sockets);
	else if (n == 6 && !memcmp(name, "others", n))
		out_u64(o, numbers->others);
	else
		return false;
	return true;
}

/* Appends a message that is not to be parted. */
static void put_message(struct out *o, const char *message, uint64_t sockets, uint64_t others)
{
	struct numbers numbers = {sockets, others};
	size_t start = o->len;

	message_expand(o, message, put_number, &numbers);
	for (size_t i = start; i < o->len; i++) {
		if (o->data[i] == ' ')
			o->data[i] = GRID_TIE;
	}
}

/* Two spaces between the pieces of a cell. */
static void put_gap(struct out *o, size_t start)
{
	if (o->len > start)
		out_str(o, "  ");
}

static void put_states(struct out *o, const struct line *l)
{
	struct states s;
	unsigned i = 0, state;
	size_t start = o->len;

	ports_count_states(&s, l);
	while (ports_next_state(&s, &i, &state)) {
		put_gap(o, start);
		out_u64(o, s.count[state]);
		out_char(o, GRID_TIE);
		state_put(o, state);
	}
}

/* A word that names the lines below as well: repeated in a pipe, where each stands alone. */
static void put_label(struct grid *grid, const char *label, bool first, const struct style *style)
{
	size_t n = first || !style->terminal ? strlen(label) : 0;

	out_put(&grid->text, label, n);
	out_repeat(&grid->text, ' ', LABEL_WIDTH - n);
	grid_cell(grid, PAINT_DIM);
}

static void put_peer(struct out *o, const struct snapshot *s, const struct tally_key *key)
{
	struct socket sk = {.family = key->family, .peer = {key->peer, key->peer_port}};

	cell_endpoint(o, s, &sk, &sk.peer);
}

static void put_port(struct out *o, uint16_t port)
{
	out_char(o, ':');
	out_u64(o, port);
}

static void put_listener(struct grid *grid, const struct listener_group *l, bool first,
			 const struct style *style)
{
	const struct row *row = listener_group_row(l, 0);
	struct out *o = &grid->text;

	put_label(grid, "listens", first, style);
	listener_group_put_address(o, l, true);
	grid_cell(grid, PAINT_NONE);
	listener_group_put_reach(o, l);
	out_str(o, "  queue");
	out_char(o, GRID_TIE);
	listener_group_put_queue(o, l);
	if (row->socket->owners == OWNER_NONE && row->verdict.reason != OWNER_KNOWN) {
		out_str(o, "  (");
		out_str(o, owner_absence_token(row->verdict.reason));
		out_char(o, ')');
	}
	grid_cell(grid, listener_group_paint(l));
}

static int put_listeners(struct grid *grid, struct out *o, const struct program *g,
			 const struct style *style)
{
	struct listener_group *groups;
	size_t count;
	int error = listeners_group(g->listeners, g->listener_count, &groups, &count);

	for (size_t i = 0; i < count && !error; i++)
		put_listener(grid, &groups[i], !i, style);
	free(groups);
	return error ? error : grid_put(grid, o, style);
}

static void put_line(struct grid *grid, const struct map *m, const struct line *l, bool first,
		     const struct style *style)
{
	static const char *const labels[] = {
		[FLOW_CLIENT] = "clients",
		[FLOW_CONNECT] = "connects",
		[FLOW_BOUND] = "bound",
	};
	const struct tally_key *key = &l->tallies->key;
	struct out *o = &grid->text;

	put_label(grid, labels[key->flow], first, style);
	if (key->flow == FLOW_CONNECT)
		put_peer(o, m->snapshot, key);
	else
		put_port(o, key->port);
	grid_cell(grid, PAINT_NONE);
	if (key->flow == FLOW_CLIENT) {
		put_message(o,
			    l->addresses == 1 ? N_("{sockets} from 1 address")
					      : N_("{sockets} from {others} addresses"),
			    l->sockets, l->addresses);
		out_str(o, "  ");
	}
	put_states(o, l);
	grid_cell(grid, PAINT_NONE);
}

/* One line for the peers that are not shown. */
static void put_rest(struct grid *grid, const struct line *lines, size_t count)
{
	uint64_t sockets = 0;

	for (size_t i = 0; i < count; i++)
		sockets += lines[i].sockets;
	out_repeat(&grid->text, ' ', LABEL_WIDTH);
	grid_cell(grid, PAINT_NONE);
	put_message(&grid->text, N_("and {others} more peers"), 0, count);
	grid_cell(grid, PAINT_DIM);
	put_message(&grid->text, N_("{sockets} connections"), sockets, 0);
	grid_cell(grid, PAINT_DIM);
}

/* Writes a program's lines of one flow; each flow has columns of its own. */
static int put_flow(struct grid *grid, struct out *o, const struct map *m, const struct program *g,
		    enum flow flow, const struct style *style)
{
	struct line *lines;
	size_t count, shown;
	int error = ports_find_lines(g, flow, &lines, &count);

	if (error)
		return error;
	shown = count;
	/* A line for one more peer would take as much room as the peer. */
	if (flow == FLOW_CONNECT && style->terminal && count > PEERS_SHOWN + 1)
		shown = PEERS_SHOWN;
	for (size_t i = 0; i < shown; i++)
		put_line(grid, m, &lines[i], !i, style);
	if (shown < count)
		put_rest(grid, lines + shown, count - shown);
	free(lines);
	return grid_put(grid, o, style);
}

/* A piece of the title; what is not known is left out for eyes only. */
static void put_piece(struct out *o, const char *prefix, const char *text, enum text_safety safety,
		      const struct style *style)
{
	if (!text && style->terminal)
		return;
	out_str(o, "  ");
	if (!text) {
		out_char(o, '-');
		return;
	}
	out_str(o, prefix);
	text_safe(o, text, strlen(text), safety);
}

static void put_user(struct out *o, const struct process *p, const struct style *style)
{
	char uid[24] = "";

	if (!p->user && p->have_uid)
		uid[format_u64(uid, p->uid)] = '\0';
	put_piece(o, "", p->user ? p->user : *uid ? uid : NULL, TEXT_CELL, style);
}

static int put_title(struct grid *title, struct out *to, const struct program *g,
		     const struct process *p, const struct style *style)
{
	struct out *o = &title->text;

	cell_process(o, p);
	if (g->process_count > 1) {
		out_char(o, GRID_TIE);
		put_message(o, g->process_count == 2 ? N_("+1 worker") : N_("+{others} workers"), 0,
			    g->process_count - 1);
	}
	put_user(o, p, style);
	if (p->container)
		put_piece(o, "container:", p->container, TEXT_CELL, style);
	else
		put_piece(o, "", p->unit, TEXT_CELL, style);
	put_piece(o, "", p->exe, TEXT_LINE, style);
	if (p->exe_deleted) {
		out_str(o, "  ");
		put_message(o, N_("(deleted)"), 0, 0);
	}
	grid_cell(title, PAINT_BOLD);
	return grid_put(title, to, style);
}

struct grids {
	struct grid title, block, reasons;
};

static int put_program(struct grids *grids, struct out *o, const struct map *m,
		       const struct program *g, const struct style *style)
{
	int error = put_title(&grids->title, o, g, &m->processes[g->head], style);

	if (!error)
		error = put_listeners(&grids->block, o, g, style);
	for (enum flow f = FLOW_CLIENT; f <= FLOW_BOUND && !error; f++)
		error = put_flow(&grids->block, o, m, g, f, style);
	return error;
}

static int put_no_program(struct grids *grids, struct out *o, const struct program *g,
			  const struct style *style)
{
	int error;

	put_message(&grids->title.text, N_("(no process)"), 0, 0);
	grid_cell(&grids->title, PAINT_BOLD);
	error = grid_put(&grids->title, o, style);
	if (!error)
		error = put_listeners(&grids->block, o, g, style);
	for (size_t at = 0; at < g->tally_count;) {
		struct line l = ports_next_line(g, &at);

		out_str(&grids->reasons.text, owner_absence_token(l.tallies->key.reason));
		grid_cell(&grids->reasons, PAINT_DIM);
		put_states(&grids->reasons.text, &l);
		grid_cell(&grids->reasons, PAINT_NONE);
	}
	return error ? error : grid_put(&grids->reasons, o, style);
}

static int put_map(struct ports *p, const struct map *m)
{
	const struct style *style = &p->view.options->style;
	struct out *o = p->view.out;
	struct grids grids = {GRID(&title_layout), GRID(&block_layout), GRID(&reason_layout)};
	int error = 0;

	for (size_t i = 0; i < m->count && !error; i++) {
		const struct program *g = &m->programs[i];

		if (i)
			out_char(o, '\n');
		error = g->head == NO_PROGRAM ? put_no_program(&grids, o, g, style)
					      : put_program(&grids, o, m, g, style);
	}
	grid_free(&grids.title);
	grid_free(&grids.block);
	grid_free(&grids.reasons);
	return error;
}

static int end(struct view *view)
{
	struct ports *p = (struct ports *)view;
	struct map m;
	int error = ports_map_make(&m, p);

	if (error)
		return error;
	error = p->json ? ports_put_json(p, &m) : put_map(p, &m);
	ports_map_free(&m);
	return error;
}

static void free_ports(struct view *view)
{
	struct ports *p = (struct ports *)view;

	ports_free_counts(p);
	free(p);
}

static struct view *make(bool json)
{
	struct ports *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->json = json;
	p->view.sink.take = ports_take;
	p->view.end = end;
	p->view.free = free_ports;
	return &p->view;
}

struct view *ports_view(void)
{
	return make(false);
}

struct view *ports_json_view(void)
{
	return make(true);
}

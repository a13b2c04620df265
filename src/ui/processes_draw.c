// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/processes.h"

#include "render/cell.h"
#include "render/message.h"
#include "ui/mark.h"
#include "util/text.h"
#include "util/translate.h"

enum {
	INDENT = 2, /* columns a level */
	LABEL = 10, /* columns of "processes" and the like */
	NUMBER = 8, /* columns of a number */
	PROGRAM_LEAST = 14,
	PROGRAM_MOST = 40,
	LISTENS_LEAST = 8,
	COLS_FOR_CONNECTS = 60, /* from here on these columns are shown */
	COLS_FOR_USER = 90,
	COLS_FOR_UNIT = 100,
	USER = 10,
	UNIT = 24,
	PEER = 24, /* columns, so that states stand below each other */
	PORTS_NAMED = 24,
};

/* The columns of programs. */

enum column_name { PROGRAM, SOCKETS, CLIENTS, CONNECTS, LISTENS, USERS, UNITS, COLUMN_COUNT };

struct widths {
	unsigned col[COLUMN_COUNT], cols[COLUMN_COUNT];
};

static const char *const headers[COLUMN_COUNT] = {
	"PROGRAM", "SOCKETS", "CLIENTS", "CONNECTS", "LISTENS", "USER", "UNIT",
};

static void put_name(struct processes *t, const struct node *node)
{
	const struct process *p = port_tree_process(&t->tree, node->sum.head);

	t->text.len = 0;
	if (!p) {
		out_str(&t->text, message_translate(N_("(no process)")));
		return;
	}
	cell_process(&t->text, p);
	if (node->sum.processes < 2)
		return;
	out_char(&t->text, ' ');
	message_fill(&t->text, node->sum.processes == 2 ? N_("+1 worker") : N_("+{others} workers"),
		     &(struct message_value){.name = "others", .number = node->sum.processes - 1},
		     1);
}

/* As wide as the programs need that are on the screen. */
static unsigned name_width(struct processes *t)
{
	unsigned most = PROGRAM_LEAST;

	for (size_t i = t->list.top; i < t->line_count && i < t->list.top + t->list.page; i++) {
		const struct node *node = processes_node(t, i);
		unsigned width;

		if (node->kind != NODE_PROGRAM)
			continue;
		put_name(t, node);
		width = (unsigned)text_width(out_text(&t->text), t->text.len);
		most = width > most ? width : most;
	}
	return most < PROGRAM_MOST ? most : PROGRAM_MOST;
}

static struct widths share_out(struct processes *t, unsigned cols)
{
	struct widths w = {.cols = {[SOCKETS] = NUMBER}};
	unsigned left = cols, room;

	if (cols >= COLS_FOR_CONNECTS)
		w.cols[CLIENTS] = w.cols[CONNECTS] = NUMBER;
	if (cols >= COLS_FOR_USER)
		w.cols[USERS] = USER;
	if (cols >= COLS_FOR_UNIT)
		w.cols[UNITS] = UNIT;
	for (int i = 0; i < COLUMN_COUNT; i++)
		left -= w.cols[i] ? w.cols[i] + 1 : 0;
	left = left > INDENT + 2 && left < cols ? left - INDENT - 2 : 0;
	w.cols[PROGRAM] = name_width(t);
	room = left > LISTENS_LEAST ? left - LISTENS_LEAST : left;
	w.cols[PROGRAM] = w.cols[PROGRAM] < room ? w.cols[PROGRAM] : room;
	w.cols[LISTENS] = left - w.cols[PROGRAM];
	w.col[PROGRAM] = INDENT;
	for (int i = 1; i < COLUMN_COUNT; i++)
		w.col[i] = w.col[i - 1] + w.cols[i - 1] + (w.cols[i - 1] ? 1 : 0);
	return w;
}

static void draw_heading(struct screen *s, const struct box *b, const struct widths *w)
{
	static const struct look look = {.paint = PAINT_HEADER, .bits = LOOK_UNDERLINE};

	screen_paint(s, b, 0, 0, b->cols, look);
	for (int i = 0; i < COLUMN_COUNT; i++) {
		unsigned width = (unsigned)strlen(headers[i]), col = w->col[i];

		if (i >= SOCKETS && i <= CONNECTS && w->cols[i] >= width)
			col += w->cols[i] - width;
		screen_put(s, b, 0, col, w->cols[i], look, headers[i], width);
	}
}

static void draw_number(struct screen *s, const struct box *b, unsigned row, const struct widths *w,
			enum column_name c, uint64_t number)
{
	char text[DIGITS_ROOM];
	unsigned n = (unsigned)format_u64(text, number);
	struct look look = {.paint = number ? PAINT_NONE : PAINT_DIM};

	if (w->cols[c])
		screen_put(s, b, row, w->col[c] + (n < w->cols[c] ? w->cols[c] - n : 0), w->cols[c],
			   look, text, n);
}

static void draw_cell(struct screen *s, const struct box *b, unsigned row, const struct widths *w,
		      enum column_name c, struct look look, const char *text)
{
	screen_put(s, b, row, w->col[c], w->cols[c], look, text, strlen(text));
}

/* ":80 :443", of the program's listeners, each port once; they are in order. */
static void put_ports(struct processes *t, const struct node *node)
{
	uint32_t last = UINT32_MAX;
	unsigned named = 0;

	t->text.len = 0;
	for (uint32_t i = (uint32_t)(node - t->tree.nodes) + 1; i < node->end; i++) {
		const struct node *n = &t->tree.nodes[i];
		uint16_t port;

		if (n->kind != NODE_LISTEN)
			continue;
		port = listener_group_first(&n->group)->local.port;
		if (port == last || ++named > PORTS_NAMED)
			continue;
		out_printf(&t->text, "%s:%u", t->text.len ? " " : "", port);
		last = port;
	}
}

static void put_user(struct out *o, const struct process *p)
{
	o->len = 0;
	if (p->user)
		text_safe(o, p->user, strlen(p->user), TEXT_CELL);
	else if (p->have_uid)
		out_u64(o, p->uid);
}

static void put_unit(struct out *o, const struct process *p)
{
	const char *unit = p->container ? p->container : p->unit;

	o->len = 0;
	if (p->container)
		out_str(o, "container:");
	if (unit)
		text_safe(o, unit, strlen(unit), TEXT_CELL);
}

static void draw_program(struct processes *t, struct screen *s, const struct box *b, unsigned row,
			 const struct widths *w, const struct node *node)
{
	const struct process *p = port_tree_process(&t->tree, node->sum.head);

	put_name(t, node);
	draw_cell(s, b, row, w, PROGRAM, (struct look){.paint = PAINT_BOLD}, out_text(&t->text));
	draw_number(s, b, row, w, SOCKETS, node->sum.sockets);
	if (p) {
		draw_number(s, b, row, w, CLIENTS, node->sum.clients);
		draw_number(s, b, row, w, CONNECTS, node->sum.connects);
	}
	put_ports(t, node);
	draw_cell(s, b, row, w, LISTENS, (struct look){0}, out_text(&t->text));
	if (!p)
		return;
	put_user(&t->text, p);
	draw_cell(s, b, row, w, USERS, (struct look){0}, out_text(&t->text));
	put_unit(&t->text, p);
	draw_cell(s, b, row, w, UNITS, (struct look){0}, out_text(&t->text));
}

/* What stands below a program. */

static const char *const labels[] = {
	[NODE_PROCESSES] = "processes", [NODE_PROCESS] = "process",   [NODE_LISTEN] = "listens",
	[NODE_CLIENTS] = "clients",     [NODE_CONNECTS] = "connects", [NODE_CONNECT] = "connects",
	[NODE_BOUND] = "bound",         [NODE_REASON] = "nobody's",
};

static void put_states(struct out *o, const struct line *l)
{
	struct states s;
	unsigned i = 0, state;

	ports_count_states(&s, l);
	while (ports_next_state(&s, &i, &state)) {
		out_str(o, "  ");
		out_u64(o, s.count[state]);
		out_char(o, ' ');
		state_put(o, state);
	}
}

static void put_peer(struct out *o, const struct snapshot *s, const struct tally_key *key)
{
	struct socket sk = {.family = key->family, .peer = {key->peer, key->peer_port}};

	cell_endpoint(o, s, &sk, &sk.peer);
}

static void put_listener(struct out *o, const struct listener_group *g)
{
	const struct socket *sk = listener_group_fullest(g);

	listener_group_put_address(o, g, true);
	out_repeat(o, ' ', o->len < PEER ? PEER - o->len : 0);
	out_str(o, "  ");
	listener_group_put_reach(o, g);
	out_str(o, "  queue ");
	listener_group_put_queue(o, g);
	if (sk->have & HAVE_BACKLOG && sk->recv_queue > sk->send_queue)
		out_char(o, '!');
}

static void put_line(struct out *o, const struct snapshot *s, const struct node *node)
{
	const struct tally_key *key = &node->line.tallies->key;

	if (node->kind == NODE_CONNECT)
		put_peer(o, s, key);
	else if (node->kind == NODE_REASON)
		out_str(o, owner_absence_token(key->reason));
	else
		out_printf(o, ":%u", key->port);
	if (node->kind == NODE_CLIENTS) {
		out_str(o, "  ");
		message_fill(o,
			     node->line.addresses == 1 ? N_("{sockets} from 1 address")
						       : N_("{sockets} from {others} addresses"),
			     (struct message_value[]){
				     {.name = "sockets", .number = node->line.sockets},
				     {.name = "others", .number = node->line.addresses},
			     },
			     2);
	}
	out_repeat(o, ' ',
		   text_width(o->data, o->len) < PEER ? PEER - text_width(o->data, o->len) : 0);
	put_states(o, &node->line);
}

static void put_process(struct out *o, const struct process *p)
{
	struct out part = OUT_MEMORY;

	if (!p)
		return;
	cell_process(o, p);
	put_user(&part, p);
	out_printf(o, "%s%s", part.len ? "  " : "", out_text(&part));
	put_unit(&part, p);
	out_printf(o, "%s%s", part.len ? "  " : "", out_text(&part));
	out_free(&part);
}

void processes_put_text(struct processes *t, const struct node *node)
{
	struct out *o = &t->text;

	o->len = 0;
	switch ((enum node_kind)node->kind) {
	case NODE_PROGRAM: put_name(t, node); break;
	case NODE_PROCESSES: out_u64(o, node->end - (uint64_t)(node - t->tree.nodes) - 1); break;
	case NODE_PROCESS: put_process(o, port_tree_process(&t->tree, node->process)); break;
	case NODE_LISTEN: put_listener(o, &node->group); break;
	case NODE_CONNECTS:
		message_fill(o, N_("{sockets} to {others} peers"),
			     (struct message_value[]){
				     {.name = "sockets", .number = node->line.sockets},
				     {.name = "others", .number = node->line.addresses},
			     },
			     2);
		break;
	default: put_line(o, &t->pane.app->live->snapshot, node); break;
	}
}

static enum paint paint_of(const struct node *node)
{
	return node->kind == NODE_LISTEN ? listener_group_paint(&node->group) : PAINT_NONE;
}

static void draw_node(struct processes *t, struct screen *s, const struct box *b, unsigned row,
		      const struct widths *w, const struct node *node)
{
	unsigned col = node->depth * INDENT;

	if (processes_folds(t, node))
		screen_str(
			s, b, row, col, (struct look){0},
			mark_text(fold_is_open(&t->fold, node->id) ? MARK_UNFOLDED : MARK_FOLDED));
	if (node->kind == NODE_PROGRAM) {
		draw_program(t, s, b, row, w, node);
		return;
	}
	col += INDENT;
	screen_str(s, b, row, col, (struct look){.paint = PAINT_DIM}, labels[node->kind]);
	processes_put_text(t, node);
	screen_str(s, b, row, col + LABEL, (struct look){.paint = (uint8_t)paint_of(node)},
		   out_text(&t->text));
}

static void draw_empty(const struct processes *t, struct screen *s, const struct box *b)
{
	const char *text = t->first ? N_("counting sockets") : N_("no sockets");

	if (!t->first && t->pane.app->filter)
		text = N_("no socket matches the filter");
	screen_str(s, b, 2, INDENT, (struct look){.paint = PAINT_DIM}, message_translate(text));
}

void processes_draw(struct pane *p, struct screen *s, const struct box *b)
{
	struct processes *t = (struct processes *)p;
	struct box body = {b->row + 1, b->col, b->rows ? b->rows - 1 : 0, b->cols};
	struct widths w;
	size_t end;

	list_fit(&t->list, body.rows ? body.rows : 1);
	w = share_out(t, b->cols);
	draw_heading(s, b, &w);
	end = t->list.top + body.rows < t->line_count ? t->list.top + body.rows : t->line_count;
	for (size_t i = t->list.top; i < end; i++)
		draw_node(t, s, &body, (unsigned)(i - t->list.top), &w, processes_node(t, i));
	if (t->line_count)
		screen_mark(s, &body, (unsigned)(t->list.at - t->list.top), 0, b->cols,
			    LOOK_REVERSE);
	else
		draw_empty(t, s, b);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* Programs with what they listen on, who is connected to them, and where they connect to. */
#include "ui/app.h"
#include "ui/find.h"
#include "ui/fold.h"
#include "ui/list.h"
#include "ui/mark.h"
#include "ui/node_filter.h"
#include "ui/port_tree.h"
#include "ui/signalling.h"
#include "ui/written.h"

#include <stdlib.h>

#include "render/cell.h"
#include "render/message.h"
#include "util/text.h"
#include "util/translate.h"

enum {
	SLICE = 8192,   /* sockets counted between two looks at the keys */
	MANY = 20000,   /* so many are not counted at every refresh, */
	MANY_MS = 1000, /* but no sooner than this after the last time */
	INDENT = 2,     /* columns a level */
	LABEL = 10,     /* columns of "processes" and the like */
	NUMBER = 8,     /* columns of a number */
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

struct processes {
	struct pane pane;
	struct port_tree tree;     /* that is shown */
	struct port_tree counting; /* its successor */
	bool is_counting, due;
	uint64_t began; /* live.now when counting was last begun */
	bool first;     /* nothing was counted yet */
	struct list list;
	struct fold fold;
	uint32_t *lines; /* indexes of nodes that are not folded away */
	size_t line_count;
	struct out text;
};

static struct processes *self(struct pane *p)
{
	return (struct processes *)p;
}

static const struct node *node_at(const struct processes *t, size_t line)
{
	return &t->tree.nodes[t->lines[line]];
}

static struct list_id id_at(const void *owner, size_t at)
{
	const struct node *node = node_at(owner, at);

	return (struct list_id){node->id, node->kind};
}

static bool folds(const struct processes *t, const struct node *node)
{
	return node->end > (uint32_t)(node - t->tree.nodes) + 1;
}

static void make_lines(struct processes *t)
{
	uint32_t *more = realloc(t->lines, (t->tree.count + 1) * sizeof(*more));

	t->line_count = 0;
	if (!more) {
		app_note(t->pane.app, N_("out of memory"));
		list_changed(&t->list, 0, id_at, t);
		return;
	}
	t->lines = more;
	for (uint32_t i = 0; i < t->tree.count;) {
		const struct node *node = &t->tree.nodes[i];

		t->lines[t->line_count++] = i;
		i = fold_is_open(&t->fold, node->id) ? i + 1 : node->end;
	}
	list_changed(&t->list, t->line_count, id_at, t);
}

/* Counting. */

static int open_processes(struct pane *p)
{
	struct processes *t = self(p);

	t->text = (struct out)OUT_MEMORY;
	t->first = t->due = true;
	return 0;
}

static void close_processes(struct pane *p)
{
	struct processes *t = self(p);

	port_tree_free(&t->tree);
	port_tree_free(&t->counting);
	fold_free(&t->fold);
	out_free(&t->text);
	free(t->lines);
}

static void received(struct pane *p)
{
	self(p)->due = true;
}

static void drop(struct processes *t)
{
	port_tree_free(&t->counting);
	t->is_counting = false;
	app_note(t->pane.app, N_("out of memory"));
}

static void begin(struct processes *t)
{
	t->due = false;
	t->began = t->pane.app->live->now;
	t->is_counting = !port_tree_begin(&t->counting, t->pane.app->live);
	if (!t->is_counting)
		drop(t);
}

static void finish(struct processes *t)
{
	if (port_tree_make(&t->counting)) {
		drop(t);
		return;
	}
	port_tree_free(&t->tree);
	t->tree = t->counting;
	t->counting = (struct port_tree){0};
	t->is_counting = t->first = false;
	make_lines(t);
	t->pane.app->dirty = true;
}

static bool may_begin(const struct processes *t)
{
	const struct live *l = t->pane.app->live;

	if (!t->due || (!l->refreshes && !l->saved))
		return false;
	return t->first || l->count < MANY || l->now - t->began >= MANY_MS;
}

/* One of its parts, none of which takes long. */
static void step(struct processes *t)
{
	struct port_tree *next = &t->counting;

	if (next->counted < t->pane.app->live->count && !next->mapped) {
		if (port_tree_count(next, SLICE))
			drop(t);
	} else if (!next->mapped) {
		if (port_tree_map(next))
			drop(t);
	} else {
		finish(t);
	}
}

static bool work(struct pane *p)
{
	struct processes *t = self(p);

	if (!t->is_counting && may_begin(t))
		begin(t);
	if (t->is_counting)
		step(t);
	return t->is_counting;
}

/* Drawing: the columns of programs. */

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
		const struct node *node = node_at(t, i);
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

static void put_text(struct processes *t, const struct node *node)
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

	if (folds(t, node))
		screen_str(
			s, b, row, col, (struct look){0},
			mark_text(fold_is_open(&t->fold, node->id) ? MARK_UNFOLDED : MARK_FOLDED));
	if (node->kind == NODE_PROGRAM) {
		draw_program(t, s, b, row, w, node);
		return;
	}
	col += INDENT;
	screen_str(s, b, row, col, (struct look){.paint = PAINT_DIM}, labels[node->kind]);
	put_text(t, node);
	screen_str(s, b, row, col + LABEL, (struct look){.paint = (uint8_t)paint_of(node)},
		   out_text(&t->text));
}

static void draw_empty(const struct processes *t, struct screen *s, const struct box *b)
{
	const char *text = t->first ? N_("counting sockets") : N_("no sockets");

	screen_str(s, b, 2, INDENT, (struct look){.paint = PAINT_DIM}, message_translate(text));
}

static void draw(struct pane *p, struct screen *s, const struct box *b)
{
	struct processes *t = self(p);
	struct box body = {b->row + 1, b->col, b->rows ? b->rows - 1 : 0, b->cols};
	struct widths w;
	size_t end;

	list_fit(&t->list, body.rows ? body.rows : 1);
	w = share_out(t, b->cols);
	draw_heading(s, b, &w);
	end = t->list.top + body.rows < t->line_count ? t->list.top + body.rows : t->line_count;
	for (size_t i = t->list.top; i < end; i++)
		draw_node(t, s, &body, (unsigned)(i - t->list.top), &w, node_at(t, i));
	if (t->line_count)
		screen_mark(s, &body, (unsigned)(t->list.at - t->list.top), 0, b->cols,
			    LOOK_REVERSE);
	else
		draw_empty(t, s, b);
}

/* Keys. */

static void set_open(struct processes *t, const struct node *node, bool open)
{
	if (!fold_set(&t->fold, node->id, open))
		app_note(t->pane.app, N_("out of memory"));
	make_lines(t);
}

/* The line of what a line stands below; its own at the top. */
static size_t line_above(const struct processes *t, size_t line)
{
	unsigned depth = node_at(t, line)->depth;

	while (line && depth && node_at(t, line)->depth >= depth)
		line--;
	return line;
}

/* As trees do: folds what is unfolded, else goes to what it stands below. */
static void go_left(struct processes *t)
{
	const struct node *node = node_at(t, t->list.at);

	if (folds(t, node) && fold_is_open(&t->fold, node->id))
		set_open(t, node, false);
	else
		list_choose(&t->list, line_above(t, t->list.at), id_at, t);
}

/* Unfolds; else goes to the first below. */
static void go_right(struct processes *t)
{
	const struct node *node = node_at(t, t->list.at);

	if (!folds(t, node))
		return;
	if (fold_is_open(&t->fold, node->id))
		list_move(&t->list, 1, id_at, t);
	else
		set_open(t, node, true);
}

static void toggle_all(struct processes *t)
{
	bool any = t->fold.count;

	list_choose(&t->list, t->list.at, id_at, t);
	while (node_at(t, t->list.at)->depth)
		list_choose(&t->list, line_above(t, t->list.at), id_at, t);
	fold_close_all(&t->fold);
	for (size_t i = 0; i < t->tree.count && !any; i++) {
		if (t->tree.nodes[i].kind == NODE_PROGRAM)
			fold_set(&t->fold, t->tree.nodes[i].id, true);
	}
	make_lines(t);
}

static void show_sockets(struct processes *t, const struct node *node)
{
	t->text.len = 0;
	node_filter_put(&t->text, &t->tree, node);
	app_show_matching(t->pane.app, out_text(&t->text));
}

/* The process that a line names, or else the only one of its program. */
static void signal_process(struct processes *t, const struct node *node)
{
	struct app *a = t->pane.app;
	uint32_t process;

	if (node->kind != NODE_PROCESS) {
		while (node->depth)
			node--;
		if (node->sum.processes > 1) {
			app_note(a, N_("several processes: unfold the program and choose one"));
			return;
		}
	}
	process = node->kind == NODE_PROCESS ? node->process : node->sum.head;
	if (port_tree_process(&t->tree, process))
		signalling_open_process(a, process);
	else
		app_note(a, N_("no process is known that holds it"));
}

static void toggle(struct processes *t, const struct node *node)
{
	if (folds(t, node))
		set_open(t, node, !fold_is_open(&t->fold, node->id));
}

static bool act(struct pane *p, enum action action)
{
	struct processes *t = self(p);
	const struct node *node;

	if (list_act(&t->list, action, id_at, t))
		return true;
	if (!t->line_count)
		return false;
	node = node_at(t, t->list.at);
	switch (action) {
	case ACTION_LEFT: go_left(t); return true;
	case ACTION_RIGHT: go_right(t); return true;
	case ACTION_TOGGLE: toggle(t, node); return true;
	case ACTION_TOGGLE_ALL: toggle_all(t); return true;
	case ACTION_RELATED: show_sockets(t, node); return true;
	case ACTION_SIGNAL: signal_process(t, node); return true;
	case ACTION_ENTER:
		if (folds(t, node))
			toggle(t, node);
		else
			show_sockets(t, node);
		return true;
	default: return false;
	}
}

/* Another click on the chosen line folds or unfolds it. */
static bool key(struct pane *p, const struct key *k)
{
	struct processes *t = self(p);

	if (list_is_hit(&t->list, k, p->box.row + 1)) {
		toggle(t, node_at(t, t->list.at));
		return true;
	}
	return list_key(&t->list, k, p->box.row + 1, id_at, p);
}

static bool has_text(void *owner, size_t at, const char *text)
{
	struct processes *t = owner;

	put_text(t, node_at(t, at));
	return find_in(out_text(&t->text), text);
}

static bool find(struct pane *p, const char *text, bool forward, bool here)
{
	return list_find(&self(p)->list, forward, here, has_text, text, id_at, p);
}

static void watch(struct pane *p, struct watch *w)
{
	(void)p;
	w->want |= WANT_OWNERS | WANT_PROCESS | WANT_BOUND;
}

static void status(struct pane *p, struct out *o)
{
	struct processes *t = self(p);

	out_printf(o, "%zu/%zu", t->line_count ? t->list.at + 1 : 0, t->line_count);
}

static int write_text(struct pane *p, struct out *o)
{
	return written_put(p, &self(p)->list, o);
}

const struct pane_ops processes_pane = {
	.title = N_("Processes"),
	.size = sizeof(struct processes),
	.where = WHERE_LINES | WHERE_SIDEWAYS | WHERE_TREE | WHERE_RELATED | WHERE_HOLDERS |
		 WHERE_VIEWS,
	.open = open_processes,
	.close = close_processes,
	.received = received,
	.work = work,
	.draw = draw,
	.act = act,
	.key = key,
	.find = find,
	.watch = watch,
	.status = status,
	.write = write_text,
};

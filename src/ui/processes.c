// SPDX-License-Identifier: GPL-2.0-or-later
/* Programs with what they listen on, who is connected to them, and where they connect to. */
#include "ui/processes.h"

#include <stdlib.h>

#include "ui/find.h"
#include "ui/node_filter.h"
#include "ui/signalling.h"
#include "ui/written.h"
#include "util/translate.h"

enum {
	SLICE = 8192,   /* sockets counted between two looks at the keys */
	MANY = 20000,   /* so many are not counted at every refresh, */
	MANY_MS = 1000, /* but no sooner than this after the last time */
};

static struct processes *self(struct pane *p)
{
	return (struct processes *)p;
}

const struct node *processes_node(const struct processes *t, size_t line)
{
	return &t->tree.nodes[t->lines[line]];
}

static struct list_id id_at(const void *owner, size_t at)
{
	const struct node *node = processes_node(owner, at);

	return (struct list_id){node->id, node->kind};
}

bool processes_folds(const struct processes *t, const struct node *node)
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

/* The tree, counted anew in parts. */

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

/* What was counted so far is of the filter before. */
static void filtered(struct pane *p)
{
	struct processes *t = self(p);

	port_tree_free(&t->counting);
	t->is_counting = false;
	t->first = t->due = true;
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
	t->is_counting = !port_tree_begin(&t->counting, t->pane.app);
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
	unsigned depth = processes_node(t, line)->depth;

	while (line && depth && processes_node(t, line)->depth >= depth)
		line--;
	return line;
}

/* As trees do: folds what is unfolded, else goes to what it stands below. */
static void go_left(struct processes *t)
{
	const struct node *node = processes_node(t, t->list.at);

	if (processes_folds(t, node) && fold_is_open(&t->fold, node->id))
		set_open(t, node, false);
	else
		list_choose(&t->list, line_above(t, t->list.at), id_at, t);
}

/* Unfolds; else goes to the first below. */
static void go_right(struct processes *t)
{
	const struct node *node = processes_node(t, t->list.at);

	if (!processes_folds(t, node))
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
	while (processes_node(t, t->list.at)->depth)
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
	if (processes_folds(t, node))
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
	node = processes_node(t, t->list.at);
	switch (action) {
	case ACTION_LEFT: go_left(t); return true;
	case ACTION_RIGHT: go_right(t); return true;
	case ACTION_TOGGLE: toggle(t, node); return true;
	case ACTION_TOGGLE_ALL: toggle_all(t); return true;
	case ACTION_RELATED: show_sockets(t, node); return true;
	case ACTION_SIGNAL: signal_process(t, node); return true;
	case ACTION_ENTER:
		if (processes_folds(t, node))
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
		toggle(t, processes_node(t, t->list.at));
		return true;
	}
	return list_key(&t->list, k, p->box.row + 1, id_at, p);
}

static bool has_text(void *owner, size_t at, const char *text)
{
	struct processes *t = owner;

	processes_put_text(t, processes_node(t, at));
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

	app_put_filter(p->app, o);
	out_printf(o, "%zu/%zu", t->line_count ? t->list.at + 1 : 0, t->line_count);
}

static int write_text(struct pane *p, struct out *o)
{
	return written_put(p, &self(p)->list, o);
}

const struct pane_ops processes_pane = {
	.title = N_("Processes"),
	.size = sizeof(struct processes),
	.where = WHERE_LINES | WHERE_FILTERED | WHERE_SIDEWAYS | WHERE_TREE | WHERE_RELATED |
		 WHERE_HOLDERS | WHERE_VIEWS,
	.open = open_processes,
	.close = close_processes,
	.received = received,
	.filtered = filtered,
	.work = work,
	.draw = processes_draw,
	.act = act,
	.key = key,
	.find = find,
	.watch = watch,
	.status = status,
	.write = write_text,
};

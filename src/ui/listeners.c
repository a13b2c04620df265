// SPDX-License-Identifier: GPL-2.0-or-later
/* Who listens where: a line for each group of listeners that are one to a client. */
#include "ui/app.h"
#include "ui/cells.h"
#include "ui/find.h"
#include "ui/list.h"
#include "ui/mark.h"
#include "ui/written.h"

#include <errno.h>
#include <stdlib.h>

#include "explain/classify.h"
#include "render/grid.h"
#include "render/listener_holders.h"
#include "util/compare.h"
#include "util/grow.h"
#include "util/hash.h"
#include "util/text.h"
#include "util/translate.h"

enum {
	MARKS = 2,         /* columns before the first */
	NEWS_MS = 2500,    /* what is new is marked so long */
	ROWS_FOR_MORE = 8, /* from here on a line tells all about the chosen one */
	BAR = 6,           /* columns of a queue's bar */
};

struct line {
	struct listener_group group; /* of rows that are a struct live_socket's first member */
	uint64_t id;                 /* of its place: a service that starts anew keeps it */
};

struct listeners {
	struct pane pane;
	struct live_socket **sockets; /* that listen, also those that linger */
	size_t count, cap;
	struct line *lines;
	size_t line_count, full;
	const struct row **rows; /* that the lines' groups point into */
	struct list list;
	struct cells cells;
	struct out text;
	bool stale; /* the lines are to be made anew: nothing of them is valid */
};

static struct listeners *self(struct pane *p)
{
	return (struct listeners *)p;
}

static struct live_socket *socket_of(const struct row *row)
{
	return (struct live_socket *)((char *)(uintptr_t)row - offsetof(struct live_socket, row));
}

/* Lines. */

static uint64_t place_of(const struct listener_group *g)
{
	const struct socket *sk = listener_group_first(g);
	uint64_t words[2], hash = sk->family;

	memcpy(words, &sk->local.address, sizeof(words));
	hash = hash_u64(hash + words[0]);
	hash = hash_u64(hash + words[1]);
	hash = hash_u64(hash + sk->local.port);
	hash = hash_u64(hash + sk->interface);
	return hash_u64(hash + sk->netns);
}

static struct list_id id_at(const void *owner, size_t at)
{
	const struct listeners *t = owner;

	return (struct list_id){.number = t->lines[at].id};
}

static bool has_place(const struct line *lines, size_t count, uint64_t id)
{
	for (size_t i = 0; i < count; i++) {
		if (lines[i].id == id)
			return true;
	}
	return false;
}

/* By port, as the groups came; what is there before what is gone. */
static int by_port(const void *a, const void *b)
{
	const struct line *x = a, *y = b;
	const struct row *const *i = x->group.part[0].rows, *const *j = y->group.part[0].rows;
	uint16_t p = (*i)->socket->local.port, q = (*j)->socket->local.port;

	return p != q ? COMPARE(p, q) : COMPARE(i, j);
}

/* Groups `count` rows; where others listen in the place of those that are gone, these are left out. */
static int add_lines(struct listeners *t, const struct row **rows, size_t count, bool gone)
{
	struct listener_group *groups;
	size_t n, there = t->line_count;
	int error = listeners_group(rows, count, &groups, &n);

	for (size_t i = 0; i < n && !error; i++) {
		struct line line = {groups[i], place_of(&groups[i])};

		if (!gone || !has_place(t->lines, there, line.id))
			t->lines[t->line_count++] = line;
	}
	free(groups);
	return error;
}

static bool is_full(const struct listener_group *g)
{
	const struct socket *sk = listener_group_fullest(g);

	return sk->have & HAVE_BACKLOG && sk->recv_queue > sk->send_queue;
}

static int make_lines(struct listeners *t)
{
	size_t there = 0, gone = 0;
	int error = -ENOMEM;

	free(t->rows);
	free(t->lines);
	t->line_count = t->full = 0;
	t->rows = malloc((t->count + 1) * sizeof(struct row *));
	t->lines = malloc((t->count + 1) * sizeof(*t->lines));
	if (t->rows && t->lines) {
		for (size_t i = 0; i < t->count; i++) {
			struct live_socket *s = t->sockets[i];

			classify(&s->row);
			if (!app_shows(t->pane.app, s))
				continue;
			t->rows[s->went ? t->count - ++gone : there++] = &s->row;
		}
		error = add_lines(t, t->rows, there, false);
		if (!error)
			error = add_lines(t, t->rows + t->count - gone, gone, true);
	}
	if (error)
		t->line_count = 0;
	if (t->line_count)
		qsort(t->lines, t->line_count, sizeof(*t->lines), by_port);
	for (size_t i = 0; i < t->line_count; i++)
		t->full += is_full(&t->lines[i].group);
	return error;
}

/* To be called before the lines are looked at. */
static void refresh(struct listeners *t)
{
	if (!t->stale)
		return;
	t->stale = make_lines(t);
	list_changed(&t->list, t->line_count, id_at, t);
}

/* Sockets. */

static int add_socket(struct listeners *t, struct live_socket *s)
{
	if (GROW(t->sockets, t->cap, t->count + 1))
		return -ENOMEM;
	t->sockets[t->count++] = s;
	return 0;
}

static int take_all(struct listeners *t, struct live_socket *const *sockets, size_t count)
{
	const struct live *l = t->pane.app->live;
	int error = 0;

	for (size_t i = 0; i < count && !error; i++) {
		if (sockets[i]->row.socket->kernel_state == STATE_LISTEN &&
		    !live_is_over(l, sockets[i]))
			error = add_socket(t, sockets[i]);
	}
	t->stale = true;
	return error;
}

static int open_listeners(struct pane *p)
{
	struct listeners *t = self(p);

	t->cells = (struct cells)CELLS;
	t->text = (struct out)OUT_MEMORY;
	return take_all(t, p->app->live->sockets, p->app->live->count);
}

static void close_listeners(struct pane *p)
{
	struct listeners *t = self(p);

	cells_free(&t->cells);
	out_free(&t->text);
	free(t->sockets);
	free(t->lines);
	free(t->rows);
}

/* Whatever happened to a socket, it stands in the news: those are taken out and put in again. */
static void received(struct pane *p)
{
	struct listeners *t = self(p);
	const struct live *l = p->app->live;
	size_t left = 0;

	for (size_t i = 0; i < t->count; i++) {
		if (!t->sockets[i]->told)
			t->sockets[left++] = t->sockets[i];
	}
	t->count = left;
	if (take_all(t, l->news, l->news_count))
		app_note(p->app, N_("out of memory"));
}

static void filtered(struct pane *p)
{
	self(p)->stale = true;
}

/* Cells. */

static void put_bar(struct out *o, const struct listener_group *g)
{
	const struct socket *sk = listener_group_fullest(g);
	unsigned filled = 0;

	if (!(sk->have & HAVE_BACKLOG))
		return;
	/* A queue holds one more than its backlog: only a full one fills its bar. */
	if (sk->recv_queue > sk->send_queue)
		filled = BAR;
	else if (sk->recv_queue)
		filled = 1 + (unsigned)((uint64_t)sk->recv_queue * (BAR - 1) /
					((uint64_t)sk->send_queue + 1));
	for (unsigned i = 0; i < BAR; i++) {
		if (text_utf8())
			out_str(o, i < filled ? "\xe2\x96\x88" : "\xe2\x96\x91");
		else
			out_char(o, i < filled ? '#' : '.');
	}
}

enum cell_name { PORT, ADDRESS, REACH, QUEUE, FILLED, DROPS, PROCESS, USER, UNIT, CELL_COUNT };

/* The columns, and from how many of the screen on each is shown. */
static const struct {
	struct grid_column column;
	unsigned from;
} cells[CELL_COUNT] = {
	[PORT] = {{"PORT", true, 0}, 0},        [ADDRESS] = {{"ADDRESS", false, 9}, 0},
	[REACH] = {{"REACH", false, 0}, 60},    [QUEUE] = {{"QUEUE", true, 0}, 0},
	[FILLED] = {{"", false, 0}, 50},        [DROPS] = {{"DROPS", true, 0}, 70},
	[PROCESS] = {{"PROCESS", false, 8}, 0}, [USER] = {{"USER", false, 6}, 70},
	[UNIT] = {{"UNIT", false, 6}, 80},
};

static enum paint put_cell(struct out *o, enum cell_name name, const struct listener_group *g,
			   const struct holders *h)
{
	switch (name) {
	case PORT: out_u64(o, listener_group_first(g)->local.port); return PAINT_BOLD;
	case ADDRESS: listener_group_put_address(o, g, false); break;
	case REACH: listener_group_put_reach(o, g); break;
	case QUEUE:
		listener_group_put_queue(o, g);
		out_str(o, is_full(g) ? "!" : "");
		return listener_group_paint(g);
	case FILLED: put_bar(o, g); return listener_group_paint(g);
	case DROPS: return listener_group_put_drops(o, g);
	case PROCESS: holders_put_programs(o, h, true); return h->count ? PAINT_NONE : PAINT_DIM;
	case USER: holders_put_users(o, g, h, true); break;
	case UNIT: holders_put_units(o, h, true); break;
	case CELL_COUNT: break;
	}
	return PAINT_NONE;
}

static void put_line(struct grid *grid, const struct listener_group *g, unsigned cols)
{
	struct holders h;

	if (holders_of(&h, g))
		return;
	for (enum cell_name c = 0; c < CELL_COUNT; c++) {
		if (cols >= cells[c].from)
			grid_cell(grid, put_cell(&grid->text, c, g, &h));
	}
	free(h.list);
}

static bool is_gone(const struct line *line)
{
	return socket_of(line->group.part[0].rows[0])->went;
}

/* What happened to one of the group. */
static const char *mark_of(const struct listeners *t, const struct line *line)
{
	const struct live *l = t->pane.app->live;

	if (is_gone(line))
		return mark_text(MARK_WENT);
	for (size_t i = 0; i < line->group.count; i++) {
		const struct live_socket *s = socket_of(listener_group_row(&line->group, i));

		if (s->came && l->now - s->came < NEWS_MS)
			return mark_text(MARK_CAME);
	}
	return "";
}

static int put_table(struct listeners *t, size_t first, size_t end, const struct style *style)
{
	unsigned cols = style->width;
	struct grid_column columns[CELL_COUNT];
	struct grid_layout layout = {
		.columns = columns, .indent = MARKS, .gap = cols < 100 ? 1 : 2, .header = true};
	struct grid grid = GRID(&layout); /* of this width: another has other columns */
	int error;

	for (enum cell_name c = 0; c < CELL_COUNT; c++) {
		if (cols >= cells[c].from)
			columns[layout.count++] = cells[c].column;
	}
	for (size_t i = first; i < end; i++)
		put_line(&grid, &t->lines[i].group, cols);
	t->text.len = 0;
	error = grid_put(&grid, &t->text, style);
	if (error)
		t->text.len = 0;
	grid_free(&grid);
	return error;
}

static const struct row *fullest_row(const struct listener_group *g)
{
	const struct socket *fullest = listener_group_fullest(g);
	size_t i = 0;

	while (listener_group_row(g, i)->socket != fullest)
		i++;
	return listener_group_row(g, i);
}

static struct live_socket *chosen(struct pane *p)
{
	struct listeners *t = self(p);

	refresh(t);
	return t->list.count ? socket_of(fullest_row(&t->lines[t->list.at].group)) : NULL;
}

/* What is going on with the chosen one. */
static void draw_more(struct listeners *t, struct screen *s, const struct box *b, unsigned row)
{
	struct live_socket *of = chosen(&t->pane);
	const struct field *what = field_find("what", 4);
	unsigned width;

	if (of)
		screen_str(s, b, row, MARKS, (struct look){0},
			   cells_make(&t->cells, what, &of->row, &width));
}

static void draw_empty(const struct listeners *t, struct screen *s, const struct box *b)
{
	const struct live *l = t->pane.app->live;
	const char *text =
		l->refreshes || l->saved ? N_("nothing listens here") : N_("looking for sockets");

	if (t->pane.app->filter)
		text = N_("no socket matches the filter");
	screen_str(s, b, 0, MARKS, (struct look){.paint = PAINT_DIM}, message_translate(text));
}

static void draw_lines(struct listeners *t, struct screen *s, const struct box *b, unsigned page)
{
	static const struct look heading = {.paint = PAINT_HEADER, .bits = LOOK_UNDERLINE};
	const struct style style = {
		.color = true, .terminal = true, .header = true, .width = b->cols};
	struct box body = {b->row + 1, b->col, b->rows ? b->rows - 1 : 0, b->cols};
	size_t end = t->list.top + page < t->line_count ? t->list.top + page : t->line_count;

	put_table(t, t->list.top, end, &style);
	screen_lines(s, b, 0, out_text(&t->text), t->text.len);
	screen_paint(s, b, 0, 0, b->cols, heading);
	for (size_t i = t->list.top; i < end; i++) {
		unsigned row = (unsigned)(i - t->list.top);
		const char *mark = mark_of(t, &t->lines[i]);

		screen_str(s, &body, row, 0, (struct look){.bits = LOOK_BOLD}, mark);
		if (is_gone(&t->lines[i]))
			screen_paint(s, &body, row, 1, b->cols, (struct look){.paint = PAINT_DIM});
	}
	screen_mark(s, &body, (unsigned)(t->list.at - t->list.top), 0, b->cols, LOOK_REVERSE);
}

static void draw(struct pane *p, struct screen *s, const struct box *b)
{
	struct listeners *t = self(p);
	unsigned more = b->rows >= ROWS_FOR_MORE;
	unsigned page = b->rows > 1 + more ? b->rows - 1 - more : 1;

	refresh(t);
	list_fit(&t->list, page);
	if (!t->list.count) {
		draw_empty(t, s, b);
		return;
	}
	draw_lines(t, s, b, page);
	if (more)
		draw_more(t, s, b, b->rows - 1);
}

static bool act(struct pane *p, enum action action)
{
	struct listeners *t = self(p);

	refresh(t);
	return list_act(&t->list, action, id_at, t);
}

static bool key(struct pane *p, const struct key *k)
{
	struct listeners *t = self(p);

	refresh(t);
	return list_key(&t->list, k, p->box.row + 1, id_at, t);
}

static bool has_text(void *owner, size_t at, const char *text)
{
	struct listeners *t = owner;
	struct out *o = &t->text;
	struct holders h;

	o->len = 0;
	if (holders_of(&h, &t->lines[at].group))
		return false;
	for (enum cell_name c = 0; c < CELL_COUNT; c++) {
		put_cell(o, c, &t->lines[at].group, &h);
		out_char(o, ' ');
	}
	free(h.list);
	return find_in(out_text(o), text);
}

static bool find(struct pane *p, const char *text, bool forward, bool here)
{
	struct listeners *t = self(p);

	refresh(t);
	return list_find(&t->list, forward, here, has_text, text, id_at, t);
}

/* Drops and the like are wanted of what is on the screen, the fullest of each. */
static void watch(struct pane *p, struct watch *w)
{
	struct listeners *t = self(p);

	w->want |= WANT_OWNERS | WANT_PROCESS;
	refresh(t);
	for (size_t i = t->list.top; i < t->list.top + t->list.page && i < t->line_count; i++) {
		const struct listener_group *g = &t->lines[i].group;

		for (size_t m = 0; m < g->count; m++)
			app_look_at(p->app, socket_of(listener_group_row(g, m))->id);
	}
}

static void status(struct pane *p, struct out *o)
{
	struct listeners *t = self(p);
	struct message_value values[] = {
		{.name = "at", .number = t->list.count ? t->list.at + 1 : 0},
		{.name = "count", .number = t->list.count},
		{.name = "full", .number = t->full, .absent = !t->full},
	};

	app_put_filter(p->app, o);
	message_fill(o, N_("{at}/{count}[, full queues: {full}]"), values, 3);
}

static int write_text(struct pane *p, struct out *o)
{
	static const struct style style = {.header = true, .width = WRITTEN_COLS};
	struct listeners *t = self(p);
	int error;

	refresh(t);
	error = t->stale ? -ENOMEM : put_table(t, 0, t->line_count, &style);
	out_put(o, out_text(&t->text), t->text.len);
	return error;
}

const struct pane_ops listeners_pane = {
	.title = N_("Listeners"),
	.size = sizeof(struct listeners),
	.where = WHERE_LINES | WHERE_FILTERED | WHERE_SOCKETS | WHERE_OPENS | WHERE_HOLDERS |
		 WHERE_VIEWS,
	.open = open_listeners,
	.close = close_listeners,
	.received = received,
	.filtered = filtered,
	.draw = draw,
	.act = act,
	.key = key,
	.find = find,
	.watch = watch,
	.status = status,
	.chosen = chosen,
	.write = write_text,
};

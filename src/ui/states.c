// SPDX-License-Identifier: GPL-2.0-or-later
/* The states of RFC 9293, how many are in each and how that changes: drawn where there is room. */
#include "ui/app.h"
#include "ui/find.h"
#include "ui/graph.h"
#include "ui/list.h"
#include "ui/mark.h"
#include "ui/state_holders.h"
#include "ui/state_page.h"
#include "ui/written.h"

#include <stdio.h>

#include "explain/finding.h"
#include "explain/state_text.h"
#include "render/drawing.h"
#include "render/message.h"
#include "render/page.h"
#include "util/text.h"
#include "util/translate.h"

enum {
	MARKS = 2,   /* columns before the state */
	BOX = 12,    /* columns inside a state's box of the drawing */
	BESIDE = 38, /* columns that the table takes beside the drawing, at least */
	GAP = 3,     /* between the two */
	TABLE = 1 + STATE_COUNT,
	RATE = 6,           /* columns of a rate */
	MEANING_LEAST = 20, /* columns */
	MEANING = 56,       /* the longest */
	GRAPH_LEAST = 12,   /* columns, where the meaning stands behind it */
	ROWS_FOR_TEXT = 3,
	ROWS_FOR_HOLDERS = 5,
	RATED = 5, /* refreshes that a rate is of */
};

/* The columns of the table, for one width. */
struct widths {
	unsigned count, rate, graph, meaning;
};

struct states {
	struct pane pane;
	struct list list; /* places in state_order */
	struct out text;
	struct box table;   /* where its lines are on the screen */
	struct box drawing; /* rows 0: it is not drawn */
	struct {
		unsigned row, col;
	} names[STATE_COUNT];  /* in the drawing */
	struct screen *screen; /* during a drawing */
	struct state_holders holders;
};

static struct states *self(struct pane *p)
{
	return (struct states *)p;
}

static struct list_id id_at(const void *owner, size_t at)
{
	(void)owner;
	return (struct list_id){.number = state_order[at]};
}

static int open_states(struct pane *p)
{
	struct states *t = self(p);

	t->text = (struct out)OUT_MEMORY;
	list_changed(&t->list, STATE_COUNT, id_at, t);
	list_choose(&t->list, 0, id_at, t);
	return 0;
}

static void close_states(struct pane *p)
{
	out_free(&self(p)->text);
	state_holders_free(&self(p)->holders);
}

/* What is known of a state. */

/* Which states findings that call for action are about. */
static uint32_t notable_states(const struct live *l)
{
	uint32_t states = 0;

	for (size_t i = 0; i < l->finding_count; i++) {
		const struct finding_kind *kind = finding_find(l->findings[i].id);

		if (kind && l->findings[i].severity > SEVERITY_NOTE)
			states |= kind->states;
	}
	return states;
}

/* Without them those that are bound only, nearly all that are CLOSED, are missing. */
static bool lacks_bound(const struct snapshot *s)
{
	return s->missing[MISSING_BOUND].set || s->missing[MISSING_NETLINK].set;
}

static struct drawing_count count_of(const struct live *l, unsigned state)
{
	struct drawing_count c = {.sockets = l->states[state]};

	c.notice = c.sockets && notable_states(l) >> state & 1;
	c.unknown = state == STATE_CLOSED && !c.sockets && lacks_bound(&l->snapshot);
	return c;
}

static enum paint paint_of(const struct drawing_count *c, unsigned state)
{
	if (c->notice)
		return PAINT_NOTICE;
	if (!c->sockets)
		return PAINT_DIM;
	return paint_of_state(state) == PAINT_GOOD ? PAINT_GOOD : PAINT_BOLD;
}

/* The refresh `back` before the last; NULL where none is kept. */
static const struct live_count *past(const struct live *l, unsigned back)
{
	if (back >= l->history_count)
		return NULL;
	return &l->history[(l->history_next + LIVE_HISTORY - 1 - back) % LIVE_HISTORY];
}

/* Tenths a second that came into a state and left it; false where that is not known yet. */
static bool rates_of(const struct live *l, unsigned state, uint64_t *in, uint64_t *out)
{
	unsigned n = l->history_count > RATED ? RATED : l->history_count - !!l->history_count;
	uint64_t entered = 0, left = 0, ms;

	if (!n)
		return false;
	for (unsigned i = 0; i < n; i++) {
		entered += past(l, i)->entered[state];
		left += past(l, i)->left[state];
	}
	ms = past(l, 0)->time - past(l, n)->time;
	*in = entered * 10000 / (ms ? ms : 1);
	*out = left * 10000 / (ms ? ms : 1);
	return true;
}

/* The table. */

static struct widths share_out(const struct live *l, unsigned cols)
{
	struct widths w = {.count = 5};
	uint32_t most = 0;
	unsigned room;

	for (unsigned i = 0; i < LIVE_STATES; i++)
		most = l->states[i] > most ? l->states[i] : most;
	for (; most >= 10000; most /= 10)
		w.count++;
	room = MARKS + BOX + 1 + w.count + 1;
	room = cols > room ? cols - room : 0;
	if (!l->saved && room >= 2 * (RATE + 1)) {
		w.rate = RATE;
		room -= 2 * (RATE + 1);
	}
	if (l->saved)
		w.meaning = room;
	else if (room >= GRAPH_LEAST + 1 + MEANING_LEAST)
		w.meaning = room - GRAPH_LEAST - 1 > MEANING ? MEANING : room - GRAPH_LEAST - 1;
	if (!l->saved)
		w.graph = w.meaning ? room - w.meaning - 1 : room;
	return w;
}

/* Puts text so that it ends before a column. */
static void put_right(struct screen *s, const struct box *b, unsigned row, unsigned end,
		      struct look look, const char *text)
{
	unsigned width = (unsigned)strlen(text);

	screen_str(s, b, row, end > width ? end - width : 0, look, text);
}

/* At most 6 columns; nothing for 0. */
static void put_rate(struct screen *s, const struct box *b, unsigned row, unsigned end,
		     uint64_t tenths)
{
	char text[32] = "";

	if (tenths && tenths < 1000)
		snprintf(text, sizeof(text), "%u.%u", (unsigned)tenths / 10, (unsigned)tenths % 10);
	else if (tenths && tenths < 10 * UINT64_C(1000000))
		snprintf(text, sizeof(text), "%u", (unsigned)(tenths / 10));
	else if (tenths)
		snprintf(text, sizeof(text), "%uk",
			 (unsigned)(tenths / 10000 > 99999 ? 99999 : tenths / 10000));
	put_right(s, b, row, end, (struct look){0}, text);
}

static void draw_graph(struct states *t, struct screen *s, const struct box *b, unsigned row,
		       unsigned col, unsigned cols, unsigned state)
{
	const struct live *l = t->pane.app->live;
	uint32_t values[LIVE_HISTORY];
	unsigned count = cols < l->history_count ? cols : l->history_count;

	for (unsigned i = 0; i < count; i++)
		values[i] = past(l, count - 1 - i)->states[state];
	t->text.len = 0;
	graph_put(&t->text, values, count, cols);
	screen_str(s, b, row, col + cols - count, (struct look){.paint = PAINT_GOOD},
		   out_text(&t->text));
}

static void draw_heading(struct screen *s, const struct box *b, const struct widths *w)
{
	static const struct look look = {.paint = PAINT_HEADER, .bits = LOOK_UNDERLINE};
	unsigned col = MARKS + BOX + 1 + w->count;

	screen_paint(s, b, 0, 0, b->cols, look);
	screen_str(s, b, 0, MARKS, look, "STATE");
	put_right(s, b, 0, col, look, "HERE");
	if (w->rate) {
		put_right(s, b, 0, col += 1 + w->rate, look, "IN/s");
		put_right(s, b, 0, col += 1 + w->rate, look, "OUT/s");
	}
	if (w->graph)
		screen_str(s, b, 0, col + 1, look, "TREND");
	col += w->graph ? 1 + w->graph : 0;
	if (w->meaning)
		screen_str(s, b, 0, col + 1, look, "MEANING");
}

static void draw_state(struct states *t, struct screen *s, const struct box *b, unsigned row,
		       const struct widths *w, unsigned state)
{
	const struct live *l = t->pane.app->live;
	struct drawing_count c = count_of(l, state);
	struct look look = {.paint = (uint8_t)paint_of(&c, state)};
	unsigned col = MARKS + BOX + 1 + w->count;
	uint64_t in, out;
	char count[16] = "?";

	screen_str(s, b, row, 0, look, c.notice ? mark_text(MARK_WORTH) : "");
	screen_str(s, b, row, MARKS, look, state_token(state));
	if (!c.unknown)
		snprintf(count, sizeof(count), "%u", l->states[state]);
	put_right(s, b, row, col, look, count);
	if (w->rate && rates_of(l, state, &in, &out)) {
		put_rate(s, b, row, col + 1 + w->rate, in);
		put_rate(s, b, row, col + 2 * (1 + w->rate), out);
	}
	col += w->rate ? 2 * (1 + w->rate) : 0;
	if (w->graph)
		draw_graph(t, s, b, row, col + 1, w->graph, state);
	col += w->graph ? 1 + w->graph : 0;
	if (w->meaning) {
		const char *text = message_translate(state_text(state)->summary);

		look.paint = c.sockets ? PAINT_NONE : PAINT_DIM;
		screen_put(s, b, row, col + 1, w->meaning, look, text, strlen(text));
	}
}

static void draw_table(struct states *t, struct screen *s, const struct box *b)
{
	struct widths w = share_out(t->pane.app->live, b->cols);
	unsigned page = b->rows > 1 ? b->rows - 1 : 1;

	t->table = (struct box){b->row + 1, b->col, page, b->cols};
	list_fit(&t->list, page);
	draw_heading(s, b, &w);
	for (size_t i = t->list.top; i < t->list.top + page && i < STATE_COUNT; i++)
		draw_state(t, s, &t->table, (unsigned)(i - t->list.top), &w, state_order[i]);
	screen_mark(s, &t->table, (unsigned)(t->list.at - t->list.top), 0, b->cols, LOOK_REVERSE);
}

/* The drawing. */

static void put_piece(void *ctx, const struct drawing_piece *piece)
{
	struct states *t = ctx;
	struct look look = {0};

	if (piece->kind == DRAWN_NAME || piece->kind == DRAWN_COUNT) {
		unsigned state = state_order[piece->rank];
		struct drawing_count c = count_of(t->pane.app->live, state);

		look.paint = (uint8_t)paint_of(&c, state);
	} else if (piece->kind == DRAWN_REMARK || piece->kind == DRAWN_LINES) {
		look.paint = PAINT_DIM;
	} else if (piece->kind == DRAWN_HEADING) {
		look.paint = PAINT_HEADER;
	}
	if (piece->kind == DRAWN_NAME) {
		t->names[piece->rank].row = piece->row;
		t->names[piece->rank].col = piece->column - (BOX - piece->width) / 2;
	}
	screen_put(t->screen, &t->drawing, piece->row, piece->column, piece->width, look,
		   piece->text, piece->len);
}

static void draw_drawing(struct states *t, struct screen *s)
{
	struct drawing_count counts[STATE_COUNT];
	size_t at = t->list.at;

	for (unsigned i = 0; i < STATE_COUNT; i++)
		counts[i] = count_of(t->pane.app->live, state_order[i]);
	t->screen = s;
	drawing_walk(counts, text_utf8(), put_piece, t);
	t->screen = NULL;
	for (unsigned row = 0; row < 2; row++)
		screen_mark(s, &t->drawing, t->names[at].row + row, t->names[at].col, BOX,
			    LOOK_REVERSE);
}

/* What the chosen state is about; all of it is on its page. */
static void draw_text(struct states *t, struct screen *s, const struct box *b)
{
	const struct state_text *text = state_text(state_order[t->list.at]);
	struct style style = {.color = true, .terminal = true, .width = b->cols};

	t->text.len = 0;
	page_text(&t->text, &style, PAGE_LABEL("means"), message_translate(text->meaning));
	page_text(&t->text, &style, PAGE_LABEL("worry"), message_translate(text->worry));
	page_text(&t->text, &style, PAGE_LABEL("lasts"), message_translate(text->lasts));
	page_text(&t->text, &style, PAGE_LABEL("do"), message_translate(text->todo));
	screen_lines(s, b, 0, out_text(&t->text), t->text.len);
}

/* The table, and below it what there is room for. */
static void draw_list(struct states *t, struct screen *s, const struct box *b)
{
	struct box table = *b, below = *b;

	if (b->rows > TABLE)
		table.rows = TABLE;
	draw_table(t, s, &table);
	if (b->rows < TABLE + 1 + ROWS_FOR_TEXT)
		return;
	below.row += TABLE + 1;
	below.rows -= TABLE + 1;
	draw_text(t, s, &below);
}

static void draw_holders(struct states *t, struct screen *s, const struct box *b)
{
	state_holders_draw(&t->holders, t->pane.app->live, state_order[t->list.at], s, b);
}

/* The table beside the drawing, and below both who has sockets in the chosen state. */
static void draw_beside(struct states *t, struct screen *s, const struct box *right,
			const struct box *below)
{
	struct box beside = *right;

	if (below->rows < ROWS_FOR_HOLDERS) {
		draw_list(t, s, right);
		return;
	}
	beside.rows = DRAWING_ROWS;
	draw_list(t, s, &beside);
	draw_holders(t, s, below);
}

/* Beside or below the drawing, whatever is larger. */
static void draw_rest(struct states *t, struct screen *s, const struct box *b)
{
	struct box right = *b, below = *b;

	right.col += DRAWING_COLUMNS + GAP;
	right.cols -= b->cols < DRAWING_COLUMNS + GAP ? b->cols : DRAWING_COLUMNS + GAP;
	below.row += DRAWING_ROWS + 1;
	below.rows -= b->rows < DRAWING_ROWS + 1 ? b->rows : DRAWING_ROWS + 1;
	if (right.cols >= BESIDE)
		draw_beside(t, s, &right, &below);
	else if (below.rows >= TABLE)
		draw_list(t, s, &below);
	else
		draw_text(t, s, &below);
}

static void draw(struct pane *p, struct screen *s, const struct box *b)
{
	struct states *t = self(p);

	t->table = t->drawing = (struct box){0};
	if (b->rows < DRAWING_ROWS || b->cols < DRAWING_COLUMNS) {
		draw_list(t, s, b);
		return;
	}
	t->drawing = *b;
	t->drawing.rows = DRAWING_ROWS;
	draw_drawing(t, s);
	draw_rest(t, s, b);
}

/* Keys. */

static unsigned distance(unsigned a, unsigned b)
{
	return a > b ? a - b : b - a;
}

/* Whether a place in the drawing lies that way from another, `way` being UP, DOWN, LEFT or RIGHT. */
static bool lies(const struct states *t, size_t to, size_t from, enum action way)
{
	switch (way) {
	case ACTION_UP: return t->names[to].row < t->names[from].row;
	case ACTION_DOWN: return t->names[to].row > t->names[from].row;
	case ACTION_LEFT: return t->names[to].col < t->names[from].col;
	default: return t->names[to].col > t->names[from].col;
	}
}

/* Chooses the nearest box that way; one out of line is as good as far away. */
static void move_in_drawing(struct states *t, enum action way)
{
	bool upright = way == ACTION_UP || way == ACTION_DOWN;
	size_t best = t->list.at;
	unsigned least = UINT32_MAX;

	for (size_t i = 0; i < STATE_COUNT; i++) {
		unsigned rows = distance(t->names[i].row, t->names[t->list.at].row);
		unsigned cols = distance(t->names[i].col, t->names[t->list.at].col);
		unsigned far = upright ? rows + 4 * cols : cols + 16 * rows;

		if (lies(t, i, t->list.at, way) && far < least) {
			least = far;
			best = i;
		}
	}
	list_choose(&t->list, best, id_at, t);
}

static unsigned chosen_state(const struct states *t)
{
	return state_order[t->list.at];
}

static void show_sockets(const struct states *t)
{
	char filter[32];

	snprintf(filter, sizeof(filter), "state %s", state_token(chosen_state(t)));
	app_show_matching(t->pane.app, filter);
}

static bool act(struct pane *p, enum action action)
{
	struct states *t = self(p);

	switch (action) {
	case ACTION_UP:
	case ACTION_DOWN:
	case ACTION_LEFT:
	case ACTION_RIGHT:
		if (!t->drawing.rows)
			return list_act(&t->list, action, id_at, t);
		move_in_drawing(t, action);
		return true;
	case ACTION_EXPLAIN: state_page_open(p->app, chosen_state(t)); return true;
	case ACTION_RELATED: show_sockets(t); return true;
	default: return list_act(&t->list, action, id_at, t);
	}
}

static bool click_drawing(struct states *t, const struct key *k)
{
	for (size_t i = 0; i < STATE_COUNT && t->drawing.rows; i++) {
		unsigned row = t->drawing.row + t->names[i].row;
		unsigned col = t->drawing.col + t->names[i].col;

		if (k->row + 1 >= row && k->row <= row + 2 && k->col + 1 >= col &&
		    k->col <= col + BOX) {
			list_choose(&t->list, i, id_at, t);
			return true;
		}
	}
	return false;
}

static bool key(struct pane *p, const struct key *k)
{
	struct states *t = self(p);

	if (k->code == PRESS_CLICK && click_drawing(t, k))
		return true;
	if (k->code == PRESS_CLICK && (!t->table.rows || k->col < t->table.col))
		return true;
	return list_key(&t->list, k, t->table.row, id_at, t);
}

static bool has_text(void *owner, size_t at, const char *text)
{
	(void)owner;
	return find_in(state_token(state_order[at]), text) ||
	       find_in(message_translate(state_text(state_order[at])->summary), text);
}

static bool find(struct pane *p, const char *text, bool forward, bool here)
{
	return list_find(&self(p)->list, forward, here, has_text, text, id_at, p);
}

/* Those that are bound only are CLOSED. */
static void watch(struct pane *p, struct watch *w)
{
	(void)p;
	w->want |= WANT_BOUND;
}

static int write_text(struct pane *p, struct out *o)
{
	return written_put(p, &self(p)->list, o);
}

const struct pane_ops states_pane = {
	.title = N_("States"),
	.size = sizeof(struct states),
	.where = WHERE_LINES | WHERE_SIDEWAYS | WHERE_STATES | WHERE_RELATED | WHERE_VIEWS,
	.open = open_states,
	.close = close_states,
	.draw = draw,
	.act = act,
	.key = key,
	.find = find,
	.watch = watch,
	.write = write_text,
};

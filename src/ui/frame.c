// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/frame.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "render/message.h"
#include "render/units.h"
#include "util/text.h"
#include "util/translate.h"

enum {
	ROWS_FOR_BAR = 6,
	ROWS_FOR_COUNTS = 12,
	ROWS_FOR_TWO = 20, /* lines of counts */
};

static const struct look plain = {0}, bold = {.paint = PAINT_BOLD}, bad = {.paint = PAINT_BAD},
			 dim = {.paint = PAINT_DIM}, notice = {.paint = PAINT_NOTICE},
			 pressed = {.bits = LOOK_REVERSE};

/* " 1 Sockets ", and how much there is to look at; in short without a title. */
static const char *tab_text(struct out *o, const struct app *a, unsigned i, bool in_short)
{
	const struct pane_ops *ops = pane_kinds[i];
	uint64_t alarms = ops->alarms ? ops->alarms(a) : 0;

	o->len = 0;
	out_printf(o, " %u ", i + 1);
	if (!in_short) {
		out_str(o, message_translate(ops->title));
		out_char(o, ' ');
	}
	if (alarms)
		out_printf(o, "%llu! ", (unsigned long long)alarms);
	return out_text(o);
}

static unsigned tab_width(struct out *o, const struct app *a, unsigned i, bool in_short)
{
	const char *text = tab_text(o, a, i, in_short);

	return (unsigned)text_width(text, strlen(text));
}

/* Where they do not all fit, only the one that is shown has its title. */
static bool tabs_fit(const struct app *a, unsigned cols)
{
	struct out o = OUT_MEMORY;
	unsigned sum = PANE_COUNT - 1;

	for (unsigned i = 0; i < PANE_COUNT; i++)
		sum += tab_width(&o, a, i, false);
	out_free(&o);
	return sum <= cols;
}

/* A tab for each view; returns the columns they take. With `at` not negative: which is there. */
static unsigned put_tabs(struct app *a, struct screen *s, const struct box *b, int at, int *hit)
{
	bool fit = tabs_fit(a, b->cols);
	struct out o = OUT_MEMORY;
	unsigned col = 0;

	for (unsigned i = 0; i < PANE_COUNT; i++) {
		bool in_short = !fit && i != (unsigned)a->current;
		unsigned width = tab_width(&o, a, i, in_short);

		if (s)
			screen_str(s, b, 0, col, i == (unsigned)a->current ? pressed : plain,
				   out_text(&o));
		if (at >= (int)col && at < (int)(col + width))
			*hit = (int)i;
		col += width + fit;
	}
	out_free(&o);
	return col;
}

static void put_time(struct out *o, const struct live *l)
{
	struct tm tm;
	char text[32];
	time_t t = l->snapshot.time.tv_sec;

	if (!t || !localtime_r(&t, &tm))
		return;
	strftime(text, sizeof(text), l->saved ? "%Y-%m-%d %H:%M:%S" : "%H:%M:%S", &tm);
	out_str(o, text);
}

static void put_right(struct screen *s, const struct box *b, unsigned row, unsigned left,
		      struct look look, struct out *o)
{
	const char *text = out_text(o);
	unsigned width = (unsigned)text_width(text, strlen(text));

	if (width && left + 1 < b->cols) {
		unsigned room = b->cols - left - 1, col;

		width = width < room ? width : room;
		col = b->cols - width;
		screen_put(s, b, row, col, width, look, text, strlen(text));
	}
}

static void put_head(struct app *a, struct screen *s, const struct box *b)
{
	struct out o = OUT_MEMORY;
	unsigned left = put_tabs(a, s, b, -1, NULL);

	if (a->live->snapshot.host)
		text_safe(&o, a->live->snapshot.host, strlen(a->live->snapshot.host), TEXT_CELL);
	out_str(&o, o.len ? "  " : "");
	put_time(&o, a->live);
	/* The time alone, or nothing: half of it misleads. */
	if (left + 1 + text_width(o.data, o.len) > b->cols) {
		o.len = 0;
		put_time(&o, a->live);
	}
	if (left + 1 + text_width(o.data, o.len) <= b->cols)
		put_right(s, b, 0, left, bold, &o);
	out_free(&o);
}

/* Puts "LISTEN 12" where it has room on these lines; false where it has none any more. */
static bool put_count(struct screen *s, const struct box *b, unsigned *row, unsigned *col,
		      struct look look, const char *name, const char *number)
{
	unsigned width = (unsigned)(text_width(name, strlen(name)) + 1 + strlen(number));

	if (*col && *col + width > b->cols) {
		*col = 0;
		++*row;
	}
	if (*row >= b->rows)
		return false;
	*col += screen_str(s, b, *row, *col, look, name) + 1;
	*col += screen_str(s, b, *row, *col, bold, number) + 2;
	return true;
}

static void put_counts(struct app *a, struct screen *s, const struct box *b)
{
	const struct live *l = a->live;
	unsigned row = 0, col = 0, order = 0, number;
	char digits[32];
	uint64_t all = 0;

	for (int i = 0; i < LIVE_STATES; i++)
		all += l->states[i];
	snprintf(digits, sizeof(digits), "%llu", (unsigned long long)all);
	put_count(s, b, &row, &col, plain, message_translate(N_("sockets")), digits);
	while (state_next(&order, &number)) {
		struct look look = {.paint = paint_of_state(number)};

		if (number >= LIVE_STATES - 1 || !l->states[number] || !state_token(number))
			continue;
		snprintf(digits, sizeof(digits), "%u", l->states[number]);
		put_count(s, b, &row, &col, look, state_token(number), digits);
	}
	if (l->states[LIVE_STATES - 1]) {
		snprintf(digits, sizeof(digits), "%u", l->states[LIVE_STATES - 1]);
		put_count(s, b, &row, &col, notice, "UNKNOWN", digits);
	}
}

/* How many lines of `cols` columns the counts take, at most `most`. */
static unsigned count_lines(const struct live *l, unsigned cols, unsigned most)
{
	unsigned width = 16;

	for (int i = 0; i < LIVE_STATES; i++) {
		const char *token = state_token((unsigned)i);

		if (l->states[i])
			width += (token ? (unsigned)strlen(token) : 7) + 9;
	}
	return width > cols && most > 1 ? 2 : 1;
}

static void put_rate(struct out *o, const struct live *l)
{
	const struct live_count *c;
	unsigned last = (l->history_next + LIVE_HISTORY - 1) % LIVE_HISTORY;

	if (l->saved || l->refreshes < 2)
		return;
	c = &l->history[last];
	out_printf(o, "+%u -%u  ", c->came, c->went);
}

static bool put_interval_value(struct out *o, const char *name, size_t n, const void *ctx)
{
	const struct app *a = ctx;

	if (n == 8 && !memcmp(name, "interval", 8))
		units_ms(o, a->live->tick.interval_ms > a->watch.interval_ms
				    ? a->live->tick.interval_ms
				    : a->watch.interval_ms);
	else
		units_ms(o, a->live->tick.took_ms);
	return true;
}

/* What is not seen: the rows alone do not tell how much of it. */
static void put_unseen(struct out *o, const struct app *a)
{
	const struct live *l = a->live;

	if (snapshot_lacks_sockets(&l->snapshot)) {
		out_str(o, "  ");
		out_str(o, message_translate(N_("sockets are missing")));
	}
	if (l->hidden) {
		out_str(o, "  ");
		message_fill(o,
			     l->saved || a->options->may_see
				     ? N_("owners hidden: {count}")
				     : N_("owners hidden: {count} (sudo shows them)"),
			     &(struct message_value){.name = "count", .number = l->hidden}, 1);
	}
}

/* How refreshing fares. */
static void put_fare(struct out *o, const struct app *a)
{
	const struct live *l = a->live;

	if (l->saved) {
		out_str(o, message_translate(N_("a saved snapshot")));
		return;
	}
	put_rate(o, l);
	if (a->watch.paused)
		out_str(o, message_translate(N_("paused")));
	else if (l->tick.interval_ms > a->watch.interval_ms)
		message_expand(o, N_("every {interval}: refreshing takes {took}"),
			       put_interval_value, a);
	else
		message_expand(o, N_("every {interval}, took {took}"), put_interval_value, a);
}

static bool put_late(struct out *o, const char *name, size_t n, const void *ctx)
{
	(void)name;
	(void)n;
	units_ms(o, app_late(ctx) / 1000 * 1000);
	return true;
}

/* What went wrong, or the note of the moment; false where there is nothing to say. */
static bool put_message(struct app *a, struct screen *s, const struct box *b)
{
	struct out o = OUT_MEMORY;
	struct look look = bold;
	bool said;

	if (a->note[0]) {
		out_str(&o, a->note);
	} else if (a->over) {
		look = bad;
		out_str(&o, message_translate(N_("not refreshed any more: the collecting "
						 "process has ended")));
	} else if (app_late(a)) {
		look = notice;
		message_expand(&o,
			       N_("not refreshed for {time}: the collecting process is busy or "
				  "stopped"),
			       put_late, a);
	} else if (a->live->tick.error) {
		const char *complaint = a->live->tick.complaint;

		look = bad;
		if (complaint[0])
			text_safe(&o, complaint, strnlen(complaint, 160), TEXT_LINE);
		else
			out_str(&o, strerror(-a->live->tick.error));
	}
	said = o.len;
	screen_str(s, b, 0, 0, look, out_text(&o));
	out_free(&o);
	return said;
}

static void put_status(struct app *a, struct screen *s, const struct box *b)
{
	struct pane *top = app_top(a);
	struct out left = OUT_MEMORY, right = OUT_MEMORY;
	unsigned cols = 0;

	if (!put_message(a, s, b)) {
		put_fare(&left, a);
		put_unseen(&left, a);
		cols = screen_str(s, b, 0, 0, a->watch.paused ? notice : dim, out_text(&left));
		if (top->ops->status)
			top->ops->status(top, &right);
		put_right(s, b, 0, cols, plain, &right);
	}
	out_free(&left);
	out_free(&right);
}

/* "F1Help" */
static unsigned button_width(const struct action_row *row)
{
	const char *label = message_translate(row->label);

	return (unsigned)(strcspn(row->keys, " ") + text_width(label, strlen(label)));
}

static size_t first_to_go(const enum action *list, size_t count)
{
	size_t first = 0;

	for (size_t i = 1; i < count; i++) {
		if (action_rows[list[i]].stay < action_rows[list[first]].stay)
			first = i;
	}
	return first;
}

/* The actions that have room, one blank between two. */
static size_t fit_bar(const struct app *a, unsigned cols, enum action *list)
{
	size_t count = actions_of_bar(list, app_where(a));
	unsigned width = 0;

	for (size_t i = 0; i < count; i++)
		width += button_width(&action_rows[list[i]]) + 1;
	while (count && width > cols + 1) {
		size_t gone = first_to_go(list, count);

		width -= button_width(&action_rows[list[gone]]) + 1;
		memmove(&list[gone], &list[gone + 1], (--count - gone) * sizeof(*list));
	}
	return count;
}

/* The bar of keys as htop has it; with `at` not negative: which action is there. */
static enum action put_bar(struct app *a, struct screen *s, const struct box *b, int at)
{
	enum action list[BAR_PLACES];
	size_t count = fit_bar(a, b->cols, list);
	unsigned col = 0;

	for (size_t i = 0; i < count; i++) {
		const struct action_row *row = &action_rows[list[i]];
		unsigned key_cols = (unsigned)strcspn(row->keys, " "), cols = button_width(row);

		if (at >= (int)col && at < (int)(col + cols))
			return list[i];
		if (s) {
			screen_put(s, b, 0, col, key_cols, bold, row->keys, key_cols);
			screen_str(s, b, 0, col + key_cols, pressed, message_translate(row->label));
		}
		col += cols + 1;
	}
	return ACTION_NONE;
}

/* How the rows of the screen are shared out. */
struct shares {
	struct box head, counts, body, status, bar;
};

static struct shares share_out(const struct app *a, unsigned rows, unsigned cols)
{
	struct shares f = {.body = {.rows = rows, .cols = cols}};
	unsigned counts = count_lines(a->live, cols, rows >= ROWS_FOR_TWO ? 2 : 1);

	if (rows < ROWS_FOR_BAR)
		return f;
	f.head = (struct box){0, 0, 1, cols};
	f.bar = (struct box){rows - 1, 0, 1, cols};
	f.status = (struct box){rows - 2, 0, 1, cols};
	f.body = (struct box){1, 0, rows - 3, cols};
	if (rows >= ROWS_FOR_COUNTS) {
		f.counts = (struct box){1, 0, counts, cols};
		f.body.row += counts;
		f.body.rows -= counts;
	}
	return f;
}

void frame_draw(struct app *a, struct screen *s)
{
	struct shares f = share_out(a, s->rows, s->cols);
	struct pane *top = app_top(a);

	if (!s->rows || !s->cols)
		return;
	if (f.counts.rows)
		put_counts(a, s, &f.counts);
	top->box = f.body;
	top->ops->draw(top, s, &f.body);
	if (!f.bar.rows && a->prompt.ops) {
		f.status = (struct box){s->rows - 1, 0, 1, s->cols};
		screen_fill(s, &f.status);
	} else if (!f.bar.rows) {
		return;
	}
	if (f.head.rows)
		put_head(a, s, &f.head);
	if (a->prompt.ops) {
		f.status.rows += f.bar.rows;
		prompt_draw(&a->prompt, s, &f.status);
		return;
	}
	put_status(a, s, &f.status);
	put_bar(a, s, &f.bar, -1);
}

bool frame_click(struct app *a, const struct key *key)
{
	struct shares f = share_out(a, a->rows, a->cols);
	int hit = -1;

	if (f.head.rows && key->row == f.head.row) {
		put_tabs(a, NULL, &f.head, (int)key->col, &hit);
		if (hit >= 0)
			app_show(a, (enum pane_name)hit);
		return true;
	}
	if (f.bar.rows && key->row == f.bar.row) {
		enum action action = put_bar(a, NULL, &f.bar, (int)key->col);

		if (action != ACTION_NONE)
			app_act(a, action);
		return true;
	}
	return false;
}

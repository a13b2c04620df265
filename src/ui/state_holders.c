// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/state_holders.h"

#include <stdio.h>
#include <stdlib.h>

#include "render/cell.h"
#include "render/message.h"
#include "util/text.h"
#include "util/translate.h"

enum {
	MARKS = 2,
	NAME = 26,       /* columns of a process */
	GAP = 2,         /* between two columns */
	NUMBER = 7,      /* columns of a count, at least */
	HEADINGS = 2,    /* rows */
	LINES_MOST = 64, /* processes shown */
};

static uint32_t *counts_of(const struct state_holders *h, size_t process)
{
	return h->counts + process * LIVE_STATES;
}

static void count_socket(struct state_holders *h, const struct owner_table *t,
			 const struct socket *sk)
{
	unsigned state = sk->kernel_state < LIVE_STATES ? sk->kernel_state : LIVE_STATES - 1;
	uint32_t last = UINT32_MAX;

	for (uint32_t i = sk->owners; i != OWNER_NONE; i = owner_table_next(t, i)) {
		if (t->owners[i].process != last && t->owners[i].process < h->count)
			counts_of(h, t->owners[i].process)[state]++;
		last = t->owners[i].process;
	}
}

/* Once in a refresh. Without memory there is nobody. */
static void count_all(struct state_holders *h, const struct live *l)
{
	const struct owner_table *t = &l->snapshot.owners;

	if (h->counted && h->refreshes == l->refreshes)
		return;
	free(h->counts);
	h->count = t->process_count;
	h->counts = calloc(h->count ? h->count : 1, LIVE_STATES * sizeof(*h->counts));
	if (!h->counts)
		h->count = 0;
	for (size_t i = 0; i < l->count && h->count; i++) {
		if (!l->sockets[i]->went)
			count_socket(h, t, l->sockets[i]->row.socket);
	}
	h->refreshes = l->refreshes;
	h->counted = true;
}

/* Whether a process comes before another: more in the state, then the older in the table. */
static bool comes_before(const struct state_holders *h, unsigned state, size_t a, size_t b)
{
	uint32_t x = counts_of(h, a)[state], y = counts_of(h, b)[state];

	return x != y ? x > y : a < b;
}

/* Those with the most, in order; returns how many. */
static size_t choose(const struct state_holders *h, unsigned state, size_t *list, size_t most)
{
	size_t count = 0;

	for (size_t p = 0; p < h->count; p++) {
		size_t at = count;

		if (!counts_of(h, p)[state])
			continue;
		while (at && comes_before(h, state, p, list[at - 1]))
			at--;
		if (at == most)
			continue;
		count += count < most;
		memmove(&list[at + 1], &list[at], (count - 1 - at) * sizeof(*list));
		list[at] = p;
	}
	return count;
}

static unsigned column_width(unsigned state)
{
	unsigned width = (unsigned)strlen(state_token(state));

	return width > NUMBER ? width : NUMBER;
}

static void put_number(struct screen *s, const struct box *b, unsigned row, unsigned end,
		       struct look look, uint32_t number)
{
	char text[16] = "";

	if (number)
		snprintf(text, sizeof(text), "%u", number);
	screen_str(s, b, row, end - (unsigned)strlen(text), look, text);
}

/* A state's heading and counts; returns where the next begins, 0 where this has no room. */
static unsigned put_state(const struct state_holders *h, unsigned state, const size_t *list,
			  size_t count, struct look look, struct screen *s, const struct box *b,
			  unsigned col)
{
	static const struct look heading = {.paint = PAINT_HEADER, .bits = LOOK_UNDERLINE};
	unsigned end = col + GAP + column_width(state);

	if (end > b->cols)
		return 0;
	screen_str(s, b, 1, end - (unsigned)strlen(state_token(state)), heading,
		   state_token(state));
	for (size_t i = 0; i < count; i++)
		put_number(s, b, HEADINGS + (unsigned)i, end, look, counts_of(h, list[i])[state]);
	return end;
}

static bool any_in(const struct state_holders *h, unsigned state, const size_t *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (counts_of(h, list[i])[state])
			return true;
	}
	return false;
}

static void put_names(const struct live *l, const size_t *list, size_t count, struct screen *s,
		      const struct box *b)
{
	static const struct look heading = {.paint = PAINT_HEADER, .bits = LOOK_UNDERLINE};
	struct out text = OUT_MEMORY;

	screen_paint(s, b, 1, 0, b->cols, heading);
	screen_str(s, b, 1, MARKS, heading, "PROCESS");
	for (size_t i = 0; i < count; i++) {
		text.len = 0;
		cell_process(&text, &l->snapshot.owners.processes[list[i]]);
		screen_put(s, b, HEADINGS + (unsigned)i, MARKS, NAME, (struct look){0},
			   out_text(&text), text.len);
	}
	out_free(&text);
}

/* The chosen state first, then the others that they have sockets in. */
static void put_columns(const struct state_holders *h, unsigned state, const size_t *list,
			size_t count, struct screen *s, const struct box *b)
{
	const struct look bold = {.paint = PAINT_BOLD};
	unsigned col = put_state(h, state, list, count, bold, s, b, MARKS + NAME);

	for (unsigned i = 0; i < STATE_COUNT && col; i++) {
		unsigned other = state_order[i];

		if (other != state && any_in(h, other, list, count))
			col = put_state(h, other, list, count, (struct look){0}, s, b, col);
	}
}

void state_holders_draw(struct state_holders *h, const struct live *l, unsigned state,
			struct screen *s, const struct box *b)
{
	const struct message_value value = {.name = "state", .text = state_token(state)};
	size_t list[LINES_MOST + 1], most = b->rows > HEADINGS ? b->rows - HEADINGS : 0, count;
	struct out text = OUT_MEMORY;

	count_all(h, l);
	count = choose(h, state, list, most < LINES_MOST ? most : LINES_MOST);
	message_fill(&text,
		     count ? N_("The processes with the most sockets in {state}")
			   : N_("No process is known that has a socket in {state}"),
		     &value, 1);
	screen_put(s, b, 0, 0, b->cols, (struct look){.paint = count ? PAINT_BOLD : PAINT_DIM},
		   out_text(&text), text.len);
	out_free(&text);
	if (!count)
		return;
	put_names(l, list, count, s, b);
	put_columns(h, state, list, count, s, b);
}

void state_holders_free(struct state_holders *h)
{
	free(h->counts);
	*h = (struct state_holders){0};
}

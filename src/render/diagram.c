// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/diagram.h"

#include <stdlib.h>

#include "render/drawing.h"
#include "render/health.h"
#include "render/message.h"
#include "util/text.h"
#include "util/translate.h"

struct diagram {
	struct view view;
	struct drawing_count counts[STATE_COUNT]; /* by place in state_order */
	uint64_t strangers;                       /* of states that are none */
	struct health health;
	unsigned row, column; /* where the drawing has come to */
};

static int take(struct sink *sink, struct row *row)
{
	struct diagram *d = (struct diagram *)sink;
	unsigned rank = state_rank(row->socket->kernel_state);

	d->view.shown++;
	if (rank < STATE_COUNT)
		d->counts[rank].sockets++;
	else
		d->strangers++;
	return health_take(&d->health, row);
}

/* The kernel's list holds bound sockets only where neither of these is missing. */
static bool bound_are_missing(const struct snapshot *s)
{
	return s->missing[MISSING_BOUND].set || s->missing[MISSING_NETLINK].set;
}

/* The states that findings to act on are about. */
static uint32_t notable_states(const struct health *h)
{
	uint32_t states = 0;

	for (size_t i = 0; i < h->found.count; i++) {
		if (h->found.findings[i]->severity > SEVERITY_NOTE)
			states |= h->found.findings[i]->kind->states;
	}
	return states;
}

static void mark(struct diagram *d)
{
	uint32_t notable = notable_states(&d->health);

	for (unsigned i = 0; i < STATE_COUNT; i++) {
		struct drawing_count *c = &d->counts[i];

		c->notice = c->sockets && notable >> state_order[i] & 1;
		c->unknown = state_order[i] == STATE_CLOSED && !c->sockets &&
			     bound_are_missing(d->view.snapshot);
	}
}

/* Only what is worth a look draws the eye. */
static enum paint paint_of_count(const struct diagram *d, unsigned rank)
{
	const struct drawing_count *c = &d->counts[rank];

	if (c->notice)
		return PAINT_NOTICE;
	if (!c->sockets)
		return PAINT_DIM;
	return paint_of_state(state_order[rank]) == PAINT_GOOD ? PAINT_GOOD : PAINT_BOLD;
}

static enum paint paint_of_piece(const struct diagram *d, const struct drawing_piece *piece)
{
	switch (piece->kind) {
	case DRAWN_NAME:
	case DRAWN_COUNT: return paint_of_count(d, piece->rank);
	case DRAWN_REMARK: return PAINT_DIM;
	case DRAWN_HEADING: return PAINT_HEADER;
	default: return PAINT_NONE;
	}
}

static void put_piece(void *ctx, const struct drawing_piece *piece)
{
	struct diagram *d = ctx;
	const struct style *style = &d->view.options->style;
	enum paint paint = paint_of_piece(d, piece);
	struct out *o = d->view.out;

	for (; d->row < piece->row; d->row++) {
		out_char(o, '\n');
		d->column = 0;
	}
	out_repeat(o, ' ', piece->column - d->column);
	paint_on(o, style, paint);
	out_put(o, piece->text, piece->len);
	paint_off(o, style, paint);
	d->column = piece->column + piece->width;
}

/* Host and filters are anybody's words. */
static bool put_word(struct out *o, const char *name, size_t n, const void *ctx)
{
	const struct diagram *d = ctx;
	const struct {
		const char *name, *text;
	} words[] = {
		{"host", d->view.snapshot->host},
		{"filter", d->view.options->filter},
		{"saved", d->view.snapshot->filter},
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (words[i].text && strlen(words[i].name) == n &&
		    !memcmp(name, words[i].name, n)) {
			text_safe(o, words[i].text, strlen(words[i].text), TEXT_LINE);
			return true;
		}
	}
	if (n != 5 || memcmp(name, "count", n))
		return false;
	out_u64(o, d->view.shown);
	return true;
}

static void put_title(const struct diagram *d)
{
	const struct style *style = &d->view.options->style;
	struct out text = OUT_MEMORY;

	message_expand(&text,
		       N_("TCP sockets by state[ on {host}]: {count}[, filter: {filter}]"
			  "[, of a snapshot narrowed by: {saved}]"),
		       put_word, d);
	paint_on(d->view.out, style, PAINT_HEADER);
	out_str(d->view.out, out_text(&text));
	paint_off(d->view.out, style, PAINT_HEADER);
	out_char(d->view.out, '\n');
	out_free(&text);
}

static void put_note(const struct diagram *d, const char *note, enum paint paint)
{
	const struct style *style = &d->view.options->style;
	struct out *o = d->view.out;

	paint_on(o, style, paint);
	out_str(o, message_translate(note));
	paint_off(o, style, paint);
	out_char(o, '\n');
}

static bool put_strangers(struct out *o, const char *name, size_t n, const void *ctx)
{
	if (n != 5 || memcmp(name, "count", n))
		return false;
	out_u64(o, *(const uint64_t *)ctx);
	return true;
}

static void put_left_out(const struct diagram *d)
{
	struct out text = OUT_MEMORY;

	message_expand(&text, N_("In no box, as this version does not know their state: {count}"),
		       put_strangers, &d->strangers);
	paint_on(d->view.out, &d->view.options->style, PAINT_NOTICE);
	out_str(d->view.out, out_text(&text));
	paint_off(d->view.out, &d->view.options->style, PAINT_NOTICE);
	out_char(d->view.out, '\n');
	out_free(&text);
}

/* What the drawing does not say. */
static void put_notes(const struct diagram *d)
{
	bool unknown = d->counts[state_rank(STATE_CLOSED)].unknown, notice = false;

	for (unsigned i = 0; i < STATE_COUNT; i++)
		notice |= d->counts[i].notice;
	health_put_line(d->view.out, &d->view.options->style, &d->health);
	if (notice)
		put_note(d, N_("! has to do with that: tcpstate --explain STATE says how."),
			 PAINT_NOTICE);
	if (unknown)
		put_note(d, N_("CLOSED is not known: bound sockets cannot be listed here."),
			 PAINT_DIM);
	else
		put_note(
			d,
			N_("CLOSED counts sockets that are bound only, or whose connect() failed."),
			PAINT_DIM);
	put_note(d,
		 N_("Not drawn: a RST or giving up ends any state but LISTEN at once, in CLOSED."),
		 PAINT_DIM);
}

static int end(struct view *view)
{
	struct diagram *d = (struct diagram *)view;
	int error = health_judge(&d->health, view);

	if (error)
		return error;
	mark(d);
	if (view->options->style.header)
		put_title(d);
	drawing_walk(d->counts, text_utf8(), put_piece, d);
	out_char(view->out, '\n');
	if (d->strangers)
		put_left_out(d);
	if (view->options->style.header)
		put_notes(d);
	return 0;
}

static void free_diagram(struct view *view)
{
	health_free(&((struct diagram *)view)->health);
	free(view);
}

struct view *diagram_view(void)
{
	struct diagram *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	d->view.sink.take = take;
	d->view.end = end;
	d->view.free = free_diagram;
	return &d->view;
}

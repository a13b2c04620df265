// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/drawing.h"

#include <ctype.h>

#include "render/message.h"
#include "util/text.h"
#include "util/translate.h"

static const char *const lines[DRAWING_ROWS] = {
#define DRAWING_LINE(text) text,
#include "render/drawing.def"
#undef DRAWING_LINE
};

/* By the digit that stands for it in the lines: a heading, or the remark of a transition. */
static const struct {
	const char *heading;
	const struct transition *remark;
} prose[10] = {
	[1] = {N_("server side"), NULL},
	[2] = {N_("client side"), NULL},
	[3] = {N_("active close: this end first"), NULL},
	[4] = {N_("passive close: the peer first"), NULL},
	[5] = {NULL, &transitions[TRANSITION_LISTEN_SYN_SENT]},
	[6] = {NULL, &transitions[TRANSITION_TIME_WAIT_CLOSED]},
};

static const struct {
	const char *utf8;
	char ascii;
} glyphs[] = {
	{"─", '-'}, {"│", '|'}, {"┌", '+'}, {"┐", '+'}, {"└", '+'}, {"┘", '+'}, {"┴", '+'},
	{"═", '='}, {"║", '|'}, {"╔", '+'}, {"╗", '+'}, {"╚", '+'}, {"╝", '+'}, {"╤", '+'},
	{"╧", '+'}, {"╟", '|'}, {"╢", '|'}, {"◄", '<'}, {"►", '>'}, {"▲", '^'}, {"▼", 'v'},
};

enum { GLYPH_COUNT = sizeof(glyphs) / sizeof(glyphs[0]) };

/* A walk through the lines. */
struct walk {
	const struct drawing_count *counts;
	bool utf8;
	void (*put)(void *ctx, const struct drawing_piece *piece);
	void *ctx;
	unsigned row, column;
	unsigned names[STATE_COUNT],
		above[STATE_COUNT];   /* ranks, in this line and the one before */
	unsigned name_count, counted; /* names and counts so far in this line */
};

/* The bytes of the character at `p`, of text that is UTF-8. */
static size_t char_length(const char *p)
{
	unsigned char lead = (unsigned char)*p;

	return lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

static char ascii_glyph(const char *p)
{
	for (size_t i = 0; i < GLYPH_COUNT; i++) {
		if (!strncmp(p, glyphs[i].utf8, strlen(glyphs[i].utf8)))
			return glyphs[i].ascii;
	}
	return *p;
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '#';
}

static void put_piece(struct walk *w, struct drawing_piece *piece, unsigned column)
{
	piece->row = w->row;
	piece->column = column;
	piece->width = (unsigned)text_width(piece->text, piece->len);
	if (piece->len)
		w->put(w->ctx, piece);
}

/* Glyphs up to a blank or a word; returns their bytes. */
static size_t put_lines(struct walk *w, const char *p)
{
	char ascii[DRAWING_COLUMNS];
	size_t n = 0;
	unsigned width = 0;

	while (p[n] && p[n] != ' ' && !is_word(p[n]) && width < DRAWING_COLUMNS) {
		ascii[width++] = ascii_glyph(p + n);
		n += char_length(p + n);
	}
	put_piece(w,
		  &(struct drawing_piece){.kind = DRAWN_LINES,
					  .text = w->utf8 ? p : ascii,
					  .len = w->utf8 ? n : width},
		  w->column);
	w->column += width;
	return n;
}

/* Exact where it fits, else thousands: 18446744073G. Returns its bytes. */
static size_t format_count(char text[DIGITS_ROOM], uint64_t v, size_t room)
{
	static const char units[] = " kMGTPE";
	const char *unit = units;
	size_t n = format_u64(text, v);

	while (n + (unit != units) > room) {
		v /= 1000;
		unit++;
		n = format_u64(text, v);
	}
	if (unit != units)
		text[n++] = *unit;
	return n;
}

static void put_count(struct walk *w, size_t room)
{
	static const char mark[] = " !";
	unsigned rank = w->above[w->counted++];
	const struct drawing_count *c = &w->counts[rank];
	size_t marked = c->notice ? sizeof(mark) - 1 : 0, n = 1;
	char text[DIGITS_ROOM + sizeof(mark)] = "?";

	if (!c->unknown)
		n = format_count(text, c->sockets, room - marked);
	memcpy(text + n, mark, marked);
	n += marked;
	put_piece(
		w,
		&(struct drawing_piece){.kind = DRAWN_COUNT, .text = text, .len = n, .rank = rank},
		w->column + (unsigned)(room - n) / 2);
}

/* A label in its room; prose that is wider is cut. */
static void put_label(struct walk *w, char key, size_t room)
{
	struct drawing_piece piece = {0};

	if (isdigit((unsigned char)key)) {
		piece.transition = prose[key - '0'].remark;
		piece.kind = piece.transition ? DRAWN_REMARK : DRAWN_HEADING;
		piece.text = message_translate(piece.transition ? piece.transition->remark
								: prose[key - '0'].heading);
	} else {
		piece.transition = &transitions[tolower((unsigned char)key) - 'a'];
		piece.kind = isupper((unsigned char)key) ? DRAWN_EVENT : DRAWN_ACTION;
		piece.text = piece.kind == DRAWN_EVENT ? piece.transition->event
						       : piece.transition->action;
	}
	piece.len = text_fit(piece.text, strlen(piece.text), room);
	put_piece(w, &piece, w->column);
}

static void put_name(struct walk *w, const char *p, size_t n, uint32_t state)
{
	unsigned rank = state_rank((unsigned)__builtin_ctz(state));

	w->names[w->name_count++] = rank;
	put_piece(w, &(struct drawing_piece){.kind = DRAWN_NAME, .text = p, .len = n, .rank = rank},
		  w->column);
}

/* A word of the template; returns its bytes. */
static size_t put_word(struct walk *w, const char *p)
{
	uint32_t state;
	size_t n = 1;

	while (is_word(p[n]))
		n++;
	state = state_parse(p, n);
	if (state)
		put_name(w, p, n, state);
	else if (*p == '#')
		put_count(w, n);
	else
		put_label(w, *p, n);
	w->column += (unsigned)n;
	return n;
}

static void put_row(struct walk *w, const char *p)
{
	w->column = 0;
	memcpy(w->above, w->names, sizeof(w->above));
	w->name_count = w->counted = 0;
	while (*p) {
		size_t blanks = strspn(p, " ");

		w->column += (unsigned)blanks;
		p += blanks;
		if (*p)
			p += is_word(*p) ? put_word(w, p) : put_lines(w, p);
	}
}

void drawing_walk(const struct drawing_count counts[STATE_COUNT], bool utf8,
		  void (*put)(void *ctx, const struct drawing_piece *piece), void *ctx)
{
	struct walk w = {.counts = counts, .utf8 = utf8, .put = put, .ctx = ctx};

	for (w.row = 0; w.row < DRAWING_ROWS; w.row++)
		put_row(&w, lines[w.row]);
}

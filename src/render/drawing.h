// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef RENDER_DRAWING_H
#define RENDER_DRAWING_H

#include <stdbool.h>

#include "explain/transition.h"
#include "model/state.h"

enum {
	DRAWING_COLUMNS = 79,
	DRAWING_ROWS = 0
#define DRAWING_LINE(text) +1
#include "render/drawing.def"
#undef DRAWING_LINE
};

/* What is drawn in a state's box. */
struct drawing_count {
	uint64_t sockets;
	bool unknown; /* they cannot be counted here */
	bool notice;  /* worth a look */
};

enum drawing_kind {
	DRAWN_LINES,
	DRAWN_NAME,
	DRAWN_COUNT,
	DRAWN_EVENT,
	DRAWN_ACTION,
	DRAWN_REMARK,
	DRAWN_HEADING,
};

/* A run of one kind that holds no blank but between words, and its place. */
struct drawing_piece {
	enum drawing_kind kind;
	unsigned row, column; /* from 0, columns of a terminal */
	unsigned width;       /* in columns */
	const char *text;     /* valid during the call */
	size_t len;
	unsigned rank;                       /* NAME and COUNT: place in state_order */
	const struct transition *transition; /* EVENT, ACTION and REMARK */
};

/*
 * Draws RFC 9293's state machine with the counts, by place in state_order, in it: hands out the
 * pieces row by row from left to right. `utf8` chooses between box drawing and ASCII.
 */
void drawing_walk(const struct drawing_count counts[STATE_COUNT], bool utf8,
		  void (*put)(void *ctx, const struct drawing_piece *piece), void *ctx);

#endif

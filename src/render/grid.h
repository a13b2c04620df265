// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef RENDER_GRID_H
#define RENDER_GRID_H

#include "render/style.h"

/* In a cell: a space at which no line is broken. */
#define GRID_TIE '\x01'

struct grid_column {
	const char *header; /* a token: never translated */
	bool number;        /* set on the right */
	unsigned least;     /* a terminal may cut its cells to this; 0: they are never cut */
};

struct grid_layout {
	const struct grid_column *columns;
	unsigned count;
	unsigned indent; /* before the first column */
	unsigned gap;    /* between columns; at least 1 */
	unsigned hang;   /* further indent of wrapped lines */
	bool header;     /* has a heading line, where the style wants one */
	bool blank;      /* an empty cell stays blank; otherwise it is '-' */
	bool wrap; /* a terminal wraps the last column at its spaces, and cuts nothing of it */
};

/*
 * Text set in columns of exact width. Append a cell's text, made safe before, to `text` and close
 * it with grid_cell(), row by row; then write all with grid_put(). A failure sticks in text.error.
 */
struct grid {
	const struct grid_layout *layout;
	struct out text;
	struct grid_cell *cells;
	size_t count, cap;
	size_t *widths;
};

#define GRID(l)                                   \
	{                                         \
		.layout = (l), .text = OUT_MEMORY \
	}

/* Closes the cell that was appended to `text`. */
void grid_cell(struct grid *g, enum paint paint);

/*
 * Writes the rows and empties the grid for the next. On a terminal columns give way from the
 * right, each down to its `least`; piped, nothing is cut or wrapped. Returns 0 or -errno.
 */
int grid_put(struct grid *g, struct out *o, const struct style *style);

void grid_free(struct grid *g);

#endif

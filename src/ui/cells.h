// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UI_CELLS_H
#define UI_CELLS_H

#include "render/message.h"
#include "ui/screen.h"

/* Writes cells of sockets on a screen. Starts zeroed but for `text`. */
struct cells {
	struct out text; /* of the cell being written */
	struct message_cache messages;
};

#define CELLS                      \
	{                          \
		.text = OUT_MEMORY \
	}

/* The text of a cell, safe, until the next is made; *width is the columns it takes. */
const char *cells_make(struct cells *c, const struct field *f, const struct row *row,
		       unsigned *width);

/*
 * Puts the cell into `cols` columns, numbers on the right. Of an address that is too long the port
 * stays.
 */
void cells_put(struct cells *c, struct screen *s, const struct box *b, unsigned row, unsigned col,
	       unsigned cols, struct look look, const struct field *f, const struct row *of);

void cells_free(struct cells *c);

#endif

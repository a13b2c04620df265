// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UI_SCREEN_H
#define UI_SCREEN_H

#include "render/style.h"

/* How a cell looks besides its paint. */
enum {
	LOOK_REVERSE = 1 << 0,
	LOOK_UNDERLINE = 1 << 1,
	LOOK_BOLD = 1 << 2,
	LOOK_DIM = 1 << 3,
};

struct look {
	uint8_t paint; /* enum paint */
	uint8_t bits;  /* LOOK_* */
};

enum { CELL_MARKS = 2 }; /* accents that a cell keeps; further ones are left out */

/* One character. A wide one fills the next cell too, whose `width` is 0. */
struct screen_cell {
	uint32_t cp;
	uint32_t marks[CELL_MARKS]; /* combining, 0 ends them */
	uint8_t width;              /* columns: 1 or 2; 0 is the right half of a wide one */
	struct look look;
};

/* A part of a screen; what is put into it never reaches beyond. */
struct box {
	unsigned row, col, rows, cols;
};

/* What is to stand on a terminal: filled without one, shown by ui/terminal.c. */
struct screen {
	unsigned rows, cols;
	struct screen_cell *cells; /* rows * cols */
	bool cursor;               /* is shown, there */
	unsigned cursor_row, cursor_col;
};

/* Makes it that size, blank. -ENOMEM leaves it empty (no rows). */
int screen_resize(struct screen *s, unsigned rows, unsigned cols);
void screen_clear(struct screen *s);
void screen_free(struct screen *s);

/* The whole of it. */
struct box screen_box(const struct screen *s);

/*
 * Puts a line of text, made safe before, at a column of a row in the box, cut with an ellipsis
 * where it takes more than `cols`. Returns the columns it took. Outside of the box: nothing.
 */
unsigned screen_put(struct screen *s, const struct box *b, unsigned row, unsigned col,
		    unsigned cols, struct look look, const char *text, size_t n);

/* The same of a string, up to the right end of the box. */
unsigned screen_str(struct screen *s, const struct box *b, unsigned row, unsigned col,
		    struct look look, const char *text);

/*
 * Puts lines with the SGR sequences of render's paint_on(), from line `first` of the text on. What
 * does not fit is cut. Returns how many lines the text has.
 */
size_t screen_lines(struct screen *s, const struct box *b, size_t first, const char *text,
		    size_t n);

/* Blanks a box. */
void screen_fill(struct screen *s, const struct box *b);

/* Gives a run of cells another look. */
void screen_paint(struct screen *s, const struct box *b, unsigned row, unsigned col, unsigned cols,
		  struct look look);

/* Adds LOOK_* bits to a run of cells. */
void screen_mark(struct screen *s, const struct box *b, unsigned row, unsigned col, unsigned cols,
		 uint8_t bits);

/* Appends a row as UTF-8 text, blanks at its end left out. */
void screen_text(const struct screen *s, unsigned row, struct out *o);

#endif

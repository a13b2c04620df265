// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef RENDER_STYLE_H
#define RENDER_STYLE_H

#include "util/out.h"

/* How output is to look, decided once by cli. */
struct style {
	bool color;     /* SGR sequences may be written */
	bool terminal;  /* lines are fitted to `width` */
	bool header;    /* heading lines are written */
	bool oneline;   /* a row's details stand behind it in its line, which is not fitted */
	unsigned width; /* columns of the terminal, or of running text when piped */
};

/* Roles of text; the colours are the eight of every terminal. */
enum paint { PAINT_NONE, PAINT_HEADER, PAINT_GOOD, PAINT_NOTICE, PAINT_BAD, PAINT_DIM, PAINT_BOLD };

/* Begin and end a painted run; nothing without colour or for PAINT_NONE. */
void paint_on(struct out *o, const struct style *style, enum paint paint);
void paint_off(struct out *o, const struct style *style, enum paint paint);

/* The paint of a state: what waits on somebody stands out, what is over steps back. */
enum paint paint_of_state(unsigned state);

#endif

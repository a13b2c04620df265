// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UI_TEXT_PAGE_H
#define UI_TEXT_PAGE_H

#include "ui/pane.h"

/* A pane of running text that scrolls: the first member of its struct, in the place of its pane. */
struct text_page {
	struct pane pane;
	struct out text; /* lines, safe, with render's SGR sequences: to be filled before drawing */
	size_t first;    /* line at the top */
	size_t lines;    /* as of the last drawing */
	size_t found;    /* line last found, from 1; 0 none */
	unsigned page;
};

/* Draws what is in `text`. */
void text_page_draw(struct text_page *t, struct screen *s, const struct box *b);

/* Moves and searches; the operations of a pane that is nothing else. */
bool text_page_act(struct pane *p, enum action action);
bool text_page_key(struct pane *p, const struct key *key);
bool text_page_find(struct pane *p, const char *text, bool forward, bool here);
void text_page_status(struct pane *p, struct out *o);
void text_page_close(struct pane *p);

#endif

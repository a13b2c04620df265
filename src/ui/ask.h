// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UI_ASK_H
#define UI_ASK_H

#include "ui/app.h"
#include "ui/text_page.h"

/*
 * A page that shows what is to be done and asks. Only y agrees: Enter, as n and Esc, declines. The
 * first member of its pane's struct.
 */
struct ask {
	struct text_page page;
	struct out question; /* "" asks nothing: it is about what was done */
	bool choosing;       /* the question is not one of yes or no yet */
	bool agreed;
};

/* For the pane's open(), and its close(). */
void ask_open(struct ask *a);
void ask_close(struct pane *p);

/* Empties both texts, for drawing; returns that of the page. */
struct out *ask_begin(struct ask *a);

/* What is said of a deed that was not sent, or not answered, as the collecting process has ended. */
const char *ask_unsent(void);
const char *ask_unanswered(void);

/* A line that was written to `line`, wrapped; empties that. */
void ask_put_line(struct out *o, const struct style *style, struct out *line);

/* What is to be known where nobody does or answers anything any more. */
void ask_put_over(struct out *o, const struct style *style);

/* Draws the text, and at the bottom the question. */
void ask_draw(struct ask *a, struct screen *s, const struct box *b);

enum ask_answer {
	ASK_NOTHING, /* the key is none of it */
	ASK_TAKEN,
	ASK_AGREED,
	ASK_BACK, /* the page is no more */
};

/* Takes y, and what declines: that takes the page away, and `declined`, a message id, is noted. */
enum ask_answer ask_key(struct pane *p, const struct key *key, const char *declined);

#endif

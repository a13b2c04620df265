// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UI_PROMPT_H
#define UI_PROMPT_H

#include "ui/entry.h"

struct app;

enum { PROMPT_HISTORY = 20 };

/* The lines once typed at a prompt, the last first; strings of its own. */
struct history {
	char *lines[PROMPT_HISTORY];
	unsigned count;
};

/* What is wrong with the line, while it is typed. */
struct prompt_fault {
	bool set;
	size_t offset, len; /* bytes of the line */
	char text[512];     /* safe */
};

/* What a prompt is for. */
struct prompt_ops {
	const char *label; /* message id */
	/* The line has changed; fills the fault where it cannot be read. */
	void (*changed)(struct app *a, const char *text, struct prompt_fault *fault);
	/* Enter, where there is no fault. */
	void (*done)(struct app *a, const char *text);
	/* Esc: as it was before. */
	void (*dropped)(struct app *a);
};

/* A line asked of the user, in the place of the status line. Starts zeroed. */
struct prompt {
	const struct prompt_ops *ops; /* NULL: none is asked for */
	struct entry line;
	struct prompt_fault fault;
	struct history *history; /* NULL: none */
	unsigned recalled;       /* line of it that is shown, from 1; 0 is what was typed */
	char typed[ENTRY_BYTES];
};

/* Asks for a line, `text` standing there already. `ops` and `history` (NULL: none) must outlive it. */
void prompt_open(struct app *a, const struct prompt_ops *ops, const char *text,
		 struct history *history);

/* Takes any key while it is open. */
void prompt_key(struct app *a, const struct key *key);

/*
 * Adds a pasted character; what is none, such as the end of a line, is a blank. False where the line
 * is full. prompt_pasted() is to follow the last.
 */
bool prompt_paste(struct app *a, uint32_t code);
void prompt_pasted(struct app *a);

/* Draws the line on the first row of the box, and what is wrong with it on the second. */
void prompt_draw(const struct prompt *p, struct screen *s, const struct box *b);

void history_free(struct history *h);

#endif

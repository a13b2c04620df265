// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef CLI_CONSENT_H
#define CLI_CONSENT_H

#include "cli/options.h"

/* Who is asked before --kill acts. Starts as CONSENT. */
struct consent {
	int from, to; /* descriptors of a terminal; -1: nobody is asked */
	bool opened;  /* they are one, and ours to close */
};

#define CONSENT                      \
	{                            \
		.from = -1, .to = -1 \
	}

/* Says in a line what makes no sense with --kill, or only with it; 0 or the exit status. */
int consent_refuse(const struct options *o);

/*
 * Finds the terminal: the controlling one, else standard input where that is one. 0 also where
 * nobody need be asked; the exit status, after saying so, where somebody must and cannot.
 */
int consent_open(struct consent *c, const struct options *o);

/* Asks; whether the answer is y or yes. What was typed before the question is no answer. */
bool consent_given(const struct consent *c, const char *question);

void consent_close(struct consent *c);

#endif

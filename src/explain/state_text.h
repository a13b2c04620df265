// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef EXPLAIN_STATE_TEXT_H
#define EXPLAIN_STATE_TEXT_H

/* What there is to know of a state of RFC 9293; English message ids. */
struct state_text {
	const char *summary; /* one clause */
	const char *meaning;
	const char *enter, *leave; /* segments and calls */
	const char *lasts;         /* how long, with the limits that govern it */
	const char *worry;         /* when to, and when not */
	const char *side;          /* where the fault lies when it lingers */
	const char *todo;
};

/* By the state's number (enum tcp_state); NULL for a number that is none. */
const struct state_text *state_text(unsigned state);

#endif

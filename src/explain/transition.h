// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef EXPLAIN_TRANSITION_H
#define EXPLAIN_TRANSITION_H

#include <stdint.h>

/* An arrow of RFC 9293's state machine; explain/transitions.def tells what the texts are. */
struct transition {
	uint8_t from, to; /* enum tcp_state */
	const char *event, *action;
	const char *remark; /* NULL has none */
	const char *wording;
};

enum {
#define TRANSITION(from, to, ...) TRANSITION_##from##_##to,
#include "explain/transitions.def"
#undef TRANSITION
	TRANSITION_COUNT,
};

/* The whole graph; no two have both ends in common. */
extern const struct transition transitions[TRANSITION_COUNT];

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef EXPLAIN_KILL_H
#define EXPLAIN_KILL_H

#include "model/verdict.h"

enum kill_effect {
#define EFFECT(name, ...) KILL_##name,
#include "explain/kill_effects.def"
#undef EFFECT
	KILL_EFFECT_COUNT,
};

enum kill_outcome {
#define OUTCOME(name, ...) OUTCOME_##name,
#include "explain/kill_outcomes.def"
#undef OUTCOME
	KILL_OUTCOME_COUNT,
};

/* English message ids; `error` is the only {name}, of OUTCOME_FAILED. */
extern const struct kill_effect_text {
	const char *id, *when, *text;
} kill_effects[KILL_EFFECT_COUNT];

extern const struct kill_outcome_text {
	const char *id;
	bool gone; /* the socket is no longer there */
	const char *text;
} kill_outcomes[KILL_OUTCOME_COUNT];

/* What closing this socket by force does. The row is classified. */
enum kill_effect kill_effect_of(const struct row *row);

/*
 * What became of it, by the kernel's answer to SOCK_DESTROY (0 or a negative errno) and whether it
 * was found there afterwards. The socket is as it was shown.
 */
enum kill_outcome kill_outcome_of(const struct socket *sk, int error, bool remains);

#endif

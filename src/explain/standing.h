// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef EXPLAIN_STANDING_H
#define EXPLAIN_STANDING_H

#include "explain/situation.h"

/* How a host stands with one state: the numbers that its page ends with. */
struct standing {
	uint64_t count, inet, inet6;
	uint64_t by_situation[SITUATION_COUNT];
	uint64_t without_inode;
	uint64_t held;    /* by a program: it has an inode */
	uint64_t unknown; /* of those, whose process or age is not known */
	uint64_t oldest_ms;
	bool have_oldest;
	uint64_t most_by_process; /* held a minute or longer by one process */
	uint64_t most_on_pair;    /* TIME_WAIT: of one source, destination and port */
};

enum { STANDING_AGED_MS = 60000 };

/* Notes one socket of the state. What is counted by process or pair is the caller's to note. */
void standing_add(struct standing *s, const struct row *row);

/* Whether that is a problem, in a sentence. */
struct standing_verdict {
	const char *message; /* id, with {count}, {most}, {limit} and {percent} of what follows */
	bool notice;         /* worth a look */
	uint64_t count, limit, most, percent;
};

struct standing_verdict standing_judge(unsigned state, const struct standing *s,
				       const struct snapshot *snapshot);

/* The settings that govern a state, up to SYSCTL_COUNT as end mark. */
const enum sysctl_name *standing_sysctls(unsigned state);

#endif

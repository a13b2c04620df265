// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef COLLECT_SEEN_H
#define COLLECT_SEEN_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Remembers socket cookies, to drop a socket that a walk meets twice: a walk goes on by position
 * in its hash chain, so that newcomers push members behind the mark again; the same ones come
 * again soon. The last SEEN_WINDOW cookies are known (several answers of the kernel), all of them
 * with `all`. Small, so that it stays in the cache.
 */
enum { SEEN_WINDOW = 2048 };

struct seen {
	uint64_t *cookies; /* a ring of the last `size` */
	uint32_t *before;  /* of each, the one before it of the same hash */
	uint32_t *latest;  /* by hash; all three are numbered by arrival */
	uint32_t size, next;
	bool all;
};

/* -ENOMEM. */
int seen_open(struct seen *s, bool all);
void seen_close(struct seen *s);

/* Notes a cookie; returns 1 when it was known already, 0 when not, -ENOMEM. */
int seen_before(struct seen *s, uint64_t cookie);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef COLLECT_COOKIES_H
#define COLLECT_COOKIES_H

#include "collect/diag.h"

/* The cookies of all sockets that a walk brought. Starts zeroed. */
struct cookies {
	uint64_t *all; /* ascending */
	size_t count, cap;
};

/*
 * Fills it anew by a walk. Returns DIAG_* flags, or a negative errno, as diag_walk() does; it then
 * holds what came.
 */
int cookies_ask(struct cookies *c, struct diag *d, const struct diag_query *query);

bool cookies_have(const struct cookies *c, uint64_t cookie);

void cookies_free(struct cookies *c);

#endif

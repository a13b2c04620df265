// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef RENDER_CENSUS_H
#define RENDER_CENSUS_H

#include "explain/standing.h"

/* Counts the rows of one state: its standing, by process, and by address pair. */
struct census {
	struct standing standing;
	struct census_process *by_process; /* by index in the owner table */
	size_t process_cap;
	struct census_pair *pairs; /* open addressing */
	size_t pair_cap, pair_count;
	uint64_t without_process;
};

/* Counts a row of the state. -ENOMEM. */
int census_add(struct census *c, const struct row *row);
void census_free(struct census *c);

/* The process that holds most, less the `skip` largest; false when there are no more. */
bool census_largest(const struct census *c, unsigned skip, uint32_t *process, uint64_t *count);

#endif

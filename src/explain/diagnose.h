// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef EXPLAIN_DIAGNOSE_H
#define EXPLAIN_DIAGNOSE_H

#include "explain/finding.h"

/* The classified rows of one snapshot. */
struct sample {
	const struct snapshot *snapshot;
	const struct row *rows;
	size_t count;
	bool narrowed; /* a filter has chosen them: what is not there proves nothing */
};

/*
 * Judges a host. With a sample from before (NULL: there is none) counters are judged by what they
 * grew in between; without, a counter never raises more than a note. Fills `found` with the
 * worst first, consequences among them (finding.cause); it points into `now`. -ENOMEM.
 */
int diagnose(const struct sample *now, const struct sample *before, struct finding_list *found);

#endif

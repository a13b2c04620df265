// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UI_TARGETS_H
#define UI_TARGETS_H

#include "ui/app.h"
#include "ui/kept.h"

/* The sockets that something is to be done to, kept as they were last known. */
struct target {
	uint64_t id;
	struct kept kept;
	bool gone; /* meanwhile */
};

struct targets {
	struct target *list;
	size_t count;
};

/*
 * Those that are tagged and there. Where none is, or a page stands over the view, the one chosen in
 * the uppermost pane. Returns 0, also with none, or -ENOMEM. targets_free() in any case.
 */
int targets_gather(struct targets *t, const struct app *a);

/* Takes their numbers as they are now. */
void targets_refresh(struct targets *t, const struct live *live);

/* The row of one: as it is now, or as it was last. Classified, good until the next refresh. */
struct row targets_row(struct target *t, const struct live *live);

void targets_free(struct targets *t);

/* Whether something may be done at all here; says why not. */
bool targets_allowed(struct app *a);

#endif

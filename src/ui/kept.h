// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UI_KEPT_H
#define UI_KEPT_H

#include "model/live.h"

/* A socket as it was last known, with its holders: it outlives its entry in struct live. */
struct kept {
	struct socket *socket; /* NULL: nothing is kept */
	struct owner_table owners;
	struct verdict verdict;
	struct snapshot snapshot; /* of kept_row(); owns nothing */
};

/* Keeps it as it is now, in place of what was kept before; -ENOMEM leaves that. */
int kept_take(struct kept *k, const struct live_socket *s);

/*
 * As a row: its holders are those kept, the host is that of `live` now. In whose accept queue it
 * waited is not kept. Good until the next call.
 */
struct row kept_row(struct kept *k, const struct live *live);

void kept_free(struct kept *k);

#endif

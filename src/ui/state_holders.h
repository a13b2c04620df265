// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UI_STATE_HOLDERS_H
#define UI_STATE_HOLDERS_H

#include "model/live.h"
#include "ui/screen.h"

/* Who has how many sockets in each state, as of a refresh. Starts zeroed. */
struct state_holders {
	uint32_t *counts; /* by index in the owner table, then by kernel state */
	size_t count;     /* processes */
	uint64_t refreshes;
	bool counted;
};

/* Draws those with the most sockets in a state, and how many they have in others. */
void state_holders_draw(struct state_holders *h, const struct live *l, unsigned state,
			struct screen *s, const struct box *b);

void state_holders_free(struct state_holders *h);

#endif

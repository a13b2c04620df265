// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef RENDER_LISTENER_HOLDERS_H
#define RENDER_LISTENER_HOLDERS_H

#include "render/listener_group.h"

/* The holders of a group's sockets, each once, by name and pid. */
struct holders {
	const struct process **list;
	size_t count;
	uint8_t absence; /* why a member has none; OWNER_KNOWN when all have or nobody can tell */
};

/* Fills *h with those of the group; h->list is the caller's to free. Returns 0 or -ENOMEM. */
int holders_of(struct holders *h, const struct listener_group *g);

/* Whether both have processes of the same names, however many. */
bool holders_same_programs(const struct holders *a, const struct holders *b);

/*
 * Append a cell each: the processes, and why some are not known; their users, or the uid of a socket
 * without them; their units or containers. Where `brief`, for eyes, only the first and how many more.
 */
void holders_put_programs(struct out *o, const struct holders *h, bool brief);
void holders_put_users(struct out *o, const struct listener_group *g, const struct holders *h,
		       bool brief);
void holders_put_units(struct out *o, const struct holders *h, bool brief);

#endif

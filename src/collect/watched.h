// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef COLLECT_WATCHED_H
#define COLLECT_WATCHED_H

#include "model/socket.h"

#define WATCHED_NONE UINT32_MAX

enum {
	WATCHED_SOUGHT = 1,  /* its holder is being looked for */
	WATCHED_SETTLED = 2, /* no holder was found; `absence` says why */
	WATCHED_HOLDERS = 4, /* its holders have been told */
	WATCHED_LOOKED = 8,  /* looked at: told in full at every refresh */
	WATCHED_AGAIN = 16,  /* its holders have changed since it was told */
};

/* A socket as it was told last. */
struct watched {
	uint64_t id;     /* 0 is a free place */
	uint64_t digest; /* of all that was told, but what moves by itself */
	struct endpoint local, peer;
	uint32_t interface, inode, uid;
	uint32_t deadline;            /* of its timer: milliseconds, wrapping */
	uint32_t after;               /* the place that the last walk met next; a hint */
	uint32_t next_id, next_inode; /* in their chains */
	uint8_t family, state, timer;
	uint8_t flags, absence;
	uint8_t missed;      /* refreshes in a row */
	uint8_t sought;      /* refreshes, at most UINT8_MAX */
	struct socket *full; /* of a listener or a bound one, which cannot be asked for alone */
};

/* All sockets under watch, by id and by inode. Places are used again. */
struct watched_table {
	struct watched *all;
	uint32_t *met; /* of each place: the refresh in which it was met */
	uint32_t count, cap, used;
	uint32_t spare; /* chained by next_id; WATCHED_NONE ends */
	uint32_t *ids, *inodes, mask;
};

/* The places; WATCHED_NONE where there is none. */
uint32_t watched_find(const struct watched_table *t, uint64_t id);
uint32_t watched_by_inode(const struct watched_table *t, uint32_t inode);

/* A place for a new socket, with nothing but its id; WATCHED_NONE without memory. */
uint32_t watched_add(struct watched_table *t, uint64_t id);

/* Changes the inode of a socket; 0 has none. */
void watched_set_inode(struct watched_table *t, uint32_t place, uint32_t inode);

/* Frees the place. */
void watched_remove(struct watched_table *t, uint32_t place);

/* The socket as far as it takes to ask the kernel for it. */
void watched_socket(const struct watched *e, struct socket *sk);

/*
 * By which a socket is known: its cookie, or made of its addresses where it came without. Never 0.
 */
uint64_t watched_id(const struct socket *sk);

/*
 * Of all of a socket that does not change by itself: neither timers nor what counts from the last
 * packet. Padding must be the same whenever the socket is.
 */
uint64_t watched_digest(const struct socket *sk);

void watched_free(struct watched_table *t);

#endif

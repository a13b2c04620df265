// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef COLLECT_OWNERS_WALK_H
#define COLLECT_OWNERS_WALK_H

#include "collect/owners.h"

/* What the parts of a lookup of owners share. */

/*
 * Walks /proc, entering the holders of the sockets that have none yet; `deep` also looks into the
 * tables of threads. Counts anew what could not be read. -ENOMEM.
 */
int owners_walk(struct owners *o, bool deep);

/* Names the users of processes that came since. */
void owners_name_users(struct owners *o);

/*
 * Orders the holders of each socket by pid, kind and descriptor, whatever order two threads entered
 * them in. The table is indexed. -ENOMEM, with some left as they were.
 */
int owners_order(struct owner_table *t);

/* Holders found and not yet entered; `process` and `next` are not set. */
struct owners_batch {
	struct owner *owners;
	size_t count, cap;
};

/* -ENOMEM. */
int owners_batch_add(struct owners_batch *b, uint32_t inode, uint32_t fd, enum owner_via via);

/*
 * Keeps a few of many descriptors of the same socket: chains of holders are walked, and a process
 * may have made a million of one.
 */
void owners_batch_thin(struct owners_batch *b);

/*
 * Adds the sockets registered with an io_uring: `fdinfo` is its file of that directory, by its
 * path below /proc. -ENOMEM.
 */
int owners_ring(struct owners_batch *b, int proc, const char *fdinfo);

/* The inode in the `n` bytes of a link "socket:[123]"; false where it is no such link. */
bool owners_socket_link(const char *link, size_t n, uint32_t *inode);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef COLLECT_HOST_H
#define COLLECT_HOST_H

#include "model/snapshot.h"

/* Notes host name and times. -ENOMEM. */
int host_identify(struct snapshot *s);

/*
 * Adds the namespace this thread is in, with its id; with `details` also its settings and
 * counters. What cannot be read stays unknown. -ENOMEM.
 */
int host_add_netns(struct snapshot *s, bool details);

/*
 * How many sockets this thread's namespace has in its tables of listeners and connections, by
 * sockstat. (It leaves out handshakes in progress, which need a listener, and bound sockets.)
 * UINT64_MAX when unknown.
 */
uint64_t host_count_sockets(void);

/*
 * Whether this kernel's version is that or a later one. What a distribution has brought to an older
 * one is overlooked.
 */
bool host_kernel_since(unsigned major, unsigned minor);

#endif

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
 * Whether this thread's namespace has neither a listener nor a connection, by sockstat. (It leaves
 * out handshakes in progress, which need a listener, and bound sockets.) False when unknown.
 */
bool host_netns_is_empty(void);

/* Whether this kernel, by its version (6.8), lists bound sockets. One that could may be overlooked. */
bool host_lists_bound(void);

#endif

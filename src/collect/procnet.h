// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef COLLECT_PROCNET_H
#define COLLECT_PROCNET_H

#include "model/socket.h"

/*
 * Reads one line of /proc/net/tcp or tcp6 (Documentation/networking/proc_net_tcp.rst) into a
 * socket. Returns 0, or -EBADMSG where the line is none (the heading, or damaged).
 */
int procnet_decode(const char *line, int family, struct socket *sk);

/*
 * Reads the files of this thread's network namespace, calling `each` for every socket in the
 * wanted states; each() returns 0, or a negative errno that ends the reading and is returned.
 * Other errors: -ENOENT and the like when no file could be opened.
 */
int procnet_walk(uint32_t states, uint32_t families, int (*each)(struct socket *sk, void *ctx),
		 void *ctx);

#endif

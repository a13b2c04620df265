// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef ACT_DESTROY_H
#define ACT_DESTROY_H

#include "model/socket.h"

/* Closes sockets of the network namespace it was opened in, by SOCK_DESTROY of sock_diag(7). */
struct destroyer {
	struct mnl_socket *nl;
	uint32_t seq;
};

/* 0 or a negative errno. destroy_close() in any case. */
int destroy_open(struct destroyer *d);
void destroy_close(struct destroyer *d);

/*
 * Closes this very socket: found by its addresses, and only if it has the same cookie, so never
 * another that has come to the same addresses since. Returns what the kernel says: 0; -ENOENT where
 * it is not found (gone, or bound only); -EPERM without CAP_NET_ADMIN; -EOPNOTSUPP. The socket must
 * have its cookie. *remains: the kernel has agreed, and the socket is there nevertheless.
 */
int destroy_socket(struct destroyer *d, const struct socket *sk, bool *remains);

#endif

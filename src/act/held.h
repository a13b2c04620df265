// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef ACT_HELD_H
#define ACT_HELD_H

#include "model/owner.h"
#include "model/socket.h"

/* Reads options of sockets that other processes hold. Starts as HELD. */
struct held {
	int pidfd; /* of the process last asked; -1 is none */
	int32_t pid;
};

#define HELD                \
	{                   \
		.pidfd = -1 \
	}

/*
 * Reads SO_REUSEADDR and SO_REUSEPORT of a socket, and of IPv6 IPV6_V6ONLY, through a descriptor of
 * one of its holders, into the socket. Absent where none may be read (it takes the right to trace
 * the holder, kernel 5.6) or there is no descriptor, as in TIME_WAIT.
 *
 * The descriptor is duplicated into this process (pidfd_getfd) and closed at once. The holder does
 * not notice, except that a socket it closes within those microseconds closes with ours.
 */
void held_read_options(struct held *h, const struct owner_table *t, struct socket *sk);

void held_close(struct held *h);

#endif

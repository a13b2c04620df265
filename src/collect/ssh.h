// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef COLLECT_SSH_H
#define COLLECT_SSH_H

#include "model/socket.h"

/* The connection that somebody works over. */
struct ssh_connection {
	int family;
	struct endpoint client, server;
};

/*
 * The one this process is run over: SSH_CONNECTION of its environment, or else of the nearest
 * ancestor's that has one and may be read, for sudo does not hand it on. False where there is none.
 */
bool ssh_connection_find(struct ssh_connection *c);

/* Whether the socket is an end of it. */
bool ssh_connection_is(const struct ssh_connection *c, const struct socket *sk);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef ACT_PLACE_H
#define ACT_PLACE_H

#include "model/bind.h"

/*
 * A TCP socket as the case wants it, bound to nothing yet: of its family, taking IPv4 too where
 * that is IPv6, and on its interface. -errno.
 */
int place_socket(const struct bind_case *c);

/* Binds a socket to the case's address and `port`; 0 or an errno. */
int place_bind(int fd, const struct bind_case *c, uint16_t port);

/*
 * Fills c->place for the user and the network namespace of the calling process. Takes no port:
 * whether the address may be bound is asked with IP_BIND_ADDRESS_NO_PORT.
 */
void place_look(struct bind_case *c);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef COLLECT_READ_SOCKET_H
#define COLLECT_READ_SOCKET_H

#include "collect/read_value.h"

/* Indexes of something, plus 1, by its hash; 0 is free. */
struct slots {
	uint32_t *slots;
	uint32_t mask, count;
};

/* Reading the sockets of one snapshot; faults are those of `value`. */
struct socket_reading {
	struct reading value;
	struct snapshot *snapshot;
	bool owners;            /* are wanted */
	uint32_t last_netns;    /* that a socket was in: mostly the next one's too */
	struct slots processes; /* of the owner table, by all that is said of them */
	struct slots inodes;    /* the first owner of each */
};

void socket_reading_close(struct socket_reading *sr);

/*
 * Takes in what the snapshot knows of all sockets together before the first is handed on: who
 * holds it, and the interface it is bound to.
 */
int read_shared(struct socket_reading *sr, const json_t *object);

/* The part of it that is about owners. */
void read_owners(struct socket_reading *sr, const json_t *object);

/* To be called once it was called with all sockets: gives the listeners kept their owners. */
int read_owners_end(struct socket_reading *sr);

/*
 * Fills the socket; the namespaces are there, and it has been through read_shared(). Its owners
 * are found only after read_owners_end().
 */
int read_socket(struct socket_reading *sr, const json_t *object, struct socket *sk);

/* A listener: the socket, and the unit that opened it. */
int read_listener(struct socket_reading *sr, const json_t *object, struct socket *sk);

#endif

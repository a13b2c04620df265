// SPDX-License-Identifier: GPL-2.0-or-later
// Making one socket of a kind: the kind is a list of steps, a step does one thing to the socket or
// to its peer. Steps die with EXIT_LAB, naming the kind, when the kernel does not play along.
#ifndef LAB_MAKING_H
#define LAB_MAKING_H

#include "manifest.h"
#include "peer.h"

#include <stdint.h>

struct lab {
	struct peer *peer;
	struct manifest manifest;
	uint16_t next_local, next_peer;      // ports, used once each
	int64_t time_wait_at, fin_wait_2_at; // when refresh() acts next
};

// The address families a kind can be made in.
enum { INET = 1 << 0, INET6 = 1 << 1, MAPPED = 1 << 2, LINK = 1 << 3, ALL_FAMILIES = 15 };

struct family {
	const char *name; // what stands behind the colon in KIND:FAMILY
	unsigned bit;
	sa_family_t domain;
	const char *local, *peer; // IPv4 ones v4-mapped
};

// Ends with an entry without a name.
extern const struct family families[];

struct making;
typedef void step(struct making *);

// Who has the descriptors in the end.
enum holding {
	HELD_BY_ONE,
	HELD_BY_THREE,   // each of three processes has all
	HELD_SPLIT,      // three processes have every third
	HELD_BY_THREAD,  // in a thread's own descriptor table only
	HELD_BY_RING,    // registered with io_uring only
	HELD_IN_FLIGHT,  // sent through a unix socket, not received
	HELD_BY_HOSTILE, // the process has a name made to break terminals and parsers
};

enum { STEPS_MAX = 8 };

struct kind {
	const char *name, *about;
	unsigned families; // 0: all
	step *steps[STEPS_MAX];
	unsigned habits; // the peer's
	enum holding holding;
	bool slow;                    // the first retransmission comes only after two minutes
	int protocol;                 // 0: TCP
	struct expectation expect;    // of the socket the steps leave; state 0: they add all rows
	const char *(*missing)(void); // NULL, or why this machine cannot make it; may be NULL
};

struct making {
	struct lab *lab;
	const struct kind *kind;
	const struct family *family;
	int fd, listener; // -1: none
	size_t listener_row;
	struct end local, peer;
	struct conversation *with;
};

// Follows the kind's steps once and adds the rows that come of it to the manifest.
void make_one(struct lab *lab, const struct kind *kind, const struct family *family);

// Listeners.
step listen_here, listen_short, listen_deferring, listen_fast_open, listen_everywhere,
	listen_everywhere_v6only, listen_as_group;

// Clients of the listener that stand at the peer. queue_client adds a row of its own.
step knock, knock_with_data, queue_client, accept_it;

// The local end opens.
step connect_to_peer, dial, dial_refused, bind_only, connect_to_myself;

// What then happens to the connection.
step peer_sends, peer_fins, send_data, read_everything, shut_down, close_it, keep_alive,
	keep_alive_impatiently, linger_a_minute;

#endif

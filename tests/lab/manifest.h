// SPDX-License-Identifier: GPL-2.0-or-later
// What a right tool must find: one row for every TCP socket in the namespace.
#ifndef LAB_MANIFEST_H
#define LAB_MANIFEST_H

#include "packet.h"

#include <stdio.h>
#include <sys/types.h>

enum detail {
	REQUEST_SOCKET = 1 << 0,
	MINISOCKET = 1 << 1,
	ORPHAN = 1 << 2,
	NOT_ACCEPTED = 1 << 3,
	BOUND_ONLY = 1 << 4,
	MPTCP_SUBFLOW = 1 << 5,
	FAST_OPEN = 1 << 6,
};

// A set of timers, one bit for each value of idiag_timer; 0 where it may vary.
enum {
	TIMER_NONE = 1 << 0,
	TIMER_RETRANSMIT = 1 << 1,
	TIMER_KEEPALIVE = 1 << 2,
	TIMER_TIME_WAIT = 1 << 3,
	TIMER_PROBE = 1 << 4,
};

// What idiag_retrans must be.
enum retransmits { ANY_RETRANSMITS, NO_RETRANSMITS, SOME_RETRANSMITS };

struct expectation {
	int state; // the kernel's number
	unsigned detail;
	const char *situation;
	const char *later;          // what the situation becomes while time passes, or NULL
	int recv_queue, send_queue; // of a listener: accept queue and backlog
	unsigned timers;
	enum retransmits retransmits;
	const char *owner_reason; // NULL where processes hold the socket
};

enum { OWNERS_MAX = 3, COMM_SIZE = 16 };

struct owner {
	pid_t pid;
	int fd; // -1: in no descriptor table
};

struct row {
	const char *kind;
	struct expectation expect;
	sa_family_t family;
	struct end local, peer; // peer.port 0: no peer
	bool link_local;
	ino_t inode;
	int fd;                    // the lab's own, until a holder has it; -1: none
	struct conversation *with; // NULL where the peer has no part in it
	struct owner owners[OWNERS_MAX];
	size_t owner_count;
	char comm[COMM_SIZE];
};

struct manifest {
	struct row *rows;
	size_t count, capacity;
};

// The new row is valid until the next call.
struct row *manifest_add(struct manifest *manifest);

const char *state_name(int state);

// "10.77.0.1:8001", as messages print it.
void end_print(char *text, size_t size, const struct end *end);

// One JSON object a line.
void manifest_write(const struct manifest *manifest, FILE *out);

#endif

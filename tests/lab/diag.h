// SPDX-License-Identifier: GPL-2.0-or-later
// The smallest sock_diag client: what the kernel says it has, to check the manifest against.
#ifndef LAB_DIAG_H
#define LAB_DIAG_H

#include "packet.h"

#include <sys/types.h>

struct found {
	sa_family_t family;
	int state;
	struct end local, peer; // peer all zero where there is none
	unsigned interface;
	ino_t inode;
	unsigned recv_queue, send_queue;
	unsigned timer, retransmits;
	bool full; // has a tcp_info: neither request socket, minisocket nor bound only
};

struct found_list {
	struct found *items;
	size_t count, capacity;
};

// Replaces the list by every TCP socket of the namespace, bound but unconnected ones included.
void diag_dump(struct found_list *list);

#endif

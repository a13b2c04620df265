// SPDX-License-Identifier: GPL-2.0-or-later
// The other side of the wire: a TCP peer in user space behind a TUN device. It has no timers and
// no window management; it only does what its habits say, which is how a socket of the kernel is
// driven into a state and left there.
#ifndef LAB_PEER_H
#define LAB_PEER_H

#include "packet.h"

enum peer_habit {
	PEER_MUTE = 0,             // answers nothing
	PEER_ACCEPTS = 1 << 0,     // answers a SYN by SYN-ACK, and a SYN-ACK by ACK
	PEER_REFUSES = 1 << 1,     // answers a SYN by RST
	PEER_SYNS_BACK = 1 << 2,   // answers a SYN by a SYN of its own: a simultaneous open
	PEER_ACKS = 1 << 3,        // acknowledges data, keepalives and window probes
	PEER_ACKS_FIN = 1 << 4,    // acknowledges a FIN
	PEER_FINS_BACK = 1 << 5,   // with PEER_ACKS_FIN: sends its own FIN along
	PEER_SHUT_WINDOW = 1 << 6, // offers a window of zero
};

struct conversation {
	struct conversation *next;
	struct end kernel, peer;
	unsigned habits;
	uint32_t send_next, receive_next;
	bool open; // the handshake is complete as far as the peer knows
};

struct peer;

// Takes over the TUN device's descriptor, which must not block.
struct peer *peer_new(int tun);
int peer_descriptor(const struct peer *peer);
void peer_free(struct peer *peer);

// A conversation that the kernel will begin by a SYN.
struct conversation *peer_expect(struct peer *peer, struct end kernel, struct end self,
				 unsigned habits);

// A conversation that the peer begins by a SYN, which may carry data (TCP Fast Open).
struct conversation *peer_knock(struct peer *peer, struct end kernel, struct end self,
				unsigned habits, const char *data);

void peer_send(struct peer *peer, struct conversation *with, const char *data);
void peer_fin(struct peer *peer, struct conversation *with);
void peer_reset(struct peer *peer, struct conversation *with);

// A bare acknowledgement; a TIME_WAIT that gets one begins its 60 seconds anew.
void peer_ack(struct peer *peer, struct conversation *with);

// Waits up to timeout_ms for packets and answers all that are there.
void peer_pump(struct peer *peer, int timeout_ms);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
// One TCP segment in an IPv4 or IPv6 packet, as bytes and as a struct.
#ifndef LAB_PACKET_H
#define LAB_PACKET_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PACKET_MAX = 2048 };

enum { TCP_FIN = 0x01, TCP_SYN = 0x02, TCP_RST = 0x04, TCP_ACK = 0x10 };

// One end of a connection. An IPv4 address is kept v4-mapped, whatever the socket's family.
struct end {
	struct in6_addr address;
	uint16_t port;
};

struct segment {
	struct end from, to; // both IPv4 (mapped) or both IPv6
	uint32_t seq, ack;
	uint8_t flags;
	uint16_t window;
	const void *data;
	size_t len;
};

bool end_is_ipv4(const struct end *end);

// Returns the length of the packet written to buf.
size_t packet_build(const struct segment *segment, uint8_t buf[PACKET_MAX]);

// False if the packet is not a whole TCP segment. segment->data points into packet.
bool packet_parse(struct segment *segment, const uint8_t *packet, size_t len);

#endif

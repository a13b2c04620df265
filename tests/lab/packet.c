// SPDX-License-Identifier: GPL-2.0-or-later
#include "packet.h"

#include <arpa/inet.h>
#include <string.h>

enum { IP4_HEADER = 20, IP6_HEADER = 40, TCP_HEADER = 20, MSS_OPTION = 4, MSS = 1200 };

static void put16(uint8_t *at, uint16_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value)
{
	put16(at, (uint16_t)(value >> 16));
	put16(at + 2, (uint16_t)value);
}

static uint16_t get16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static uint32_t get32(const uint8_t *at)
{
	return (uint32_t)get16(at) << 16 | get16(at + 2);
}

// The ones' complement sum of RFC 1071, not yet folded.
static uint32_t add_up(const uint8_t *bytes, size_t len, uint32_t sum)
{
	for (size_t i = 0; i + 1 < len; i += 2)
		sum += get16(bytes + i);
	if (len % 2)
		sum += (uint32_t)bytes[len - 1] << 8;
	return sum;
}

static uint16_t fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

bool end_is_ipv4(const struct end *end)
{
	return IN6_IS_ADDR_V4MAPPED(&end->address);
}

// The addresses end the IP header in both families, so the checksum's pseudo header is they, plus
// the protocol and the length.
static uint16_t tcp_checksum(const uint8_t *addresses, size_t addresses_len, const uint8_t *tcp,
			     size_t len)
{
	uint32_t sum = IPPROTO_TCP + (uint32_t)len;

	return fold(add_up(tcp, len, add_up(addresses, addresses_len, sum)));
}

static size_t build_tcp(const struct segment *segment, uint8_t *tcp)
{
	size_t header = TCP_HEADER + (segment->flags & TCP_SYN ? MSS_OPTION : 0);

	memset(tcp, 0, header);
	put16(tcp, segment->from.port);
	put16(tcp + 2, segment->to.port);
	put32(tcp + 4, segment->seq);
	put32(tcp + 8, segment->flags & TCP_ACK ? segment->ack : 0);
	tcp[12] = (uint8_t)(header / 4 << 4);
	tcp[13] = segment->flags;
	put16(tcp + 14, segment->window);
	if (segment->flags & TCP_SYN) {
		tcp[20] = 2;
		tcp[21] = MSS_OPTION;
		put16(tcp + 22, MSS);
	}
	if (segment->len)
		memcpy(tcp + header, segment->data, segment->len);
	return header + segment->len;
}

size_t packet_build(const struct segment *segment, uint8_t buf[PACKET_MAX])
{
	bool ipv4 = end_is_ipv4(&segment->from);
	size_t header = ipv4 ? IP4_HEADER : IP6_HEADER;
	size_t address = ipv4 ? 4 : 16;
	uint8_t *addresses = buf + header - 2 * address, *tcp = buf + header;
	size_t len = build_tcp(segment, tcp);

	memset(buf, 0, header);
	memcpy(addresses, &segment->from.address.s6_addr[16 - address], address);
	memcpy(addresses + address, &segment->to.address.s6_addr[16 - address], address);
	put16(tcp + 16, tcp_checksum(addresses, 2 * address, tcp, len));
	if (ipv4) {
		buf[0] = 0x45;
		put16(buf + 2, (uint16_t)(header + len));
		buf[6] = 0x40; // do not fragment
		buf[8] = 64;
		buf[9] = IPPROTO_TCP;
		put16(buf + 10, fold(add_up(buf, header, 0)));
	} else {
		buf[0] = 0x60;
		put16(buf + 4, (uint16_t)len);
		buf[6] = IPPROTO_TCP;
		buf[7] = 64;
	}
	return header + len;
}

static void read_address(struct end *end, const uint8_t *bytes, bool ipv4)
{
	memset(&end->address, 0, sizeof(end->address));
	if (ipv4) {
		end->address.s6_addr[10] = end->address.s6_addr[11] = 0xff;
		memcpy(&end->address.s6_addr[12], bytes, 4);
	} else {
		memcpy(&end->address, bytes, 16);
	}
}

bool packet_parse(struct segment *segment, const uint8_t *packet, size_t len)
{
	bool ipv4 = len > 0 && packet[0] >> 4 == 4;
	size_t header = ipv4 ? (size_t)(packet[0] & 15) * 4 : IP6_HEADER;
	size_t offset;

	if (len < IP4_HEADER || len < header + TCP_HEADER || header < IP4_HEADER)
		return false;
	if (packet[ipv4 ? 9 : 6] != IPPROTO_TCP)
		return false;
	read_address(&segment->from, packet + (ipv4 ? 12 : 8), ipv4);
	read_address(&segment->to, packet + (ipv4 ? 16 : 24), ipv4);
	packet += header;
	len -= header;
	offset = (size_t)(packet[12] >> 4) * 4;
	if (offset < TCP_HEADER || offset > len)
		return false;
	segment->from.port = get16(packet);
	segment->to.port = get16(packet + 2);
	segment->seq = get32(packet + 4);
	segment->ack = get32(packet + 8);
	segment->flags = packet[13];
	segment->window = get16(packet + 14);
	segment->data = packet + offset;
	segment->len = len - offset;
	return true;
}

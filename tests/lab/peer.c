// SPDX-License-Identifier: GPL-2.0-or-later
#include "peer.h"

#include "util.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BUCKETS = 1 << 14, FIRST_SEQUENCE = 1000, OPEN_WINDOW = 60000 };

struct peer {
	int tun;
	struct conversation *buckets[BUCKETS];
};

struct peer *peer_new(int tun)
{
	struct peer *peer = xcalloc(1, sizeof(*peer));

	peer->tun = tun;
	return peer;
}

int peer_descriptor(const struct peer *peer)
{
	return peer->tun;
}

void peer_free(struct peer *peer)
{
	for (size_t i = 0; i < BUCKETS; i++) {
		struct conversation *next;

		for (struct conversation *c = peer->buckets[i]; c; c = next) {
			next = c->next;
			free(c);
		}
	}
	close(peer->tun);
	free(peer);
}

static struct conversation **bucket_of(struct peer *peer, const struct end *kernel,
				       const struct end *self)
{
	return &peer->buckets[(kernel->port * 31u + self->port) % BUCKETS];
}

static bool same_end(const struct end *a, const struct end *b)
{
	return a->port == b->port && IN6_ARE_ADDR_EQUAL(&a->address, &b->address);
}

static struct conversation *find(struct peer *peer, const struct end *kernel,
				 const struct end *self)
{
	struct conversation *c = *bucket_of(peer, kernel, self);

	while (c && !(same_end(&c->kernel, kernel) && same_end(&c->peer, self)))
		c = c->next;
	return c;
}

static void transmit(struct peer *peer, const struct conversation *with, uint8_t flags,
		     const char *data)
{
	struct segment segment = {
		.from = with->peer,
		.to = with->kernel,
		.seq = with->send_next,
		.ack = with->receive_next,
		.flags = flags,
		.window = with->habits & PEER_SHUT_WINDOW ? 0 : OPEN_WINDOW,
		.data = data,
		.len = data ? strlen(data) : 0,
	};
	uint8_t packet[PACKET_MAX];
	size_t len = packet_build(&segment, packet);

	if (write(peer->tun, packet, len) != (ssize_t)len)
		die(EXIT_LAB, "cannot write to the TUN device: %s", strerror(errno));
}

struct conversation *peer_expect(struct peer *peer, struct end kernel, struct end self,
				 unsigned habits)
{
	struct conversation **bucket = bucket_of(peer, &kernel, &self);
	struct conversation *c = xcalloc(1, sizeof(*c));

	c->kernel = kernel;
	c->peer = self;
	c->habits = habits;
	c->send_next = FIRST_SEQUENCE;
	c->next = *bucket;
	*bucket = c;
	return c;
}

struct conversation *peer_knock(struct peer *peer, struct end kernel, struct end self,
				unsigned habits, const char *data)
{
	struct conversation *c = peer_expect(peer, kernel, self, habits);

	transmit(peer, c, TCP_SYN, data);
	c->send_next += 1;
	return c;
}

void peer_send(struct peer *peer, struct conversation *with, const char *data)
{
	transmit(peer, with, TCP_ACK, data);
	with->send_next += (uint32_t)strlen(data);
}

void peer_fin(struct peer *peer, struct conversation *with)
{
	transmit(peer, with, TCP_FIN | TCP_ACK, NULL);
	with->send_next += 1;
}

void peer_reset(struct peer *peer, struct conversation *with)
{
	transmit(peer, with, TCP_RST | TCP_ACK, NULL);
}

void peer_ack(struct peer *peer, struct conversation *with)
{
	transmit(peer, with, TCP_ACK, NULL);
}

static void hear_syn(struct peer *peer, struct conversation *c, const struct segment *heard)
{
	bool again = c->receive_next == heard->seq + 1;

	c->receive_next = heard->seq + 1;
	if (c->habits & PEER_REFUSES)
		transmit(peer, c, TCP_RST | TCP_ACK, NULL);
	if (again)
		return;
	if (c->habits & PEER_ACCEPTS) {
		transmit(peer, c, TCP_SYN | TCP_ACK, NULL);
		c->send_next += 1;
		c->open = true;
	} else if (c->habits & PEER_SYNS_BACK) {
		transmit(peer, c, TCP_SYN, NULL);
		c->send_next += 1;
	}
}

static void hear_syn_ack(struct peer *peer, struct conversation *c, const struct segment *heard)
{
	if (!(c->habits & PEER_ACCEPTS))
		return;
	c->receive_next = heard->seq + 1;
	c->open = true;
	peer_ack(peer, c);
}

static void hear_segment(struct peer *peer, struct conversation *c, const struct segment *heard)
{
	bool in_order = heard->seq == c->receive_next;
	bool probe = !in_order && heard->len == 0 && !(heard->flags & TCP_FIN);
	bool shut = c->habits & PEER_SHUT_WINDOW;
	bool answer = false;

	if (c->habits & PEER_ACKS && (heard->len || probe)) {
		if (in_order && !shut)
			c->receive_next += (uint32_t)heard->len;
		answer = true;
	}
	if (heard->flags & TCP_FIN && c->habits & PEER_ACKS_FIN && !shut) {
		if (heard->seq + heard->len == c->receive_next) {
			c->receive_next += 1;
			if (c->habits & PEER_FINS_BACK) {
				peer_fin(peer, c);
				return;
			}
		}
		answer = true;
	}
	if (answer)
		peer_ack(peer, c);
}

static void hear(struct peer *peer, const uint8_t *packet, size_t len)
{
	struct segment heard;
	struct conversation *c;

	if (!packet_parse(&heard, packet, len) || heard.flags & TCP_RST)
		return;
	c = find(peer, &heard.from, &heard.to);
	// Answering the void by RST would be right, but only mistakes of the lab end up here.
	if (!c)
		return;
	if (!(heard.flags & TCP_SYN))
		hear_segment(peer, c, &heard);
	else if (heard.flags & TCP_ACK)
		hear_syn_ack(peer, c, &heard);
	else
		hear_syn(peer, c, &heard);
}

void peer_pump(struct peer *peer, int timeout_ms)
{
	struct pollfd ready = {.fd = peer->tun, .events = POLLIN};
	uint8_t packet[PACKET_MAX];
	ssize_t len;

	if (poll(&ready, 1, timeout_ms) <= 0)
		return;
	while ((len = read(peer->tun, packet, sizeof(packet))) > 0)
		hear(peer, packet, (size_t)len);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "explain/ends.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "util/hash.h"

/* Addresses and ports as one row has them, IPv4 mapped into IPv6: the two ends may differ there. */
struct key {
	uint8_t local[16], peer[16];
	uint16_t local_port, peer_port;
};

static void put_address(uint8_t to[16], int family, const struct address *a)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

	if (family == AF_INET6) {
		memcpy(to, a->bytes, 16);
		return;
	}
	memcpy(to, mapped, sizeof(mapped));
	memcpy(to + sizeof(mapped), a->bytes, 4);
}

static struct key key_of(const struct socket *sk)
{
	struct key k = {.local_port = sk->local.port, .peer_port = sk->peer.port};

	put_address(k.local, sk->family, &sk->local.address);
	put_address(k.peer, sk->family, &sk->peer.address);
	return k;
}

/* As the other end has it. */
static struct key turned(const struct key *k)
{
	struct key other = {.local_port = k->peer_port, .peer_port = k->local_port};

	memcpy(other.local, k->peer, sizeof(other.local));
	memcpy(other.peer, k->local, sizeof(other.peer));
	return other;
}

static bool same_key(const struct key *a, const struct key *b)
{
	return a->local_port == b->local_port && a->peer_port == b->peer_port &&
	       !memcmp(a->local, b->local, sizeof(a->local)) &&
	       !memcmp(a->peer, b->peer, sizeof(a->peer));
}

static uint64_t hash_address(uint64_t hash, const uint8_t address[16])
{
	uint64_t halves[2];

	memcpy(halves, address, sizeof(halves));
	return hash_u64(hash_u64(hash ^ halves[0]) ^ halves[1]);
}

static size_t hash_key(const struct key *k)
{
	uint64_t hash = (uint64_t)k->local_port << 16 | k->peer_port;

	return hash_address(hash_address(hash, k->local), k->peer);
}

/* Whether it is an end of a connection at all. */
static bool is_end(const struct socket *sk)
{
	return sk->local.port && sk->peer.port && sk->kernel_state != STATE_LISTEN &&
	       sk->kernel_state != STATE_CLOSED;
}

int ends_join(struct ends *e, const struct row *rows, size_t count)
{
	size_t size = 16;

	*e = (struct ends){.rows = rows};
	if (count > 1u << 31)
		return -E2BIG;
	while (size < count * 2)
		size *= 2;
	e->slots = calloc(size, sizeof(*e->slots));
	if (!e->slots)
		return -ENOMEM;
	e->mask = size - 1;
	for (size_t i = 0; i < count; i++) {
		struct key k = key_of(rows[i].socket);
		size_t at = hash_key(&k);

		if (!is_end(rows[i].socket))
			continue;
		while (e->slots[at & e->mask])
			at++;
		e->slots[at & e->mask] = (uint32_t)i + 1;
	}
	return 0;
}

void ends_free(struct ends *e)
{
	free(e->slots);
	*e = (struct ends){0};
}

/* The next row with this key; starts with *at = hash_key(). NULL behind the last. */
static const struct row *next_row(const struct ends *e, const struct key *k, size_t *at)
{
	for (uint32_t n; (n = e->slots[*at & e->mask]);) {
		const struct row *row = &e->rows[n - 1];
		struct key own = key_of(row->socket);

		++*at;
		if (same_key(&own, k))
			return row;
	}
	return NULL;
}

static bool same_netns(const struct row *a, const struct row *b)
{
	return a->snapshot == b->snapshot && a->socket->netns == b->socket->netns;
}

static bool is_unique_address(const struct socket *sk, const struct endpoint *p)
{
	return address_scope(sk->family, &p->address) == SCOPE_GLOBAL;
}

static bool is_only_one(const struct ends *e, const struct key *k)
{
	size_t at = hash_key(k);

	return next_row(e, k, &at) && !next_row(e, k, &at);
}

const struct row *ends_other(const struct ends *e, const struct row *row)
{
	const struct socket *sk = row->socket;
	struct key own = key_of(sk), key = turned(&own);
	size_t at = hash_key(&key), elsewhere = 0;
	const struct row *near = NULL, *far = NULL, *r;

	if (!is_end(sk) || !e->slots)
		return NULL;
	while ((r = next_row(e, &key, &at))) {
		if (!same_netns(r, row)) {
			far = r;
			elsewhere++;
		} else if (!near || near->socket->kernel_state == STATE_TIME_WAIT) {
			near = r;
		}
	}
	if (near || elsewhere != 1 || !is_unique_address(sk, &sk->local) ||
	    !is_unique_address(sk, &sk->peer))
		return near;
	return is_only_one(e, &own) ? far : NULL;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/sort_key.h"

#include <endian.h>
#include <sys/socket.h>

enum {
	STEP = sizeof(uint64_t),
	TEXT_STEP = STEP - 1, /* the last byte counts, so that a text comes before a longer one */
	ROW_BYTES = 64,       /* more than row_sort_key() puts */
};

#define ABSENT   UINT64_MAX
#define NO_OWNER (UINT64_MAX << 7) /* more than any text's: its last byte counts to STEP */

/* Part `depth` of bytes of which none are the beginning of others'. */
static uint64_t bytes_key(const uint8_t *bytes, size_t n, unsigned depth, bool *more)
{
	size_t at = (size_t)depth * STEP;
	uint64_t key = 0;

	*more = n > at + STEP;
	if (at < n)
		memcpy(&key, bytes + at, *more ? STEP : n - at);
	return be64toh(key);
}

static uint64_t text_key(const char *text, size_t n, unsigned depth, bool *more)
{
	size_t at = (size_t)depth * TEXT_STEP;
	size_t left = at < n ? n - at : 0;
	uint8_t bytes[STEP] = {0};
	uint64_t key;

	*more = left > TEXT_STEP;
	if (left)
		memcpy(bytes, text + at, *more ? TEXT_STEP : left);
	bytes[TEXT_STEP] = *more ? STEP : (uint8_t)left;
	memcpy(&key, bytes, sizeof(key));
	return be64toh(key);
}

/* The two largest share a number at first: ABSENT is one of them. */
static uint64_t number_key(uint64_t number, unsigned depth, bool *more)
{
	*more = !depth && number >= ABSENT - 1;
	return *more ? ABSENT - 1 : number;
}

static uint8_t *put(uint8_t *p, const void *bytes, size_t n)
{
	memcpy(p, bytes, n);
	return p + n;
}

/* The family says how long it is. */
static uint8_t *put_address(uint8_t *p, const struct socket *sk, const struct address *a)
{
	*p++ = sk->family;
	return put(p, a->bytes, sk->family == AF_INET ? 4 : sizeof(a->bytes));
}

static uint8_t *put_endpoint(uint8_t *p, const struct socket *sk, const struct endpoint *e)
{
	uint16_t port = htobe16(e->port);

	return put(put_address(p, sk, &e->address), &port, sizeof(port));
}

static uint8_t *put_rank(uint8_t *p, unsigned rank)
{
	while (rank >= UINT8_MAX) {
		*p++ = UINT8_MAX;
		rank -= UINT8_MAX;
	}
	*p++ = (uint8_t)rank;
	return p;
}

static uint64_t endpoint_key(const struct field *f, const struct value *v, unsigned depth,
			     bool *more)
{
	uint8_t bytes[ROW_BYTES], *end;

	if (f->kind == KIND_ADDRESS)
		end = put_address(bytes, v->socket, &v->endpoint->address);
	else
		end = put_endpoint(bytes, v->socket, v->endpoint);
	return bytes_key(bytes, (size_t)(end - bytes), depth, more);
}

/* The first holder's name, then its pid. */
static uint64_t owners_key(const struct row *row, unsigned depth, bool *more)
{
	const struct owner_table *t = &row->snapshot->owners;
	const struct process *p;
	uint64_t key;
	size_t len;

	*more = false;
	if (row->socket->owners == OWNER_NONE)
		return NO_OWNER + row->verdict.reason;
	p = &t->processes[t->owners[row->socket->owners].process];
	len = strlen(p->comm);
	if (depth && (size_t)depth * TEXT_STEP >= len)
		return (uint32_t)p->pid ^ 1u << 31;
	key = text_key(p->comm, len, depth, more);
	*more = true;
	return key;
}

uint64_t field_sort_key(const struct field *f, const struct row *row, unsigned depth, bool *more)
{
	struct value v;

	*more = false;
	if (!field_get(f, row, &v))
		return ABSENT;
	switch (f->kind) {
	case KIND_STATE: return state_rank((unsigned)v.number);
	case KIND_TOKEN:
	case KIND_TEXT: return text_key(v.text.bytes, v.text.len, depth, more);
	case KIND_ADDRESS:
	case KIND_ENDPOINT: return endpoint_key(f, &v, depth, more);
	case KIND_OWNERS: return owners_key(row, depth, more);
	case KIND_WHAT: {
		const char *id = row->verdict.situation->id;

		return text_key(id, strlen(id), depth, more);
	}
	default: return number_key(v.number, depth, more);
	}
}

uint64_t row_sort_key(const struct row *row, unsigned depth, bool *more)
{
	const struct socket *sk = row->socket;
	uint64_t cookie = htobe64(sk->cookie);
	uint32_t inode = htobe32(sk->inode);
	uint8_t bytes[ROW_BYTES], *p = put_rank(bytes, state_rank(sk->kernel_state));

	p = put_endpoint(p, sk, &sk->local);
	p = put_endpoint(p, sk, &sk->peer);
	p = put(p, &cookie, sizeof(cookie));
	p = put(p, &inode, sizeof(inode));
	return bytes_key(bytes, (size_t)(p - bytes), depth, more);
}

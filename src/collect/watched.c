// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/watched.h"

#include <stdlib.h>

#include "util/hash.h"

enum { FIRST_PLACES = 1024 };

static uint32_t *id_chain(const struct watched_table *t, uint64_t id)
{
	return &t->ids[hash_u64(id) & t->mask];
}

static uint32_t *inode_chain(const struct watched_table *t, uint32_t inode)
{
	return &t->inodes[hash_u64(inode) & t->mask];
}

uint32_t watched_find(const struct watched_table *t, uint64_t id)
{
	uint32_t i = t->ids ? *id_chain(t, id) : WATCHED_NONE;

	while (i != WATCHED_NONE && t->all[i].id != id)
		i = t->all[i].next_id;
	return i;
}

uint32_t watched_by_inode(const struct watched_table *t, uint32_t inode)
{
	uint32_t i = t->inodes && inode ? *inode_chain(t, inode) : WATCHED_NONE;

	while (i != WATCHED_NONE && t->all[i].inode != inode)
		i = t->all[i].next_inode;
	return i;
}

static void link_id(struct watched_table *t, uint32_t i)
{
	uint32_t *chain = id_chain(t, t->all[i].id);

	t->all[i].next_id = *chain;
	*chain = i;
}

static void link_inode(struct watched_table *t, uint32_t i)
{
	uint32_t *chain;

	if (!t->all[i].inode)
		return;
	chain = inode_chain(t, t->all[i].inode);
	t->all[i].next_inode = *chain;
	*chain = i;
}

static void unlink_inode(struct watched_table *t, uint32_t i)
{
	uint32_t *at;

	if (!t->all[i].inode)
		return;
	at = inode_chain(t, t->all[i].inode);
	while (*at != i)
		at = &t->all[*at].next_inode;
	*at = t->all[i].next_inode;
}

static bool grow_places(struct watched_table *t, uint32_t cap)
{
	struct watched *all = realloc(t->all, cap * sizeof(*all));
	uint32_t *met;

	if (!all)
		return false;
	t->all = all;
	met = realloc(t->met, cap * sizeof(*met));
	if (!met)
		return false;
	t->met = met;
	t->cap = cap;
	return true;
}

/* Chains as many as places; all are made anew. */
static bool grow_chains(struct watched_table *t)
{
	uint32_t *ids = malloc(t->cap * sizeof(*ids)), *inodes = malloc(t->cap * sizeof(*inodes));

	if (!ids || !inodes) {
		free(ids);
		free(inodes);
		return false;
	}
	free(t->ids);
	free(t->inodes);
	t->ids = ids;
	t->inodes = inodes;
	t->mask = t->cap - 1;
	memset(ids, 0xff, t->cap * sizeof(*ids));
	memset(inodes, 0xff, t->cap * sizeof(*inodes));
	for (uint32_t i = 0; i < t->count; i++) {
		if (t->all[i].id) {
			link_id(t, i);
			link_inode(t, i);
		}
	}
	return true;
}

static bool grow(struct watched_table *t)
{
	if (!t->cap)
		t->spare = WATCHED_NONE;
	if (t->count == t->cap && !grow_places(t, t->cap ? t->cap * 2 : FIRST_PLACES))
		return false;
	return (t->ids && t->mask == t->cap - 1) || grow_chains(t);
}

/* The spare places are chained by next_id, and taken before new ones. */
uint32_t watched_add(struct watched_table *t, uint64_t id)
{
	uint32_t i = t->cap ? t->spare : WATCHED_NONE;

	if (i != WATCHED_NONE)
		t->spare = t->all[i].next_id;
	else if (grow(t))
		i = t->count++;
	else
		return WATCHED_NONE;
	t->all[i] = (struct watched){.id = id, .after = WATCHED_NONE};
	t->met[i] = 0;
	t->used++;
	link_id(t, i);
	return i;
}

void watched_set_inode(struct watched_table *t, uint32_t place, uint32_t inode)
{
	if (t->all[place].inode == inode)
		return;
	unlink_inode(t, place);
	t->all[place].inode = inode;
	link_inode(t, place);
}

void watched_remove(struct watched_table *t, uint32_t place)
{
	struct watched *e = &t->all[place];
	uint32_t *at = id_chain(t, e->id);

	while (*at != place)
		at = &t->all[*at].next_id;
	*at = e->next_id;
	unlink_inode(t, place);
	free(e->full);
	*e = (struct watched){.next_id = t->spare};
	t->spare = place;
	t->used--;
}

void watched_socket(const struct watched *e, struct socket *sk)
{
	memset(sk, 0, offsetof(struct socket, info));
	sk->family = e->family;
	sk->kernel_state = e->state;
	sk->local = e->local;
	sk->peer = e->peer;
	sk->interface = e->interface;
	sk->inode = e->inode;
	sk->uid = e->uid;
	sk->cookie = e->id;
	sk->owners = OWNER_NONE;
}

/* Whole words, then what is left; the last steps spread it. */
static uint64_t mix(uint64_t h, const void *bytes, size_t n)
{
	const char *p = bytes;
	uint64_t word;

	for (; n >= sizeof(word); n -= sizeof(word), p += sizeof(word)) {
		memcpy(&word, p, sizeof(word));
		h = hash_quick(h ^ word);
		h ^= h >> 32;
	}
	if (n) {
		word = 0;
		memcpy(&word, p, n);
		h = hash_quick(h ^ word);
		h ^= h >> 32;
	}
	return h;
}

/* With the highest bit, which no cookie has. A listener's addresses may be those of a group. */
uint64_t watched_id(const struct socket *sk)
{
	uint64_t h;

	if (sk->have & HAVE_COOKIE && sk->cookie)
		return sk->cookie;
	h = mix(sk->family, &sk->local, sizeof(sk->local) + sizeof(sk->peer));
	if (sk->kernel_state == STATE_LISTEN)
		h = mix(h, &sk->inode, sizeof(sk->inode));
	return h | UINT64_C(1) << 63;
}

uint64_t watched_digest(const struct socket *sk)
{
	const size_t before = offsetof(struct tcp_metrics, last_data_sent);
	const size_t behind = offsetof(struct tcp_metrics, pmtu);
	const char *info = (const char *)&sk->info;
	uint64_t h = mix(sk->have, sk, offsetof(struct socket, expires));

	h = mix(h, &sk->local, offsetof(struct socket, cong) - offsetof(struct socket, local));
	if (sk->have & HAVE_CONG)
		h = mix(h, sk->cong, sizeof(sk->cong));
	if (sk->have & HAVE_ULP)
		h = mix(h, sk->ulp, sizeof(sk->ulp));
	if (sk->have & HAVE_MEMORY)
		h = mix(h, &sk->memory, sizeof(sk->memory));
	if (sk->have & HAVE_CONG_INFO)
		h = mix(h, &sk->cong_info, sizeof(sk->cong_info));
	if (sk->info_len > behind) {
		h = mix(h, info, before);
		h = mix(h, info + behind, sk->info_len - behind);
	}
	return h;
}

void watched_free(struct watched_table *t)
{
	for (uint32_t i = 0; i < t->count; i++)
		free(t->all[i].full);
	free(t->all);
	free(t->met);
	free(t->ids);
	free(t->inodes);
	*t = (struct watched_table){0};
}

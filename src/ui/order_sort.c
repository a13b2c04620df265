// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/order_sort.h"

#include <errno.h>
#include <stdlib.h>

#include "model/sort_key.h"

enum {
	FEW = 48,    /* are sorted by insertion */
	AHEAD = 16,  /* sockets: their memory is asked for so early */
	DIGIT = 256, /* values of a byte */
};

struct entry {
	uint64_t key;
	struct live_socket *socket;
};

struct sorting {
	const struct columns *keys;
	struct entry *entries, *spare; /* as many */
};

/* What is compared: number `depth` of key `step`; after the keys the row, at last the id. */
struct level {
	size_t step;
	unsigned depth;
};

static uint64_t key_of(const struct sorting *w, struct level at, const struct live_socket *s,
		       bool *more)
{
	uint64_t key;

	*more = false;
	if (at.step > w->keys->count)
		return s->id;
	if (at.step == w->keys->count)
		return row_sort_key(&s->row, at.depth, more);
	key = field_sort_key(w->keys->fields[at.step], &s->row, at.depth, more);
	return w->keys->descending[at.step] ? ~key : key;
}

/* Fills in the keys. Returns the bits that are not the same in all of them. */
static uint64_t take_keys(struct sorting *w, struct entry *e, size_t count, struct level at)
{
	uint64_t differ = 0;
	bool more;

	for (size_t i = 0; i < count; i++) {
		if (i + 2 * AHEAD < count)
			__builtin_prefetch(e[i + 2 * AHEAD].socket);
		if (i + AHEAD < count)
			__builtin_prefetch(e[i + AHEAD].socket->row.socket);
		e[i].key = key_of(w, at, e[i].socket, &more);
		differ |= e[i].key ^ e[0].key;
	}
	return differ;
}

static void insert(struct entry *e, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		struct entry one = e[i];
		size_t to = i;

		for (; to && e[to - 1].key > one.key; to--)
			e[to] = e[to - 1];
		e[to] = one;
	}
}

/* By one byte, those of a value as they were among themselves. */
static void deal(const struct entry *from, struct entry *to, size_t count, unsigned shift)
{
	size_t places[DIGIT] = {0}, sum = 0;

	for (size_t i = 0; i < count; i++)
		places[(uint8_t)(from[i].key >> shift)]++;
	for (unsigned v = 0; v < DIGIT; v++) {
		size_t n = places[v];

		places[v] = sum;
		sum += n;
	}
	for (size_t i = 0; i < count; i++)
		to[places[(uint8_t)(from[i].key >> shift)]++] = from[i];
}

/* From the last byte to the first, those left out that are the same everywhere. */
static void radix(struct entry *e, struct entry *spare, size_t count, uint64_t differ)
{
	struct entry *from = e, *to = spare;

	for (unsigned shift = 0; shift < 64; shift += 8) {
		struct entry *done = to;

		if (!(uint8_t)(differ >> shift))
			continue;
		deal(from, to, count, shift);
		to = from;
		from = done;
	}
	if (from != e)
		memcpy(e, from, count * sizeof(*e));
}

static void sort(struct sorting *w, struct entry *e, size_t count, struct level at);

/* Those with the same key follow one another: they are sorted by what comes next. */
static void sort_same(struct sorting *w, struct entry *e, size_t count, struct level at)
{
	bool more;

	key_of(w, at, e->socket, &more);
	if (more)
		at.depth++;
	else
		at = (struct level){.step = at.step + 1};
	if (at.step <= w->keys->count + 1)
		sort(w, e, count, at);
}

static void sort(struct sorting *w, struct entry *e, size_t count, struct level at)
{
	uint64_t differ = take_keys(w, e, count, at);
	size_t end;

	if (differ && count <= FEW)
		insert(e, count);
	else if (differ)
		radix(e, w->spare, count, differ);
	for (size_t first = 0; first < count; first = end) {
		end = first + 1;
		while (end < count && e[end].key == e[first].key)
			end++;
		if (end - first > 1)
			sort_same(w, e + first, end - first, at);
	}
}

int order_sort(const struct columns *keys, struct live_socket **sockets, size_t count)
{
	struct sorting w = {.keys = keys};

	if (count < 2)
		return 0;
	w.entries = malloc(2 * count * sizeof(*w.entries));
	if (!w.entries)
		return -ENOMEM;
	w.spare = w.entries + count;
	for (size_t i = 0; i < count; i++)
		w.entries[i] = (struct entry){.socket = sockets[i]};
	sort(&w, w.entries, count, (struct level){0});
	for (size_t i = 0; i < count; i++)
		sockets[i] = w.entries[i].socket;
	free(w.entries);
	return 0;
}

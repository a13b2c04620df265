// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/census.h"

#include <errno.h>
#include <stdlib.h>

#include "model/field.h"
#include "util/hash.h"

/* What one process holds in this state. */
struct census_process {
	uint64_t count;
	uint64_t aged; /* for a minute or longer, as far as that can be known */
};

/* A source address, destination address and port, by a hash of them. */
struct census_pair {
	uint64_t key, count;
};

static uint64_t pair_key(const struct socket *sk)
{
	uint64_t words[4], key = sk->peer.port;

	memcpy(words, sk->local.address.bytes, 16);
	memcpy(words + 2, sk->peer.address.bytes, 16);
	for (int i = 0; i < 4; i++)
		key = hash_u64(key ^ words[i]) + (uint64_t)i;
	return key | 1;
}

static struct census_pair *find_pair(struct census_pair *pairs, size_t cap, uint64_t key)
{
	size_t i = key & (cap - 1);

	while (pairs[i].key && pairs[i].key != key)
		i = (i + 1) & (cap - 1);
	return &pairs[i];
}

static int grow_pairs(struct census *c)
{
	size_t cap = c->pair_cap ? c->pair_cap * 2 : 256;
	struct census_pair *pairs = calloc(cap, sizeof(*pairs));

	if (!pairs)
		return -ENOMEM;
	for (size_t i = 0; i < c->pair_cap; i++) {
		if (c->pairs[i].key)
			*find_pair(pairs, cap, c->pairs[i].key) = c->pairs[i];
	}
	free(c->pairs);
	c->pairs = pairs;
	c->pair_cap = cap;
	return 0;
}

static int add_pair(struct census *c, const struct socket *sk)
{
	uint64_t key = pair_key(sk);
	struct census_pair *pair;

	if (c->pair_count * 2 >= c->pair_cap && grow_pairs(c))
		return -ENOMEM;
	pair = find_pair(c->pairs, c->pair_cap, key);
	c->pair_count += !pair->key;
	pair->key = key;
	if (++pair->count > c->standing.most_on_pair)
		c->standing.most_on_pair = pair->count;
	return 0;
}

static int add_process(struct census *c, const struct row *row)
{
	const struct owner_table *t = &row->snapshot->owners;
	uint32_t process;
	uint64_t age;

	if (row->socket->owners == OWNER_NONE) {
		c->without_process++;
		return 0;
	}
	process = t->owners[row->socket->owners].process;
	if (process >= c->process_cap) {
		size_t cap = t->process_count > process ? t->process_count : process + 1;
		struct census_process *more = realloc(c->by_process, cap * sizeof(*more));

		if (!more)
			return -ENOMEM;
		memset(more + c->process_cap, 0, (cap - c->process_cap) * sizeof(*more));
		c->by_process = more;
		c->process_cap = cap;
	}
	c->by_process[process].count++;
	if (!socket_age(row->socket, &age) || age < STANDING_AGED_MS)
		return 0;
	if (++c->by_process[process].aged > c->standing.most_by_process)
		c->standing.most_by_process = c->by_process[process].aged;
	return 0;
}

/* A pair that a new outgoing connection may take over after a second (tcp_tw_reuse). */
static bool is_reusable(const struct row *row)
{
	const struct socket *sk = row->socket;
	const struct sysctl_value *reuse =
		snapshot_sysctl(row->snapshot, sk->netns, SYSCTL_tcp_tw_reuse);

	if (!reuse || !reuse->value)
		return false;
	return reuse->value == 1 || address_scope(sk->family, &sk->peer.address) == SCOPE_LOOPBACK;
}

int census_add(struct census *c, const struct row *row)
{
	int error = add_process(c, row);

	standing_add(&c->standing, row);
	if (!error && row->socket->kernel_state == STATE_TIME_WAIT && !is_reusable(row))
		error = add_pair(c, row->socket);
	return error;
}

/* Ordered by count, then by index, so that equals keep one order. */
bool census_largest(const struct census *c, unsigned skip, uint32_t *process, uint64_t *count)
{
	uint64_t below = UINT64_MAX;
	size_t after = 0;

	for (;; skip--) {
		size_t best = c->process_cap;

		for (size_t i = 0; i < c->process_cap; i++) {
			uint64_t n = c->by_process[i].count;

			if (!n || n > below || (n == below && i <= after))
				continue;
			if (best == c->process_cap || n > c->by_process[best].count)
				best = i;
		}
		if (best == c->process_cap)
			return false;
		below = c->by_process[best].count;
		after = best;
		if (!skip)
			break;
	}
	*process = (uint32_t)after;
	*count = below;
	return true;
}

void census_free(struct census *c)
{
	free(c->by_process);
	free(c->pairs);
	*c = (struct census){0};
}

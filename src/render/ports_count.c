// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/ports_map.h"

#include <errno.h>
#include <stdlib.h>

#include "util/compare.h"
#include "util/grow.h"
#include "util/hash.h"

_Static_assert(sizeof(struct tally_key) == 28, "tally_key has no padding");

static uint32_t *slot_of(const struct tallies *t, const struct tally_key *key)
{
	uint32_t words[sizeof(*key) / sizeof(uint32_t)];
	uint64_t hash = 0;
	uint32_t i;

	memcpy(words, key, sizeof(words));
	for (size_t w = 0; w < sizeof(words) / sizeof(words[0]); w++)
		hash = hash_u64(hash + words[w]);
	i = hash & t->mask;
	while (t->slots[i] && memcmp(&t->list[t->slots[i] - 1].key, key, sizeof(*key)))
		i = (i + 1) & t->mask;
	return &t->slots[i];
}

static int grow(struct tallies *t)
{
	uint32_t cap = t->cap, *slots;

	if (GROW(t->list, cap, cap + 1))
		return -ENOMEM;
	slots = calloc(cap, 2 * sizeof(*slots));
	if (!slots)
		return -ENOMEM;
	free(t->slots);
	t->slots = slots;
	t->cap = cap;
	t->mask = 2 * cap - 1;
	for (uint32_t i = 0; i < t->count; i++)
		*slot_of(t, &t->list[i].key) = i + 1;
	return 0;
}

static int tallies_add(struct tallies *t, const struct tally_key *key)
{
	uint32_t *slot;

	if (t->count == t->cap && grow(t))
		return -ENOMEM;
	slot = slot_of(t, key);
	if (!*slot) {
		t->list[t->count] = (struct tally){.key = *key};
		*slot = ++t->count;
	}
	t->list[*slot - 1].count++;
	return 0;
}

static bool tallies_have(const struct tallies *t, const struct tally_key *key)
{
	return t->count && *slot_of(t, key);
}

static void tallies_free(struct tallies *t)
{
	free(t->list);
	free(t->slots);
}

bool ports_same_peer(const struct tally_key *a, const struct tally_key *b)
{
	return a->family == b->family && a->peer_port == b->peer_port &&
	       !address_compare(&a->peer, &b->peer);
}

/* By program, then as the lines of its block come. */
int ports_compare_tallies(const void *a, const void *b)
{
	const struct tally_key *x = &((const struct tally *)a)->key;
	const struct tally_key *y = &((const struct tally *)b)->key;
	int c = COMPARE(x->program, y->program);

	c = c ? c : COMPARE(x->flow, y->flow);
	c = c ? c : COMPARE(x->port, y->port);
	c = c ? c : COMPARE(x->reason, y->reason);
	c = c ? c : COMPARE(x->family, y->family);
	c = c ? c : address_compare(&x->peer, &y->peer);
	c = c ? c : COMPARE(x->peer_port, y->peer_port);
	return c ? c : COMPARE(state_rank(x->state), state_rank(y->state));
}

static int note_listened(struct ports *p, const struct socket *sk)
{
	struct tally_key key = {.program = sk->netns, .flow = FLOW_LISTEN, .port = sk->local.port};

	return tallies_add(&p->listened, &key);
}

static int note_listeners(struct ports *p, const struct row *row)
{
	const struct socket_list *l = &row->snapshot->listeners;
	int error = 0;

	if (row->socket->kernel_state == STATE_LISTEN)
		error = note_listened(p, row->socket);
	for (; p->listeners_seen < l->count && !error; p->listeners_seen++)
		error = note_listened(p, l->sockets[p->listeners_seen]);
	return error;
}

/* The port tells quickly that nothing listens there; an address may still tell it. */
static enum flow flow_of(const struct ports *p, const struct row *row)
{
	const struct socket *sk = row->socket;
	struct tally_key key = {.program = sk->netns, .flow = FLOW_LISTEN, .port = sk->local.port};

	if (sk->kernel_state == STATE_LISTEN)
		return FLOW_LISTEN;
	if (!sk->peer.port)
		return FLOW_BOUND;
	if (!tallies_have(&p->listened, &key))
		return FLOW_CONNECT;
	return snapshot_listener(row->snapshot, sk, false) ? FLOW_CLIENT : FLOW_CONNECT;
}

static int keep_listener(struct ports *p, uint32_t program)
{
	if (GROW(p->listens, p->listen_cap, p->listen_count + 1))
		return -ENOMEM;
	p->listens[p->listen_count++] = (struct listen){program, (uint32_t)p->rows.count - 1};
	return 0;
}

static int count_for_program(struct ports *p, const struct row *row, uint32_t program)
{
	const struct socket *sk = row->socket;
	struct tally_key key = {
		.program = program,
		.flow = (uint8_t)flow_of(p, row),
		.state = (uint8_t)sk->kernel_state,
	};

	switch (key.flow) {
	case FLOW_LISTEN: return keep_listener(p, program);
	case FLOW_CLIENT: key.port = sk->local.port; break;
	case FLOW_CONNECT: key.peer_port = sk->peer.port; break;
	case FLOW_BOUND: key.port = sk->local.port; return tallies_add(&p->tallies, &key);
	}
	key.family = sk->family;
	key.peer = sk->peer.address;
	return tallies_add(&p->tallies, &key);
}

static int count_without_program(struct ports *p, const struct row *row)
{
	struct tally_key key = {
		.program = NO_PROGRAM,
		.state = (uint8_t)row->socket->kernel_state,
		.reason = row->verdict.reason ? row->verdict.reason : OWNER_NOT_ASKED,
	};
	int error = tallies_add(&p->tallies, &key);

	if (!error && row->socket->kernel_state == STATE_LISTEN)
		error = keep_listener(p, NO_PROGRAM);
	return error;
}

int ports_room_for_processes(struct ports *p, uint32_t count)
{
	uint32_t *more;

	if (count <= p->process_count)
		return 0;
	more = realloc(p->above, count * sizeof(*more));
	if (!more)
		return -ENOMEM;
	p->above = more;
	for (uint32_t i = p->process_count; i < count; i++)
		more[i] = i;
	p->process_count = count;
	return 0;
}

uint32_t ports_top_of(struct ports *p, uint32_t i)
{
	while (p->above[i] != i) {
		p->above[i] = p->above[p->above[i]];
		i = p->above[i];
	}
	return i;
}

void ports_unite(struct ports *p, uint32_t upper, uint32_t lower)
{
	p->above[ports_top_of(p, lower)] = ports_top_of(p, upper);
}

bool ports_same_name(const struct process *a, const struct process *b)
{
	return !strncmp(a->comm, b->comm, sizeof(a->comm));
}

/* Unites a holder with one of its name that was met before; otherwise it stands for the name. */
static int add_holder(struct ports *p, const struct owner_table *t, uint32_t process)
{
	for (size_t i = 0; i < p->program_count; i++) {
		if (ports_same_name(&t->processes[p->programs[i]], &t->processes[process])) {
			ports_unite(p, p->programs[i], process);
			return 0;
		}
	}
	if (GROW(p->programs, p->program_cap, p->program_count + 1))
		return -ENOMEM;
	p->programs[p->program_count++] = process;
	return 0;
}

static int find_holders(struct ports *p, const struct row *row)
{
	const struct owner_table *t = &row->snapshot->owners;
	int error = ports_room_for_processes(p, t->process_count);

	p->program_count = 0;
	for (uint32_t i = row->socket->owners; i != OWNER_NONE && !error;
	     i = owner_table_next(t, i))
		error = add_holder(p, t, t->owners[i].process);
	return error;
}

int ports_take(struct sink *sink, struct row *row)
{
	struct ports *p = (struct ports *)sink;
	int error = note_listeners(p, row);

	p->view.shown++;
	if (!error && row->socket->kernel_state == STATE_LISTEN)
		error = rows_keep(&p->rows, row);
	if (!error)
		error = find_holders(p, row);
	if (!error && !p->program_count)
		return count_without_program(p, row);
	for (size_t i = 0; i < p->program_count && !error; i++)
		error = count_for_program(p, row, p->programs[i]);
	return error;
}

void ports_free_counts(struct ports *p)
{
	tallies_free(&p->tallies);
	tallies_free(&p->listened);
	rows_free(&p->rows);
	free(p->listens);
	free(p->above);
	free(p->programs);
}

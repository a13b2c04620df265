// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/port_tree.h"

#include <errno.h>
#include <stdlib.h>

#include "explain/classify.h"
#include "ui/fold.h"
#include "util/grow.h"
#include "util/hash.h"

enum { PEERS_PLAIN = 5 }; /* more of them have a heading that folds */

int port_tree_begin(struct port_tree *t, const struct app *app)
{
	*t = (struct port_tree){
		.app = app, .live = app->live, .ports = calloc(1, sizeof(struct ports))};
	if (!t->ports)
		return -ENOMEM;
	t->ports->view.snapshot = &app->live->snapshot;
	return 0;
}

/* Counting. */

static int note_holder(struct port_tree *t, uint32_t process)
{
	if (process >= t->holds_count) {
		uint32_t count = t->live->snapshot.owners.process_count;
		uint8_t *more = realloc(t->holds, count);

		if (!more)
			return -ENOMEM;
		memset(more + t->holds_count, 0, count - t->holds_count);
		t->holds = more;
		t->holds_count = count;
	}
	t->holds[process] = 1;
	return 0;
}

static int note_holders(struct port_tree *t, const struct socket *sk)
{
	const struct owner_table *owners = &t->live->snapshot.owners;
	int error = 0;

	for (uint32_t i = sk->owners; i != OWNER_NONE && !error; i = owner_table_next(owners, i))
		error = note_holder(t, owners->owners[i].process);
	return error;
}

static int count_socket(struct port_tree *t, struct live_socket *s)
{
	int error;

	if (s->went || !app_shows(t->app, s))
		return 0;
	if (s->row.socket->owners == OWNER_NONE && !s->judged) {
		classify(&s->row);
		s->judged = true;
	}
	error = note_holders(t, s->row.socket);
	return error ? error : ports_take(&t->ports->view.sink, &s->row);
}

int port_tree_count(struct port_tree *t, size_t most)
{
	const struct live *l = t->live;
	int error = 0;

	for (; most && t->counted < l->count && !error; most--)
		error = count_socket(t, l->sockets[t->counted++]);
	return error;
}

/* Nodes. */

static uint64_t mix(uint64_t id, uint64_t value)
{
	return hash_u64(id * 31 + value);
}

static uint64_t mix_address(uint64_t id, const struct address *address)
{
	uint64_t words[2];

	memcpy(words, address, sizeof(words));
	return mix(mix(id, words[0]), words[1]);
}

/* The index of a new node below another; -ENOMEM. Headings are closed with their `end`. */
static int64_t add(struct port_tree *t, const struct node *node)
{
	if (GROW(t->nodes, t->cap, t->count + 1))
		return -ENOMEM;
	t->nodes[t->count] = *node;
	t->nodes[t->count].end = (uint32_t)t->count + 1;
	return (int64_t)t->count++;
}

static void close_node(struct port_tree *t, int64_t at)
{
	if (at >= 0)
		t->nodes[at].end = (uint32_t)t->count;
}

const struct process *port_tree_process(const struct port_tree *t, uint32_t index)
{
	const struct owner_table *owners = &t->live->snapshot.owners;

	return index < owners->process_count ? &owners->processes[index] : NULL;
}

static bool holds(const struct port_tree *t, uint32_t process)
{
	return process < t->holds_count && t->holds[process];
}

/* Processes that are gone are still known: only holders count. */
static void count_processes(const struct port_tree *t, const struct program *g,
			    struct program_sum *sum)
{
	sum->head = g->head;
	for (size_t i = 0; i < g->process_count; i++)
		sum->processes += holds(t, g->processes[i]);
	for (size_t i = 0; i < g->process_count && g->head != NO_PROGRAM; i++) {
		if (holds(t, sum->head))
			break;
		sum->head = g->processes[i];
	}
}

static struct program_sum sum_of(const struct port_tree *t, const struct program *g)
{
	struct program_sum sum = {0};

	count_processes(t, g, &sum);
	sum.sockets = g->head == NO_PROGRAM ? 0 : g->listener_count;
	for (size_t i = 0; i < g->tally_count; i++) {
		const struct tally *tally = &g->tallies[i];

		sum.sockets += tally->count;
		if (g->head != NO_PROGRAM && tally->key.flow == FLOW_CLIENT)
			sum.clients += tally->count;
		if (g->head != NO_PROGRAM && tally->key.flow == FLOW_CONNECT)
			sum.connects += tally->count;
	}
	return sum;
}

static uint64_t program_id(const struct port_tree *t, const struct program_sum *sum)
{
	const struct process *p = port_tree_process(t, sum->head);

	if (!p)
		return 1;
	return fold_hash((uint64_t)p->pid, p->comm, strnlen(p->comm, sizeof(p->comm)));
}

static int add_processes(struct port_tree *t, const struct program *g, uint64_t id)
{
	struct node node = {.kind = NODE_PROCESSES, .depth = 1, .program = g};
	int64_t heading, at;

	node.id = mix(id, NODE_PROCESSES);
	heading = at = add(t, &node);
	for (size_t i = 0; i < g->process_count && at >= 0; i++) {
		node = (struct node){.kind = NODE_PROCESS, .depth = 2, .program = g};
		node.process = g->processes[i];
		node.id = mix(mix(id, NODE_PROCESS),
			      (uint64_t)port_tree_process(t, node.process)->pid);
		if (holds(t, node.process))
			at = add(t, &node);
	}
	close_node(t, heading);
	return at < 0 ? (int)at : 0;
}

static int add_listeners(struct port_tree *t, const struct program *g, uint64_t id)
{
	struct listener_group *groups;
	size_t count;
	int error = listeners_group(g->listeners, g->listener_count, &groups, &count);

	for (size_t i = 0; i < count && !error; i++) {
		const struct socket *sk = listener_group_first(&groups[i]);
		struct node node = {.kind = NODE_LISTEN, .depth = 1, .program = g};

		node.group = groups[i];
		node.id = mix(mix_address(mix(id, NODE_LISTEN), &sk->local.address),
			      (uint64_t)sk->local.port << 32 | sk->interface);
		node.id = mix(node.id, sk->netns);
		if (add(t, &node) < 0)
			error = -ENOMEM;
	}
	free(groups);
	return error;
}

static const uint8_t kinds[] = {
	[FLOW_CLIENT] = NODE_CLIENTS,
	[FLOW_CONNECT] = NODE_CONNECT,
	[FLOW_BOUND] = NODE_BOUND,
};

static struct line sum_of_lines(const struct line *lines, size_t count)
{
	struct line sum = {.addresses = count};

	for (size_t i = 0; i < count; i++)
		sum.sockets += lines[i].sockets;
	return sum;
}

static int add_lines(struct port_tree *t, const struct program *g, enum flow flow, uint64_t id)
{
	struct line *lines;
	size_t count;
	int error = ports_find_lines(g, flow, &lines, &count);
	bool headed = !error && flow == FLOW_CONNECT && count > PEERS_PLAIN;
	struct node node = {.kind = NODE_CONNECTS, .depth = 1, .program = g};
	int64_t heading = -1, at = 0;

	if (error)
		return error;
	node.id = mix(id, NODE_CONNECTS);
	node.line = sum_of_lines(lines, count);
	if (headed)
		heading = at = add(t, &node);
	for (size_t i = 0; i < count && at >= 0; i++) {
		const struct tally_key *key = &lines[i].tallies->key;

		node = (struct node){.kind = kinds[flow], .depth = 1 + headed, .program = g};
		node.line = lines[i];
		node.id = mix_address(mix(id, kinds[flow]), &key->peer);
		node.id = mix(node.id, (uint64_t)key->port << 32 | key->peer_port);
		if (flow == FLOW_CLIENT)
			node.id = mix(mix(id, NODE_CLIENTS), key->port);
		at = add(t, &node);
	}
	close_node(t, heading);
	free(lines);
	return at < 0 ? (int)at : 0;
}

static int add_reasons(struct port_tree *t, const struct program *g, uint64_t id)
{
	for (size_t at = 0; at < g->tally_count;) {
		struct node node = {.kind = NODE_REASON, .depth = 1, .program = g};

		node.line = ports_next_line(g, &at);
		node.id = mix(mix(id, NODE_REASON), node.line.tallies->key.reason);
		if (add(t, &node) < 0)
			return -ENOMEM;
	}
	return 0;
}

static int add_program(struct port_tree *t, const struct program *g)
{
	struct node node = {.kind = NODE_PROGRAM, .program = g, .sum = sum_of(t, g)};
	uint64_t id = program_id(t, &node.sum);
	int64_t at;
	int error = 0;

	node.id = id;
	at = add(t, &node);
	if (at < 0)
		return -ENOMEM;
	if (node.sum.processes > 1)
		error = add_processes(t, g, id);
	if (!error)
		error = add_listeners(t, g, id);
	if (!error && g->head == NO_PROGRAM)
		error = add_reasons(t, g, id);
	for (enum flow f = FLOW_CLIENT; f <= FLOW_BOUND && g->head != NO_PROGRAM && !error; f++)
		error = add_lines(t, g, f, id);
	close_node(t, at);
	return error;
}

int port_tree_map(struct port_tree *t)
{
	int error = ports_map_make(&t->map, t->ports);

	t->mapped = !error;
	return error;
}

int port_tree_make(struct port_tree *t)
{
	int error = 0;

	for (size_t i = 0; i < t->map.count && !error; i++)
		error = add_program(t, &t->map.programs[i]);
	return error;
}

void port_tree_free(struct port_tree *t)
{
	if (t->mapped)
		ports_map_free(&t->map);
	if (t->ports)
		ports_free_counts(t->ports);
	free(t->ports);
	free(t->holds);
	free(t->nodes);
	*t = (struct port_tree){0};
}

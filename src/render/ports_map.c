// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/ports_map.h"

#include <errno.h>
#include <stdlib.h>

#include "util/compare.h"

static int by_pid(const void *a, const void *b, void *ctx)
{
	const struct map *m = ctx;
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	int c = COMPARE(m->processes[x].pid, m->processes[y].pid);

	return c ? c : COMPARE(x, y);
}

static int by_head(const void *a, const void *b, void *ctx)
{
	const struct map *m = ctx;
	uint32_t x = m->heads[*(const uint32_t *)a], y = m->heads[*(const uint32_t *)b];
	int c = COMPARE(x, y);

	return c ? c : by_pid(a, b, ctx);
}

static uint32_t find_pid(const struct map *m, int32_t pid)
{
	size_t low = 0, high = m->process_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (m->processes[m->order[middle]].pid < pid)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == m->process_count || m->processes[m->order[low]].pid != pid)
		return NO_PROGRAM;
	return m->order[low];
}

/* Finds every process's parent, and unites the two where they have one name. */
static void unite_families(struct ports *p, struct map *m)
{
	for (uint32_t i = 0; i < m->process_count; i++)
		m->order[i] = i;
	qsort_r(m->order, m->process_count, sizeof(*m->order), by_pid, m);
	for (uint32_t i = 0; i < m->process_count; i++) {
		uint32_t parent = find_pid(m, m->processes[i].ppid);

		m->parents[i] = parent;
		if (parent != NO_PROGRAM &&
		    ports_same_name(&m->processes[parent], &m->processes[i]))
			ports_unite(p, parent, i);
	}
}

/* Whether its parent is outside its program. */
static bool is_uppermost(struct ports *p, const struct map *m, uint32_t i)
{
	return m->parents[i] == NO_PROGRAM || ports_top_of(p, m->parents[i]) != ports_top_of(p, i);
}

/* Finds the head of each program: an uppermost process, the one of lowest pid among several. */
static void find_heads(struct ports *p, struct map *m)
{
	for (uint32_t i = 0; i < m->process_count; i++)
		m->heads[i] = NO_PROGRAM;
	for (int uppermost = 1; uppermost >= 0; uppermost--) {
		for (uint32_t o = 0; o < m->process_count; o++) {
			uint32_t i = m->order[o], top = ports_top_of(p, i);

			if (m->heads[top] == NO_PROGRAM && is_uppermost(p, m, i) == uppermost)
				m->heads[top] = i;
		}
	}
	/* Only tops have theirs so far. */
	for (uint32_t i = 0; i < m->process_count; i++) {
		if (p->above[i] != i)
			m->heads[i] = m->heads[ports_top_of(p, i)];
	}
	qsort_r(m->order, m->process_count, sizeof(*m->order), by_head, m);
}

static uint32_t head_of(const struct map *m, uint32_t process)
{
	return process == NO_PROGRAM ? NO_PROGRAM : m->heads[process];
}

static int by_program(const void *a, const void *b)
{
	const struct listen *x = a, *y = b;
	int c = COMPARE(x->program, y->program);

	return c ? c : COMPARE(x->row, y->row);
}

/* Gives tallies and listeners to the heads of their programs, and brings them together. */
static void sort_by_program(struct ports *p, struct map *m)
{
	for (uint32_t i = 0; i < p->tallies.count; i++)
		p->tallies.list[i].key.program = head_of(m, p->tallies.list[i].key.program);
	for (size_t i = 0; i < p->listen_count; i++)
		p->listens[i].program = head_of(m, p->listens[i].program);
	if (p->tallies.count)
		qsort(p->tallies.list, p->tallies.count, sizeof(struct tally),
		      ports_compare_tallies);
	if (p->listen_count)
		qsort(p->listens, p->listen_count, sizeof(struct listen), by_program);
	for (size_t i = 0; i < p->listen_count; i++)
		m->listeners[i] = &p->rows.rows[p->listens[i].row];
}

static void add_tallies(struct program *g, const struct tally *list, size_t count)
{
	g->tallies = list;
	while (g->tally_count < count && list[g->tally_count].key.program == g->head) {
		if (list[g->tally_count].key.flow != FLOW_BOUND)
			g->connections += list[g->tally_count].count;
		g->tally_count++;
	}
}

static void add_listeners(struct program *g, const struct row **rows, const struct listen *list,
			  size_t count)
{
	g->listeners = rows;
	for (; g->listener_count < count && list[g->listener_count].program == g->head;
	     g->listener_count++) {
		uint16_t port = rows[g->listener_count]->socket->local.port;

		if (port < g->lowest_port)
			g->lowest_port = port;
	}
}

static void add_processes(struct program *g, const struct map *m, size_t *at)
{
	if (g->head == NO_PROGRAM)
		return;
	while (m->heads[m->order[*at]] != g->head)
		++*at;
	g->processes = &m->order[*at];
	for (; *at < m->process_count && m->heads[m->order[*at]] == g->head; ++*at)
		g->process_count++;
}

/* Walks the two sorted lists together. */
static void gather_programs(struct ports *p, struct map *m)
{
	size_t tally = 0, listen = 0, process = 0;

	while (tally < p->tallies.count || listen < p->listen_count) {
		struct program *g = &m->programs[m->count++];

		*g = (struct program){.head = NO_PROGRAM, .lowest_port = UINT16_MAX + 1};
		if (tally < p->tallies.count)
			g->head = p->tallies.list[tally].key.program;
		if (listen < p->listen_count && p->listens[listen].program < g->head)
			g->head = p->listens[listen].program;
		/* A list may be empty and NULL, which nothing may be added to. */
		if (tally < p->tallies.count)
			add_tallies(g, &p->tallies.list[tally], p->tallies.count - tally);
		if (listen < p->listen_count)
			add_listeners(g, &m->listeners[listen], &p->listens[listen],
				      p->listen_count - listen);
		add_processes(g, m, &process);
		tally += g->tally_count;
		listen += g->listener_count;
	}
}

/* What listens first, by port; then the busiest; what has no process last. */
static int by_weight(const void *a, const void *b, void *ctx)
{
	const struct program *x = a, *y = b;
	int c = COMPARE(x->head == NO_PROGRAM, y->head == NO_PROGRAM);

	c = c ? c : COMPARE(x->lowest_port, y->lowest_port);
	c = c ? c : -COMPARE(x->connections, y->connections);
	return c ? c : by_pid(&x->head, &y->head, ctx);
}

void ports_map_free(struct map *m)
{
	free(m->order);
	free(m->parents);
	free(m->heads);
	free(m->listeners);
	free(m->programs);
}

int ports_map_make(struct map *m, struct ports *p)
{
	const struct owner_table *t = &p->view.snapshot->owners;
	size_t n = t->process_count + (size_t)1;
	size_t most = p->tallies.count + p->listen_count + 1;
	int error = ports_room_for_processes(p, t->process_count);

	*m = (struct map){
		.snapshot = p->view.snapshot,
		.processes = t->processes,
		.process_count = t->process_count,
		.order = malloc(n * sizeof(uint32_t)),
		.parents = malloc(n * sizeof(uint32_t)),
		.heads = malloc(n * sizeof(uint32_t)),
		.listeners = malloc((p->listen_count + 1) * sizeof(struct row *)),
		.programs = malloc((most < n ? most : n) * sizeof(struct program)),
	};
	if (error || !m->order || !m->parents || !m->heads || !m->listeners || !m->programs) {
		ports_map_free(m);
		return -ENOMEM;
	}
	if (m->process_count) {
		unite_families(p, m);
		find_heads(p, m);
	}
	sort_by_program(p, m);
	gather_programs(p, m);
	qsort_r(m->programs, m->count, sizeof(struct program), by_weight, m);
	return 0;
}

static bool same_line(const struct tally_key *a, const struct tally_key *b)
{
	return a->flow == b->flow && a->port == b->port && a->reason == b->reason &&
	       (a->flow != FLOW_CONNECT || ports_same_peer(a, b));
}

/* The line that begins at the program's tally `*at`, which moves behind it. */
struct line ports_next_line(const struct program *g, size_t *at)
{
	struct line l = {.tallies = g->tallies + *at};

	for (; *at < g->tally_count; ++*at, l.tally_count++) {
		const struct tally *t = &g->tallies[*at];

		if (!same_line(&l.tallies->key, &t->key))
			break;
		l.sockets += t->count;
		if (!l.tally_count || !ports_same_peer(&t[-1].key, &t->key))
			l.addresses++;
	}
	return l;
}

void ports_count_states(struct states *s, const struct line *l)
{
	memset(s, 0, sizeof(*s));
	for (size_t i = 0; i < l->tally_count; i++)
		s->count[l->tallies[i].key.state] += l->tallies[i].count;
}

/* The states there are, in the table's order, unknown ones behind; false at the end. */
bool ports_next_state(const struct states *s, unsigned *i, unsigned *state)
{
	while (state_next(i, state)) {
		if (s->count[*state])
			return true;
	}
	return false;
}

/* The line of most sockets first, then by peer. */
static int by_sockets(const void *a, const void *b)
{
	const struct line *x = a, *y = b;
	int c = -COMPARE(x->sockets, y->sockets);

	return c ? c : ports_compare_tallies(x->tallies, y->tallies);
}

/* All lines of a flow, for the caller to free. */
int ports_find_lines(const struct program *g, enum flow flow, struct line **lines, size_t *count)
{
	*count = 0;
	*lines = malloc((g->tally_count + 1) * sizeof(**lines));
	if (!*lines)
		return -ENOMEM;
	for (size_t at = 0; at < g->tally_count;) {
		struct line l = ports_next_line(g, &at);

		if (l.tallies->key.flow == flow)
			(*lines)[(*count)++] = l;
	}
	if (flow == FLOW_CONNECT && *count)
		qsort(*lines, *count, sizeof(**lines), by_sockets);
	return 0;
}

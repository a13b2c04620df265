// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/live.h"

#include <errno.h>
#include <stdlib.h>

#include "util/grow.h"
#include "util/hash.h"

static struct live_socket **chain_of(const struct live *l, uint64_t id)
{
	return &l->chains[hash_u64(id) & l->mask];
}

struct live_socket *live_find(const struct live *l, uint64_t id)
{
	struct live_socket *s = l->chains ? *chain_of(l, id) : NULL;

	while (s && s->id != id)
		s = s->next;
	return s;
}

static unsigned state_index(unsigned state)
{
	return state < LIVE_STATES ? state : LIVE_STATES - 1;
}

/* Chains as long as one, on average, at most. */
static int grow_chains(struct live *l)
{
	size_t size = l->chains ? (l->mask + 1) * 2 : 1024;
	struct live_socket **chains;

	if (l->chains && l->count <= l->mask)
		return 0;
	chains = calloc(size, sizeof(struct live_socket *));
	if (!chains)
		return -ENOMEM;
	free(l->chains);
	l->chains = chains;
	l->mask = size - 1;
	for (size_t i = 0; i < l->count; i++) {
		struct live_socket *s = l->sockets[i], **chain = chain_of(l, s->id);

		s->next = *chain;
		*chain = s;
	}
	return 0;
}

/* Without memory a change goes unmarked. */
static void tell(struct live *l, struct live_socket *s)
{
	if (s->told || GROW(l->news, l->news_cap, l->news_count + 1))
		return;
	s->told = true;
	l->news[l->news_count++] = s;
}

static int list_listener(struct live *l, struct socket *sk)
{
	struct socket_list *list = &l->snapshot.listeners;

	if (GROW(list->sockets, list->cap, list->count + 1))
		return -ENOMEM;
	list->sockets[list->count++] = sk;
	return 0;
}

static void unlist_listener(struct live *l, const struct socket *sk)
{
	struct socket_list *list = &l->snapshot.listeners;

	for (size_t i = 0; i < list->count; i++) {
		if (list->sockets[i] == sk) {
			list->sockets[i] = list->sockets[--list->count];
			return;
		}
	}
}

static struct live_socket *add(struct live *l, uint64_t id)
{
	struct live_socket *s, **chain;

	if (GROW(l->sockets, l->cap, l->count + 1) || grow_chains(l))
		return NULL;
	s = calloc(1, sizeof(*s));
	if (!s)
		return NULL;
	chain = chain_of(l, id);
	s->id = id;
	s->next = *chain;
	*chain = s;
	s->came = l->refreshes ? l->now : 0;
	s->row.snapshot = &l->snapshot;
	s->place = l->count;
	l->sockets[l->count++] = s;
	return s;
}

static struct socket *copy_socket(const struct socket *sk)
{
	struct socket *copy = malloc(socket_size(sk));

	if (copy)
		memcpy(copy, sk, socket_size(sk));
	return copy;
}

static void note_state(struct live *l, struct live_socket *s, uint8_t before)
{
	l->left[state_index(before)]++;
	l->entered[state_index(s->row.socket->kernel_state)]++;
	memmove(s->was + 1, s->was, sizeof(s->was) - sizeof(*s->was));
	memmove(s->was_until + 1, s->was_until, sizeof(s->was_until) - sizeof(*s->was_until));
	s->was[0] = before;
	s->was_until[0] = l->now;
	s->changed = l->now;
}

static void take_sample(const struct live *l, struct live_socket *s)
{
	const struct socket *sk = s->row.socket;
	struct trail *t = s->trail;

	t->samples[t->next] = (struct trail_sample){
		.time = l->now,
		.recv_queue = sk->recv_queue,
		.send_queue = sk->send_queue,
		.rtt = socket_info(sk, rtt, 0),
		.state = sk->kernel_state,
	};
	t->next = (t->next + 1) % TRAIL_SAMPLES;
	if (t->count < TRAIL_SAMPLES)
		t->count++;
}

static void count_socket(struct live *l, const struct socket *sk)
{
	l->states[state_index(sk->kernel_state)]++;
	l->hidden += sk->absence == OWNER_NO_PERMISSION;
}

static void forget_socket(struct live *l, const struct socket *sk)
{
	l->states[state_index(sk->kernel_state)]--;
	l->hidden -= sk->absence == OWNER_NO_PERMISSION;
	if (sk->kernel_state == STATE_LISTEN)
		unlist_listener(l, sk);
}

int live_put(struct live *l, uint64_t id, const struct socket *sk)
{
	struct live_socket *s = live_find(l, id);
	struct socket *copy = copy_socket(sk), *old;
	bool listed = copy && copy->kernel_state == STATE_LISTEN && !list_listener(l, copy);

	if (!copy)
		return -ENOMEM;
	if (sk->kernel_state == STATE_LISTEN && !listed) {
		free(copy);
		return -ENOMEM;
	}
	if (!s) {
		s = add(l, id);
		l->came++;
	}
	if (!s) {
		if (listed)
			unlist_listener(l, copy);
		free(copy);
		return -ENOMEM;
	}
	old = (struct socket *)s->row.socket;
	if (old && old->inode != copy->inode)
		owner_table_drop(&l->snapshot.owners, old->inode);
	copy->owners = owner_table_find(&l->snapshot.owners, copy->inode);
	s->row.socket = copy;
	if (old && !s->went) {
		forget_socket(l, old);
		if (old->kernel_state != copy->kernel_state)
			note_state(l, s, old->kernel_state);
	}
	if (!old || s->went)
		l->entered[state_index(copy->kernel_state)]++;
	free(old);
	count_socket(l, copy);
	s->read = l->now;
	s->went = 0;
	s->judged = false;
	if (s->trail)
		take_sample(l, s);
	tell(l, s);
	return 0;
}

void live_gone(struct live *l, uint64_t id)
{
	struct live_socket *s = live_find(l, id);

	if (!s || s->went)
		return;
	forget_socket(l, s->row.socket);
	l->left[state_index(s->row.socket->kernel_state)]++;
	s->went = l->now ? l->now : 1;
	l->went++;
	tell(l, s);
}

int live_process(struct live *l, uint32_t index, const struct process *p)
{
	struct owner_table *t = &l->snapshot.owners;

	while (t->process_count <= index) {
		if (owner_table_process(t, &(struct process){0}) < 0)
			return -ENOMEM;
	}
	if (t->processes[index].pid && !process_same(&t->processes[index], p))
		l->renamed = true;
	process_clear(&t->processes[index]);
	t->processes[index] = *p;
	return 0;
}

int live_holders(struct live *l, uint32_t inode, const struct owner *holders, size_t count)
{
	owner_table_drop(&l->snapshot.owners, inode);
	for (size_t i = 0; i < count; i++) {
		const struct owner *h = &holders[i];
		int error =
			owner_table_insert(&l->snapshot.owners, inode, h->process, h->fd, h->via);

		if (error)
			return error;
	}
	return 0;
}

void live_begin(struct live *l, uint64_t now)
{
	l->now = now;
	l->came = l->went = 0;
}

void live_now(struct live *l, uint64_t now)
{
	l->now = now;
}

int live_netns(struct live *l, uint32_t index, struct netns *ns)
{
	struct snapshot *s = &l->snapshot;

	if (index >= s->namespace_count) {
		struct netns *more = realloc(s->namespaces, (index + 1) * sizeof(*more));

		if (!more) {
			netns_clear(ns);
			return -ENOMEM;
		}
		memset(more + s->namespace_count, 0,
		       (index + 1 - s->namespace_count) * sizeof(*more));
		s->namespaces = more;
		s->namespace_count = index + 1;
	}
	netns_clear(&s->namespaces[index]);
	s->namespaces[index] = *ns;
	*ns = (struct netns){0};
	return 0;
}

int live_interface(struct live *l, uint32_t index, const char *name)
{
	return snapshot_interface(&l->snapshot, index)
		       ? 0
		       : snapshot_add_interface(&l->snapshot, index, name);
}

int live_socket_unit(struct live *l, uint32_t inode, const char *unit)
{
	return snapshot_socket_unit(&l->snapshot, inode)
		       ? 0
		       : snapshot_add_socket_unit(&l->snapshot, inode, unit);
}

int live_about(struct live *l, const struct snapshot *about)
{
	struct snapshot *s = &l->snapshot;
	char *host = about->host ? strdup(about->host) : NULL;

	if (about->host && !host)
		return -ENOMEM;
	free(s->host);
	s->host = host;
	s->time = about->time;
	s->monotonic = about->monotonic;
	s->asked = about->asked;
	s->other_pid_namespace = about->other_pid_namespace;
	memcpy(s->missing, about->missing, sizeof(s->missing));
	return 0;
}

void live_finding_clear(struct live_finding *f)
{
	free(f->id);
	free(f->line);
	free(f->text);
	*f = (struct live_finding){0};
}

static void drop_findings(struct live *l)
{
	for (size_t i = 0; i < l->finding_count; i++)
		live_finding_clear(&l->findings[i]);
	free(l->findings);
}

void live_findings(struct live *l, struct live_finding *findings, size_t count)
{
	drop_findings(l);
	l->findings = findings;
	l->finding_count = count;
	l->findings_time = l->now ? l->now : 1;
}

int live_command(struct live *l, uint64_t id, const char *pairs, size_t len)
{
	char *copy = malloc(len + 1);

	if (!copy)
		return -ENOMEM;
	memcpy(copy, pairs, len);
	copy[len] = '\0';
	free(l->command);
	l->command = copy;
	l->command_len = len;
	l->command_id = id;
	return 0;
}

int live_outcome(struct live *l, const struct live_outcome *outcome)
{
	if (GROW(l->outcomes, l->outcome_cap, l->outcome_count + 1))
		return -ENOMEM;
	l->outcomes[l->outcome_count++] = *outcome;
	return 0;
}

int live_end(struct live *l, const struct live_tick *tick)
{
	struct live_count *c = &l->history[l->history_next];

	l->tick = *tick;
	if (tick->error)
		return 0;
	l->refreshes++;
	*c = (struct live_count){.time = l->now, .came = l->came, .went = l->went};
	memcpy(c->states, l->states, sizeof(c->states));
	memcpy(c->entered, l->entered, sizeof(c->entered));
	memcpy(c->left, l->left, sizeof(c->left));
	memset(l->entered, 0, sizeof(l->entered));
	memset(l->left, 0, sizeof(l->left));
	l->history_next = (l->history_next + 1) % LIVE_HISTORY;
	if (l->history_count < LIVE_HISTORY)
		l->history_count++;
	return 0;
}

bool live_is_over(const struct live *l, const struct live_socket *s)
{
	return s->went && l->now - s->went >= LIVE_LINGER_MS;
}

static void unchain(struct live *l, struct live_socket *s)
{
	struct live_socket **at = chain_of(l, s->id);

	while (*at != s)
		at = &(*at)->next;
	*at = s->next;
}

static void free_socket(struct live_socket *s)
{
	free((struct socket *)s->row.socket);
	free(s->trail);
	free(s);
}

static void forget(struct live *l, struct live_socket *s)
{
	struct live_socket *last = l->sockets[--l->count];

	l->sockets[s->place] = last;
	last->place = s->place;
	unchain(l, s);
	owner_table_drop(&l->snapshot.owners, s->row.socket->inode);
	free_socket(s);
}

/* What lingers stays among the news until it is over. */
void live_settle(struct live *l)
{
	size_t left = 0;

	for (size_t i = 0; i < l->news_count; i++) {
		struct live_socket *s = l->news[i];

		s->told = s->went && !live_is_over(l, s);
		if (s->told)
			l->news[left++] = s;
		else if (s->went)
			forget(l, s);
	}
	l->news_count = left;
	l->renamed = false;
}

int live_follow(struct live_socket *s)
{
	if (s->trail)
		return 0;
	s->trail = calloc(1, sizeof(*s->trail));
	return s->trail ? 0 : -ENOMEM;
}

void live_free(struct live *l)
{
	for (size_t i = 0; i < l->count; i++)
		free_socket(l->sockets[i]);
	free(l->sockets);
	free(l->chains);
	free(l->news);
	free(l->outcomes);
	drop_findings(l);
	free(l->command);
	snapshot_free(&l->snapshot);
	*l = (struct live){0};
}

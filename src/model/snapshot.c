// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/snapshot.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "util/grow.h"

const struct sysctl sysctls[SYSCTL_COUNT] = {
#define SYSCTL(name, file, numbers, scope) {#name, file, numbers, SYSCTL_##scope == SYSCTL_HOST},
#include "model/sysctl.def"
#undef SYSCTL
};

const struct missing_kind missing_kinds[MISSING_COUNT] = {
#define MISSING(name, token, class, text) {token, text, MISSING_CLASS_##class},
#include "model/missing.def"
#undef MISSING
};

enum { BLOCK_SIZE = 64 * 1024 };

struct arena_block {
	struct arena_block *next;
	size_t used;
	_Alignas(struct socket) char bytes[BLOCK_SIZE];
};

struct socket *socket_list_add(struct socket_list *l, const struct socket *sk)
{
	size_t size = socket_size(sk);
	struct arena_block *b = l->blocks;
	struct socket *copy;

	if (GROW(l->sockets, l->cap, l->count + 1))
		return NULL;
	if (!b || b->used + size > BLOCK_SIZE) {
		b = malloc(sizeof(*b));
		if (!b)
			return NULL;
		b->next = l->blocks;
		b->used = 0;
		l->blocks = b;
	}
	copy = (struct socket *)(b->bytes + b->used);
	b->used += (size + _Alignof(struct socket) - 1) / _Alignof(struct socket) *
		   _Alignof(struct socket);
	memcpy(copy, sk, size);
	l->sockets[l->count++] = copy;
	return copy;
}

void socket_list_free(struct socket_list *l)
{
	while (l->blocks) {
		struct arena_block *next = l->blocks->next;

		free(l->blocks);
		l->blocks = next;
	}
	free(l->sockets);
	*l = (struct socket_list){0};
}

void netns_clear(struct netns *ns)
{
	for (size_t c = 0; c < ns->counter_count; c++)
		free(ns->counters[c].name);
	free(ns->counters);
	free(ns->reserved);
	free(ns->name);
	*ns = (struct netns){0};
}

void snapshot_free(struct snapshot *s)
{
	for (size_t i = 0; i < s->namespace_count; i++)
		netns_clear(&s->namespaces[i]);
	free(s->namespaces);
	free(s->interfaces);
	for (size_t i = 0; i < s->socket_unit_count; i++)
		free(s->socket_units[i].unit);
	free(s->socket_units);
	free(s->host);
	free(s->filter);
	owner_table_free(&s->owners);
	socket_list_free(&s->listeners);
	*s = (struct snapshot){0};
}

const char *snapshot_interface(const struct snapshot *s, uint32_t index)
{
	for (size_t i = 0; i < s->interface_count; i++) {
		if (s->interfaces[i].index == index)
			return s->interfaces[i].name;
	}
	return NULL;
}

int snapshot_add_interface(struct snapshot *s, uint32_t index, const char *name)
{
	size_t size = (s->interface_count + 1) * sizeof(struct interface);
	struct interface *more = realloc(s->interfaces, size);

	if (!more)
		return -ENOMEM;
	s->interfaces = more;
	more[s->interface_count] = (struct interface){.index = index};
	strncpy(more[s->interface_count].name, name, sizeof(more->name) - 1);
	s->interface_count++;
	return 0;
}

const char *snapshot_socket_unit(const struct snapshot *s, uint32_t inode)
{
	for (size_t i = 0; i < s->socket_unit_count; i++) {
		if (s->socket_units[i].inode == inode)
			return s->socket_units[i].unit;
	}
	return NULL;
}

int snapshot_add_socket_unit(struct snapshot *s, uint32_t inode, const char *unit)
{
	size_t size = (s->socket_unit_count + 1) * sizeof(struct socket_unit);
	struct socket_unit *more = realloc(s->socket_units, size);
	char *copy = strdup(unit);

	if (more)
		s->socket_units = more;
	if (!more || !copy) {
		free(copy);
		return -ENOMEM;
	}
	more[s->socket_unit_count++] = (struct socket_unit){inode, copy};
	return 0;
}

bool netns_counter(const struct netns *ns, const char *name, uint64_t *value)
{
	for (size_t i = 0; i < ns->counter_count; i++) {
		if (!strcmp(ns->counters[i].name, name)) {
			*value = ns->counters[i].value;
			return true;
		}
	}
	return false;
}

int netns_add_counter(struct netns *ns, const char *name, uint64_t value)
{
	char *copy;

	if (GROW(ns->counters, ns->counter_cap, ns->counter_count + 1))
		return -ENOMEM;
	copy = strdup(name);
	if (!copy)
		return -ENOMEM;
	ns->counters[ns->counter_count++] = (struct counter){copy, value};
	return 0;
}

const struct sysctl_value *snapshot_sysctl(const struct snapshot *s, uint32_t netns,
					   enum sysctl_name name)
{
	if (netns >= s->namespace_count)
		return NULL;
	if (s->namespaces[netns].sysctls[name].known)
		return &s->namespaces[netns].sysctls[name];
	for (size_t i = 0; sysctls[name].host && i < s->namespace_count; i++) {
		if (s->namespaces[i].sysctls[name].known)
			return &s->namespaces[i].sysctls[name];
	}
	return NULL;
}

/*
 * How well a listener fits a local address: 0 not at all, larger is closer. The kernel prefers
 * likewise: an exact address, then one bound to the interface.
 */
static int listener_fit(const struct socket *l, const struct socket *sk)
{
	bool v6only = (l->have & HAVE_V6ONLY) && l->v6only;
	bool bound = l->interface != 0;

	if (l->local.port != sk->local.port || l->netns != sk->netns || l->family != sk->family)
		return 0;
	if (bound && l->interface != sk->interface)
		return 0;
	if (!address_compare(&l->local.address, &sk->local.address))
		return 3 + bound;
	if (address_scope(l->family, &l->local.address) != SCOPE_ANY)
		return 0;
	return v6only && address_is_mapped(sk->family, &sk->local.address) ? 0 : 1 + bound;
}

const struct socket *snapshot_listener(const struct snapshot *s, const struct socket *sk,
				       bool waiting)
{
	const struct socket *best = NULL, *queued = NULL;
	size_t fits = 0, queues = 0;
	int best_fit = 1;

	for (size_t i = 0; i < s->listeners.count; i++) {
		const struct socket *l = s->listeners.sockets[i];
		int fit = listener_fit(l, sk);

		if (fit < best_fit)
			continue;
		if (fit > best_fit)
			fits = queues = 0;
		best_fit = fit;
		best = fits++ ? best : l;
		if (l->recv_queue)
			queued = queues++ ? queued : l;
	}
	if (!fits || !waiting || fits == 1)
		return best;
	return queues == 1 ? queued : NULL;
}

bool snapshot_lacks_sockets(const struct snapshot *s)
{
	for (int i = 0; i < MISSING_COUNT; i++) {
		if (s->missing[i].set && missing_kinds[i].class == MISSING_CLASS_SOCKETS)
			return true;
	}
	return false;
}

uint64_t snapshot_interval(const struct snapshot *earlier, const struct snapshot *later)
{
	const struct timespec *a = &earlier->monotonic, *b = &later->monotonic;
	int64_t ms = (b->tv_sec - a->tv_sec) * 1000 + (b->tv_nsec - a->tv_nsec) / 1000000;

	return ms > 0 ? (uint64_t)ms : 0;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* Findings about the local ports that connect() may choose. */
#include <sys/param.h>

#include "explain/diagnosis.h"

enum {
	NEAR_EXHAUSTION = 80, /* percent of the ports that can be had */
	REUSE_MS = 1000,      /* TIME_WAIT this old may be taken: tcp_tw_reuse */
	REUSE_ALL = 1,
	REUSE_LOOPBACK = 2,
	PORTS = 65536,
};

/* Ports that connect() does not choose, one bit each. */
struct port_set {
	uint8_t bits[PORTS / 8];
};

static void set_port(struct port_set *s, unsigned port)
{
	s->bits[port / 8] |= (uint8_t)(1u << port % 8);
}

static bool has_port(const struct port_set *s, unsigned port)
{
	return s->bits[port / 8] >> port % 8 & 1;
}

struct range {
	int64_t first, last; /* of ports that there are; none where last is before first */
};

static struct range port_range(const struct diagnosis *d, const struct row *row)
{
	const struct sysctl_value *v =
		snapshot_sysctl(d->now->snapshot, row->socket->netns, SYSCTL_ip_local_port_range);

	return v ? (struct range){MAX(v->value, 1), MIN(v->upper, PORTS - 1)}
		 : (struct range){1, 0};
}

static bool in_range(struct range range, unsigned port)
{
	return port >= range.first && port <= range.last;
}

static bool is_connected(const struct diagnosis *d, const struct row *row)
{
	const struct socket *sk = row->socket;

	return sk->kernel_state != STATE_LISTEN && sk->kernel_state != STATE_CLOSED &&
	       socket_has_peer(sk) && in_range(port_range(d, row), sk->local.port);
}

static int by_path(const struct row *a, const struct row *b)
{
	int order = by_destination(a, b);

	return order ? order
		     : address_compare(&a->socket->local.address, &b->socket->local.address);
}

/* What is reserved, and what is bound: connect() leaves out a port that some bind() has chosen. */
static void find_blocked(const struct diagnosis *d, uint32_t netns, struct port_set *blocked)
{
	const struct netns *ns = &d->now->snapshot->namespaces[netns];

	for (size_t i = 0; i < ns->reserved_count; i++) {
		for (unsigned port = ns->reserved[i].first; port <= ns->reserved[i].last; port++)
			set_port(blocked, port);
	}
	for (size_t i = 0; i < d->now->count; i++) {
		const struct socket *sk = d->now->rows[i].socket;

		if (sk->netns == netns &&
		    (sk->kernel_state == STATE_LISTEN ||
		     (sk->kernel_state == STATE_CLOSED && !socket_has_peer(sk))))
			set_port(blocked, sk->local.port);
	}
}

static uint64_t count_usable(struct range range, const struct port_set *blocked)
{
	uint64_t usable = 0;

	for (int64_t port = range.first; port <= range.last; port++)
		usable += !has_port(blocked, (unsigned)port);
	return usable;
}

/* TIME_WAIT that connect() may take over. */
static bool is_reusable(const struct diagnosis *d, const struct row *row)
{
	const struct snapshot *s = d->now->snapshot;
	const struct socket *sk = row->socket;
	const struct sysctl_value *reuse = snapshot_sysctl(s, sk->netns, SYSCTL_tcp_tw_reuse);
	const struct sysctl_value *stamps = snapshot_sysctl(s, sk->netns, SYSCTL_tcp_timestamps);
	uint64_t age;

	if (sk->kernel_state != STATE_TIME_WAIT || !reuse || (stamps && !stamps->value))
		return false;
	if (reuse->value == REUSE_LOOPBACK &&
	    address_scope(sk->family, &sk->local.address) != SCOPE_LOOPBACK &&
	    address_scope(sk->family, &sk->peer.address) != SCOPE_LOOPBACK)
		return false;
	return (reuse->value == REUSE_ALL || reuse->value == REUSE_LOOPBACK) &&
	       socket_age(sk, &age) && age > REUSE_MS;
}

/* The ports of one source address to one destination. */
struct use {
	uint64_t used, time_wait, reusable;
};

static struct use count_use(const struct diagnosis *d, const struct group *g,
			    const struct port_set *blocked)
{
	struct use use = {0};

	for (size_t i = 0; i < g->count; i++) {
		const struct socket *sk = g->rows[i]->socket;
		bool reusable = is_reusable(d, g->rows[i]);

		if (has_port(blocked, sk->local.port))
			continue;
		use.reusable += reusable;
		use.used += !reusable;
		use.time_wait += !reusable && sk->kernel_state == STATE_TIME_WAIT;
	}
	return use;
}

/* Ports of the range that are not reserved. */
static int64_t count_free(const struct netns *ns, struct range range)
{
	int64_t ports = range.last - range.first + 1;

	for (size_t i = 0; i < ns->reserved_count; i++) {
		int64_t first = ns->reserved[i].first, last = ns->reserved[i].last;

		first = first > range.first ? first : range.first;
		last = last < range.last ? last : range.last;
		ports -= last >= first ? last - first + 1 : 0;
	}
	return ports;
}

/* A quick look: so few rows fill a range only if most of it is bound. */
static bool are_few(const struct diagnosis *d, const struct group *g)
{
	const struct netns *ns = &d->now->snapshot->namespaces[g->rows[0]->socket->netns];
	int64_t ports = count_free(ns, port_range(d, g->rows[0]));

	return ports <= 0 || (int64_t)g->count * 4 < ports;
}

static void judge_path(struct diagnosis *d, const struct group *g)
{
	struct range range = port_range(d, g->rows[0]);
	struct port_set blocked = {0};
	struct use use;
	struct finding *f;
	uint64_t usable;

	if (are_few(d, g))
		return;
	find_blocked(d, g->rows[0]->socket->netns, &blocked);
	usable = count_usable(range, &blocked);
	use = count_use(d, g, &blocked);
	if (!usable || use.used * 100 < usable * NEAR_EXHAUSTION)
		return;
	f = diagnosis_find(d, FINDING_EPHEMERAL_PORT_EXHAUSTION,
			   use.used >= usable ? SEVERITY_CRITICAL : SEVERITY_WARNING, g);
	if (!f)
		return;
	finding_cite(f, EVIDENCE_PORTS_USED, use.used);
	finding_cite(f, EVIDENCE_PORTS_USABLE, usable);
	finding_cite(f, EVIDENCE_PORTS_TIME_WAIT, use.time_wait);
	finding_cite(f, EVIDENCE_PORTS_REUSABLE, use.reusable);
	finding_cite(f, EVIDENCE_PERCENT, use.used * 100 / usable);
}

void judge_ports(struct diagnosis *d)
{
	diagnosis_groups(d, is_connected, by_path, judge_path);
}

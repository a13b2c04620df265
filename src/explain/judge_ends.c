// SPDX-License-Identifier: GPL-2.0-or-later
/* Findings about connections both of whose ends are on this host. */
#include "explain/diagnosis.h"

#include <errno.h>
#include <stdlib.h>

#include "explain/ends.h"
#include "util/compare.h"

/* A port of an end whose other end was not found. */
struct loose {
	uint32_t netns;
	uint16_t port;
	bool peer; /* it is the peer's */
};

/* What these judges share. */
struct joined {
	struct ends ends;
	struct loose *loose; /* in order */
	size_t count;
};

static const struct row *other_end(const struct diagnosis *d, const struct row *row)
{
	const struct joined *j = d->context;

	return ends_other(&j->ends, row);
}

/* The side that does not close, of a connection whose other side waits for that in FIN_WAIT_2. */
static bool is_waited_for(const struct diagnosis *d, const struct row *row)
{
	const struct row *other;

	if (row->socket->kernel_state != STATE_CLOSE_WAIT || !row->socket->inode)
		return false;
	other = other_end(d, row);
	return other && other->socket->kernel_state == STATE_FIN_WAIT_2;
}

static void judge_half_closed(struct diagnosis *d, const struct group *g)
{
	struct finding *f;

	if (!held_too_long(g))
		return;
	f = diagnosis_note(d, FINDING_ENDS_DISAGREE, SEVERITY_WARNING, g->rows[0]);
	if (!f)
		return;
	finding_cite(f, EVIDENCE_SOCKETS, g->count);
	finding_cite(f, EVIDENCE_OLDEST, g->oldest_ms);
	cite_held(f, g);
	finding_show(f, other_end(d, g->rows[0]));
}

/*
 * The other end of such a connection is in this namespace, or has been: it goes over loopback, or
 * from an address to itself.
 */
static bool is_local(const struct socket *sk)
{
	return sk->peer.port && (address_scope(sk->family, &sk->peer.address) == SCOPE_LOOPBACK ||
				 !address_compare(&sk->local.address, &sk->peer.address));
}

/* Since when nothing came or went, acknowledgements included; false: less than a minute. */
static bool is_quiet(const struct socket *sk, uint64_t *ms)
{
	if (!socket_has(sk, last_ack_recv) || !socket_idle(sk, ms))
		return false;
	if (sk->info.last_ack_recv < *ms)
		*ms = sk->info.last_ack_recv;
	return *ms >= AGED_MS;
}

static bool may_be_alone(const struct socket *sk)
{
	uint64_t quiet;

	return sk->kernel_state == STATE_ESTABLISHED && sk->inode && is_local(sk) &&
	       is_quiet(sk, &quiet);
}

static int compare_loose(const void *a, const void *b)
{
	const struct loose *p = a, *q = b;
	int order = COMPARE(p->netns, q->netns);

	if (!order)
		order = COMPARE(p->port, q->port);
	return order ? order : COMPARE(p->peer, q->peer);
}

static bool is_loose(const struct joined *j, uint32_t netns, uint16_t port, bool peer)
{
	struct loose key = {netns, port, peer};

	return bsearch(&key, j->loose, j->count, sizeof(key), compare_loose);
}

/*
 * Where a connection was redirected its ends agree on one port only, and miss each other. Ports
 * suffice: one end may be IPv4 and the other have that mapped into IPv6.
 */
static bool may_be_redirected(const struct joined *j, const struct socket *sk)
{
	return is_loose(j, sk->netns, sk->local.port, true) ||
	       is_loose(j, sk->netns, sk->peer.port, false);
}

/* Held by a program, silent, and without the other end. */
static bool is_alone(const struct diagnosis *d, const struct row *row)
{
	return may_be_alone(row->socket) && !other_end(d, row) &&
	       !may_be_redirected(d->context, row->socket);
}

static void judge_alone(struct diagnosis *d, const struct group *g)
{
	struct finding *f = diagnosis_find(d, FINDING_ENDS_DISAGREE, SEVERITY_NOTE, g);
	uint64_t most = 0;

	if (!f)
		return;
	for (size_t i = 0; i < g->count; i++) {
		uint64_t quiet;

		if (is_quiet(g->rows[i]->socket, &quiet) && quiet > most)
			most = quiet;
	}
	finding_cite(f, EVIDENCE_QUIET, most);
}

/* Whether there is anything that the join of all rows could tell. */
static bool is_worth_joining(const struct diagnosis *d)
{
	for (size_t i = 0; i < d->now->count; i++) {
		const struct socket *sk = d->now->rows[i].socket;
		uint64_t age;

		if (may_be_alone(sk) || (sk->kernel_state == STATE_CLOSE_WAIT &&
					 socket_age(sk, &age) && age >= AGED_MS))
			return true;
	}
	return false;
}

static void note_loose(struct joined *j, const struct row *row)
{
	const struct socket *sk = row->socket;

	if (sk->kernel_state != STATE_ESTABLISHED || !is_local(sk) || ends_other(&j->ends, row))
		return;
	j->loose[j->count++] = (struct loose){sk->netns, sk->local.port, false};
	j->loose[j->count++] = (struct loose){sk->netns, sk->peer.port, true};
}

static int join(struct joined *j, const struct sample *sample)
{
	int error = ends_join(&j->ends, sample->rows, sample->count);
	size_t most = 0;

	if (error)
		return error;
	for (size_t i = 0; i < sample->count; i++)
		most += sample->rows[i].socket->kernel_state == STATE_ESTABLISHED;
	j->loose = malloc((most * 2 + 1) * sizeof(*j->loose));
	if (!j->loose)
		return -ENOMEM;
	for (size_t i = 0; i < sample->count; i++)
		note_loose(j, &sample->rows[i]);
	qsort(j->loose, j->count, sizeof(*j->loose), compare_loose);
	return 0;
}

/* Whether rows may be missing, so that one end alone proves nothing. */
static bool is_partial(const struct sample *sample)
{
	return sample->narrowed || snapshot_lacks_sockets(sample->snapshot);
}

void judge_ends(struct diagnosis *d)
{
	struct joined j = {0};
	int error;

	if (!is_worth_joining(d))
		return;
	error = join(&j, d->now);
	if (error) {
		d->error = error;
	} else {
		d->context = &j;
		diagnosis_groups(d, is_waited_for, by_holder, judge_half_closed);
		if (!is_partial(d->now))
			diagnosis_groups(d, is_alone, by_holder, judge_alone);
		d->context = NULL;
	}
	free(j.loose);
	ends_free(&j.ends);
}

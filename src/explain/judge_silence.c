// SPDX-License-Identifier: GPL-2.0-or-later
/* Findings about connections whose peers say nothing. */
#include <sys/param.h>

#include "explain/diagnosis.h"
#include "util/compare.h"

enum {
	UNANSWERED_TRIES = 3,   /* timeouts or probes in a row: one or two are lost anywhere */
	SILENT_MS = 10000,      /* below that a path may just be slow */
	SUPERSEDED = 3,         /* silent for AGED_MS: fewer are any client's spare connections */
	SUPERSEDED_MS = 600000, /* silent for so long a single one counts */
	IDLE_MS = 600000,
	IDLE_MANY = 100, /* in one process */
	IDLE_LONG_MS = 2 * 60 * 60000,
};

/* In use by a program, with all that tells when the peer was last heard. */
static bool is_held(const struct row *row)
{
	const struct socket *sk = row->socket;

	return sk->kernel_state == STATE_ESTABLISHED && sk->inode && socket_has(sk, last_ack_recv);
}

/* A peer on this host cannot vanish without closing. */
static bool is_local(const struct socket *sk)
{
	return address_scope(sk->family, &sk->peer.address) == SCOPE_LOOPBACK;
}

static uint64_t silent_ms(const struct row *row)
{
	return MIN(row->socket->info.last_ack_recv, row->socket->info.last_data_recv);
}

static bool is_unanswered(const struct diagnosis *d, const struct row *row)
{
	const struct socket *sk = row->socket;

	(void)d;
	return is_held(row) && sk->have & HAVE_TIMER && sk->retrans >= UNANSWERED_TRIES &&
	       (sk->timer == TIMER_RETRANSMIT || sk->timer == TIMER_KEEPALIVE) &&
	       silent_ms(row) >= SILENT_MS && !row_large_stuck_alone(row);
}

static size_t longest_silent(const struct group *g)
{
	size_t longest = 0;

	for (size_t i = 1; i < g->count; i++) {
		if (silent_ms(g->rows[i]) > silent_ms(g->rows[longest]))
			longest = i;
	}
	return longest;
}

static void judge_unanswered(struct diagnosis *d, const struct group *g)
{
	size_t longest = longest_silent(g), retransmitting = 0, aged = 0;
	const struct socket *sk = g->rows[longest]->socket;
	uint64_t unacknowledged = 0;
	struct finding *f;

	for (size_t i = 0; i < g->count; i++) {
		retransmitting += g->rows[i]->socket->timer == TIMER_RETRANSMIT;
		aged += silent_ms(g->rows[i]) >= AGED_MS;
		unacknowledged += g->rows[i]->socket->send_queue;
	}
	f = diagnosis_find_led(d, FINDING_HALF_OPEN_SUSPECT,
			       aged ? SEVERITY_WARNING : SEVERITY_NOTE, g, longest);
	if (!f)
		return;
	finding_cite(f, EVIDENCE_AGED, aged);
	finding_cite(f, EVIDENCE_RETRANSMITTING, retransmitting);
	finding_cite(f, EVIDENCE_KEEPALIVE_PROBING, g->count - retransmitting);
	finding_cite(f, EVIDENCE_TRIES, sk->retrans);
	finding_cite(f, EVIDENCE_BACKOFF, sk->info.backoff);
	finding_cite(f, EVIDENCE_LAST_ACK, sk->info.last_ack_recv);
	if (unacknowledged)
		finding_cite(f, EVIDENCE_UNACKNOWLEDGED, unacknowledged);
}

static bool may_be_superseded(const struct diagnosis *d, const struct row *row)
{
	(void)d;
	return is_held(row) && !is_local(row->socket);
}

static int by_peer_and_port(const struct row *a, const struct row *b)
{
	int order = by_peer_address(a, b);

	return order ? order : COMPARE(a->socket->local.port, b->socket->local.port);
}

/* Those of a group that are silent, and those that are not. */
struct silence {
	size_t silent, no_timer, heard, newer;
	const struct row *longest;
};

static struct silence count_silent(const struct diagnosis *d, const struct group *g)
{
	struct silence s = {.longest = g->rows[longest_silent(g)]};

	for (size_t i = 0; i < g->count; i++) {
		const struct row *row = g->rows[i];
		bool silent = silent_ms(row) >= AGED_MS;

		s.silent += silent;
		s.heard += !silent;
		s.no_timer += silent && row->socket->timer == TIMER_NONE;
		s.newer += !silent && d->before && !diagnosis_earlier(d, row);
	}
	return s;
}

static void judge_superseded(struct diagnosis *d, const struct group *g)
{
	struct silence s = count_silent(d, g);
	struct finding *f;

	if (!s.heard || !s.silent ||
	    (s.silent < SUPERSEDED && silent_ms(s.longest) < SUPERSEDED_MS))
		return;
	f = diagnosis_note(d, FINDING_SUPERSEDED_ESTABLISHED, SEVERITY_NOTE, s.longest);
	if (!f)
		return;
	finding_cite(f, EVIDENCE_SOCKETS, s.silent);
	finding_cite(f, EVIDENCE_QUIET, silent_ms(s.longest));
	finding_cite(f, EVIDENCE_NO_TIMER, s.no_timer);
	finding_cite(f, EVIDENCE_HEARD, s.heard);
	if (d->before)
		finding_cite(f, EVIDENCE_NEWER, s.newer);
	for (size_t i = 0; i < g->count; i++) {
		if (g->rows[i] != s.longest && silent_ms(g->rows[i]) >= AGED_MS)
			finding_show(f, g->rows[i]);
	}
}

static uint64_t idle_ms(const struct row *row)
{
	uint64_t idle = 0;

	socket_idle(row->socket, &idle);
	return idle;
}

static bool is_idle_unwatched(const struct diagnosis *d, const struct row *row)
{
	const struct socket *sk = row->socket;

	(void)d;
	return is_held(row) && !is_local(sk) && sk->have & HAVE_TIMER && sk->timer == TIMER_NONE &&
	       !sk->send_queue && idle_ms(row) >= IDLE_MS;
}

static void judge_idle(struct diagnosis *d, const struct group *g)
{
	size_t longest = 0, hours = 0;
	struct finding *f;

	for (size_t i = 0; i < g->count; i++) {
		hours += idle_ms(g->rows[i]) >= IDLE_LONG_MS;
		if (idle_ms(g->rows[i]) > idle_ms(g->rows[longest]))
			longest = i;
	}
	if (g->count < IDLE_MANY && !hours)
		return;
	f = diagnosis_find_led(d, FINDING_KEEPALIVE_OFF_IDLE, SEVERITY_NOTE, g, longest);
	if (!f)
		return;
	finding_cite(f, EVIDENCE_QUIET, idle_ms(g->rows[longest]));
	finding_cite(f, EVIDENCE_IDLE_HOURS, hours);
}

void judge_silence(struct diagnosis *d)
{
	diagnosis_groups(d, is_unanswered, by_holder, judge_unanswered);
	diagnosis_groups(d, may_be_superseded, by_peer_and_port, judge_superseded);
	diagnosis_groups(d, is_idle_unwatched, by_holder, judge_idle);
}

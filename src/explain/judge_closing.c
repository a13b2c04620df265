// SPDX-License-Identifier: GPL-2.0-or-later
/* Findings about connections on their way out. */
#include "explain/diagnosis.h"

enum {
	HELD_SOCKETS = 20, /* in one process: half-close is legal */
	HELD_PART = 10,    /* a tenth of its descriptors */
	UNANSWERED = 3,    /* probes or retransmissions: fewer happen on any path */
	UNANSWERED_MANY = 20,
	PINNED_BYTES = 1 << 20,
	PINNED_MS = 30000, /* a client may pause for a moment */
	RTO_LEAST_US = 200000,
	RTO_MOST_US = 120000000,
};

/* Held by a program: it has an inode. */
static bool is_held_close_wait(const struct diagnosis *d, const struct row *row)
{
	(void)d;
	return row->socket->kernel_state == STATE_CLOSE_WAIT && row->socket->inode;
}

static bool is_held_fin_wait_2(const struct diagnosis *d, const struct row *row)
{
	(void)d;
	return row->socket->kernel_state == STATE_FIN_WAIT_2 && row->socket->inode;
}

static bool takes_tenth(const struct process *p, size_t sockets)
{
	/* A limit of none is how a sandbox forbids more. */
	return p && p->have_descriptor_limit && p->descriptor_limit &&
	       sockets > p->descriptor_limit / HELD_PART;
}

bool held_too_long(const struct group *g)
{
	return g->aged && (g->aged >= HELD_SOCKETS || group_aged_growth(g) ||
			   takes_tenth(row_process(g->rows[0]), g->aged));
}

void cite_held(struct finding *f, const struct group *g)
{
	const struct process *p = f->process;

	finding_cite(f, EVIDENCE_AGED, g->aged);
	if (g->diagnosis->before)
		finding_cite(f, EVIDENCE_GROWTH, group_aged_growth(g));
	if (p && p->have_descriptors)
		finding_cite(f, EVIDENCE_DESCRIPTORS, p->descriptors);
	if (p && p->have_descriptor_limit && p->descriptor_limit != UINT64_MAX)
		finding_cite(f, EVIDENCE_DESCRIPTOR_LIMIT, p->descriptor_limit);
}

/*
 * Those that may have stayed a minute: an answered keepalive probe sets back what tells the age,
 * but not when data last came, before the FIN.
 */
static size_t count_hidden_ages(const struct group *g)
{
	size_t hidden = 0;

	for (size_t i = g->aged; i < g->count; i++) {
		const struct socket *sk = g->rows[i]->socket;

		hidden += sk->timer == TIMER_KEEPALIVE &&
			  socket_info(sk, last_data_recv, 0) >= AGED_MS;
	}
	return hidden;
}

static void judge_held(struct diagnosis *d, const struct group *g, enum finding_name name)
{
	size_t hidden = count_hidden_ages(g);
	bool too_long = held_too_long(g);
	struct finding *f;

	if (!too_long && (!hidden || g->aged + hidden < HELD_SOCKETS))
		return;
	f = diagnosis_find(d, name, too_long ? SEVERITY_WARNING : SEVERITY_NOTE, g);
	if (!f)
		return;
	cite_held(f, g);
	if (hidden)
		finding_cite(f, EVIDENCE_AGE_HIDDEN, hidden);
}

static void judge_close_wait(struct diagnosis *d, const struct group *g)
{
	judge_held(d, g, FINDING_CLOSE_WAIT_LEAK);
}

static void judge_fin_wait_2(struct diagnosis *d, const struct group *g)
{
	judge_held(d, g, FINDING_FIN_WAIT_2_HELD);
}

/*
 * How often the kernel has tried in vain. A peer that acknowledges a probe and keeps its window
 * shut sets the count of probes back, but not the backoff.
 */
static unsigned tries_of(const struct socket *sk)
{
	unsigned tries = sk->retrans;

	if (sk->timer != TIMER_RETRANSMIT && sk->timer != TIMER_PROBE)
		return 0;
	if (socket_info(sk, backoff, 0) > tries)
		tries = sk->info.backoff;
	return tries;
}

static bool is_unanswered(const struct socket *sk)
{
	return tries_of(sk) >= UNANSWERED;
}

static bool is_window_closed(const struct socket *sk)
{
	return sk->timer == TIMER_PROBE && socket_has(sk, snd_wnd) && !sk->info.snd_wnd;
}

/* How long it has probed: each probe waits twice as long as the one before. */
static uint64_t probed_ms(const struct socket *sk)
{
	uint64_t wait = socket_info(sk, rto, 0), us = 0;

	if (wait < RTO_LEAST_US)
		wait = RTO_LEAST_US;
	for (unsigned i = 0; i < tries_of(sk); i++) {
		us += wait;
		wait = wait * 2 < RTO_MOST_US ? wait * 2 : RTO_MOST_US;
	}
	return us / 1000;
}

static bool is_stuck_fin_wait_1(const struct diagnosis *d, const struct row *row)
{
	(void)d;
	return row->socket->kernel_state == STATE_FIN_WAIT_1 && is_unanswered(row->socket);
}

/* What a group waits for an acknowledgement of. */
struct stuck {
	uint64_t bytes, tries, orphans;
	uint64_t closed, closed_bytes, probed_ms; /* of those whose peer's window is closed */
};

static struct stuck add_up(const struct group *g)
{
	struct stuck s = {0};

	for (size_t i = 0; i < g->count; i++) {
		const struct socket *sk = g->rows[i]->socket;
		uint64_t tries = tries_of(sk), probed = probed_ms(sk);

		s.bytes += sk->send_queue;
		s.orphans += !sk->inode;
		s.tries = tries > s.tries ? tries : s.tries;
		if (!is_window_closed(sk))
			continue;
		s.closed++;
		s.closed_bytes += sk->send_queue;
		s.probed_ms = probed > s.probed_ms ? probed : s.probed_ms;
	}
	return s;
}

static void cite_stuck(struct finding *f, const struct stuck *s)
{
	finding_cite(f, EVIDENCE_UNACKNOWLEDGED, s->bytes);
	finding_cite(f, EVIDENCE_ORPHANS_HERE, s->orphans);
	finding_cite(f, EVIDENCE_TRIES, s->tries);
	if (!s->closed)
		return;
	finding_cite(f, EVIDENCE_WINDOW_CLOSED, s->closed);
	finding_cite(f, EVIDENCE_PROBED, s->probed_ms);
}

/* A peer that does not answer at all is given up by the kernel; one with a shut window never is. */
static void judge_fin_wait_1(struct diagnosis *d, const struct group *g)
{
	struct stuck s = add_up(g);
	struct finding *f;

	if (s.probed_ms < PINNED_MS ||
	    (s.closed < UNANSWERED_MANY && s.closed_bytes < PINNED_BYTES))
		return;
	f = diagnosis_find(d, FINDING_FIN_WAIT_1_PINNED, SEVERITY_WARNING, g);
	if (f)
		cite_stuck(f, &s);
}

static void note_fin_wait_1(struct diagnosis *d, const struct group *g)
{
	struct stuck s = add_up(g);
	struct finding *f;

	if (g->count < UNANSWERED_MANY && s.bytes < PINNED_BYTES)
		return;
	f = diagnosis_find(d, FINDING_FIN_WAIT_1_PINNED, SEVERITY_NOTE, g);
	if (f)
		cite_stuck(f, &s);
}

static bool is_stuck_last_ack(const struct diagnosis *d, const struct row *row)
{
	(void)d;
	return (row->socket->kernel_state == STATE_LAST_ACK ||
		row->socket->kernel_state == STATE_CLOSING) &&
	       is_unanswered(row->socket);
}

static void find_last_ack(struct diagnosis *d, const struct group *g, enum severity severity)
{
	struct stuck s = add_up(g);
	struct finding *f;

	if (g->count < UNANSWERED_MANY)
		return;
	f = diagnosis_find(d, FINDING_LAST_ACK_STUCK, severity, g);
	if (f)
		cite_stuck(f, &s);
}

static void judge_last_ack(struct diagnosis *d, const struct group *g)
{
	find_last_ack(d, g, SEVERITY_WARNING);
}

static void note_last_ack(struct diagnosis *d, const struct group *g)
{
	find_last_ack(d, g, SEVERITY_NOTE);
}

/* Many to one address are a finding about that; many to all of them together, a note. */
static void judge_by_peer(struct diagnosis *d, row_test *test, group_judge *judge,
			  group_judge *note)
{
	size_t before = d->found->count;

	diagnosis_groups(d, test, by_peer_address, judge);
	if (d->found->count == before)
		diagnosis_groups(d, test, by_netns, note);
}

void judge_closing(struct diagnosis *d)
{
	diagnosis_groups(d, is_held_close_wait, by_holder, judge_close_wait);
	diagnosis_groups(d, is_held_fin_wait_2, by_holder, judge_fin_wait_2);
	judge_by_peer(d, is_stuck_fin_wait_1, judge_fin_wait_1, note_fin_wait_1);
	judge_by_peer(d, is_stuck_last_ack, judge_last_ack, note_last_ack);
}

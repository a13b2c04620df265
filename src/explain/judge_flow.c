// SPDX-License-Identifier: GPL-2.0-or-later
/* Findings about connections whose data does not flow. */
#include <sys/param.h>

#include "explain/diagnosis.h"

enum {
	UNREAD_BYTES = 65536,   /* much, or half of the buffer */
	UNREAD_STALL_MS = 1000, /* a program may be busy for so long */
	FIN_ONLY = 1,           /* an unread FIN counts one in the receive queue */
	WINDOW_PROBES = 3,
	STUCK_TIMEOUTS = 3,   /* tcp_retries1: where the kernel too begins to doubt the path */
	STUCK_SEGMENT = 1000, /* every path carries less */
};

static bool has_state(const struct socket *sk, uint32_t states)
{
	return sk->kernel_state < 32 && 1u << sk->kernel_state & states && sk->inode;
}

enum { OPEN_STATES = STATE_BIT(ESTABLISHED) | STATE_BIT(CLOSE_WAIT) };

/* The program's side: what it does not read. */

static bool is_unread(const struct row *row)
{
	const struct socket *sk = row->socket;

	return has_state(sk, OPEN_STATES) && sk->have & HAVE_QUEUES && sk->recv_queue > FIN_ONLY &&
	       socket_has(sk, bytes_received);
}

static bool is_much(const struct socket *sk)
{
	return sk->recv_queue >= UNREAD_BYTES ||
	       (sk->have & HAVE_MEMORY && sk->memory.rmem_alloc >= sk->memory.rcvbuf / 2);
}

/* Nothing was read since the earlier sample; what came in between does not matter. */
static bool is_unchanged(const struct socket *sk, const struct row *earlier)
{
	return is_unread(earlier) &&
	       sk->info.bytes_received - sk->recv_queue ==
		       earlier->socket->info.bytes_received - earlier->socket->recv_queue;
}

static bool is_not_read(const struct diagnosis *d, const struct row *row)
{
	const struct row *earlier = diagnosis_earlier(d, row);

	return earlier && is_unread(row) && is_unchanged(row->socket, earlier) &&
	       is_much(row->socket) && is_much(earlier->socket) &&
	       diagnosis_interval(d) >= UNREAD_STALL_MS;
}

/* Not enough to be sure, and still worth a note. */
static bool is_hardly_read(const struct diagnosis *d, const struct row *row)
{
	const struct row *earlier = diagnosis_earlier(d, row);
	uint64_t waits;

	if (!is_unread(row) || is_not_read(d, row))
		return false;
	if (earlier && !is_unchanged(row->socket, earlier))
		return false;
	waits = row->socket->info.last_data_recv;
	return waits >= AGED_MS || (is_much(row->socket) && waits >= UNREAD_STALL_MS);
}

static void find_unread(struct diagnosis *d, const struct group *g, enum severity severity)
{
	uint64_t unread = 0, quiet = UINT64_MAX;
	struct finding *f;

	for (size_t i = 0; i < g->count; i++) {
		unread += g->rows[i]->socket->recv_queue;
		quiet = MIN(quiet, g->rows[i]->socket->info.last_data_recv);
	}
	f = diagnosis_find_led(d, FINDING_APP_NOT_READING, severity, g, 0);
	if (!f)
		return;
	finding_cite(f, EVIDENCE_UNREAD, unread);
	finding_cite(f, EVIDENCE_QUIET, quiet);
	if (d->before)
		finding_cite(f, EVIDENCE_STALLED, diagnosis_interval(d));
	diagnosis_cite_vitals(f);
}

static void judge_not_read(struct diagnosis *d, const struct group *g)
{
	find_unread(d, g, SEVERITY_WARNING);
}

static void judge_hardly_read(struct diagnosis *d, const struct group *g)
{
	find_unread(d, g, SEVERITY_NOTE);
}

/* The peer's program: a window of 0. */

/* An answered probe begins the count of unanswered ones anew, but not the doubling. */
static uint64_t probes_of(const struct socket *sk)
{
	return MAX(sk->info.backoff, sk->info.probes);
}

static bool is_window_closed(const struct diagnosis *d, const struct row *row)
{
	const struct socket *sk = row->socket;

	(void)d;
	return has_state(sk, OPEN_STATES) && sk->have & HAVE_TIMER && sk->timer == TIMER_PROBE &&
	       sk->send_queue && socket_has(sk, snd_wnd) && !sk->info.snd_wnd &&
	       probes_of(sk) >= WINDOW_PROBES;
}

static void judge_window_closed(struct diagnosis *d, const struct group *g)
{
	uint64_t queued = 0, probes = 0, unanswered = 0;
	struct finding *f;
	size_t first = 0;

	for (size_t i = 0; i < g->count; i++) {
		const struct socket *sk = g->rows[i]->socket;

		queued += sk->send_queue;
		unanswered = MAX(unanswered, sk->info.probes);
		if (probes_of(sk) > probes) {
			probes = probes_of(sk);
			first = i;
		}
	}
	f = diagnosis_find_led(d, FINDING_PEER_WINDOW_CLOSED, SEVERITY_WARNING, g, first);
	if (!f)
		return;
	finding_cite(f, EVIDENCE_QUEUED, queued);
	finding_cite(f, EVIDENCE_PROBES, probes);
	finding_cite(f, EVIDENCE_UNANSWERED_PROBES, unanswered);
}

/* The path: large segments do not get through. */

/* Of what was acknowledged: segments as large as they may be were not among it, or few. */
static bool was_small(const struct socket *sk)
{
	return sk->info.bytes_acked * 2 <= (uint64_t)sk->info.delivered * sk->info.snd_mss;
}

static bool is_large_stuck(const struct row *row)
{
	const struct socket *sk = row->socket;

	return has_state(sk, OPEN_STATES) && socket_has(sk, delivered) && sk->have & HAVE_TIMER &&
	       sk->timer == TIMER_RETRANSMIT && sk->retrans >= STUCK_TIMEOUTS &&
	       sk->info.snd_mss >= STUCK_SEGMENT &&
	       sk->send_queue >= (uint64_t)sk->info.notsent_bytes + sk->info.snd_mss &&
	       was_small(sk);
}

/* At least so long ago the segment went out first: each timeout was half of the next. */
static uint64_t stuck_ms(const struct socket *sk)
{
	uint64_t timeout = sk->info.rto / 1000;

	return timeout - (timeout >> MIN(sk->retrans, 63));
}

bool row_large_stuck_alone(const struct row *row)
{
	return is_large_stuck(row) && (row->socket->info.sacked ||
				       row->socket->info.last_ack_recv < stuck_ms(row->socket) / 2);
}

static bool is_connected(const struct diagnosis *d, const struct row *row)
{
	(void)d;
	return has_state(row->socket, OPEN_STATES) && socket_has(row->socket, delivered);
}

/* What the other connections to a peer tell of the path there. */
struct path {
	bool carries_large;
	uint64_t heard_ms; /* ago */
};

static struct path look_at_path(const struct group *g)
{
	struct path p = {.heard_ms = UINT64_MAX};

	for (size_t i = 0; i < g->count; i++) {
		const struct socket *sk = g->rows[i]->socket;

		if (is_large_stuck(g->rows[i]))
			continue;
		p.heard_ms = MIN(p.heard_ms, sk->info.last_ack_recv);
		p.carries_large |= sk->info.snd_mss >= STUCK_SEGMENT && !was_small(sk);
	}
	return p;
}

static void find_stuck(struct diagnosis *d, const struct row *worst, size_t stuck)
{
	const struct socket *sk = worst->socket;
	const struct sysctl_value *probing =
		snapshot_sysctl(d->now->snapshot, sk->netns, SYSCTL_tcp_mtu_probing);
	struct reading failed = diagnosis_counter(d, sk->netns, "TcpExt.TCPMTUPFail");
	struct finding *f =
		diagnosis_note(d, FINDING_PMTU_BLACKHOLE_SUSPECT, SEVERITY_WARNING, worst);

	if (!f)
		return;
	finding_cite(f, EVIDENCE_SOCKETS, stuck);
	finding_cite(f, EVIDENCE_TRIES, sk->retrans);
	finding_cite(f, EVIDENCE_BACKOFF, sk->info.backoff);
	finding_cite(f, EVIDENCE_SEGMENT, sk->info.snd_mss);
	finding_cite(f, EVIDENCE_PATH_MTU, sk->info.pmtu);
	finding_cite(f, EVIDENCE_SACKED, sk->info.sacked);
	finding_cite(f, EVIDENCE_LAST_ACK, sk->info.last_ack_recv);
	finding_cite(f, EVIDENCE_UNACKNOWLEDGED, sk->send_queue);
	if (probing)
		finding_cite(f, EVIDENCE_MTU_PROBING, (uint64_t)probing->value);
	if (failed.compared)
		finding_cite(f, EVIDENCE_MTU_FAILED, failed.grown);
}

static void judge_peer(struct diagnosis *d, const struct group *g)
{
	struct path path = look_at_path(g);
	const struct row *worst = NULL;
	size_t stuck = 0;

	for (size_t i = 0; i < g->count; i++) {
		const struct row *row = g->rows[i];

		if (!is_large_stuck(row) || path.carries_large ||
		    !(row_large_stuck_alone(row) || path.heard_ms < stuck_ms(row->socket) / 2))
			continue;
		stuck++;
		if (!worst || row->socket->retrans > worst->socket->retrans)
			worst = row;
	}
	if (worst)
		find_stuck(d, worst, stuck);
}

/* Few hosts have such: only then all rows are sorted. */
static bool any_stuck(const struct diagnosis *d)
{
	for (size_t i = 0; i < d->now->count; i++) {
		if (is_large_stuck(&d->now->rows[i]))
			return true;
	}
	return false;
}

void judge_flow(struct diagnosis *d)
{
	diagnosis_groups(d, is_not_read, by_holder, judge_not_read);
	diagnosis_groups(d, is_hardly_read, by_holder, judge_hardly_read);
	diagnosis_groups(d, is_window_closed, by_holder, judge_window_closed);
	if (any_stuck(d))
		diagnosis_groups(d, is_connected, by_peer_address, judge_peer);
}

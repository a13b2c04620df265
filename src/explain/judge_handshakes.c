// SPDX-License-Identifier: GPL-2.0-or-later
/* Findings about SYNs that come in and do not become connections. */
#include "explain/diagnosis.h"

#include "explain/situation.h"
#include "util/compare.h"

enum {
	FLOOD_SYNS = 100,      /* to a full queue, between the samples: more than a burst */
	FLOOD_PER_SECOND = 10, /* and at this rate */
	FLOOD_TOTAL = 1000,    /* since the namespace began: worth a note */
	FLOOD_UNANSWERED = 64, /* rows that by themselves make one */
	FLOOD_SOURCES = 32,    /* of so many addresses */
	COOKIES_ALWAYS = 2,    /* tcp_syncookies: also for healthy SYNs */
	DROPPED = 10,          /* packets between the samples that are no accident */
	PAWS_IN = 20,
	CONNTRACK_NEAR_FULL = 90, /* percent */
};

/* Waits for the last ACK; those that have it wait for data (TCP_DEFER_ACCEPT). */
static bool is_half_open(const struct diagnosis *d, const struct row *row)
{
	(void)d;
	return row->verdict.details & DETAIL_REQUEST_SOCKET &&
	       row->verdict.situation != &situations[SITUATION_SYN_RECEIVED_DEFERRED];
}

static int by_port(const struct row *a, const struct row *b)
{
	int order = by_netns(a, b);

	return order ? order : COMPARE(a->socket->local.port, b->socket->local.port);
}

/* What a namespace's counters say of SYNs that found the queue of half-open connections full. */
struct flood {
	bool known;
	bool compared;
	uint64_t cookies;  /* were sent instead */
	uint64_t answered; /* and came back */
	uint64_t dropped;
};

static uint64_t count_of(struct reading r)
{
	return r.compared ? r.grown : r.total;
}

static struct flood read_flood(const struct diagnosis *d, uint32_t netns)
{
	const struct sysctl_value *cookies =
		snapshot_sysctl(d->now->snapshot, netns, SYSCTL_tcp_syncookies);
	struct reading sent = diagnosis_counter(d, netns, "TcpExt.SyncookiesSent");
	struct reading answered = diagnosis_counter(d, netns, "TcpExt.SyncookiesRecv");
	struct reading dropped = diagnosis_counter(d, netns, "TcpExt.TCPReqQFullDrop");

	if (!cookies || cookies->value == COOKIES_ALWAYS || !sent.known || !dropped.known)
		return (struct flood){0};
	return (struct flood){
		.known = true,
		.compared = sent.compared && dropped.compared,
		.cookies = count_of(sent),
		.answered = count_of(answered),
		.dropped = count_of(dropped),
	};
}

static bool is_flooded(const struct diagnosis *d, const struct flood *flood)
{
	uint64_t syns = flood->cookies + flood->dropped;

	return flood->compared && syns >= FLOOD_SYNS &&
	       syns * 1000 >= diagnosis_interval(d) * FLOOD_PER_SECOND;
}

/* Clients that answer are real; those turned away cannot. */
static enum severity severity_of(const struct flood *flood)
{
	if (flood->dropped >= FLOOD_SYNS)
		return SEVERITY_CRITICAL;
	return flood->answered * 2 >= flood->cookies ? SEVERITY_NOTE : SEVERITY_WARNING;
}

static void cite_flood(const struct diagnosis *d, struct finding *f, const struct flood *flood)
{
	bool compared = flood->compared;

	if (!flood->known)
		return;
	finding_cite(f, compared ? EVIDENCE_COOKIES_SENT : EVIDENCE_COOKIES_SENT_TOTAL,
		     flood->cookies);
	finding_cite(f, compared ? EVIDENCE_COOKIES_ANSWERED : EVIDENCE_COOKIES_ANSWERED_TOTAL,
		     flood->answered);
	finding_cite(f, compared ? EVIDENCE_SYNS_DROPPED : EVIDENCE_SYNS_DROPPED_TOTAL,
		     flood->dropped);
	if (compared)
		finding_cite(f, EVIDENCE_INTERVAL, diagnosis_interval(d));
}

/* Whether an accept queue is full: of this port, or with 0 any of the namespace. */
static bool any_full(const struct diagnosis *d, uint32_t netns, uint16_t port)
{
	const struct socket_list *l = &d->now->snapshot->listeners;

	for (size_t i = 0; i < l->count; i++) {
		if (l->sockets[i]->netns == netns && listener_is_full(l->sockets[i]) &&
		    (!port || l->sockets[i]->local.port == port))
			return true;
	}
	return false;
}

static size_t count_unanswered(const struct group *g)
{
	size_t unanswered = 0;

	for (size_t i = 0; i < g->count; i++)
		unanswered += g->rows[i]->socket->retrans > 0;
	return unanswered;
}

/* Above half the backlog the kernel drops old ones early: half is as full as it may be found. */
static bool fills_queue(const struct group *g, const struct socket *listener)
{
	return listener && listener->have & HAVE_BACKLOG && g->count * 2 >= listener->send_queue;
}

static void judge_half_open(struct diagnosis *d, const struct group *g)
{
	const struct row *row = g->rows[0];
	const struct socket *listener = snapshot_listener(row->snapshot, row->socket, false);
	struct flood flood = read_flood(d, row->socket->netns);
	size_t unanswered = count_unanswered(g), sources = group_distinct(d, g, by_peer_address);
	bool by_rows = unanswered >= FLOOD_UNANSWERED && sources >= FLOOD_SOURCES;
	bool by_counters = is_flooded(d, &flood) && fills_queue(g, listener);
	struct finding *f;

	if ((!by_rows && !by_counters) || any_full(d, row->socket->netns, row->socket->local.port))
		return;
	f = diagnosis_find(d, FINDING_SYN_FLOOD_SUSPECT,
			   by_counters ? severity_of(&flood) : SEVERITY_WARNING, g);
	if (!f)
		return;
	f->process = listener_process(row);
	finding_cite(f, EVIDENCE_SOURCES, sources);
	finding_cite(f, EVIDENCE_UNANSWERED, unanswered);
	if (listener && listener->have & HAVE_BACKLOG)
		finding_cite(f, EVIDENCE_BACKLOG, listener->send_queue);
	if (flood.compared)
		cite_flood(d, f, &flood);
}

static bool is_found(const struct diagnosis *d, enum finding_name name, uint32_t netns)
{
	for (size_t i = 0; i < d->found->count; i++) {
		const struct finding *f = d->found->findings[i];

		if (f->kind == &finding_kinds[name] && f->netns == netns)
			return true;
	}
	return false;
}

/* A flood that has left no rows now, or was at some time. */
static void judge_flood(struct diagnosis *d, uint32_t netns)
{
	struct flood flood = read_flood(d, netns);
	bool past = flood.known && !flood.compared && flood.cookies + flood.dropped >= FLOOD_TOTAL;
	struct finding *f;

	if (!past && !is_flooded(d, &flood))
		return;
	if (is_found(d, FINDING_SYN_FLOOD_SUSPECT, netns) || any_full(d, netns, 0))
		return;
	f = diagnosis_of_netns(d, FINDING_SYN_FLOOD_SUSPECT,
			       past ? SEVERITY_NOTE : severity_of(&flood), netns);
	if (f)
		cite_flood(d, f, &flood);
}

/* What several counters have grown by together. */
static uint64_t grown(const struct diagnosis *d, uint32_t netns, const char *const *names)
{
	uint64_t sum = 0;

	for (; *names; names++)
		sum += diagnosis_counter(d, netns, *names).grown;
	return sum;
}

/*
 * PAWS drops of handshakes. Late duplicates of connections that come and go quickly are among them,
 * as they should be: below one in PAWS_IN of the connections begun they tell nothing.
 */
static uint64_t paws_drops(const struct diagnosis *d, uint32_t netns)
{
	static const char *const paws[] = {"TcpExt.PAWSActive", "TcpExt.PAWSTimewait",
					   "TcpExt.TSEcrRejected", NULL};
	static const char *const opens[] = {"Tcp.ActiveOpens", "Tcp.PassiveOpens", NULL};
	uint64_t drops = grown(d, netns, paws);

	return drops >= grown(d, netns, opens) / PAWS_IN ? drops : 0;
}

static void judge_dropped(struct diagnosis *d, uint32_t netns)
{
	static const char *const reverse_path[] = {"TcpExt.IPReversePathFilter", NULL};
	static const char *const signature[] = {"TcpExt.TCPMD5NotFound", "TcpExt.TCPMD5Unexpected",
						"TcpExt.TCPMD5Failure", NULL};
	const struct {
		enum evidence_name evidence;
		uint64_t drops;
	} kinds[] = {
		{EVIDENCE_REVERSE_PATH, grown(d, netns, reverse_path)},
		{EVIDENCE_PAWS, paws_drops(d, netns)},
		{EVIDENCE_SIGNATURE, grown(d, netns, signature)},
	};
	struct finding *f = NULL;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (kinds[i].drops < DROPPED)
			continue;
		if (!f)
			f = diagnosis_of_netns(d, FINDING_SYN_DROPPED_ELSEWHERE, SEVERITY_WARNING,
					       netns);
		if (f)
			finding_cite(f, kinds[i].evidence, kinds[i].drops);
	}
	if (f)
		finding_cite(f, EVIDENCE_INTERVAL, diagnosis_interval(d));
}

static void judge_conntrack(struct diagnosis *d, uint32_t netns)
{
	const struct sysctl_value *count =
		snapshot_sysctl(d->now->snapshot, netns, SYSCTL_nf_conntrack_count);
	const struct sysctl_value *max =
		snapshot_sysctl(d->now->snapshot, netns, SYSCTL_nf_conntrack_max);
	uint64_t percent;
	struct finding *f;

	/* A maximum of 0 is none. */
	if (!count || !max || count->value < 0 || max->value <= 0)
		return;
	percent = percent_of((uint64_t)count->value, (uint64_t)max->value);
	if (percent < CONNTRACK_NEAR_FULL)
		return;
	f = diagnosis_of_netns(d, FINDING_CONNTRACK_NEAR_FULL,
			       count->value >= max->value ? SEVERITY_CRITICAL : SEVERITY_WARNING,
			       netns);
	if (!f)
		return;
	finding_cite(f, EVIDENCE_CONNTRACK_COUNT, (uint64_t)count->value);
	finding_cite(f, EVIDENCE_CONNTRACK_MAX, (uint64_t)max->value);
	finding_cite(f, EVIDENCE_PERCENT, percent);
}

void judge_handshakes(struct diagnosis *d)
{
	diagnosis_groups(d, is_half_open, by_port, judge_half_open);
	for (uint32_t i = 0; i < d->now->snapshot->namespace_count; i++) {
		judge_flood(d, i);
		judge_dropped(d, i);
		judge_conntrack(d, i);
	}
}

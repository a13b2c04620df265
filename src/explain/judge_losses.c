// SPDX-License-Identifier: GPL-2.0-or-later
/* Findings from the counters: what was lost, dropped or reset, and the memory for it. */
#include "explain/diagnosis.h"

enum {
	DROPS_MANY = 100,
	DROPS_TOTAL_MANY = 1000,
	RETRANSMISSION_SEGMENTS = 1000, /* sent in all: a share of less means nothing */
	RETRANSMISSION_PERCENT = 2,
	RESETS_MANY = 100,
	RESETS_TOTAL_MANY = 1000,
	RESETS_PERCENT = 10, /* of the connections opened */
};

/* A counter, and the evidence that a share of it makes. */
struct part {
	const char *counter;
	enum evidence_name evidence;
};

/* What a counter has to say: its growth where there are two samples, all of it otherwise. */
static uint64_t told(const struct diagnosis *d, uint32_t netns, const char *counter)
{
	struct reading r = diagnosis_counter(d, netns, counter);

	return !r.known ? 0 : r.compared ? r.grown : r.total;
}

static bool is_compared(const struct diagnosis *d, uint32_t netns, const char *counter)
{
	return diagnosis_counter(d, netns, counter).compared;
}

/* Cites those parts that are not 0. */
static void cite_parts(const struct diagnosis *d, struct finding *f, uint32_t netns,
		       const struct part *parts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint64_t value = told(d, netns, parts[i].counter);

		if (value)
			finding_cite(f, parts[i].evidence, value);
	}
}

/* Over which time it grew, and where. */
static void cite_interval(const struct diagnosis *d, struct finding *f, uint32_t netns)
{
	f->netns = netns;
	if (d->before)
		finding_cite(f, EVIDENCE_INTERVAL, diagnosis_interval(d));
}

/* How much a member of a socket grew between the samples: all of it where it is new. */
typedef uint64_t measure(const struct row *row);

static uint64_t drops(const struct row *row)
{
	return row->socket->have & HAVE_MEMORY && row->socket->kernel_state != STATE_LISTEN
		       ? row->socket->memory.drops
		       : 0;
}

static uint64_t retransmitted(const struct row *row)
{
	return row->socket->kernel_state != STATE_LISTEN
		       ? socket_info(row->socket, total_retrans, 0)
		       : 0;
}

static uint64_t growth(const struct diagnosis *d, const struct row *row, measure *of)
{
	const struct row *earlier = diagnosis_earlier(d, row);
	uint64_t now = of(row), then = earlier ? of(earlier) : 0;

	return now > then ? now - then : 0;
}

/* The row of a namespace where it grew most; NULL where it grew nowhere. */
static const struct row *grew_most(const struct diagnosis *d, uint32_t netns, measure *of)
{
	const struct row *most = NULL;
	uint64_t best = 0;

	for (size_t i = 0; d->before && i < d->now->count; i++) {
		const struct row *row = &d->now->rows[i];
		uint64_t grown = row->socket->netns == netns ? growth(d, row, of) : 0;

		if (grown > best) {
			best = grown;
			most = row;
		}
	}
	return most;
}

/* What grew in all connections that are like this one. */
static uint64_t growth_like(const struct diagnosis *d, const struct row *row, row_order *order,
			    measure *of)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < d->now->count; i++) {
		if (!order(&d->now->rows[i], row))
			sum += growth(d, &d->now->rows[i], of);
	}
	return sum;
}

static void judge_memory(struct diagnosis *d)
{
	const struct snapshot *s = d->now->snapshot;
	const struct sysctl_value *mem = snapshot_sysctl(s, 0, SYSCTL_tcp_mem);
	struct reading pages = diagnosis_counter(d, 0, "sockstat.TCP.mem");
	uint64_t pressures = 0, total = 0;
	bool measured = mem && pages.known && mem->upper > 0 && mem->third > 0;
	bool pressed = measured && pages.total >= (uint64_t)mem->upper;
	bool full = measured && pages.total >= (uint64_t)mem->third;
	struct finding *f;

	for (uint32_t i = 0; i < s->namespace_count; i++) {
		struct reading r = diagnosis_counter(d, i, "TcpExt.TCPMemoryPressures");

		pressures += r.compared ? r.grown : 0;
		total += r.known ? r.total : 0;
	}
	/* What was once is of no use where the next samples show that it is over. */
	if (!pressed && !pressures && (d->before || !total))
		return;
	f = diagnosis_note(d, FINDING_TCP_MEMORY_PRESSURE,
			   full                   ? SEVERITY_CRITICAL
			   : pressed || pressures ? SEVERITY_WARNING
						  : SEVERITY_NOTE,
			   NULL);
	if (!f)
		return;
	if (measured) {
		finding_cite(f, EVIDENCE_MEMORY_PAGES, pages.total);
		finding_cite(f, EVIDENCE_MEMORY_PRESSURE, (uint64_t)mem->upper);
		finding_cite(f, EVIDENCE_MEMORY_LIMIT, (uint64_t)mem->third);
	}
	if (d->before && pressures)
		finding_cite(f, EVIDENCE_PRESSURES, pressures);
	if (total)
		finding_cite(f, EVIDENCE_PRESSURES_TOTAL, total);
}

static void judge_drops(struct diagnosis *d, uint32_t netns)
{
	static const struct part parts[] = {
		{"TcpExt.TCPRcvQDrop", EVIDENCE_BUFFER_FULL},
		{"TcpExt.RcvPruned", EVIDENCE_PRUNED},
		{"TcpExt.TCPZeroWindowDrop", EVIDENCE_WINDOW_DROPS},
		{"TcpExt.BeyondWindow", EVIDENCE_BEYOND_WINDOW}, /* since 6.17 */
		{"TcpExt.TCPBacklogDrop", EVIDENCE_BACKLOG_DROPS},
	};
	bool compared = is_compared(d, netns, parts[0].counter);
	const struct row *most;
	uint64_t dropped = 0;
	struct finding *f;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		dropped += told(d, netns, parts[i].counter);
	if (!dropped || (!compared && dropped < DROPS_TOTAL_MANY))
		return;
	most = grew_most(d, netns, drops);
	f = diagnosis_note(d, FINDING_RECEIVE_DROPS,
			   compared && dropped >= DROPS_MANY ? SEVERITY_WARNING : SEVERITY_NOTE,
			   most);
	if (!f)
		return;
	finding_cite(f, compared ? EVIDENCE_DROPPED : EVIDENCE_DROPPED_TOTAL, dropped);
	cite_parts(d, f, netns, parts, sizeof(parts) / sizeof(parts[0]));
	if (most)
		finding_cite(f, EVIDENCE_SOCKET_DROPS, growth(d, most, drops));
	cite_interval(d, f, netns);
}

static void judge_retransmission(struct diagnosis *d, uint32_t netns)
{
	uint64_t again = told(d, netns, "Tcp.RetransSegs"), sent = told(d, netns, "Tcp.OutSegs");
	bool compared = is_compared(d, netns, "Tcp.RetransSegs");
	const struct row *most;
	struct finding *f;

	if (sent < RETRANSMISSION_SEGMENTS || again * 100 < sent * RETRANSMISSION_PERCENT)
		return;
	most = grew_most(d, netns, retransmitted);
	f = diagnosis_note(d, FINDING_RETRANSMISSION_HIGH,
			   compared ? SEVERITY_WARNING : SEVERITY_NOTE, most);
	if (!f)
		return;
	finding_cite(f, compared ? EVIDENCE_RETRANSMITTED : EVIDENCE_RETRANSMITTED_TOTAL, again);
	finding_cite(f, compared ? EVIDENCE_SEGMENTS_SENT : EVIDENCE_SEGMENTS_SENT_TOTAL, sent);
	finding_cite(f, EVIDENCE_RETRANSMITTED_PERCENT, again * 100 / sent);
	cite_interval(d, f, netns);
	if (most)
		finding_cite(f, EVIDENCE_PEER_RETRANSMITTED,
			     growth_like(d, most, by_peer_address, retransmitted));
}

static void judge_resets(struct diagnosis *d, uint32_t netns)
{
	static const struct part parts[] = {
		{"TcpExt.TCPAbortOnClose", EVIDENCE_UNREAD_CLOSED},
		{"TcpExt.TCPAbortOnData", EVIDENCE_DATA_AFTER_CLOSE},
		{"TcpExt.TCPAbortOnTimeout", EVIDENCE_TIMED_OUT},
		{"TcpExt.TCPAbortOnMemory", EVIDENCE_NO_MEMORY},
		{"TcpExt.TCPAbortOnLinger", EVIDENCE_LINGER_OVER},
		{"TcpExt.TCPAbortFailed", EVIDENCE_RESET_UNSENT},
	};
	uint64_t resets = told(d, netns, "Tcp.EstabResets");
	uint64_t opened = told(d, netns, "Tcp.ActiveOpens") + told(d, netns, "Tcp.PassiveOpens");
	bool compared = is_compared(d, netns, "Tcp.EstabResets");
	struct finding *f;

	if (resets < (compared ? RESETS_MANY : RESETS_TOTAL_MANY) ||
	    resets * 100 < opened * RESETS_PERCENT)
		return;
	f = diagnosis_note(d, FINDING_RESETS_HIGH, compared ? SEVERITY_WARNING : SEVERITY_NOTE,
			   NULL);
	if (!f)
		return;
	finding_cite(f, compared ? EVIDENCE_RESETS : EVIDENCE_RESETS_TOTAL, resets);
	finding_cite(f, compared ? EVIDENCE_OPENED : EVIDENCE_OPENED_TOTAL, opened);
	if (compared)
		finding_cite(f, EVIDENCE_RESETS_SENT, told(d, netns, "Tcp.OutRsts"));
	cite_parts(d, f, netns, parts, sizeof(parts) / sizeof(parts[0]));
	cite_interval(d, f, netns);
}

void judge_losses(struct diagnosis *d)
{
	judge_memory(d);
	for (uint32_t i = 0; i < d->now->snapshot->namespace_count; i++) {
		judge_drops(d, i);
		judge_retransmission(d, i);
		judge_resets(d, i);
	}
}

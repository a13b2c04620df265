// SPDX-License-Identifier: GPL-2.0-or-later
/* Findings about what closed connections leave with the kernel: TIME_WAIT and orphans. */
#include "explain/diagnosis.h"

enum {
	TIME_WAIT_MANY = 1000,    /* below that nobody asks */
	TIME_WAIT_NEAR_FULL = 90, /* percent of tcp_max_tw_buckets */
	ORPHANS_HALF = 50,        /* percent of tcp_max_orphans */
	ORPHANS_NEAR = 90,
	FULL = 100,
};

static bool is_time_wait(const struct diagnosis *d, const struct row *row)
{
	(void)d;
	return row->socket->kernel_state == STATE_TIME_WAIT;
}

/* Where the remains of a namespace stand; false where its limit is not known. */
static bool time_wait_percent(const struct diagnosis *d, uint32_t netns, uint64_t count,
			      uint64_t *limit, uint64_t *percent)
{
	const struct sysctl_value *v =
		snapshot_sysctl(d->now->snapshot, netns, SYSCTL_tcp_max_tw_buckets);

	if (!v || v->value <= 0)
		return false;
	*limit = (uint64_t)v->value;
	*percent = percent_of(count, *limit);
	return true;
}

static void judge_many(struct diagnosis *d, const struct group *g)
{
	uint64_t limit, percent;
	struct finding *f;

	if (g->count < TIME_WAIT_MANY)
		return;
	f = diagnosis_find(d, FINDING_TIME_WAIT_NORMAL, SEVERITY_NOTE, g);
	if (!f || !time_wait_percent(d, g->rows[0]->socket->netns, g->count, &limit, &percent))
		return;
	finding_cite(f, EVIDENCE_PERCENT, percent);
	finding_cite(f, EVIDENCE_TIME_WAIT_LIMIT, limit);
}

static const struct row *first_time_wait(const struct diagnosis *d, uint32_t netns)
{
	for (size_t i = 0; i < d->now->count; i++) {
		const struct row *row = &d->now->rows[i];

		if (is_time_wait(d, row) && row->socket->netns == netns)
			return row;
	}
	return NULL;
}

/* The table may be full at this moment only: the counter tells of those before. */
static void judge_overflow(struct diagnosis *d, uint32_t netns)
{
	struct reading tw = diagnosis_counter(d, netns, "sockstat.TCP.tw");
	struct reading over = diagnosis_counter(d, netns, "TcpExt.TCPTimeWaitOverflow");
	uint64_t limit = 0, percent = 0;
	bool known = tw.known && time_wait_percent(d, netns, tw.total, &limit, &percent);
	bool acute = over.grown || percent >= FULL;
	const struct row *row;
	struct finding *f;

	if (!acute && percent < TIME_WAIT_NEAR_FULL && (over.compared || !over.total))
		return;
	f = diagnosis_of_netns(d, FINDING_TIME_WAIT_OVERFLOW,
			       acute ? SEVERITY_WARNING : SEVERITY_NOTE, netns);
	if (!f)
		return;
	row = first_time_wait(d, netns);
	if (row)
		finding_show(f, row);
	if (tw.known)
		finding_cite(f, EVIDENCE_TIME_WAIT, tw.total);
	if (over.compared)
		finding_cite(f, EVIDENCE_TIME_WAIT_OVERFLOWS, over.grown);
	if (over.known)
		finding_cite(f, EVIDENCE_TIME_WAIT_OVERFLOWS_TOTAL, over.total);
	if (!known)
		return;
	finding_cite(f, EVIDENCE_PERCENT, percent);
	finding_cite(f, EVIDENCE_TIME_WAIT_LIMIT, limit);
}

static size_t count_orphans(const struct diagnosis *d)
{
	size_t count = 0;

	for (size_t i = 0; i < d->now->count; i++)
		count += (d->now->rows[i].verdict.details & DETAIL_ORPHAN) != 0;
	return count;
}

/* Counted and limited for the whole host; a container does not know the limit. */
static void judge_orphans(struct diagnosis *d)
{
	struct reading orphans = diagnosis_counter(d, 0, "sockstat.TCP.orphan");
	struct reading aborts = diagnosis_counter(d, 0, "TcpExt.TCPAbortOnMemory");
	const struct sysctl_value *limit =
		snapshot_sysctl(d->now->snapshot, 0, SYSCTL_tcp_max_orphans);
	struct finding *f;
	uint64_t percent;

	if (!orphans.known || !limit || limit->value <= 0)
		return;
	percent = percent_of(orphans.total, (uint64_t)limit->value);
	if (percent < ORPHANS_HALF)
		return;
	f = diagnosis_note(d, FINDING_ORPHANS_NEAR_LIMIT,
			   percent >= FULL           ? SEVERITY_CRITICAL
			   : percent >= ORPHANS_NEAR ? SEVERITY_WARNING
						     : SEVERITY_NOTE,
			   NULL);
	if (!f)
		return;
	finding_cite(f, EVIDENCE_ORPHANS, orphans.total);
	finding_cite(f, EVIDENCE_PERCENT, percent);
	finding_cite(f, EVIDENCE_ORPHAN_LIMIT, (uint64_t)limit->value);
	finding_cite(f, EVIDENCE_ORPHANS_HERE, count_orphans(d));
	if (aborts.compared)
		finding_cite(f, EVIDENCE_ABORTS_ON_MEMORY, aborts.grown);
}

void judge_remains(struct diagnosis *d)
{
	diagnosis_groups(d, is_time_wait, by_netns, judge_many);
	for (size_t i = 0; i < d->now->snapshot->namespace_count; i++)
		judge_overflow(d, (uint32_t)i);
	judge_orphans(d);
}

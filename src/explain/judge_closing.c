// SPDX-License-Identifier: GPL-2.0-or-later
/* Findings about connections on their way out. */
#include "explain/diagnosis.h"

enum {
	LEAK_SOCKETS = 20,        /* in one process: half-close is legal */
	LEAK_PERCENT = 10,        /* of its descriptors */
	TIME_WAIT_MANY = 1000,    /* below that nobody asks */
	TIME_WAIT_NEAR_FULL = 90, /* percent of tcp_max_tw_buckets */
};

static bool is_held_close_wait(const struct diagnosis *d, const struct row *row)
{
	(void)d;
	return row->socket->kernel_state == STATE_CLOSE_WAIT && row->socket->inode;
}

static bool takes_tenth(const struct process *p, size_t sockets)
{
	return p && p->have_descriptor_limit && p->descriptor_limit != UINT64_MAX &&
	       sockets * 100 > p->descriptor_limit * LEAK_PERCENT;
}

static void judge_close_wait(struct diagnosis *d, const struct group *g)
{
	const struct process *p = row_process(g->rows[0]);
	size_t growth = group_growth(g);
	struct finding *f;

	if (!g->aged || (g->aged < LEAK_SOCKETS && !growth && !takes_tenth(p, g->aged)))
		return;
	f = diagnosis_find(d, FINDING_CLOSE_WAIT_LEAK, SEVERITY_WARNING, g);
	if (!f)
		return;
	finding_cite(f, EVIDENCE_AGED, g->aged);
	if (d->before)
		finding_cite(f, EVIDENCE_GROWTH, growth);
	if (p && p->have_descriptors)
		finding_cite(f, EVIDENCE_DESCRIPTORS, p->descriptors);
	if (p && p->have_descriptor_limit)
		finding_cite(f, EVIDENCE_DESCRIPTOR_LIMIT, p->descriptor_limit);
}

static bool is_time_wait(const struct diagnosis *d, const struct row *row)
{
	(void)d;
	return row->socket->kernel_state == STATE_TIME_WAIT;
}

static void judge_time_wait(struct diagnosis *d, const struct group *g)
{
	const struct sysctl_value *limit = snapshot_sysctl(
		d->now->snapshot, g->rows[0]->socket->netns, SYSCTL_tcp_max_tw_buckets);
	uint64_t percent = limit && limit->value > 0 ? g->count * 100 / (uint64_t)limit->value : 0;
	struct finding *f;

	if (g->count < TIME_WAIT_MANY || percent >= TIME_WAIT_NEAR_FULL)
		return;
	f = diagnosis_find(d, FINDING_TIME_WAIT_NORMAL, SEVERITY_NOTE, g);
	if (!f || !limit || limit->value <= 0)
		return;
	finding_cite(f, EVIDENCE_PERCENT, percent);
	finding_cite(f, EVIDENCE_TIME_WAIT_LIMIT, (uint64_t)limit->value);
}

void judge_closing(struct diagnosis *d)
{
	diagnosis_groups(d, is_held_close_wait, by_process, judge_close_wait);
	diagnosis_groups(d, is_time_wait, by_netns, judge_time_wait);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* Findings about connections that this host opens. */
#include "explain/diagnosis.h"

enum {
	RETRANSMITS = 3, /* of a SYN: over 3 s without an answer */
	UNANSWERED = 5,  /* connections to one destination: no chance failure */
	FAN_OUT = 50,    /* destinations of one process */
	FAN_OUT_NOTE = 10,
	FAILED = 100, /* attempts between the samples */
};

static bool is_unanswered(const struct diagnosis *d, const struct row *row)
{
	(void)d;
	return row->socket->kernel_state == STATE_SYN_SENT && row->socket->retrans;
}

static int by_program(const struct row *a, const struct row *b)
{
	int order = by_holder(a, b);

	return order ? order : by_netns(a, b);
}

static void cite_attempts(const struct diagnosis *d, struct finding *f, uint32_t netns)
{
	struct reading opens = diagnosis_counter(d, netns, "Tcp.ActiveOpens");
	struct reading fails = diagnosis_counter(d, netns, "Tcp.AttemptFails");

	if (!opens.compared || !fails.compared)
		return;
	finding_cite(f, EVIDENCE_ACTIVE_OPENS, opens.grown);
	finding_cite(f, EVIDENCE_ATTEMPT_FAILS, fails.grown);
	finding_cite(f, EVIDENCE_INTERVAL, diagnosis_interval(d));
}

static void judge_fan_out(struct diagnosis *d, const struct group *g)
{
	size_t destinations = g->count < FAN_OUT_NOTE ? 0 : group_distinct(d, g, by_destination);
	struct finding *f;

	if (destinations < FAN_OUT_NOTE)
		return;
	f = diagnosis_find(d, FINDING_SYN_SENT_FAN_OUT,
			   destinations < FAN_OUT ? SEVERITY_NOTE : SEVERITY_WARNING, g);
	if (!f)
		return;
	finding_cite(f, EVIDENCE_DESTINATIONS, destinations);
	finding_cite(f, EVIDENCE_HOSTS, group_distinct(d, g, by_peer_address));
	cite_attempts(d, f, g->rows[0]->socket->netns);
}

/* The fan-out that a row is part of, or with a NULL row any of the namespace. */
static bool fans_out(const struct diagnosis *d, uint32_t netns, const struct row *row)
{
	for (size_t i = 0; i < d->found->count; i++) {
		const struct finding *f = d->found->findings[i];

		if (f->kind == &finding_kinds[FINDING_SYN_SENT_FAN_OUT] && f->netns == netns &&
		    (!row || (f->example_count && !by_program(f->examples[0], row))))
			return true;
	}
	return false;
}

/* Refused connections leave no row. */
static void judge_failed(struct diagnosis *d, uint32_t netns)
{
	struct reading opens = diagnosis_counter(d, netns, "Tcp.ActiveOpens");
	struct reading fails = diagnosis_counter(d, netns, "Tcp.AttemptFails");
	struct finding *f;

	if (!opens.compared || fails.grown < FAILED || fails.grown * 2 < opens.grown ||
	    opens.grown < FAILED || fans_out(d, netns, NULL))
		return;
	f = diagnosis_of_netns(d, FINDING_SYN_SENT_FAN_OUT, SEVERITY_NOTE, netns);
	if (f)
		cite_attempts(d, f, netns);
}

static unsigned most_retransmits(const struct group *g)
{
	unsigned most = 0;

	for (size_t i = 0; i < g->count; i++) {
		if (g->rows[i]->socket->retrans > most)
			most = g->rows[i]->socket->retrans;
	}
	return most;
}

/* Those at an even pace come before the tcp_syn_retries, on kernels that have them. */
static void cite_limit(const struct diagnosis *d, struct finding *f, uint32_t netns)
{
	const struct snapshot *s = d->now->snapshot;
	const struct sysctl_value *retries = snapshot_sysctl(s, netns, SYSCTL_tcp_syn_retries);
	const struct sysctl_value *even = snapshot_sysctl(s, netns, SYSCTL_tcp_syn_linear_timeouts);

	if (retries)
		finding_cite(f, EVIDENCE_SYN_RETRANSMIT_LIMIT,
			     (uint64_t)retries->value + (even ? (uint64_t)even->value : 0));
}

static void judge_unanswered(struct diagnosis *d, const struct group *g)
{
	uint32_t netns = g->rows[0]->socket->netns;
	unsigned retransmits = most_retransmits(g);
	size_t processes;
	struct finding *f;

	if (retransmits < RETRANSMITS || (g->count < UNANSWERED && fans_out(d, netns, g->rows[0])))
		return;
	f = diagnosis_find(d, FINDING_SYN_SENT_UNANSWERED,
			   g->count < UNANSWERED ? SEVERITY_NOTE : SEVERITY_WARNING, g);
	if (!f)
		return;
	finding_cite(f, EVIDENCE_SYN_RETRANSMITS, retransmits);
	cite_limit(d, f, netns);
	processes = group_distinct(d, g, by_process);
	if (processes > 1)
		finding_cite(f, EVIDENCE_PROCESSES, processes);
}

void judge_connecting(struct diagnosis *d)
{
	diagnosis_groups(d, is_unanswered, by_program, judge_fan_out);
	for (uint32_t i = 0; i < d->now->snapshot->namespace_count; i++)
		judge_failed(d, i);
	diagnosis_groups(d, is_unanswered, by_destination, judge_unanswered);
}

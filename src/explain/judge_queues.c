// SPDX-License-Identifier: GPL-2.0-or-later
/* Findings about what waits at listeners. */
#include "explain/diagnosis.h"

static bool is_full(const struct diagnosis *d, const struct row *row)
{
	const struct socket *sk = row->socket;

	(void)d;
	return sk->kernel_state == STATE_LISTEN && sk->have & HAVE_BACKLOG &&
	       sk->recv_queue > sk->send_queue;
}

/* What its process is doing, where that was read. */
static void cite_vitals(struct finding *f)
{
	const struct process *p = f->process;

	if (p && p->have_descriptors)
		finding_cite(f, EVIDENCE_DESCRIPTORS, p->descriptors);
	if (p && p->have_descriptor_limit && p->descriptor_limit != UINT64_MAX)
		finding_cite(f, EVIDENCE_DESCRIPTOR_LIMIT, p->descriptor_limit);
	if (p && (p->state == 'T' || p->state == 't'))
		finding_cite(f, EVIDENCE_STOPPED, 1);
}

static void cite_queue(struct finding *f, const struct socket *listener)
{
	finding_cite(f, EVIDENCE_ACCEPT_QUEUE, listener->recv_queue);
	if (listener->have & HAVE_BACKLOG)
		finding_cite(f, EVIDENCE_BACKLOG, listener->send_queue);
}

static void judge_full(struct diagnosis *d, const struct group *g)
{
	struct finding *f;

	/* A group is one port: of SO_REUSEPORT's several queues each full one counts. */
	f = diagnosis_find(d, FINDING_ACCEPT_QUEUE_FULL, SEVERITY_CRITICAL, g);
	if (!f)
		return;
	cite_queue(f, g->rows[0]->socket);
	cite_vitals(f);
}

static bool is_waiting(const struct diagnosis *d, const struct row *row)
{
	(void)d;
	return row->verdict.details & DETAIL_NOT_ACCEPTED;
}

static const struct process *listener_process(const struct row *row)
{
	struct row listener = {.snapshot = row->snapshot, .socket = row->verdict.listener};

	return listener.socket ? row_process(&listener) : NULL;
}

static void judge_waiting(struct diagnosis *d, const struct group *g)
{
	const struct socket *listener = g->rows[0]->verdict.listener;
	struct finding *f;

	if (!g->aged)
		return;
	f = diagnosis_find(d, FINDING_NEVER_ACCEPTED, SEVERITY_WARNING, g);
	if (!f)
		return;
	finding_cite(f, EVIDENCE_AGED, g->aged);
	f->process = listener_process(g->rows[0]);
	if (listener)
		cite_queue(f, listener);
	cite_vitals(f);
}

void judge_queues(struct diagnosis *d)
{
	diagnosis_groups(d, is_full, by_local_end, judge_full);
	diagnosis_groups(d, is_waiting, by_listener, judge_waiting);
}

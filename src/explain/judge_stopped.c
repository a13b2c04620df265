// SPDX-License-Identifier: GPL-2.0-or-later
/* Findings about programs that do not run. */
#include "explain/diagnosis.h"

static bool is_stopped(const struct diagnosis *d, const struct row *row)
{
	const struct process *p = row_process(row);

	(void)d;
	return p && process_is_stopped(p);
}

/* Whoever traces a process (strace) stops it for a moment again and again. */
static bool was_running(const struct diagnosis *d, const struct process *p)
{
	const struct process *earlier =
		d->before ? owner_table_pid(&d->before->snapshot->owners, p->pid) : NULL;

	return earlier && earlier->have_vitals && !process_is_stopped(earlier);
}

/* Whether a holder runs, which takes what comes. */
static bool another_runs(const struct row *row)
{
	const struct owner_table *t = &row->snapshot->owners;

	for (uint32_t i = row->socket->owners; i != OWNER_NONE; i = owner_table_next(t, i)) {
		if (!process_is_stopped(&t->processes[t->owners[i].process]))
			return true;
	}
	return false;
}

/* What waits for it: connections at its listeners, bytes elsewhere. */
static void judge_process(struct diagnosis *d, const struct group *g)
{
	uint64_t waiting = 0, unread = 0;
	struct finding *f;

	if (was_running(d, row_process(g->rows[0])))
		return;
	for (size_t i = 0; i < g->count; i++) {
		const struct socket *sk = g->rows[i]->socket;

		if (another_runs(g->rows[i]))
			continue;
		if (sk->kernel_state == STATE_LISTEN)
			waiting += sk->recv_queue;
		else
			unread += sk->recv_queue;
	}
	f = diagnosis_find(d, FINDING_PROCESS_STOPPED,
			   waiting || unread ? SEVERITY_WARNING : SEVERITY_NOTE, g);
	if (!f)
		return;
	finding_cite(f, EVIDENCE_WAITING, waiting);
	finding_cite(f, EVIDENCE_UNREAD, unread);
}

void judge_stopped(struct diagnosis *d)
{
	diagnosis_groups(d, is_stopped, by_process, judge_process);
}

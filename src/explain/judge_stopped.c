// SPDX-License-Identifier: GPL-2.0-or-later
/* Findings about programs that do not run. */
#include "explain/diagnosis.h"

static bool is_stopped(const struct diagnosis *d, const struct row *row)
{
	const struct process *p = row_process(row);

	(void)d;
	return p && (p->state == 'T' || p->state == 't');
}

/* What waits for it: connections at its listeners, bytes elsewhere. */
static void judge_process(struct diagnosis *d, const struct group *g)
{
	uint64_t waiting = 0, unread = 0;
	struct finding *f;

	for (size_t i = 0; i < g->count; i++) {
		const struct socket *sk = g->rows[i]->socket;

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

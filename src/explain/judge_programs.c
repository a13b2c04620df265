// SPDX-License-Identifier: GPL-2.0-or-later
/* Findings about programs that hold sockets. */
#include "explain/diagnosis.h"

#include <errno.h>
#include <stdlib.h>

enum {
	NEAR_LIMIT = 90, /* percent of RLIMIT_NOFILE */
	AT_LIMIT = 98,
};

static void judge_descriptors(struct diagnosis *d, const struct process *p, const struct row *row)
{
	struct finding *f;
	uint64_t percent;

	/* A limit of none is how a sandbox forbids more. */
	if (!p->have_descriptors || !p->have_descriptor_limit || !p->descriptor_limit ||
	    p->descriptor_limit == UINT64_MAX)
		return;
	percent = percent_of(p->descriptors, p->descriptor_limit);
	if (percent < NEAR_LIMIT)
		return;
	/* No leak goes beyond it: somebody has lowered it since. */
	f = diagnosis_note(d, FINDING_DESCRIPTOR_LIMIT_NEAR,
			   p->descriptors > p->descriptor_limit ? SEVERITY_NOTE
			   : percent >= AT_LIMIT                ? SEVERITY_CRITICAL
								: SEVERITY_WARNING,
			   row);
	if (!f)
		return;
	f->process = p;
	finding_cite(f, EVIDENCE_DESCRIPTORS, p->descriptors);
	finding_cite(f, EVIDENCE_PERCENT, percent);
	finding_cite(f, EVIDENCE_DESCRIPTOR_LIMIT, p->descriptor_limit);
}

/* Of each process a socket to show, a listener rather than any other. */
static void note_holders(const struct row **shown, const struct row *row)
{
	const struct owner_table *t = &row->snapshot->owners;

	for (uint32_t i = row->socket->owners; i != OWNER_NONE; i = owner_table_next(t, i)) {
		const struct row **of = &shown[t->owners[i].process];

		if (!*of || (row->socket->kernel_state == STATE_LISTEN &&
			     (*of)->socket->kernel_state != STATE_LISTEN))
			*of = row;
	}
}

static void judge_all_descriptors(struct diagnosis *d)
{
	const struct owner_table *t = &d->now->snapshot->owners;
	const struct row **shown = calloc((size_t)t->process_count + 1, sizeof(*shown));

	if (!shown) {
		d->error = -ENOMEM;
		return;
	}
	for (size_t i = 0; i < d->now->count; i++)
		note_holders(shown, &d->now->rows[i]);
	for (uint32_t i = 0; i < t->process_count; i++) {
		if (shown[i])
			judge_descriptors(d, &t->processes[i], shown[i]);
	}
	free(shown);
}

/* With two samples, what was bound at the first already: others may be about to listen. */
static bool is_bound_only(const struct diagnosis *d, const struct row *row)
{
	const struct row *earlier;

	if (row->socket->kernel_state != STATE_CLOSED || socket_has_peer(row->socket) ||
	    !row->socket->local.port)
		return false;
	earlier = d->before ? diagnosis_earlier(d, row) : row;
	return earlier && earlier->socket->kernel_state == STATE_CLOSED;
}

static void judge_bound(struct diagnosis *d, const struct group *g)
{
	diagnosis_find(d, FINDING_BOUND_NOT_LISTENING, SEVERITY_NOTE, g);
}

void judge_programs(struct diagnosis *d)
{
	judge_all_descriptors(d);
	diagnosis_groups(d, is_bound_only, by_holder, judge_bound);
}

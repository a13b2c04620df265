// SPDX-License-Identifier: GPL-2.0-or-later
/* Root causes: which findings are consequences of which. */
#include "explain/diagnosis.h"

enum shared { SHARED_PROCESS, SHARED_LISTENER, SHARED_NETNS };

static const struct cause {
	enum finding_name cause, consequence;
	enum shared shared;
} causes[] = {
#define CAUSE(cause, consequence, shared) {FINDING_##cause, FINDING_##consequence, SHARED_##shared},
#include "explain/causes.def"
#undef CAUSE
};

static bool holds(const struct row *row, const struct process *process)
{
	const struct owner_table *t = &row->snapshot->owners;

	for (uint32_t i = row->socket->owners; i != OWNER_NONE; i = owner_table_next(t, i)) {
		if (&t->processes[t->owners[i].process] == process)
			return true;
	}
	return false;
}

/* A finding's sockets: of any holder, or waiting for one to accept them. */
static bool concerns(const struct finding *f, const struct process *process)
{
	if (f->process == process)
		return true;
	for (unsigned i = 0; i < f->example_count; i++) {
		const struct row *row = f->examples[i];
		struct row listener = {.snapshot = row->snapshot, .socket = row->verdict.listener};

		if (holds(row, process) || (listener.socket && holds(&listener, process)))
			return true;
	}
	return false;
}

/* The listener a finding is about. */
static const struct socket *listener_of(const struct finding *f)
{
	const struct row *row = f->example_count ? f->examples[0] : NULL;

	if (row && row->socket->kernel_state == STATE_LISTEN)
		return row->socket;
	return row ? row->verdict.listener : NULL;
}

static bool same_listener(const struct finding *f, const struct finding *g)
{
	const struct socket *p = listener_of(f), *q = listener_of(g);

	return p && q && p->cookie == q->cookie;
}

static uint32_t netns_of(const struct finding *f)
{
	return f->example_count ? f->examples[0]->socket->netns : 0;
}

static bool share(const struct finding *f, const struct finding *g, enum shared shared)
{
	switch (shared) {
	case SHARED_PROCESS: return f->process && concerns(g, f->process);
	case SHARED_LISTENER: return same_listener(f, g);
	case SHARED_NETNS: return netns_of(f) == netns_of(g);
	}
	return false;
}

static const struct finding *root(const struct finding *f)
{
	while (f->cause)
		f = f->cause;
	return f;
}

/* The first cause in the order of the table counts; a cause is as bad as what comes of it. */
static void chain(struct finding *f, struct finding *consequence)
{
	if (consequence->cause || root(f) == consequence)
		return;
	consequence->cause = f;
	for (; f; f = f->cause) {
		if (f->severity < consequence->severity)
			f->severity = consequence->severity;
	}
}

void chain_causes(struct finding_list *found)
{
	for (size_t n = 0; n < sizeof(causes) / sizeof(causes[0]); n++) {
		for (size_t i = 0; i < found->count; i++) {
			struct finding *f = found->findings[i];

			if (f->kind != &finding_kinds[causes[n].cause])
				continue;
			for (size_t k = 0; k < found->count; k++) {
				struct finding *g = found->findings[k];

				if (g->kind == &finding_kinds[causes[n].consequence] &&
				    share(f, g, causes[n].shared))
					chain(f, g);
			}
		}
	}
}

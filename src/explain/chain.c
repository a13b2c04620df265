// SPDX-License-Identifier: GPL-2.0-or-later
/* Root causes: which findings are consequences of which. */
#include "explain/diagnosis.h"

#include <stdlib.h>

/* Percent in use from which on they run out. */
enum { DESCRIPTORS_NEAR = 90, PORTS_NEAR = 80 };

enum shared {
	SHARED_PROCESS,
	SHARED_DESCRIPTORS,
	SHARED_EXHAUSTED,
	SHARED_PORTS,
	SHARED_LISTENER,
	SHARED_NETNS,
};

struct link {
	enum finding_name first, second;
	enum shared shared;
};

static const struct link causes[] = {
#define CAUSE(cause, consequence, shared) {FINDING_##cause, FINDING_##consequence, SHARED_##shared},
#define INSTEAD(...)
#include "explain/causes.def"
#undef CAUSE
#undef INSTEAD
};

static const struct link instead[] = {
#define CAUSE(...)
#define INSTEAD(told, not_told, shared) {FINDING_##told, FINDING_##not_told, SHARED_##shared},
#include "explain/causes.def"
#undef CAUSE
#undef INSTEAD
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

/* The listener a finding is about; of several on one address and port any. */
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

	return p && q && p->netns == q->netns && p->family == q->family &&
	       p->local.port == q->local.port &&
	       !address_compare(&p->local.address, &q->local.address);
}

static bool same_process(const struct finding *f, const struct finding *g)
{
	return (f->process && concerns(g, f->process)) || (g->process && concerns(f, g->process));
}

static uint64_t cited(const struct finding *f, enum evidence_name name)
{
	const char *key = evidence_kinds[name].key;
	struct evidence e = {0};

	finding_evidence(f, key, strlen(key), &e);
	return e.value;
}

/* Without the sockets of `f` there would be less of `used` than that share of the limit. */
static bool takes(const struct finding *f, const struct finding *g, enum evidence_name used,
		  enum evidence_name limit, unsigned percent)
{
	uint64_t sockets = cited(f, EVIDENCE_SOCKETS), all = cited(g, used);

	return sockets <= all && (all - sockets) * 100 < cited(g, limit) * percent;
}

static bool share(const struct finding *f, const struct finding *g, enum shared shared)
{
	switch (shared) {
	case SHARED_PROCESS: return f->severity > SEVERITY_NOTE && same_process(f, g);
	case SHARED_DESCRIPTORS:
		return g->process && f->process == g->process &&
		       takes(f, g, EVIDENCE_DESCRIPTORS, EVIDENCE_DESCRIPTOR_LIMIT,
			     DESCRIPTORS_NEAR);
	case SHARED_EXHAUSTED:
		return f->severity == SEVERITY_CRITICAL && f->process && concerns(g, f->process);
	case SHARED_PORTS:
		return same_process(f, g) &&
		       takes(f, g, EVIDENCE_PORTS_USED, EVIDENCE_PORTS_USABLE, PORTS_NEAR);
	case SHARED_LISTENER: return same_listener(f, g);
	case SHARED_NETNS: return f->netns == g->netns;
	}
	return false;
}

static bool is_kind(const struct finding *f, enum finding_name name)
{
	return f->kind == &finding_kinds[name];
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

static bool is_told_otherwise(const struct finding_list *found, const struct finding *g)
{
	for (size_t n = 0; n < sizeof(instead) / sizeof(instead[0]); n++) {
		for (size_t i = 0; is_kind(g, instead[n].second) && i < found->count; i++) {
			if (is_kind(found->findings[i], instead[n].first) &&
			    share(found->findings[i], g, instead[n].shared))
				return true;
		}
	}
	return false;
}

/* Before any is the cause of another. */
static void drop_told_otherwise(struct finding_list *found)
{
	for (size_t i = 0; i < found->count;) {
		struct finding *f = found->findings[i];

		if (is_told_otherwise(found, f)) {
			found->findings[i] = found->findings[--found->count];
			free(f);
		} else {
			i++;
		}
	}
}

static void chain_all(const struct finding_list *found, struct finding *f, const struct link *link)
{
	for (size_t i = 0; i < found->count; i++) {
		struct finding *g = found->findings[i];

		if (is_kind(g, link->second) && !g->cause && share(f, g, link->shared))
			chain(f, g);
	}
}

void chain_causes(struct finding_list *found)
{
	drop_told_otherwise(found);
	for (size_t n = 0; n < sizeof(causes) / sizeof(causes[0]); n++) {
		for (size_t i = 0; i < found->count; i++) {
			if (is_kind(found->findings[i], causes[n].first))
				chain_all(found, found->findings[i], &causes[n]);
		}
	}
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "explain/finding.h"

#include <stdlib.h>

#include "util/grow.h"
#include "util/text.h"

const struct evidence_kind evidence_kinds[EVIDENCE_COUNT] = {
#define EVIDENCE(name, key, kind, source) {key, KIND_##kind, source},
#include "explain/evidence.def"
#undef EVIDENCE
};

const struct finding_kind finding_kinds[FINDING_COUNT] = {
#define FINDING(name, id, states, when, line, mild, more, unknown, todo) \
	{id, states, when, line, mild, more, unknown, todo},
#include "explain/findings.def"
#undef FINDING
};

const char *severity_token(enum severity severity)
{
	static const char *const tokens[] = {"note", "warning", "critical"};

	return tokens[severity];
}

const struct finding_kind *finding_find(const char *id)
{
	for (unsigned i = 0; i < FINDING_COUNT; i++) {
		if (text_same_id(id, finding_kinds[i].id))
			return &finding_kinds[i];
	}
	return NULL;
}

bool finding_evidence(const struct finding *f, const char *key, size_t n, struct evidence *e)
{
	for (unsigned i = 0; i < f->evidence_count; i++) {
		const char *own = evidence_kinds[f->evidence[i].name].key;

		if (!strncmp(own, key, n) && !own[n]) {
			*e = f->evidence[i];
			return true;
		}
	}
	return false;
}

struct finding *finding_list_add(struct finding_list *l, enum finding_name name,
				 enum severity severity)
{
	struct finding *f;

	if (GROW(l->findings, l->cap, l->count + 1))
		return NULL;
	f = calloc(1, sizeof(*f));
	if (!f)
		return NULL;
	f->kind = &finding_kinds[name];
	f->severity = severity;
	l->findings[l->count++] = f;
	return f;
}

void finding_list_free(struct finding_list *l)
{
	for (size_t i = 0; i < l->count; i++)
		free(l->findings[i]);
	free(l->findings);
	*l = (struct finding_list){0};
}

void finding_cite(struct finding *f, enum evidence_name name, uint64_t value)
{
	if (f->evidence_count < FINDING_EVIDENCE)
		f->evidence[f->evidence_count++] = (struct evidence){name, value};
}

void finding_show(struct finding *f, const struct row *row)
{
	if (f->example_count < FINDING_EXAMPLES)
		f->examples[f->example_count++] = row;
}

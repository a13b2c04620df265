// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef EXPLAIN_FINDING_H
#define EXPLAIN_FINDING_H

#include "model/field.h"

enum severity { SEVERITY_NOTE, SEVERITY_WARNING, SEVERITY_CRITICAL };

/* "note", "warning", "critical". */
const char *severity_token(enum severity severity);

enum evidence_name {
#define EVIDENCE(name, ...) EVIDENCE_##name,
#include "explain/evidence.def"
#undef EVIDENCE
	EVIDENCE_COUNT,
};

/* A kind of number that findings cite. */
struct evidence_kind {
	const char *key;
	enum field_kind kind;
	const char *source; /* where it was read: a file, a message */
};

extern const struct evidence_kind evidence_kinds[EVIDENCE_COUNT];

enum finding_name {
#define FINDING(name, ...) FINDING_##name,
#include "explain/findings.def"
#undef FINDING
	FINDING_COUNT,
};

/* A row of the catalogue (explain/findings.def). All but the id are English message ids. */
struct finding_kind {
	const char *id;
	uint32_t states; /* STATE_BIT() of those it is about */
	const char *when;
	const char *line, *mild;
	const char *more, *unknown, *todo;
};

/* The catalogue, by enum finding_name. */
extern const struct finding_kind finding_kinds[FINDING_COUNT];

/* The finding of this id, NULL if there is none. '_' stands for '-', case does not matter. */
const struct finding_kind *finding_find(const char *id);

struct evidence {
	enum evidence_name name;
	uint64_t value;
};

enum { FINDING_EXAMPLES = 3, FINDING_EVIDENCE = 16 };

/* Something found, with its proof. What it points to belongs to the rows it was found in. */
struct finding {
	const struct finding_kind *kind;
	enum severity severity;
	const struct process *process; /* whose; NULL: of no single process */
	uint32_t netns;                /* index of the namespace it is about */
	const struct row *examples[FINDING_EXAMPLES];
	unsigned example_count;
	struct evidence evidence[FINDING_EVIDENCE];
	unsigned evidence_count;
	struct finding *cause; /* it is a consequence of that one; NULL: stands alone */
};

/* The sentence that tells it: a message id. */
static inline const char *finding_line(const struct finding *f)
{
	return f->severity == SEVERITY_NOTE && f->kind->mild ? f->kind->mild : f->kind->line;
}

/* The evidence of this key; false where the finding has none. */
bool finding_evidence(const struct finding *f, const char *key, size_t n, struct evidence *e);

/* Findings, each in memory of the list's own. */
struct finding_list {
	struct finding **findings;
	size_t count, cap;
};

/* Adds one without evidence, to be filled; NULL without memory. */
struct finding *finding_list_add(struct finding_list *l, enum finding_name name,
				 enum severity severity);
void finding_list_free(struct finding_list *l);

/* Adds evidence; more than FINDING_EVIDENCE is left out. */
void finding_cite(struct finding *f, enum evidence_name name, uint64_t value);

/* Adds an example; more than FINDING_EXAMPLES are left out. */
void finding_show(struct finding *f, const struct row *row);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/finding_text.h"

#include "render/cell.h"
#include "render/message.h"
#include "render/units.h"
#include "util/translate.h"

static void put_evidence(struct out *o, const struct evidence *e)
{
	switch (evidence_kinds[e->name].kind) {
	case KIND_MS: units_ms(o, e->value); break;
	case KIND_TOKEN: break; /* a flag: that it is there says all */
	case KIND_BYTES: units_bytes(o, e->value); break;
	default: out_u64(o, e->value);
	}
}

static bool put_name(struct out *o, const char *name, size_t n, const void *ctx)
{
	const struct finding *f = ctx;
	const struct field *field;
	struct evidence e;
	struct value v;

	if (finding_evidence(f, name, n, &e)) {
		put_evidence(o, &e);
		return true;
	}
	field = field_find(name, n);
	if (!field || !f->example_count)
		return false;
	if (f->process && field->kind == KIND_OWNERS) {
		cell_process(o, f->process);
		return true;
	}
	if (field->kind == KIND_OWNERS && f->examples[0]->verdict.reason == OWNER_NO_PERMISSION) {
		out_str(o, message_translate("a program hidden from this user"));
		return true;
	}
	if (!field_get(field, f->examples[0], &v))
		return false;
	cell_value(o, field, f->examples[0], &v, CELL_BRIEF);
	return true;
}

void finding_text(struct out *o, const char *message, const struct finding *f)
{
	message_expand(o, message, put_name, f);
}

void finding_headed(struct out *o, const char *head, const struct finding *f)
{
	struct out line = OUT_MEMORY;

	finding_text(&line, finding_line(f), f);
	message_headed(o, head, out_text(&line));
	out_free(&line);
}

/* A key without its unit, which the value shows. */
static void put_key(struct out *o, const struct evidence_kind *kind)
{
	const char *unit = kind->kind == KIND_COUNT ? NULL : strrchr(kind->key, '_');

	out_put(o, kind->key, unit ? (size_t)(unit - kind->key) : strlen(kind->key));
}

const char *finding_severity(enum severity severity)
{
	static const char *const words[] = {N_("note"), N_("warning"), N_("critical")};

	return message_translate(words[severity]);
}

void finding_proof(struct out *o, const struct finding *f)
{
	for (unsigned i = 0; i < f->evidence_count; i++) {
		const struct evidence *e = &f->evidence[i];
		const struct evidence_kind *kind = &evidence_kinds[e->name];

		if (i)
			out_str(o, ", ");
		put_key(o, kind);
		if (kind->kind != KIND_TOKEN)
			out_char(o, ' ');
		put_evidence(o, e);
		if (i + 1 == f->evidence_count ||
		    evidence_kinds[e[1].name].source != kind->source) {
			out_str(o, " (");
			out_str(o, message_translate(kind->source));
			out_char(o, ')');
		}
	}
}

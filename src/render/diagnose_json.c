// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/diagnose.h"
#include "render/doctor.h"
#include "render/json.h"

static void json_finding(struct doctor *d, const struct finding *f);

/* Those that the finding has brought about; of NULL those that stand alone, or the subject's. */
static void json_findings(struct doctor *d, char *sep, const char *key, const struct finding *cause)
{
	const char *subject = d->view.options->subject;
	const struct finding_kind *only = subject && !cause ? finding_find(subject) : NULL;
	struct out *o = d->view.out;
	char list = '[';

	json_key(o, sep, key);
	for (size_t i = 0; i < d->found.count; i++) {
		const struct finding *f = d->found.findings[i];

		if (only ? f->kind != only : f->cause != cause)
			continue;
		json_item(o, &list);
		out_char(o, '\n');
		json_finding(d, f);
	}
	json_close(o, &list, ']');
}

static void json_finding(struct doctor *d, const struct finding *f)
{
	struct out *o = d->view.out;
	char sep = '{', inner = '{', list = '[';

	json_key(o, &sep, "id");
	json_quote(o, f->kind->id);
	json_key(o, &sep, "severity");
	json_quote(o, severity_token(f->severity));
	if (f->process) {
		char process = '{';

		json_key(o, &sep, "process");
		json_process(o, &process, f->process);
		json_close(o, &process, '}');
	}
	json_key(o, &sep, "evidence");
	for (unsigned i = 0; i < f->evidence_count; i++)
		json_count(o, &inner, evidence_kinds[f->evidence[i].name].key,
			   f->evidence[i].value);
	json_close(o, &inner, '}');
	json_key(o, &sep, "examples");
	for (unsigned i = 0; i < f->example_count; i++) {
		json_item(o, &list);
		out_char(o, '\n');
		json_socket(o, f->examples[i]);
	}
	json_close(o, &list, ']');
	json_findings(d, &sep, "consequences", f);
	json_close(o, &sep, '}');
}

static void put_json(struct doctor *d)
{
	struct out *o = d->view.out;
	char sep = ',';

	d->view.alarm &= !d->view.options->subject; /* to explain is no alarm */
	json_head(o, d->view.snapshot, d->view.options);
	if (d->earlier)
		json_count(o, &sep, "interval_ms", doctor_interval(d));
	json_findings(d, &sep, "findings", NULL);
	json_tail(o, d->view.snapshot, d->view.shown);
}

struct view *diagnose_json_view(void)
{
	return doctor_view(put_json);
}

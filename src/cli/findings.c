// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/findings.h"

#include <errno.h>
#include <stdlib.h>

#include "render/diagnose.h"
#include "render/finding_text.h"

enum { FINDINGS_MOST = 1000 };

static char *copy_text(struct out *o)
{
	char *copy = o->error ? NULL : strdup(out_text(o));

	o->len = 0;
	return copy;
}

static bool describe(struct doctor *d, const struct finding *f, struct live_finding *text)
{
	struct out line = OUT_MEMORY;

	finding_text(&line, finding_line(f), f);
	diagnose_put(d, f);
	*text = (struct live_finding){
		.severity = (uint8_t)f->severity,
		.id = strdup(f->kind->id),
		.line = copy_text(&line),
		.text = copy_text(d->view.out),
	};
	out_free(&line);
	return text->id && text->line && text->text;
}

int findings_tell(struct doctor *d, struct live_finding **list, size_t *count)
{
	int error = 0;

	*count = 0;
	*list = calloc(d->found.count + 1, sizeof(**list));
	if (!*list)
		return -ENOMEM;
	for (size_t i = 0; i < d->found.count && *count < FINDINGS_MOST && !error; i++) {
		if (d->found.findings[i]->cause)
			continue;
		if (!describe(d, d->found.findings[i], &(*list)[(*count)++]))
			error = -ENOMEM;
	}
	if (error) {
		findings_forget(*list, *count);
		*list = NULL;
		*count = 0;
	}
	return error;
}

void findings_forget(struct live_finding *list, size_t count)
{
	while (count)
		live_finding_clear(&list[--count]);
	free(list);
}

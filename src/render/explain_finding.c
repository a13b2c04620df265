// SPDX-License-Identifier: GPL-2.0-or-later
/* The page of one finding: what it means, and whether it applies here. */
#include "explain/finding.h"
#include "render/doctor.h"
#include "render/explain.h"
#include "render/finding_text.h"
#include "render/message.h"
#include "render/page.h"

static void put_page(struct doctor *d)
{
	const struct finding_kind *kind = finding_find(d->view.options->subject);
	const struct style *style = &d->view.options->style;
	struct out *o = d->view.out, text = OUT_MEMORY;
	const char *label = PAGE_LABEL("here");
	const struct {
		const char *label, *text;
	} parts[] = {
		{PAGE_LABEL("when"), kind->when},
		{PAGE_LABEL("means"), kind->more},
		{PAGE_LABEL("unsure"), kind->unknown},
		{PAGE_LABEL("do"), kind->todo},
	};

	paint_on(o, style, PAINT_BOLD);
	out_str(o, kind->id);
	paint_off(o, style, PAINT_BOLD);
	out_str(o, "\n\n");
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		page_text(o, style, parts[i].label, message_translate(parts[i].text));
	out_char(o, '\n');
	d->view.alarm = false; /* to explain is no alarm */
	for (size_t i = 0; i < d->found.count; i++) {
		const struct finding *f = d->found.findings[i];

		if (f->kind != kind)
			continue;
		text.len = 0;
		finding_headed(&text, finding_severity(f->severity), f);
		page_text(o, style, label, out_text(&text));
		label = "";
	}
	if (*label)
		page_text(o, style, label, message_translate("Not found on this host now."));
	out_free(&text);
}

struct view *explain_finding_view(void)
{
	return doctor_view(put_page);
}

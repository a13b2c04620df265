// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/health.h"

#include "render/finding_text.h"
#include "render/message.h"
#include "render/page.h"
#include "util/translate.h"

int health_take(struct health *h, const struct row *row)
{
	if (h->rows.count == HEALTH_ROWS)
		h->too_many = true;
	return h->too_many ? 0 : rows_keep(&h->rows, row);
}

int health_judge(struct health *h, const struct view *view)
{
	bool narrowed = view->options->filter || view->snapshot->filter;
	struct sample now = {view->snapshot, h->rows.rows, h->rows.count, narrowed};

	return h->too_many ? 0 : diagnose(&now, NULL, &h->found);
}

static bool is_told(const struct finding *f)
{
	return !f->cause && f->severity > SEVERITY_NOTE;
}

/* The ids of the findings about these states, each once; only those to act on where `told`. */
static void put_ids(struct out *o, const struct health *h, uint32_t states, bool told)
{
	bool known[FINDING_COUNT] = {false};
	size_t start = o->len;

	for (size_t i = 0; i < h->found.count; i++) {
		const struct finding *f = h->found.findings[i];
		size_t name = (size_t)(f->kind - finding_kinds);

		if (!(f->kind->states & states) || (told && !is_told(f)) || known[name])
			continue;
		if (o->len > start)
			out_str(o, ", ");
		if (!told) {
			out_str(o, finding_severity(f->severity));
			out_char(o, ' ');
		}
		out_str(o, f->kind->id);
		known[name] = true;
	}
}

static bool put_name(struct out *o, const char *name, size_t n, const void *ctx)
{
	const struct health *h = ctx;
	uint64_t count = 0;

	if (n == 8 && !memcmp(name, "findings", n)) {
		put_ids(o, h, UINT32_MAX, true);
		return true;
	}
	if (n == 5 && !memcmp(name, "notes", n)) {
		for (size_t i = 0; i < h->found.count; i++)
			count += !h->found.findings[i]->cause &&
				 h->found.findings[i]->severity == SEVERITY_NOTE;
		out_u64(o, count);
		return true;
	}
	return false;
}

void health_put_line(struct out *o, const struct style *style, const struct health *h)
{
	enum paint paint = PAINT_NONE;
	struct out text = OUT_MEMORY;
	const char *message;

	if (h->too_many) {
		message = N_(
			"Health: too many sockets to judge in passing; tcpstate --diagnose does.");
	} else if (h->found.count && is_told(h->found.findings[0])) {
		message = N_("Health: {findings}; tcpstate --diagnose tells more.");
		paint = h->found.findings[0]->severity == SEVERITY_CRITICAL ? PAINT_BAD
									    : PAINT_NOTICE;
	} else {
		message = N_("Health: nothing that calls for action; notes {notes}, see "
			     "tcpstate --diagnose.");
	}
	message_expand(&text, message, put_name, h);
	page_line(o, style, out_text(&text), paint);
	out_free(&text);
}

void health_put_findings(struct out *o, const struct style *style, const struct health *h,
			 uint32_t states)
{
	struct out text = OUT_MEMORY;

	put_ids(&text, h, states, false);
	if (text.len)
		page_painted(o, style, PAGE_LABEL("found"), out_text(&text), PAINT_NOTICE);
	out_free(&text);
}

void health_free(struct health *h)
{
	finding_list_free(&h->found);
	rows_free(&h->rows);
}

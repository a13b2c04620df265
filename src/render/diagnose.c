// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/diagnose.h"

#include "render/cell.h"
#include "render/doctor.h"
#include "render/finding_text.h"
#include "render/message.h"
#include "render/page.h"
#include "render/units.h"
#include "util/translate.h"

static enum paint paint_of(enum severity severity)
{
	static const enum paint paints[] = {PAINT_NONE, PAINT_NOTICE, PAINT_BAD};

	return paints[severity];
}

/* One of a finding's texts behind a label. */
static void put_text(struct doctor *d, const char *label, const char *message,
		     const struct finding *f)
{
	struct out text = OUT_MEMORY;

	finding_text(&text, message, f);
	page_text(d->view.out, &d->view.options->style, label, out_text(&text));
	out_free(&text);
}

static bool comes_from(const struct finding *f, const struct finding *cause)
{
	while (f && f != cause)
		f = f->cause;
	return f;
}

/* What came of it, nearest first. */
static void put_consequences(struct doctor *d, const struct finding *cause)
{
	for (size_t i = 0; i < d->found.count; i++) {
		const struct finding *f = d->found.findings[i];

		if (f->cause == cause) {
			put_text(d, PAGE_LABEL("so"), finding_line(f), f);
			put_consequences(d, f);
		}
	}
}

/* The numbers of a finding and of all that came of it. */
static void put_proof(struct doctor *d, const struct finding *cause)
{
	struct out text = OUT_MEMORY;
	const char *label = PAGE_LABEL("proof");

	for (size_t i = 0; i < d->found.count; i++) {
		const struct finding *f = d->found.findings[i];

		if (!comes_from(f, cause))
			continue;
		text.len = 0;
		if (f != cause) {
			out_str(&text, f->kind->id);
			out_str(&text, ": ");
		}
		finding_proof(&text, f);
		page_text(d->view.out, &d->view.options->style, label, out_text(&text));
		label = "";
	}
	out_free(&text);
}

static void put_examples(struct doctor *d, const struct finding *f)
{
	struct out text = OUT_MEMORY;

	for (unsigned i = 0; i < f->example_count; i++) {
		const struct row *row = f->examples[i];

		if (i)
			out_str(&text, ", ");
		cell_endpoint(&text, row->snapshot, row->socket, &row->socket->local);
		if (socket_has_peer(row->socket)) {
			out_char(&text, ' ');
			cell_endpoint(&text, row->snapshot, row->socket, &row->socket->peer);
		}
	}
	if (text.len)
		page_text(d->view.out, &d->view.options->style, PAGE_LABEL("like"),
			  out_text(&text));
	out_free(&text);
}

static void put_headline(struct doctor *d, const struct finding *f)
{
	const struct style *style = &d->view.options->style;
	struct out *o = d->view.out;

	paint_on(o, style, paint_of(f->severity));
	out_str(o, finding_severity(f->severity));
	paint_off(o, style, paint_of(f->severity));
	out_char(o, ' ');
	paint_on(o, style, PAINT_BOLD);
	out_str(o, f->kind->id);
	paint_off(o, style, PAINT_BOLD);
	out_char(o, '\n');
}

/* Whether the two are told under one headline. */
static bool told_together(const struct finding *f, const struct finding *g)
{
	return f->kind == g->kind && f->severity == g->severity;
}

static void put_story(struct doctor *d, const struct finding *f)
{
	put_text(d, PAGE_LABEL("found"), finding_line(f), f);
	put_consequences(d, f);
}

static void put_evidence(struct doctor *d, const struct finding *f)
{
	put_proof(d, f);
	put_examples(d, f);
}

/* Each of a kind from the one at `i` on that stands alone. */
static void put_each(struct doctor *d, size_t i,
		     void (*put)(struct doctor *d, const struct finding *f))
{
	const struct finding *first = d->found.findings[i];

	for (; i < d->found.count && told_together(d->found.findings[i], first); i++) {
		if (!d->found.findings[i]->cause)
			put(d, d->found.findings[i]);
	}
}

void diagnose_put(struct doctor *d, const struct finding *f)
{
	put_story(d, f);
	put_text(d, PAGE_LABEL("means"), f->kind->more, f);
	put_text(d, PAGE_LABEL("do"), f->kind->todo, f);
	put_text(d, PAGE_LABEL("unsure"), f->kind->unknown, f);
	put_evidence(d, f);
}

/* All of a kind from the one at `i` on: what was found, what that means, and the proofs. */
static void put_findings(struct doctor *d, size_t i)
{
	const struct finding *first = d->found.findings[i];

	put_headline(d, first);
	put_each(d, i, put_story);
	put_text(d, PAGE_LABEL("means"), first->kind->more, first);
	put_text(d, PAGE_LABEL("do"), first->kind->todo, first);
	put_text(d, PAGE_LABEL("unsure"), first->kind->unknown, first);
	put_each(d, i, put_evidence);
	out_char(d->view.out, '\n');
}

static void put_note(struct doctor *d, const struct finding *f)
{
	struct out text = OUT_MEMORY;

	finding_headed(&text, f->kind->id, f);
	page_text(d->view.out, &d->view.options->style, severity_token(SEVERITY_NOTE),
		  out_text(&text));
	out_free(&text);
	put_consequences(d, f);
}

/* What was judged of the counters: the last sentence. */
static void put_counters(struct out *o, const struct doctor *d)
{
	struct out interval = OUT_MEMORY;

	if (d->earlier) {
		units_ms(&interval, doctor_interval(d));
		message_fill(
			o, N_("Counters were compared over {interval}."),
			&(struct message_value){.name = "interval", .text = out_text(&interval)},
			1);
	} else if (d->view.options->saved) {
		out_str(o, message_translate("What the kernel's counters grew by, one snapshot "
					     "cannot tell."));
	} else {
		out_str(o, message_translate("--diagnose=10 also judges the kernel's counters, "
					     "over 10 s."));
	}
	out_free(&interval);
}

static void put_tally(struct doctor *d)
{
	uint64_t by_severity[SEVERITY_CRITICAL + 1] = {0};
	struct out counters = OUT_MEMORY, text = OUT_MEMORY;

	for (size_t i = 0; i < d->found.count; i++)
		by_severity[d->found.findings[i]->severity] += !d->found.findings[i]->cause;
	put_counters(&counters, d);
	message_fill(&text,
		     d->view.alarm ? N_("Among {sockets} sockets: critical {criticals}, warnings "
					"{warnings}, notes {notes}. {counters}")
				   : N_("Nothing that calls for action among {sockets} sockets; "
					"notes {notes}. {counters}"),
		     (struct message_value[]){
			     {.name = "criticals", .number = by_severity[SEVERITY_CRITICAL]},
			     {.name = "warnings", .number = by_severity[SEVERITY_WARNING]},
			     {.name = "notes", .number = by_severity[SEVERITY_NOTE]},
			     {.name = "sockets", .number = d->view.shown},
			     {.name = "counters", .text = out_text(&counters)},
		     },
		     5);
	page_line(d->view.out, &d->view.options->style, out_text(&text), PAINT_NONE);
	out_free(&text);
	out_free(&counters);
}

static void put_page(struct doctor *d)
{
	const struct finding *told = NULL;
	bool notes = false;

	for (size_t i = 0; i < d->found.count; i++) {
		const struct finding *f = d->found.findings[i];

		if (f->cause)
			continue;
		if (f->severity == SEVERITY_NOTE)
			put_note(d, f);
		else if (!told || !told_together(told, f))
			put_findings(d, i);
		told = f;
		notes |= f->severity == SEVERITY_NOTE;
	}
	if (notes)
		out_char(d->view.out, '\n');
	put_tally(d);
}

struct view *diagnose_view(void)
{
	return doctor_view(put_page);
}

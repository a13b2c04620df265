// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/diagnose.h"

#include "render/cell.h"
#include "render/doctor.h"
#include "render/finding_text.h"
#include "render/message.h"
#include "render/page.h"
#include "render/units.h"

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
	page_text(d->view.out, &d->view.options->style, message_translate(label), out_text(&text));
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
			put_text(d, "so", finding_line(f), f);
			put_consequences(d, f);
		}
	}
}

/* The numbers of a finding and of all that came of it. */
static void put_proof(struct doctor *d, const struct finding *cause)
{
	struct out text = OUT_MEMORY;
	const char *label = message_translate("proof");

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
		page_text(d->view.out, &d->view.options->style, message_translate("e.g."),
			  out_text(&text));
	out_free(&text);
}

static void put_headline(struct doctor *d, const struct finding *f)
{
	const struct style *style = &d->view.options->style;
	struct out *o = d->view.out;

	paint_on(o, style, paint_of(f->severity));
	out_str(o, severity_token(f->severity));
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

/* All of a kind from the one at `i` on: each with its proof, what they mean once. */
static void put_findings(struct doctor *d, size_t i)
{
	const struct finding *first = d->found.findings[i];

	put_headline(d, first);
	for (; i < d->found.count && told_together(d->found.findings[i], first); i++) {
		const struct finding *f = d->found.findings[i];

		if (f->cause)
			continue;
		put_text(d, "found", finding_line(f), f);
		put_consequences(d, f);
		put_proof(d, f);
		put_examples(d, f);
	}
	put_text(d, "means", first->kind->more, first);
	put_text(d, "do", first->kind->todo, first);
	put_text(d, "unsure", first->kind->unknown, first);
	out_char(d->view.out, '\n');
}

static void put_note(struct doctor *d, const struct finding *f)
{
	struct out text = OUT_MEMORY;

	out_str(&text, f->kind->id);
	out_str(&text, ": ");
	finding_text(&text, finding_line(f), f);
	page_text(d->view.out, &d->view.options->style, severity_token(SEVERITY_NOTE),
		  out_text(&text));
	out_free(&text);
}

/* The numbers of the last line. */
struct tally {
	uint64_t by_severity[SEVERITY_CRITICAL + 1];
	uint64_t sockets, interval_ms;
};

static bool put_number(struct out *o, const char *name, size_t n, const void *ctx)
{
	const struct tally *t = ctx;
	const struct {
		const char *name;
		uint64_t value;
	} values[] = {
		{"criticals", t->by_severity[SEVERITY_CRITICAL]},
		{"warnings", t->by_severity[SEVERITY_WARNING]},
		{"notes", t->by_severity[SEVERITY_NOTE]},
		{"sockets", t->sockets},
	};

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		if (strlen(values[i].name) == n && !memcmp(values[i].name, name, n)) {
			out_u64(o, values[i].value);
			return true;
		}
	}
	if (n == 8 && !memcmp(name, "interval", n)) {
		units_ms(o, t->interval_ms);
		return true;
	}
	return false;
}

static void put_tally(struct doctor *d)
{
	struct tally t = {.sockets = d->view.shown, .interval_ms = doctor_interval(d)};
	struct out *o = d->view.out;

	for (size_t i = 0; i < d->found.count; i++)
		t.by_severity[d->found.findings[i]->severity] += !d->found.findings[i]->cause;
	if (d->view.alarm)
		message_expand(o,
			       "Among {sockets} sockets: critical {criticals}, warnings "
			       "{warnings}, notes {notes}.",
			       put_number, &t);
	else
		message_expand(o,
			       "Nothing that calls for action among {sockets} sockets; notes "
			       "{notes}.",
			       put_number, &t);
	out_char(o, ' ');
	if (d->earlier)
		message_expand(o, "Counters were compared over {interval}.", put_number, &t);
	else
		message_expand(o, "--diagnose=10 also judges the kernel's counters, over 10 s.",
			       put_number, &t);
	out_char(o, '\n');
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

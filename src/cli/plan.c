// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/plan.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/fault.h"
#include "cli/misuse.h"
#include "cli/say.h"
#include "cli/status.h"
#include "cli/style.h"
#include "cli/subject.h"
#include "cli/views.h"
#include "collect/enter.h"
#include "collect/kernel.h"
#include "collect/names.h"
#include "collect/read.h"
#include "explain/situation.h"
#include "filter/compile.h"
#include "render/clip.h"
#include "render/message.h"
#include "util/nearest.h"
#include "util/privilege.h"
#include "util/text.h"
#include "util/thread.h"

static int wrong_columns(const char *option, int error, const char *word, size_t len)
{
	char copy[64] = "";
	struct nearest near = {.word = copy};

	if (error == -EINVAL || !len) {
		say("%s '%.*s' names no column", option, (int)len, word);
		return STATUS_USAGE;
	}
	if (error == -E2BIG) {
		say("%s names too many columns", option);
		return STATUS_USAGE;
	}
	memcpy(copy, word, len < sizeof(copy) ? len : sizeof(copy) - 1);
	for (size_t i = 0; i < field_count; i++) {
		if (fields[i].name)
			nearest_offer(&near, fields[i].name);
	}
	say_unknown("column", word, len, near.best, "--columns help lists them");
	return STATUS_USAGE;
}

static int set_columns(struct plan *p, const struct options *o)
{
	struct view_options *v = &p->view_options;
	const char *word = NULL;
	size_t len = 0;
	int error = columns_parse(&v->columns, view_row(o->view)->columns, &word, &len);

	if (!error && o->columns) {
		error = columns_parse(&v->columns, o->columns, &word, &len);
		if (error)
			return wrong_columns("--columns", error, word, len);
	}
	if (!error && o->sort) {
		error = columns_parse_sort(&v->sort, o->sort, &word, &len);
		if (error)
			return wrong_columns("--sort", error, word, len);
	}
	return 0;
}

static int set_filter(struct plan *p, const char *text)
{
	struct filter_error e;
	int error = filter_parse(&p->filter, text, &e);

	if (!error)
		return 0;
	if (error == -ENOMEM)
		say("out of memory");
	else
		say_fault(text, &e);
	return error == -ENOMEM ? STATUS_FAILED : STATUS_USAGE;
}

static int set_subject(struct plan *p, const struct options *o)
{
	const char *what = o->explain;
	int status;

	if (!what)
		return 0;
	if (!*what) {
		say("--explain= names nothing; without = it explains all states");
		return STATUS_USAGE;
	}
	if (o->filter[0]) {
		say("--explain takes one word; put '%s %s' in quotes to explain those sockets",
		    what, o->filter);
		return STATUS_USAGE;
	}
	p->view_options.subject = what;
	if (o->form == FORM_JSON)
		p->only = situation_find(what); /* its page counts for itself */
	if (subject_of(o) < SUBJECT_STATES)
		return 0;
	status = subject_refuse_misspelt(o);
	if (status)
		return status;
	p->may_miss = subject_of(o) == SUBJECT_SOCKETS;
	return set_filter(p, what);
}

/* --why's port, as a filter: only sockets that have it can be in the way. */
static int set_inquiry(struct plan *p, const struct options *o)
{
	int status = inquiry_make(&p->inquiry, o);

	if (status)
		return status;
	out_printf(&p->narrowing, "sport = :%u", p->inquiry.bind.cases[0].local.port);
	p->view_options.inquiry = &p->inquiry.bind;
	return set_filter(p, out_text(&p->narrowing));
}

/* --kill's matter, and whom to ask: before anything is looked at. */
static int set_killing(struct plan *p, const struct options *o)
{
	int status = consent_open(&p->consent, o);

	p->killing.permitted = privilege_held(CAP_NET_ADMIN);
	p->view_options.killing = &p->killing;
	return status ? status : set_filter(p, o->filter);
}

/* A listener is closed only where it was asked for. */
static bool only_connections(const struct plan *p, const struct options *o)
{
	return o->view == VIEW_KILL && !expr_names_state(p->filter);
}

/* What the view itself is about, beside the FILTER. */
static int set_matter(struct plan *p, const struct options *o)
{
	switch (o->view) {
	case VIEW_EXPLAIN: return set_subject(p, o);
	case VIEW_WHY: return set_inquiry(p, o);
	case VIEW_KILL: return set_killing(p, o);
	default: return set_filter(p, o->filter);
	}
}

static void narrow(struct plan *p, const char *before, const char *condition)
{
	if (p->narrowing.len)
		out_str(&p->narrowing, " and ");
	out_str(&p->narrowing, before);
	out_str(&p->narrowing, condition);
}

/* The user's own words: their "or" must not reach beyond them. */
static void narrow_by_filter(struct plan *p, const char *filter)
{
	bool first = !p->narrowing.len;

	narrow(p, first ? "" : "(", filter);
	if (!first)
		out_char(&p->narrowing, ')');
}

/* All that keeps sockets out, in words: the document is not about the whole host. */
static void tell_narrowing(struct plan *p, const struct options *o)
{
	if (o->view == VIEW_LISTENERS)
		narrow(p, "state ", "listening");
	if (only_connections(p, o))
		narrow(p, "state ", "connected");
	if (o->families != FAMILY_BOTH && o->view != VIEW_WHY)
		narrow(p, "family ", o->families == FAMILY_INET ? "inet" : "inet6");
	if (p->only)
		narrow(p, "situation ", p->only->id);
	else if (subject_of(o) >= SUBJECT_STATES)
		narrow_by_filter(p, o->explain);
	if (o->filter[0])
		narrow_by_filter(p, o->filter);
}

int plan_make_view(struct plan *p, const struct options *o)
{
	if (p->view)
		p->view->free(p->view);
	p->view = view_make(o);
	if (!p->view)
		return -ENOMEM;
	p->view->out = p->view_options.style.terminal ? &p->page : &p->out;
	p->view->options = &p->view_options;
	return 0;
}

static int set_view(struct plan *p, const struct options *o)
{
	tell_narrowing(p, o);
	p->view_options.saved = o->read;
	p->view_options.block_parts = o->blocks;
	p->view_options.filter = p->narrowing.len ? out_text(&p->narrowing) : NULL;
	return plan_make_view(p, o);
}

/* --debug: what of the filter is judged where. */
static void tell_split(const struct plan *p, const struct split *split)
{
	struct out states = OUT_MEMORY;

	for (unsigned i = 0; i < STATE_COUNT; i++) {
		if (!(p->request.states >> state_order[i] & 1))
			continue;
		out_str(&states, states.len ? " " : "");
		out_str(&states, state_token(state_order[i]));
	}
	say("kernel, states: %s", states.len ? out_text(&states) : "none");
	say("kernel, program: %s (%zu bytes)", split->kernel.len ? split->kernel.data : "none",
	    p->bytecode.len);
	say("here: %s", split->here.len ? split->here.data : "nothing else; all is matched again");
	out_free(&states);
}

static void compile_filter(struct plan *p, const struct options *o)
{
	struct split split = {.kernel = OUT_MEMORY, .here = OUT_MEMORY};

	p->request.states &= expr_states(p->filter);
	p->request.want |= expr_needs(p->filter);
	filter_compile(p->filter, &p->bytecode, o->debug ? &split : NULL);
	p->request.bytecode = p->bytecode.len ? p->bytecode.data : NULL;
	p->request.bytecode_len = p->bytecode.len;
	if (o->debug) {
		out_text(&split.kernel);
		out_text(&split.here);
		tell_split(p, &split);
	}
	out_free(&split.kernel);
	out_free(&split.here);
}

static void set_request(struct plan *p, const struct options *o)
{
	struct request *r = &p->request;

	/* A socket of either family may be in the way of one of the other. */
	r->families = o->view == VIEW_WHY ? FAMILY_BOTH : o->families;
	r->states = view_row(o->view)->states;
	r->want = view_needs(o, &p->view_options.columns, &p->view_options.sort);
	if (only_connections(p, o))
		r->states &= STATES_CONNECTED;
	if (p->filter)
		compile_filter(p, o);
	/* They cost the kernel a second walk: chosen columns that tell nothing of them go without. */
	if (!(r->want & WANT_BOUND) && o->form != FORM_JSON)
		r->states &= ~(uint32_t)STATES_BOUND;
	r->all_seen = o->view != VIEW_TABLE || p->view_options.sort.count;
	/* To write a row of JSON takes as long as to ask for it. */
	r->one_walk = o->form == FORM_JSON && thread_processors() <= 2;
}

static int enter(const char *which)
{
	char word[SAY_WORD];
	int error = enter_netns(which);

	say_word(word, which, strlen(which));
	switch (error) {
	case 0: return 0;
	case -ENOENT:
		say("--net '%s': no such network namespace; it takes a name (ip netns list), a PID or "
		    "a PATH",
		    word);
		return STATUS_USAGE;
	case -ESRCH: say("--net %s: no such process", word); return STATUS_USAGE;
	case -EINVAL: say("--net '%s' is no network namespace", word); return STATUS_USAGE;
	case -EACCES:
		say("--net '%s': permission denied; that takes CAP_SYS_PTRACE and CAP_SYS_ADMIN (sudo)",
		    word);
		return STATUS_FAILED;
	case -EPERM:
		say("--net '%s': permission denied; that takes CAP_SYS_ADMIN (sudo)", word);
		return STATUS_FAILED;
	default: say("--net '%s': cannot enter: %s", word, strerror(-error)); return STATUS_FAILED;
	}
}

static int set_source(struct plan *p, const struct options *o)
{
	int status = o->netns ? enter(o->netns) : 0, error = -ENOMEM;

	if (status)
		return status;
	p->resolver = o->resolve ? names_open(!o->numeric) : NULL;
	if (o->resolve && !p->resolver) {
		say("out of memory");
		return STATUS_FAILED;
	}

	p->source = o->read ? snapshot_source(o->read, &error) : kernel_source();
	if (p->source)
		return 0;
	if (o->read)
		say("cannot read '%s': %s", o->read, strerror(-error));
	else
		say("out of memory");
	return STATUS_FAILED;
}

/* A reader behind a pipe of the usual 64 KiB would be waited for at every write. */
static void widen_pipe(void)
{
	enum { PIPE_SIZE = 1024 * 1024 }; /* what everybody may have: fs.pipe-max-size */

	fcntl(STDOUT_FILENO, F_SETPIPE_SZ, PIPE_SIZE);
}

/*
 * Texts are in the user's language where the terminal can show it: widths are known and pieces
 * found in UTF-8 only, so with another character set all is English.
 */
static void set_language(void)
{
	const char *catalogues = secure_getenv("TCPSTATE_LOCALEDIR");
	bool utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");

	text_set_utf8(utf8);
	if (!utf8)
		return;
	setlocale(LC_MESSAGES, "");
	message_set_catalogues(catalogues && *catalogues ? catalogues : LOCALEDIR);
}

int plan_make(struct plan *p, const struct options *o)
{
	int status;

	*p = (struct plan){.out.fd = STDOUT_FILENO,
			   .page = OUT_MEMORY,
			   .narrowing = OUT_MEMORY,
			   .bytecode = OUT_MEMORY};
	set_language();
	style_set(&p->view_options.style, o);
	widen_pipe();
	p->interval_ms = o->view == VIEW_DIAGNOSE ? o->interval_ms : 0;
	p->consent = (struct consent)CONSENT;
	status = misuse_refuse(o);
	if (!status)
		status = set_columns(p, o);
	if (!status)
		status = set_matter(p, o);
	if (status)
		return status;
	p->may_miss |= o->filter[0] != '\0';
	set_request(p, o);
	status = set_source(p, o);
	if (!status && set_view(p, o)) {
		say("out of memory");
		return STATUS_FAILED;
	}
	return status;
}

void plan_fit_lines(struct plan *p)
{
	if (p->view->out == &p->page)
		clip_lines(&p->out, &p->page, &p->view_options.style);
}

int plan_flush(struct plan *p)
{
	plan_fit_lines(p);
	return p->page.error ? p->page.error : out_flush(&p->out);
}

void plan_free(struct plan *p)
{
	if (p->view)
		p->view->free(p->view);
	if (p->source)
		p->source->close(p->source);
	names_close(p->resolver);
	consent_close(&p->consent);
	killing_free(&p->killing);
	expr_free(p->filter);
	out_free(&p->out);
	out_free(&p->page);
	out_free(&p->narrowing);
	out_free(&p->bytecode);
}

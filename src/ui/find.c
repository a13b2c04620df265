// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/find.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "filter/fault.h"
#include "util/text.h"
#include "util/translate.h"

enum { FAULT_COLUMNS = 120 }; /* four bytes for each fit */

bool find_in(const char *text, const char *sought)
{
	return strcasestr(text, sought);
}

static void tell_fault(struct prompt_fault *f, const char *text, const struct filter_error *e)
{
	struct out raw = OUT_MEMORY, safe = OUT_MEMORY;

	fault_put(&raw, text, e);
	out_text(&raw);
	text_safe(&safe, raw.data ? raw.data : "", raw.len, TEXT_LINE);
	*f = (struct prompt_fault){.set = true, .offset = e->offset, .len = e->len};
	snprintf(f->text, sizeof(f->text), "%.*s",
		 (int)text_fit(out_text(&safe), strlen(out_text(&safe)), FAULT_COLUMNS),
		 out_text(&safe));
	out_free(&raw);
	out_free(&safe);
}

static void filter_changed(struct app *a, const char *text, struct prompt_fault *fault)
{
	struct filter_error error;
	struct expr *filter = NULL;
	int result = filter_parse(&filter, text, &error);

	expr_free(filter);
	if (result == -EINVAL)
		tell_fault(fault, text, &error);
	else if (!result)
		app_set_filter(a, text);
}

static void filter_done(struct app *a, const char *text)
{
	app_keep_filter(a);
	app_set_filter(a, text);
}

static void filter_dropped(struct app *a)
{
	app_set_filter(a, a->filter_before);
}

static const struct prompt_ops filter_prompt = {
	.label = N_("Filter"),
	.changed = filter_changed,
	.done = filter_done,
	.dropped = filter_dropped,
};

void find_filter(struct app *a)
{
	char *before = strdup(a->filter_text);

	if (!before) {
		app_note(a, N_("out of memory"));
		return;
	}
	free(a->filter_before);
	a->filter_before = before;
	prompt_open(a, &filter_prompt, before, &a->filters);
}

static bool look(struct app *a, const char *text, bool forward, bool here)
{
	struct pane *top = app_top(a);

	return !*text || (top->ops->find && top->ops->find(top, text, forward, here));
}

/* The search begins anew at each letter, where it was begun. */
static void text_changed(struct app *a, const char *text, struct prompt_fault *fault)
{
	(void)fault;
	if (!look(a, text, true, true))
		a->beep = true;
}

static void text_done(struct app *a, const char *text)
{
	char *copy = strdup(text);

	if (!copy || !*copy) {
		free(copy);
		return;
	}
	free(a->search);
	a->search = copy;
	if (!look(a, text, true, true))
		app_note(a, N_("no line has that text"));
}

static const struct prompt_ops text_prompt = {
	.label = N_("Search"),
	.changed = text_changed,
	.done = text_done,
};

void find_text(struct app *a)
{
	prompt_open(a, &text_prompt, "", &a->searches);
}

void find_again(struct app *a, bool forward)
{
	if (!a->search)
		find_text(a);
	else if (!look(a, a->search, forward, false))
		app_note(a, N_("no other line has that text"));
}

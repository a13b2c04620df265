// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/state_page.h"

#include <stdio.h>

#include "explain/finding.h"
#include "render/explain.h"
#include "render/message.h"
#include "render/page.h"
#include "ui/text_page.h"
#include "util/translate.h"

struct state_page {
	struct text_page page; /* first: it is its pane */
	unsigned state;
};

static struct state_page *self(struct pane *p)
{
	return (struct state_page *)p;
}

static int open_page(struct pane *p)
{
	self(p)->page.text = (struct out)OUT_MEMORY;
	return 0;
}

/* What was found that is about this state. */
static void put_findings(struct out *o, const struct style *style, const struct live *l,
			 unsigned state)
{
	struct out text = OUT_MEMORY;

	for (size_t i = 0; i < l->finding_count; i++) {
		const struct live_finding *f = &l->findings[i];
		const struct finding_kind *kind = finding_find(f->id);

		if (!kind || !(kind->states >> state & 1))
			continue;
		text.len = 0;
		message_headed(&text, f->id, f->line);
		page_painted(o, style, PAGE_LABEL("found"), out_text(&text),
			     f->severity > SEVERITY_NOTE ? PAINT_NOTICE : PAINT_NONE);
	}
	out_free(&text);
}

static void put_here(struct out *o, const struct style *style, const struct live *l, unsigned state)
{
	struct out text = OUT_MEMORY;

	message_fill(&text, N_("{count} now; o shows them"),
		     &(struct message_value){.name = "count", .number = l->states[state]}, 1);
	page_text(o, style, PAGE_LABEL("here"), out_text(&text));
	out_free(&text);
}

static void draw(struct pane *p, struct screen *s, const struct box *b)
{
	struct state_page *t = self(p);
	struct out *o = &t->page.text;
	struct style style = {.color = true, .terminal = true, .width = b->cols};

	o->len = 0;
	explain_put_state(o, &style, t->state);
	out_char(o, '\n');
	put_here(o, &style, p->app->live, t->state);
	put_findings(o, &style, p->app->live, t->state);
	text_page_draw(&t->page, s, b);
}

static bool act(struct pane *p, enum action action)
{
	char filter[32];

	if (action != ACTION_RELATED)
		return text_page_act(p, action);
	snprintf(filter, sizeof(filter), "state %s", state_token(self(p)->state));
	app_show_matching(p->app, filter);
	return true;
}

static const struct pane_ops state_page = {
	.title = N_("State"),
	.size = sizeof(struct state_page),
	.where = WHERE_LINES | WHERE_RELATED,
	.open = open_page,
	.close = text_page_close,
	.draw = draw,
	.act = act,
	.key = text_page_key,
	.find = text_page_find,
	.status = text_page_status,
};

void state_page_open(struct app *a, unsigned state)
{
	struct pane *p = app_open_pane(a, &state_page);

	if (p)
		self(p)->state = state;
}

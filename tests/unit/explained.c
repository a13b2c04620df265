// SPDX-License-Identifier: GPL-2.0-or-later
#include "explained.h"

#include "explain/classify.h"

const struct request everything = {
	.states = STATES_ALL | STATES_BOUND,
	.families = FAMILY_BOTH,
	.want = WANT_ATTRIBUTES | WANT_OWNERS | WANT_PROCESS | WANT_SITUATION | WANT_HOST |
		WANT_VITALS,
};

const struct view_options plain = {.style = {.header = true}};

static int explain(struct sink *sink, struct row *row)
{
	struct explained *e = (struct explained *)sink;

	e->rows++;
	classify(row);
	return e->view ? e->view->sink.take(&e->view->sink, row) : 0;
}

void explained_begin(struct explained *e, struct view *view, struct out *o,
		     const struct snapshot *s, const struct view_options *options)
{
	*e = (struct explained){.sink.take = explain, .view = view};
	if (!view)
		return;
	view->out = o;
	view->snapshot = s;
	view->options = options;
}

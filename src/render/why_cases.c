// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/why_cases.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "util/error_name.h"

const struct bind_answers *why_answers(const struct why *w, const struct why_case *c)
{
	return w->inquiry->tried ? &c->asked->kernel : &c->asked->predicted;
}

const char *why_token(char *room, int answer)
{
	const char *name = answer > 0 ? error_name(answer) : NULL;

	if (answer == BIND_WORKS)
		return "ok";
	if (answer == BIND_UNKNOWN)
		return "unknown";
	if (name)
		return name;
	snprintf(room, WHY_TOKEN, "errno(%d)", answer);
	return room;
}

static int judge_case(struct why *w, struct why_case *c)
{
	const struct snapshot *s = w->view.snapshot;
	size_t room = WHY_REFUSALS + w->rows.count + 1;

	c->blockers = calloc(room, sizeof(*c->blockers));
	if (!c->blockers)
		return -ENOMEM;
	c->count = why_refusals(w->inquiry, c->asked, s, c->blockers);
	for (size_t i = 0; i < w->rows.count; i++)
		c->count +=
			why_blocks(w->inquiry, c->asked, &w->rows.rows[i], &c->blockers[c->count]);
	c->asked->predicted = why_predict(s, c->blockers, c->count);
	c->count += why_unaccounted(w->inquiry, c->asked, c->blockers, c->count,
				    &c->blockers[c->count]);
	return 0;
}

int why_judge(struct why *w)
{
	w->inquiry = w->view.options->inquiry;
	for (unsigned i = 0; i < w->inquiry->count; i++) {
		int error;

		w->cases[i].asked = &w->inquiry->cases[i];
		error = judge_case(w, &w->cases[i]);
		if (error)
			return error;
	}
	w->view.alarm = why_answers(w, &w->cases[0])->of[BIND_PLAIN] != BIND_WORKS;
	return 0;
}

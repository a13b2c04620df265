// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef RENDER_WHY_CASES_H
#define RENDER_WHY_CASES_H

#include "explain/why.h"
#include "render/rows.h"
#include "render/view.h"

/* What stands in the way of one case. */
struct why_case {
	struct bind_case *asked;
	struct blocker *blockers;
	size_t count;
};

struct why {
	struct view view;
	struct rows rows;
	struct bind_inquiry *inquiry;
	struct why_case cases[BIND_CASES]; /* by why_judge() */
};

/* Finds the blockers of every case and predicts. Returns 0 or -ENOMEM. */
int why_judge(struct why *w);

/* What is known: the kernel's answer where it was asked, or else the prediction. */
const struct bind_answers *why_answers(const struct why *w, const struct why_case *c);

/* The errno's name, "ok", or "unknown"; anything unheard of as errno(N). At most WHY_TOKEN bytes. */
enum { WHY_TOKEN = 24 };
const char *why_token(char *room, int answer);

#endif

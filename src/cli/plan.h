// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef CLI_PLAN_H
#define CLI_PLAN_H

#include "cli/consent.h"
#include "cli/inquiry.h"
#include "cli/options.h"
#include "filter/filter.h"
#include "render/kill.h"
#include "render/view.h"

/* What is to be asked, of whom, and how it is to be shown. */
struct plan {
	struct request request;
	struct view_options view_options;
	struct view *view;
	struct source *source;
	struct resolver *resolver;    /* names for what is shown; NULL: numbers */
	struct expr *filter;          /* NULL lets everything through */
	const struct situation *only; /* NULL lets every situation through */
	uint32_t interval_ms;         /* between two samples; 0: one is taken */
	struct inquiry inquiry;       /* --why's; asks for nothing in other views */
	struct killing killing;       /* --kill's */
	struct consent consent;       /* to it */
	bool may_miss;        /* sockets were asked for that there may be none of: status 1 then */
	struct out out;       /* standard output */
	struct out narrowing; /* as text, all that keeps sockets out */
	struct out bytecode;  /* of the filter, for the kernel */
	struct out page;      /* what the view writes, where lines are to be fitted before */
};

/*
 * Makes a plan of the command line. Returns 0, or the exit status after saying what is wrong.
 * plan_free() in any case; `o` must outlive the plan.
 */
int plan_make(struct plan *p, const struct options *o);

/* Another view in place of the one that was used. -ENOMEM leaves none. */
int plan_make_view(struct plan *p, const struct options *o);

/* On a terminal, what a view has written goes on to standard output in lines that fit. */
void plan_fit_lines(struct plan *p);

/* Sends all that was written so far to standard output; 0 or the negative errno of it. */
int plan_flush(struct plan *p);

void plan_free(struct plan *p);

#endif

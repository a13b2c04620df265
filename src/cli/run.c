// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/run.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "act/held.h"
#include "cli/killing.h"
#include "cli/report.h"
#include "cli/say.h"
#include "cli/status.h"
#include "collect/names.h"
#include "explain/classify.h"

enum { PAGE_SIZE = 64 * 1024 };

/* The way from collect to the view. */
struct pipe {
	struct sink sink;
	const struct expr *filter;
	uint32_t filter_needs; /* WANT_* */
	bool explain;
	const struct situation *only; /* --explain SITUATION: no other */
	struct view *view;
	struct plan *plan;
	struct held held;   /* reads options for --why */
	struct socket read; /* the row's socket with them */
	uint64_t hidden;    /* rows shown whose owner privileges hide */
};

/* What a socket in the way was told by setsockopt() is not in the kernel's list. */
static void read_options(struct pipe *p, struct row *row)
{
	memcpy(&p->read, row->socket, socket_size(row->socket));
	held_read_options(&p->held, &row->snapshot->owners, &p->read);
	row->socket = &p->read;
}

static int take(struct sink *sink, struct row *row)
{
	struct pipe *p = (struct pipe *)sink;
	int error;

	if (p->filter_needs & WANT_SITUATION)
		classify(row);
	if (p->filter && !expr_match(p->filter, row)) {
		/* Who cannot be seen may be the one asked for. */
		p->hidden += p->filter_needs & WANT_OWNERS &&
			     row->socket->absence == OWNER_NO_PERMISSION;
		return 0;
	}
	if (p->explain && !(p->filter_needs & WANT_SITUATION))
		classify(row);
	if (p->only && row->verdict.situation != p->only)
		return 0;
	if (p->plan->inquiry.bind.live)
		read_options(p, row);
	p->hidden += row->socket->absence == OWNER_NO_PERMISSION;
	error = p->view->sink.take(&p->view->sink, row);
	if (p->plan->page.len > PAGE_SIZE)
		plan_fit_lines(p->plan);
	return error;
}

/* A reader that went away ends us as the signal would have; anything else is an error. */
static int output_failed(int error)
{
	if (error == -EPIPE) {
		signal(SIGPIPE, SIG_DFL);
		raise(SIGPIPE);
	}
	say("cannot write: %s", strerror(-error));
	return STATUS_FAILED;
}

static int refresh(struct plan *plan, struct pipe *pipe, struct snapshot *s)
{
	int error;

	pipe->hidden = 0;
	plan->view->snapshot = s;
	s->resolver = plan->resolver;
	error = plan->source->refresh(plan->source, &plan->request, s, &pipe->sink);
	s->missing[MISSING_OWNERS].sockets = pipe->hidden;
	s->missing[MISSING_OWNERS].set = pipe->hidden && plan->request.want & WANT_OWNERS;
	return error;
}

static void wait_ms(uint32_t ms)
{
	struct timespec left = {ms / 1000, ms % 1000 * 1000000L};

	while (nanosleep(&left, &left) && errno == EINTR)
		;
}

/* What the first sample lacks, the comparison lacks too. */
static void note_earlier(struct snapshot *s, const struct snapshot *earlier)
{
	for (int i = 0; i < MISSING_COUNT; i++) {
		if (missing_kinds[i].class == MISSING_CLASS_SOCKETS && !s->missing[i].set)
			s->missing[i] = earlier->missing[i];
	}
}

/* One sample, or two with the plan's time between them. */
static int sample(struct plan *plan, struct pipe *pipe, struct snapshot *earlier,
		  struct snapshot *snapshot)
{
	int error = plan->interval_ms ? refresh(plan, pipe, earlier) : 0;

	if (error)
		return error;
	if (plan->interval_ms) {
		plan->view->begin_again(plan->view, earlier);
		wait_ms(plan->interval_ms);
	}
	error = refresh(plan, pipe, snapshot);
	note_earlier(snapshot, earlier);
	return error;
}

/* What the view does once all rows came. An error, or 0 with the exit status where it failed. */
static int finish(struct plan *plan, const struct options *o, int *status)
{
	if (plan->inquiry.bind.live)
		*status = inquiry_try(&plan->inquiry);
	if (*status)
		return 0;
	return o->view == VIEW_KILL ? kill_matched(plan, o) : plan->view->end(plan->view);
}

static void tell_unanswered(const struct resolver *r)
{
	if (r && names_unanswered(r))
		say("names of %llu addresses were not waited for: name servers took more than %d s",
		    (unsigned long long)names_unanswered(r), NAMES_PATIENCE_MS / 1000);
}

int run(struct plan *plan, const struct options *o)
{
	struct snapshot earlier = {0}, snapshot = {0};
	struct pipe pipe = {
		.sink.take = take,
		.filter = plan->filter,
		.filter_needs = plan->filter ? expr_needs(plan->filter) : 0,
		.explain = plan->request.want & WANT_SITUATION,
		.only = plan->only,
		.view = plan->view,
		.plan = plan,
		.held = HELD,
	};
	int status = 0, error = sample(plan, &pipe, &earlier, &snapshot);

	held_close(&pipe.held);
	if (!error)
		error = finish(plan, o, &status);
	plan_fit_lines(plan);
	if (!error)
		error = plan_flush(plan);
	tell_unanswered(plan->resolver);
	if (plan->out.error)
		status = output_failed(plan->out.error);
	else if (error)
		status = report_failure(plan->source, o, error);
	else if (!status)
		status = report_missing(&snapshot, plan, o);
	snapshot_free(&earlier);
	snapshot_free(&snapshot);
	return status;
}

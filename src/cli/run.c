// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/run.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cli/report.h"
#include "cli/say.h"
#include "cli/status.h"
#include "explain/classify.h"

/* The way from collect to the view. */
struct pipe {
	struct sink sink;
	const struct expr *filter;
	bool explain;
	struct view *view;
};

static int take(struct sink *sink, struct row *row)
{
	struct pipe *p = (struct pipe *)sink;

	if (p->filter && !expr_match(p->filter, row))
		return 0;
	if (p->explain)
		classify(row);
	return p->view->sink.take(&p->view->sink, row);
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

int run(struct plan *plan, const struct options *o)
{
	struct snapshot snapshot = {0};
	struct pipe pipe = {
		.sink.take = take,
		.filter = plan->filter,
		.explain = plan->request.want & WANT_SITUATION,
		.view = plan->view,
	};
	int status, error;

	plan->view->snapshot = &snapshot;
	error = plan->source->refresh(plan->source, &plan->request, &snapshot, &pipe.sink);
	if (!error)
		error = plan->view->end(plan->view);
	if (!error)
		error = out_flush(&plan->out);
	if (plan->out.error)
		status = output_failed(plan->out.error);
	else if (error)
		status = report_failure(plan->source, error);
	else
		status = report_missing(&snapshot, plan->view, o);
	snapshot_free(&snapshot);
	return status;
}

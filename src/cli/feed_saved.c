// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/feed_saved.h"

#include <errno.h>
#include <stdlib.h>

#include "cli/findings.h"
#include "explain/classify.h"

struct saved {
	struct feed feed; /* first: it is its feed */
	struct sink sink;
	struct snapshot snapshot; /* until it is received, as are the findings */
	struct live_finding *findings;
	size_t finding_count;
	struct view_options options; /* of the doctor, who is there while it is read */
	struct doctor *doctor;
	struct out page;
	int error;
	bool told;
};

static int keep(struct sink *sink, struct row *row)
{
	struct saved *f = (struct saved *)((char *)sink - offsetof(struct saved, sink));

	if (!socket_list_add(&f->snapshot.kept, row->socket))
		return -ENOMEM;
	classify(row);
	return f->doctor->view.sink.take(&f->doctor->view.sink, row);
}

static void keep_findings(struct doctor *d)
{
	struct saved *f = (struct saved *)((char *)(uintptr_t)d->view.options -
					   offsetof(struct saved, options));

	f->error = findings_tell(d, &f->findings, &f->finding_count);
}

/* What the sockets refer to becomes the live view's own; of listeners it makes its own list. */
static void hand_over(struct saved *f, struct live *live)
{
	snapshot_free(&live->snapshot);
	live->snapshot = f->snapshot;
	live->snapshot.kept = live->snapshot.listeners = (struct socket_list){0};
	socket_list_free(&f->snapshot.listeners);
}

static int receive(struct feed *feed, struct live *live)
{
	struct saved *f = (struct saved *)feed;
	struct socket_list kept = f->snapshot.kept;
	int error = 0;

	if (f->told)
		return 0;
	f->told = true;
	live->saved = true;
	hand_over(f, live);
	f->snapshot = (struct snapshot){0};
	live_begin(live, 0);
	/* No two may be taken for one, whatever the file says their cookies are. */
	for (size_t i = 0; i < kept.count && !error; i++)
		error = live_put(live, i + 1, kept.sockets[i]);
	socket_list_free(&kept);
	if (!error) {
		live_findings(live, f->findings, f->finding_count);
		f->findings = NULL;
		f->finding_count = 0;
	}
	return error ? error : live_end(live, &(struct live_tick){0});
}

static int cannot_act(struct feed *feed, const struct deed *deed)
{
	(void)feed;
	(void)deed;
	return -EOPNOTSUPP;
}

static void close_saved(struct feed *feed)
{
	struct saved *f = (struct saved *)feed;

	socket_list_free(&f->snapshot.kept);
	snapshot_free(&f->snapshot);
	findings_forget(f->findings, f->finding_count);
	free(f);
}

/* Reads all, and judges it on the way. */
static int read_all(struct saved *f, struct source *source, const struct request *request)
{
	struct view *view = doctor_view(keep_findings);
	int error;

	if (!view)
		return -ENOMEM;
	view->snapshot = &f->snapshot;
	view->options = &f->options;
	view->out = &f->page;
	f->doctor = (struct doctor *)view;
	error = source->refresh(source, request, &f->snapshot, &f->sink);
	if (!error)
		error = view->end(view);
	view->free(view);
	f->doctor = NULL;
	out_free(&f->page);
	return error ? error : f->error;
}

struct feed *feed_saved(struct source *source, const struct request *request, unsigned width,
			int *error)
{
	struct saved *f = calloc(1, sizeof(*f));

	*error = -ENOMEM;
	if (!f)
		return NULL;
	f->feed = (struct feed){
		.fd = -1, .receive = receive, .act = cannot_act, .close = close_saved};
	f->sink.take = keep;
	f->options = (struct view_options){.style.width = width, .saved = true};
	f->page = (struct out)OUT_MEMORY;
	*error = read_all(f, source, request);
	if (!*error)
		return &f->feed;
	close_saved(&f->feed);
	return NULL;
}

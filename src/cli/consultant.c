// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/consultant.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "cli/channel.h"
#include "cli/detach.h"
#include "cli/findings.h"
#include "cli/views.h"
#include "cli/wire.h"
#include "collect/kernel.h"
#include "explain/classify.h"
#include "render/doctor.h"

enum {
	EVERY_MS = 5000,
	REST = 50,           /* and so many times what one takes of a processor: 2% */
	SAMPLE_MOST = 20000, /* sockets of a sample that is kept for the next */
	NICE = 10,
};

/* One look at the host: the rows go to a doctor. */
struct look {
	struct sink sink;
	struct snapshot snapshot;
	struct doctor *doctor; /* whose rows are kept with the snapshot */
	uint64_t hidden;
};

struct consultant {
	struct channel channel;
	struct view_options options;
	struct out out, page;
	struct look *now, *before; /* before: NULL has none */
	int error;
};

static struct consultant *self; /* a view's put() has no context of its own */

static int take(struct sink *sink, struct row *row)
{
	struct look *look = (struct look *)sink;

	classify(row);
	look->hidden += row->socket->absence == OWNER_NO_PERMISSION;
	return look->doctor->view.sink.take(&look->doctor->view.sink, row);
}

static void put_findings(struct doctor *d)
{
	struct live_finding *texts;
	size_t count;

	self->error = findings_tell(d, &texts, &count);
	if (!self->error)
		wire_findings(&self->out, texts, count);
	findings_forget(texts, count);
}

static void free_look(struct look *look)
{
	if (!look)
		return;
	if (look->doctor)
		look->doctor->view.free(&look->doctor->view);
	snapshot_free(&look->snapshot);
	free(look);
}

static struct look *new_look(struct consultant *c)
{
	struct look *look = calloc(1, sizeof(*look));
	struct view *view = look ? doctor_view(put_findings) : NULL;

	if (!view) {
		free(look);
		return NULL;
	}
	look->sink.take = take;
	look->doctor = (struct doctor *)view;
	view->snapshot = &look->snapshot;
	view->options = &c->options;
	view->out = &c->page;
	return look;
}

static int collect(struct look *look)
{
	const struct view_row *row = view_row(VIEW_DIAGNOSE);
	struct request request = {
		.states = row->states,
		.families = FAMILY_BOTH,
		.want = row->want,
		.all_seen = true,
		.one_walk = true, /* the view goes on beside */
		.no_probe = true, /* the view beside would show it */
	};
	struct source *source = kernel_source();
	struct missing *owners = &look->snapshot.missing[MISSING_OWNERS];
	int error;

	if (!source)
		return -ENOMEM;
	error = source->refresh(source, &request, &look->snapshot, &look->sink);
	source->close(source);
	owners->sockets = look->hidden;
	owners->set = look->hidden;
	return error;
}

/* The rows of the look before are lent to this one's doctor while it judges. */
static int judge(struct consultant *c)
{
	struct doctor *d = c->now->doctor;
	int error;

	if (c->before) {
		d->earlier = &c->before->snapshot;
		d->before = c->before->doctor->rows;
	}
	error = d->view.end(&d->view);
	d->earlier = NULL;
	d->before = (struct rows){0};
	return error ? error : c->error;
}

static int consult(struct consultant *c)
{
	int error;

	c->now = new_look(c);
	if (!c->now)
		return -ENOMEM;
	error = collect(c->now);
	if (!error)
		error = judge(c);
	free_look(c->before);
	c->before = NULL;
	if (!error && c->now->doctor->rows.count <= SAMPLE_MOST)
		c->before = c->now;
	else
		free_look(c->now);
	c->now = NULL;
	return error;
}

/* Milliseconds of ours, of all threads. */
static uint64_t spent(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void rest(uint64_t took)
{
	uint64_t ms = took * REST > EVERY_MS ? took * REST : EVERY_MS;
	struct timespec left = {(time_t)(ms / 1000), (long)(ms % 1000 * 1000000)};

	while (nanosleep(&left, &left) && errno == EINTR)
		;
}

_Noreturn void consultant_run(int fd, pid_t parent, unsigned width)
{
	static struct consultant c = {.out = OUT_MEMORY, .page = OUT_MEMORY};
	int error;

	self = &c;
	detach(fd, parent);
	setpriority(PRIO_PROCESS, 0, NICE);
	c.options.style.width = width;
	error = channel_open(&c.channel, fd);
	while (!error) {
		uint64_t before = spent();

		error = consult(&c);
		if (!error)
			error = channel_send(&c.channel, &c.out, true);
		if (!error)
			rest(spent() - before);
	}
	_exit(1);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/host.h"
#include "collect/watcher.h"

enum { COUNTERS_EVERY = 5000 }; /* milliseconds */

int watch_host(struct watcher *w)
{
	struct snapshot s = {0};
	int error;

	if (w->host_time && w->now - w->host_time < COUNTERS_EVERY)
		return 0;
	error = host_add_netns(&s, true);
	if (!error)
		error = w->sink->netns(w->sink->ctx, 0, s.namespaces);
	w->host_time = w->now;
	snapshot_free(&s);
	return error;
}

int watch_about(struct watcher *w)
{
	struct snapshot *s = &w->snapshot;

	clock_gettime(CLOCK_REALTIME, &s->time);
	clock_gettime(CLOCK_BOOTTIME, &s->monotonic);
	s->asked = WANT_OWNERS | WANT_PROCESS | WANT_VITALS | WANT_HOST | WANT_BOUND |
		   (w->watch->want & WANT_ATTRIBUTES);
	return w->sink->about(w->sink->ctx, s);
}

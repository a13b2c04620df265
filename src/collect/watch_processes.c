// SPDX-License-Identifier: GPL-2.0-or-later
/* The processes of this host, by pid, and which of them hold sockets under watch. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "collect/numbers.h"
#include "collect/watcher.h"
#include "util/compare.h"
#include "util/grow.h"

/* A place is used again once nobody shows sockets of the process that had it. */
enum { PLACE_RESTS = 4 * LIVE_LINGER_MS };

struct watch_process *watch_process_find(const struct watch_owners *o, int32_t pid)
{
	size_t low = 0, high = o->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (o->all[middle].pid < pid)
			low = middle + 1;
		else
			high = middle;
	}
	return low < o->count && o->all[low].pid == pid ? &o->all[low] : NULL;
}

static int add_spare(struct watcher *w, uint32_t index)
{
	struct watch_owners *o = &w->owners;

	if (GROW(o->spare, o->spare_cap, o->spare_count + 1))
		return -ENOMEM;
	o->spare[o->spare_count++] = (struct watch_place){index, w->now};
	return 0;
}

static int end_process(struct watcher *w, struct watch_process *p)
{
	int error = watch_scan_gone(w, p);

	if (!error && p->index != OWNER_NONE) {
		process_clear(&w->snapshot.owners.processes[p->index]);
		error = add_spare(w, p->index);
	}
	free(p->fds);
	*p = (struct watch_process){0};
	return error;
}

/* The place that has been free for longest; OWNER_NONE where none has been for long enough. */
static uint32_t take_spare(struct watcher *w)
{
	struct watch_owners *o = &w->owners;
	uint32_t index;

	if (!o->spare_count || w->now - o->spare[0].time < PLACE_RESTS)
		return OWNER_NONE;
	index = o->spare[0].index;
	memmove(o->spare, o->spare + 1, --o->spare_count * sizeof(*o->spare));
	return index;
}

int watch_process_enter(struct watcher *w, struct watch_process *p)
{
	struct watch_owners *o = &w->owners;
	struct owner_table *t = &w->snapshot.owners;
	struct process read;
	int error = process_read(&read, o->search.proc, p->pid, o->search.want);
	int64_t index;

	if (error)
		return error;
	if (read.have_uid)
		read.user = user_names_get(&o->search.users, read.uid);
	p->index = take_spare(w);
	if (p->index != OWNER_NONE) {
		t->processes[p->index] = read;
		if (p->index < o->mark_cap)
			o->marks[p->index] = 0;
		return 0;
	}
	index = owner_table_process(t, &read);
	if (index < 0) {
		process_clear(&read);
		return (int)index;
	}
	p->index = (uint32_t)index;
	o->search.named = t->process_count;
	return 0;
}

/* One pid of the list of now; those before it in the list of old are gone. */
static int merge(struct watcher *w, struct watch_process *now, size_t *count, size_t *old,
		 int32_t pid)
{
	struct watch_owners *o = &w->owners;
	int error = 0;

	while (!error && *old < o->count && o->all[*old].pid < pid)
		error = end_process(w, &o->all[(*old)++]);
	if (*old < o->count && o->all[*old].pid == pid)
		now[(*count)++] = o->all[(*old)++];
	else
		now[(*count)++] =
			(struct watch_process){.pid = pid, .index = OWNER_NONE, .fresh = true};
	return error;
}

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return COMPARE(x, y);
}

/* All pids, ascending; their number, or -ENOMEM. */
static ssize_t read_pids(int proc, uint32_t **pids)
{
	struct numbers names;
	size_t count = 0, cap = 0;
	uint32_t pid;

	*pids = NULL;
	if (lseek(proc, 0, SEEK_SET) < 0)
		return -errno;
	numbers_begin(&names, proc);
	while (numbers_next(&names, &pid)) {
		if (GROW(*pids, cap, count + 1))
			return -ENOMEM;
		(*pids)[count++] = pid;
	}
	if (count)
		qsort(*pids, count, sizeof(**pids), by_number);
	return (ssize_t)count;
}

/* A list that cannot be read stays as it was. */
int watch_processes_list(struct watcher *w)
{
	struct watch_owners *o = &w->owners;
	struct watch_process *now = NULL;
	size_t count = 0, old = 0;
	uint32_t *pids;
	ssize_t n = read_pids(o->search.proc, &pids);
	int error = 0;

	if (n > 0)
		now = calloc((size_t)n, sizeof(*now));
	if (n <= 0 || !now) {
		free(pids);
		return n > 0 || n == -ENOMEM ? -ENOMEM : 0;
	}
	for (ssize_t i = 0; i < n; i++) {
		int result = merge(w, now, &count, &old, (int32_t)pids[i]);

		error = error ? error : result;
	}
	while (old < o->count) {
		int result = end_process(w, &o->all[old++]);

		error = error ? error : result;
	}
	free(pids);
	free(o->all);
	o->all = now;
	o->count = o->cap = count;
	return error;
}

static void drop_unwatched(struct watcher *w)
{
	struct owner_table *t = &w->snapshot.owners;

	for (uint32_t i = 0; i < t->count; i++) {
		uint32_t inode = t->owners[i].inode;

		if (inode && watched_by_inode(&w->table, inode) == WATCHED_NONE)
			owner_table_drop(t, inode);
	}
}

static int by_descriptor(const void *va, const void *vb)
{
	const struct watch_fd *a = va, *b = vb;

	return COMPARE(a->fd, b->fd);
}

static int add_descriptor(struct watch_process *p, const struct owner *o)
{
	if (GROW(p->fds, p->cap, p->count + 1))
		return -ENOMEM;
	p->fds[p->count++] = (struct watch_fd){o->fd, o->inode};
	return 0;
}

/* The processes by their index, for the holders to find them; NULL without memory. */
static struct watch_process **by_index(struct watcher *w)
{
	const struct owner_table *t = &w->snapshot.owners;
	struct watch_process **all = calloc(t->process_count + 1, sizeof(struct watch_process *));

	for (uint32_t i = 0; all && i < t->process_count; i++) {
		struct watch_process *p =
			t->processes[i].pid ? watch_process_find(&w->owners, t->processes[i].pid)
					    : NULL;

		if (p)
			p->index = i;
		all[i] = p;
	}
	return all;
}

int watch_owners_note(struct watcher *w)
{
	const struct owner_table *t = &w->snapshot.owners;
	struct watch_owners *o = &w->owners;
	struct watch_process **processes;
	int error = 0;

	if (o->search.proc < 0)
		return 0;
	error = watch_processes_list(w);
	if (error)
		return error;
	drop_unwatched(w);
	processes = by_index(w);
	if (!processes)
		return -ENOMEM;
	for (size_t i = 0; i < o->count; i++)
		o->all[i].count = 0;
	for (uint32_t i = 0; i < t->count && !error; i++) {
		const struct owner owner = t->owners[i];
		struct watch_process *p = owner.inode ? processes[owner.process] : NULL;

		if (owner.inode && !p)
			error = watch_owners_drop(w, &owner);
		else if (p && owner.via == VIA_DESCRIPTOR)
			error = add_descriptor(p, &owner);
		else if (p)
			p->odd = true;
	}
	for (size_t i = 0; i < o->count; i++) {
		if (o->all[i].count)
			qsort(o->all[i].fds, o->all[i].count, sizeof(*o->all[i].fds),
			      by_descriptor);
	}
	free(processes);
	return error;
}

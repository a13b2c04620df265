// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The descriptors of one process, brought up to date: those known to be sockets that still exist are
 * passed over, unless they are to be verified; all others are looked at.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "collect/numbers.h"
#include "collect/owners_walk.h"
#include "collect/watcher.h"
#include "util/grow.h"

enum {
	LINK_SIZE = 64,
	CLOCK_EVERY = 32,   /* descriptors between two looks at the clock */
	DIRECTORY_HEAD = 2, /* "." and "..": a descriptor's position is its number and these */
	COPIES = 16,        /* descriptors of one process kept of one socket */
	HOLDERS = 1024,     /* of one socket, above which no more are entered */
};

/* A scan under way: what is kept is written to the scratch list, in order. */
struct scan {
	struct watcher *w;
	struct watch_process *p;
	int directory;
	enum scan_how how;
	bool whole;     /* it begins at the first descriptor */
	uint32_t known; /* next of p->fds */
	uint32_t kept;  /* in the scratch list */
	uint32_t found; /* sockets new to it */
};

int64_t watch_time(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

static struct owner_table *table_of(const struct scan *s)
{
	return &s->w->snapshot.owners;
}

static int keep(struct scan *s, uint32_t fd, uint32_t inode)
{
	struct watch_owners *o = &s->w->owners;

	if (GROW(o->scratch, o->scratch_cap, s->kept + 1))
		return -ENOMEM;
	o->scratch[s->kept++] = (struct watch_fd){fd, inode};
	return 0;
}

static int changed(struct watcher *w, uint32_t inode)
{
	uint32_t place = watched_by_inode(&w->table, inode);

	return place == WATCHED_NONE ? 0 : watch_owners_again(w, place);
}

int watch_owners_drop(struct watcher *w, const struct owner *o)
{
	uint32_t inode = o->inode;

	owner_table_remove(&w->snapshot.owners, inode, o->process, o->fd, o->via);
	return changed(w, inode);
}

static int let_go(struct watcher *w, const struct watch_process *p, const struct watch_fd *known)
{
	return watch_owners_drop(w, &(struct owner){.inode = known->inode,
						    .process = p->index,
						    .fd = known->fd,
						    .via = VIA_DESCRIPTOR});
}

/* Whether one more holder is to be entered: not this very one, nor too many. */
static bool is_wanted(const struct scan *s, uint32_t fd, uint32_t inode)
{
	const struct owner_table *t = table_of(s);
	unsigned own = 0, all = 0;

	for (uint32_t i = owner_table_find(t, inode); i != OWNER_NONE; i = owner_table_next(t, i)) {
		const struct owner *o = &t->owners[i];

		if (o->process == s->p->index && o->via == VIA_DESCRIPTOR && o->fd == fd)
			return false;
		own += o->process == s->p->index;
		if (++all >= HOLDERS)
			return false;
	}
	return own < COPIES;
}

static int hold(struct scan *s, uint32_t fd, uint32_t inode)
{
	int error = 0;

	if (s->p->index == OWNER_NONE)
		error = watch_process_enter(s->w, s->p);
	if (error)
		return error;
	if (is_wanted(s, fd, inode)) {
		error = owner_table_insert(table_of(s), inode, s->p->index, fd, VIA_DESCRIPTOR);
		if (!error)
			error = changed(s->w, inode);
		s->found++;
	}
	return error ? error : keep(s, fd, inode);
}

/* The socket behind a descriptor, 0 for anything else; a refusal ends the scan. */
static int read_inode(const struct scan *s, const char *name, uint32_t *inode)
{
	char link[LINK_SIZE];
	ssize_t n;

	*inode = 0;
	n = readlinkat(s->directory, name, link, sizeof(link));
	if (n < 0)
		return errno == ENOENT || errno == ESRCH ? 0 : -errno;
	if (!owners_socket_link(link, (size_t)n, inode) ||
	    watched_by_inode(&s->w->table, *inode) == WATCHED_NONE)
		*inode = 0;
	return 0;
}

/* Those between what was met last and `fd` are open no more. */
static int skip_to(struct scan *s, uint32_t fd)
{
	const struct watch_process *p = s->p;
	int error = 0;

	while (!error && s->known < p->count && p->fds[s->known].fd < fd)
		error = let_go(s->w, p, &p->fds[s->known++]);
	return error;
}

/* A descriptor, and its name in the directory. */
static int take(struct scan *s, uint32_t fd, const char *name)
{
	const struct watch_fd *known = NULL;
	uint32_t inode;
	int error = skip_to(s, fd);

	if (error)
		return error;
	if (s->known < s->p->count && s->p->fds[s->known].fd == fd)
		known = &s->p->fds[s->known++];
	if (known && s->how != SCAN_VERIFY &&
	    watched_by_inode(&s->w->table, known->inode) != WATCHED_NONE)
		return keep(s, fd, known->inode);
	error = read_inode(s, name, &inode);
	if (error)
		return error;
	if (known && known->inode == inode)
		return keep(s, fd, inode);
	if (known)
		error = let_go(s->w, s->p, known);
	return error || !inode ? error : hold(s, fd, inode);
}

/* The list is what was kept, and what was known of descriptors not come to. */
static int replace_list(struct scan *s)
{
	struct watch_process *p = s->p;
	uint32_t rest = p->count - s->known, count;

	for (uint32_t i = 0; i < rest; i++) {
		int error = keep(s, p->fds[s->known + i].fd, p->fds[s->known + i].inode);

		if (error)
			return error;
	}
	count = s->kept;
	if (count > p->cap || count < p->cap / 4) {
		uint32_t cap = count + count / 2 + 8;
		struct watch_fd *more = realloc(p->fds, cap * sizeof(*more));

		if (!more)
			return -ENOMEM;
		p->fds = more;
		p->cap = cap;
	}
	if (count)
		memcpy(p->fds, s->w->owners.scratch, count * sizeof(*p->fds));
	p->count = count;
	return 0;
}

/* Before kernel 6.2 it counts nothing. */
static uint32_t open_count(const struct scan *s)
{
	struct stat st;

	return fstat(s->directory, &st) ? 0 : (uint32_t)st.st_size;
}

static int note_descriptors(const struct scan *s, uint32_t count)
{
	struct process *p;
	uint8_t *marks;

	s->p->open = open_count(s);
	if (s->p->index == OWNER_NONE)
		return 0;
	p = &table_of(s)->processes[s->p->index];
	p->descriptors = count;
	p->have_descriptors = true;
	marks = watch_owners_marks(&s->w->owners, s->p->index);
	if (!marks)
		return -ENOMEM;
	*marks &= (uint8_t)~MARK_LOST;
	return 0;
}

/* Also after a failure: what was let go is not known any more. */
static int scan_names(struct scan *s, uint32_t *at, int64_t deadline)
{
	struct numbers names;
	uint32_t fd = 0, done = 0;
	int error = 0, replaced;

	numbers_begin(&names, s->directory);
	*at = 0;
	while (!error && !*at && numbers_next(&names, &fd)) {
		error = take(s, fd, names.name);
		if (!error && ++done % CLOCK_EVERY == 0 && watch_time() > deadline)
			*at = fd + 1;
	}
	if (!error && !*at)
		error = names.error;
	if (!error && !*at)
		error = skip_to(s, UINT32_MAX);
	if (!error && s->whole && !*at)
		error = note_descriptors(s, done);
	replaced = replace_list(s);
	return error ? error : replaced;
}

int watch_scan_gone(struct watcher *w, struct watch_process *p)
{
	struct owner_table *t = &w->snapshot.owners;
	int error = 0;

	for (uint32_t i = 0; i < p->count && !error; i++)
		error = let_go(w, p, &p->fds[i]);
	for (uint32_t i = 0; p->odd && i < t->count && !error; i++) {
		struct owner o = t->owners[i];

		if (o.inode && o.process == p->index)
			error = watch_owners_drop(w, &o);
	}
	p->count = 0;
	p->at = p->verify_at = 0;
	p->odd = false;
	return error;
}

static int refused(struct watch_process *p, int error)
{
	if (error == -ENOMEM)
		return error;
	p->refused = error != -ENOENT && error != -ESRCH;
	return 0;
}

/* What lies before the place where the scan goes on stays as it is. */
static int pass_over(struct scan *s, uint32_t at)
{
	const struct watch_process *p = s->p;
	int error = 0;

	for (; !error && s->known < p->count && p->fds[s->known].fd < at; s->known++)
		error = keep(s, p->fds[s->known].fd, p->fds[s->known].inode);
	return error;
}

/* A scan that was not finished, and a process nothing is known of, have changes to come. */
static bool is_unchanged(const struct scan *s)
{
	const struct watch_process *p = s->p;
	const uint8_t *marks =
		p->index == OWNER_NONE ? NULL : watch_owners_marks(&s->w->owners, p->index);

	return !p->at && p->open && !(marks && *marks & MARK_LOST) && open_count(s) == p->open;
}

int watch_scan(struct watcher *w, struct watch_process *p, enum scan_how how, int64_t deadline)
{
	uint32_t *at = how == SCAN_VERIFY ? &p->verify_at : &p->at;
	struct scan s = {.w = w, .p = p, .how = how, .whole = !*at};
	char path[32];
	int error;

	p->fresh = false;
	snprintf(path, sizeof(path), "%d/fd", p->pid);
	s.directory = openat(w->owners.search.proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s.directory < 0) {
		*at = 0;
		return refused(p, -errno);
	}
	if (how == SCAN_CHANGED && is_unchanged(&s)) {
		close(s.directory);
		return 0;
	}
	if (*at)
		lseek(s.directory, (off_t)*at + DIRECTORY_HEAD, SEEK_SET);
	error = pass_over(&s, *at);
	if (!error)
		error = scan_names(&s, at, deadline);
	close(s.directory);
	p->heat += s.found;
	return error ? refused(p, error) : 0;
}

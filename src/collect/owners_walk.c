// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/owners_walk.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collect/fd_tables.h"
#include "util/thread.h"

enum {
	THREAD_WORTH = 4096, /* descriptors from which a second thread gains */
	LINK_SIZE = 64,      /* more than any link of interest has */
	CHAIN_LIMIT = 1024,  /* holders of a socket above which no more are entered */
};

/*
 * A walk through all tables. The threads take turns, under the lock, to read a share of names from
 * the table at hand; they read the links of their share on their own.
 */
struct walk {
	struct owners *o;
	bool deep;
	uint32_t first_new; /* holders before were there before this walk */
	pthread_mutex_t lock;
	struct fd_tables tables;
};

/* One thread's share. */
struct share {
	struct walk *w;
	struct fd_table *table;
	struct numbers names;
	uint32_t descriptors;
	struct owners_batch batch;
};

static bool take_share(struct share *s)
{
	pthread_mutex_lock(&s->w->lock);
	s->table = fd_tables_share(&s->w->tables, &s->names);
	pthread_mutex_unlock(&s->w->lock);
	return s->table;
}

static int read_ring(struct share *s, uint32_t fd)
{
	const struct fd_table *table = s->table;
	char path[64];

	if (table->tid)
		snprintf(path, sizeof(path), "%d/task/%d/fdinfo/%u", table->pid, table->tid, fd);
	else
		snprintf(path, sizeof(path), "%d/fdinfo/%u", table->pid, fd);
	return owners_ring(&s->batch, s->w->o->proc, path);
}

static int read_link(struct share *s, uint32_t fd)
{
	static const char ring[] = "anon_inode:[io_uring]";
	const struct fd_table *table = s->table;
	char link[LINK_SIZE];
	uint32_t inode;
	ssize_t n;

	n = readlinkat(table->fd, s->names.name, link, sizeof(link));
	if (n < 0) /* closed meanwhile, or the process has ended */
		return errno == ENOENT || errno == ESRCH || errno == ENOTDIR ? 0 : -errno;
	if (owners_socket_link(link, (size_t)n, &inode))
		return owners_batch_add(&s->batch, inode, fd,
					table->tid ? VIA_THREAD : VIA_DESCRIPTOR);
	if (n == sizeof(ring) - 1 && !memcmp(link, ring, sizeof(ring) - 1))
		return read_ring(s, fd);
	return 0;
}

/* Reads the links of a share into its batch. */
static int read_share(struct share *s)
{
	uint32_t fd;

	s->descriptors = 0;
	while (numbers_take(&s->names, &fd)) {
		int error = read_link(s, fd);

		if (error)
			return error;
		s->descriptors++;
	}
	return 0;
}

/* Whether a second walk need not enter this: the first found a holder, or this one has it. */
static bool is_known(const struct walk *w, int32_t pid, const struct owner *found)
{
	const struct owner_table *t = &w->o->snapshot->owners;
	uint32_t i = owner_table_find(t, found->inode);

	if (i < w->first_new)
		return true;
	for (unsigned n = 0; i != OWNER_NONE; i = owner_table_next(t, i)) {
		const struct owner *o = &t->owners[i];

		if (n++ == CHAIN_LIMIT ||
		    (t->processes[o->process].pid == pid && o->fd == found->fd &&
		     (o->via == VIA_IO_URING) == (found->via == VIA_IO_URING)))
			return true;
	}
	return false;
}

static void drop_known(const struct walk *w, int32_t pid, struct owners_batch *b)
{
	size_t kept = 0;

	for (size_t i = 0; i < b->count; i++) {
		if (!is_known(w, pid, &b->owners[i]))
			b->owners[kept++] = b->owners[i];
	}
	b->count = kept;
}

/* Gives the table its process's index. The lock is let go while /proc is read. */
static int enter_process(struct walk *w, struct fd_table *table)
{
	struct owner_table *t = &w->o->snapshot->owners;
	struct process p;
	int64_t index;
	int error;

	if (w->deep) {
		const struct process *known = owner_table_pid(t, table->pid);

		if (known) {
			table->process = (uint32_t)(known - t->processes);
			return 0;
		}
		error = process_read(&p, w->o->proc, table->pid, w->o->want);
	} else {
		pthread_mutex_unlock(&w->lock);
		error = process_read(&p, w->o->proc, table->pid, w->o->want);
		pthread_mutex_lock(&w->lock);
	}
	if (error)
		return error;
	if (table->process != OWNER_NONE) {
		process_clear(&p);
		return 0;
	}
	index = owner_table_process(t, &p);
	if (index < 0) {
		process_clear(&p);
		return (int)index;
	}
	table->process = (uint32_t)index;
	return 0;
}

static int enter_batch(struct walk *w, struct fd_table *table, struct owners_batch *b)
{
	struct owner_table *t = &w->o->snapshot->owners;
	int error = 0;

	if (w->deep)
		drop_known(w, table->pid, b);
	if (b->count && table->process == OWNER_NONE)
		error = enter_process(w, table);
	for (size_t i = 0; i < b->count && !error; i++) {
		const struct owner *o = &b->owners[i];

		error = owner_table_add(t, o->inode, table->process, o->fd, o->via);
	}
	/* The next table's known ones are looked up. */
	if (w->deep && !error)
		error = owner_table_index(t);
	return error == -ESRCH ? 0 : error;
}

/* Enters a share's findings and lets go of its table. */
static void finish_share(struct share *s, int error)
{
	struct walk *w = s->w;

	owners_batch_thin(&s->batch);
	pthread_mutex_lock(&w->lock);
	s->table->descriptors += s->descriptors;
	if (error && error != -ENOMEM) {
		fd_table_refuse(&w->tables, s->table, -error);
		error = 0;
	}
	if (!error)
		error = enter_batch(w, s->table, &s->batch);
	if (error)
		w->tables.error = error;
	s->batch.count = 0;
	fd_table_release(&w->tables, s->table);
	pthread_mutex_unlock(&w->lock);
}

/* The second thread. */
static void *help(void *arg)
{
	struct share s = {.w = arg};

	while (take_share(&s))
		finish_share(&s, read_share(&s));
	free(s.batch.owners);
	return NULL;
}

/* Returns whether a second thread took part. */
static bool walk_tables(struct walk *w)
{
	bool considered = false, helped = false;
	uint64_t descriptors = 0;
	struct share s = {.w = w};
	pthread_t helper;

	while (take_share(&s)) {
		int error;

		if (!considered && descriptors > THREAD_WORTH) {
			considered = true;
			helped = thread_start(&helper, help, w);
		}
		error = read_share(&s);
		descriptors += s.descriptors;
		finish_share(&s, error);
	}
	if (helped)
		pthread_join(helper, NULL);
	free(s.batch.owners);
	return helped;
}

static void report(const struct walk *w)
{
	struct missing *missing = w->o->snapshot->missing;
	struct stat st;

	w->o->hidden = w->tables.hidden;
	/* hidepid: a first process there must be. */
	if (w->tables.processes && fstatat(w->o->proc, "1", &st, AT_SYMLINK_NOFOLLOW) &&
	    errno == ENOENT)
		w->o->hidden++;
	missing[MISSING_OWNERS].processes = w->o->hidden;
	missing[MISSING_OWNERS].error = w->tables.hidden_error;
	if (!w->tables.processes && !w->tables.error) {
		missing[MISSING_PROCFS].set = true;
		missing[MISSING_PROCFS].error = -ENOENT;
	}
}

int owners_walk(struct owners *o, bool deep)
{
	struct owner_table *t = &o->snapshot->owners;
	struct walk w = {
		.o = o, .deep = deep, .first_new = t->count, .lock = PTHREAD_MUTEX_INITIALIZER};
	bool helped;
	int error;

	fd_tables_begin(&w.tables, o, deep);
	helped = walk_tables(&w);
	fd_tables_end(&w.tables);
	error = w.tables.error;
	if (!error)
		error = owner_table_index(t);
	if (!error && helped)
		error = owners_order(t);
	owners_name_users(o);
	report(&w);
	return error;
}

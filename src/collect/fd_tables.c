// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/fd_tables.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	THREADS_UNCOMPARED = 256, /* of a process, where kcmp() is refused */
	COMPARE_FILES = 2,        /* KCMP_FILES of linux/kcmp.h */
};

static bool is_refusal(int error)
{
	return error == EACCES || error == EPERM;
}

static bool is_gone(int error)
{
	return error == ENOENT || error == ESRCH || error == ENOTDIR;
}

/* How many there are is the size of their directory since Linux 6.2; before, that is always 0. */
static bool is_empty(int proc, const char *path)
{
	struct stat st;

	return !fstatat(proc, path, &st, 0) && !st.st_size;
}

void fd_tables_begin(struct fd_tables *t, const struct owners *o, bool deep)
{
	*t = (struct fd_tables){.o = o, .deep = deep, .task = -1};
	t->skipping = !deep && !(o->want & WANT_VITALS) && !is_empty(o->proc, "self/fd");
	if (lseek(o->proc, 0, SEEK_SET) < 0)
		t->error = -errno;
	numbers_begin(&t->pids, o->proc);
}

/* Counts a process whose descriptors stay out of sight. */
static void hide(struct fd_tables *t, int32_t pid, int error)
{
	if (is_refusal(error) && process_is_empty(t->o->proc, pid))
		return;
	t->hidden++;
	if (!is_refusal(error))
		t->hidden_error = -error;
}

void fd_table_refuse(struct fd_tables *t, struct fd_table *table, int error)
{
	if (!table->refused)
		hide(t, table->pid, error);
	table->refused = true;
}

/* Of the process itself; a thread's own table does not count. */
static void note_descriptors(const struct fd_tables *t, const struct fd_table *table)
{
	struct process *p;

	if (!(t->o->want & WANT_VITALS) || table->process == OWNER_NONE || table->tid ||
	    table->refused || !table->complete)
		return;
	p = &t->o->snapshot->owners.processes[table->process];
	p->descriptors = table->descriptors;
	p->have_descriptors = true;
}

void fd_table_release(struct fd_tables *t, struct fd_table *table)
{
	if (--table->users)
		return;
	note_descriptors(t, table);
	close(table->fd);
}

static struct fd_table *free_slot(struct fd_tables *t)
{
	for (size_t i = 0; i < FD_TABLES; i++) {
		if (!t->slots[i].users)
			return &t->slots[i];
	}
	return NULL;
}

static void open_table(struct fd_tables *t, int32_t pid, int32_t tid)
{
	struct fd_table *table = free_slot(t);
	char path[48];
	int fd;

	if (tid)
		snprintf(path, sizeof(path), "%d/task/%d/fd", pid, tid);
	else
		snprintf(path, sizeof(path), "%d/fd", pid);
	if (t->skipping && is_empty(t->o->proc, path))
		return;
	fd = openat(t->o->proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) {
		if (!tid && !is_gone(errno))
			hide(t, pid, errno);
		return;
	}
	*table = (struct fd_table){
		.fd = fd, .pid = pid, .tid = tid, .process = OWNER_NONE, .users = 1};
	t->current = table;
}

static bool has_threads(int proc, const char *task)
{
	struct stat st;

	/* Each thread is a directory, and there are "." and "..". */
	return !fstatat(proc, task, &st, 0) && st.st_nlink > 3;
}

static void open_threads(struct fd_tables *t, int32_t pid)
{
	char path[32];

	snprintf(path, sizeof(path), "%d/task", pid);
	if (!has_threads(t->o->proc, path))
		return;
	t->task = openat(t->o->proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	t->task_pid = pid;
	t->uncompared = 0;
	numbers_begin(&t->tids, t->task);
}

static void close_threads(struct fd_tables *t)
{
	if (t->task >= 0)
		close(t->task);
	t->task = -1;
}

/* Whether a thread has, or may have, a table of its own. */
static bool has_own_table(struct fd_tables *t, int32_t tid)
{
	long order = -1;

	if (t->o->can_kcmp) {
		order = syscall(SYS_kcmp, t->task_pid, tid, COMPARE_FILES, 0, 0);
		if (order < 0 && errno == ESRCH)
			return false;
	}
	return order < 0 ? t->uncompared++ < THREADS_UNCOMPARED : order;
}

/* The next thread with a table of its own; false behind the last. */
static bool next_thread(struct fd_tables *t, int32_t *tid)
{
	uint32_t number;

	while (t->task >= 0 && numbers_next(&t->tids, &number)) {
		*tid = (int32_t)number;
		if (*tid != t->task_pid && has_own_table(t, *tid))
			return true;
	}
	close_threads(t);
	return false;
}

/* Makes the next readable table the current one; false behind the last. */
static bool next_table(struct fd_tables *t)
{
	while (!t->current && !t->error) {
		uint32_t pid;
		int32_t tid;

		if (next_thread(t, &tid)) {
			open_table(t, t->task_pid, tid);
		} else if (numbers_next(&t->pids, &pid)) {
			t->processes++;
			open_table(t, (int32_t)pid, 0);
		} else {
			return false;
		}
	}
	return !t->error;
}

/* No more is read of the current table: its process's threads are next. */
static void finish_table(struct fd_tables *t, const struct numbers *names)
{
	struct fd_table *table = t->current;

	if (names->error && !is_gone(-names->error))
		fd_table_refuse(t, table, -names->error);
	table->complete = !names->error && !names->len;
	if (t->deep && !table->tid && !table->refused)
		open_threads(t, table->pid);
	t->current = NULL;
	fd_table_release(t, table);
}

struct fd_table *fd_tables_share(struct fd_tables *t, struct numbers *names)
{
	while (next_table(t)) {
		struct fd_table *table = t->current;

		numbers_begin(names, table->fd);
		if (numbers_refill(names) && !table->refused) {
			table->users++;
			return table;
		}
		finish_table(t, names);
	}
	return NULL;
}

void fd_tables_end(struct fd_tables *t)
{
	if (t->current)
		fd_table_release(t, t->current);
	t->current = NULL;
	close_threads(t);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/owners.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "util/grow.h"
#include "util/hash.h"
#include "util/thread.h"

enum {
	NAMES_SIZE = 8 * 1024, /* of one share of a directory, about 340 descriptors */
	PIDS_SIZE = 32 * 1024,
	THREAD_WORTH = 4096, /* descriptors from which a second thread gains */
	LINK_SIZE = 64,      /* more than any link of interest has */
	DIRECTORIES = 3,     /* one being read and one in each thread's hands */
	COPIES = 16,         /* descriptors of one socket kept from a share */
	COPY_SLOTS = 4096,
	CHAIN_LIMIT = 1024, /* holders of a socket above which no more are entered */
};

/* As getdents64() fills in. */
struct entry {
	uint64_t inode;
	int64_t offset;
	uint16_t size; /* bytes, of the whole entry */
	uint8_t type;
	char name[];
};

/* A table of descriptors being read. */
struct directory {
	int fd;
	int32_t pid, tid; /* tid is 0 for the process's own table */
	uint32_t process; /* index, or OWNER_NONE */
	unsigned users;   /* 0 is a free slot */
	uint32_t descriptors;
	bool refused, complete; /* complete: its last name was read */
};

/*
 * A walk through all tables. The threads take turns, under the lock, to read a share of names from
 * the directory at hand; they read the links of their share on their own.
 */
struct walk {
	struct owners *o;
	bool deep;
	uint32_t first_new; /* holders before were there before this walk */
	pthread_mutex_t lock;

	char *pids; /* PIDS_SIZE bytes: entries of /proc */
	size_t pids_at, pids_len;
	int32_t *tids; /* tables still to read, of process `tids_pid` */
	size_t tid_at, tid_count;
	int32_t tids_pid;
	struct directory directories[DIRECTORIES], *current;

	uint32_t processes, hidden;
	int hidden_error, error;
};

/* One thread's share. */
struct share {
	struct walk *w;
	struct directory *directory;
	char *names; /* NAMES_SIZE bytes */
	size_t len;
	uint32_t descriptors;
	struct owners_batch batch;
};

static bool is_refusal(int error)
{
	return error == EACCES || error == EPERM;
}

static bool is_gone(int error)
{
	return error == ENOENT || error == ESRCH || error == ENOTDIR;
}

static ssize_t read_names(int fd, char *names, size_t size)
{
	long n;

	do {
		n = syscall(SYS_getdents64, fd, names, size);
	} while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

static bool parse_number(const char *s, uint32_t *number)
{
	uint64_t v = 0;

	if (!*s)
		return false;
	for (; *s; s++) {
		if (*s < '0' || *s > '9')
			return false;
		v = v * 10 + (unsigned)(*s - '0');
		if (v > UINT32_MAX)
			return false;
	}
	*number = (uint32_t)v;
	return true;
}

bool owners_socket_link(const char *link, size_t n, uint32_t *inode)
{
	static const char prefix[] = "socket:[";
	uint64_t v = 0;
	size_t i = sizeof(prefix) - 1;

	if (n < sizeof(prefix) + 1 || memcmp(link, prefix, sizeof(prefix) - 1))
		return false;
	for (; i < n && link[i] >= '0' && link[i] <= '9' && v <= UINT32_MAX; i++)
		v = v * 10 + (unsigned)(link[i] - '0');
	*inode = (uint32_t)v;
	return i == n - 1 && link[i] == ']';
}

int owners_batch_add(struct owners_batch *b, uint32_t inode, uint32_t fd, enum owner_via via)
{
	if (GROW(b->owners, b->cap, b->count + 1))
		return -ENOMEM;
	b->owners[b->count++] = (struct owner){.inode = inode, .fd = fd, .via = via};
	return 0;
}

/* Counts a process whose descriptors stay out of sight. */
static void hide(struct walk *w, int32_t pid, int error)
{
	if (is_refusal(error) && process_is_empty(w->o->proc, pid))
		return;
	w->hidden++;
	if (!is_refusal(error))
		w->hidden_error = -error;
}

static struct directory *free_slot(struct walk *w)
{
	for (size_t i = 0; i < DIRECTORIES; i++) {
		if (!w->directories[i].users)
			return &w->directories[i];
	}
	return NULL;
}

static void open_table(struct walk *w, int32_t pid, int32_t tid)
{
	struct directory *d = free_slot(w);
	char path[48];
	int fd;

	if (tid)
		snprintf(path, sizeof(path), "%d/task/%d/fd", pid, tid);
	else
		snprintf(path, sizeof(path), "%d/fd", pid);
	fd = openat(w->o->proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) {
		if (!tid && !is_gone(errno))
			hide(w, pid, errno);
		return;
	}
	*d = (struct directory){
		.fd = fd, .pid = pid, .tid = tid, .process = OWNER_NONE, .users = 1};
	w->current = d;
}

/* The next process of /proc; false behind the last. */
static bool next_pid(struct walk *w, int32_t *pid)
{
	for (;;) {
		const struct entry *e;
		uint32_t number;

		if (w->pids_at == w->pids_len) {
			ssize_t n = read_names(w->o->proc, w->pids, PIDS_SIZE);

			if (n <= 0)
				return false;
			w->pids_len = (size_t)n;
			w->pids_at = 0;
		}
		e = (const struct entry *)(w->pids + w->pids_at);
		w->pids_at += e->size;
		if (parse_number(e->name, &number) && number <= INT32_MAX) {
			*pid = (int32_t)number;
			w->processes++;
			return true;
		}
	}
}

/* Makes the next readable table the current one; false behind the last. */
static bool next_table(struct walk *w)
{
	while (!w->current && !w->error) {
		int32_t pid;

		if (w->tid_at < w->tid_count)
			open_table(w, w->tids_pid, w->tids[w->tid_at++]);
		else if (next_pid(w, &pid))
			open_table(w, pid, 0);
		else
			return false;
	}
	return !w->error;
}

/* Notes how many descriptors the process has; a thread's own table does not count. */
static void note_descriptors(const struct walk *w, const struct directory *d)
{
	struct process *p;

	if (!(w->o->want & WANT_VITALS) || d->process == OWNER_NONE || d->tid || d->refused ||
	    !d->complete)
		return;
	p = &w->o->snapshot->owners.processes[d->process];
	p->descriptors = d->descriptors;
	p->have_descriptors = true;
}

static void release(const struct walk *w, struct directory *d)
{
	if (--d->users)
		return;
	note_descriptors(w, d);
	close(d->fd);
}

/* The table at hand has been read: goes on to the threads' own ones. */
static void finish_table(struct walk *w, ssize_t n)
{
	struct directory *d = w->current;

	if (n < 0 && !is_gone((int)-n) && !d->refused) {
		d->refused = true;
		hide(w, d->pid, (int)-n);
	}
	d->complete = !n;
	if (w->deep && !d->tid && !d->refused) {
		ssize_t count;

		free(w->tids);
		w->tids = NULL;
		w->tid_at = w->tid_count = 0;
		count = owners_own_tables(w->o, d->pid, &w->tids);
		if (count < 0)
			w->error = (int)count;
		else
			w->tid_count = (size_t)count;
		w->tids_pid = d->pid;
	}
	w->current = NULL;
	release(w, d);
}

static bool take_share(struct share *s)
{
	struct walk *w = s->w;
	bool taken = false;

	pthread_mutex_lock(&w->lock);
	while (!taken && next_table(w)) {
		ssize_t n = read_names(w->current->fd, s->names, NAMES_SIZE);

		if (n <= 0 || w->current->refused) {
			finish_table(w, n);
			continue;
		}
		s->directory = w->current;
		s->directory->users++;
		s->len = (size_t)n;
		taken = true;
	}
	pthread_mutex_unlock(&w->lock);
	return taken;
}

static int read_ring(struct share *s, uint32_t fd)
{
	const struct directory *d = s->directory;
	char path[64];

	if (d->tid)
		snprintf(path, sizeof(path), "%d/task/%d/fdinfo/%u", d->pid, d->tid, fd);
	else
		snprintf(path, sizeof(path), "%d/fdinfo/%u", d->pid, fd);
	return owners_ring(&s->batch, s->w->o->proc, path);
}

static int read_link(struct share *s, const char *name)
{
	static const char ring[] = "anon_inode:[io_uring]";
	const struct directory *d = s->directory;
	char link[LINK_SIZE];
	uint32_t fd, inode;
	ssize_t n;

	n = readlinkat(d->fd, name, link, sizeof(link));
	if (n < 0)
		return is_gone(errno) ? 0 : -errno;
	if (owners_socket_link(link, (size_t)n, &inode) && parse_number(name, &fd))
		return owners_batch_add(&s->batch, inode, fd, d->tid ? VIA_THREAD : VIA_DESCRIPTOR);
	if (n == sizeof(ring) - 1 && !memcmp(link, ring, sizeof(ring) - 1) &&
	    parse_number(name, &fd))
		return read_ring(s, fd);
	return 0;
}

/* Reads the links of a share into its batch. */
static int read_share(struct share *s)
{
	s->descriptors = 0;
	for (size_t at = 0; at < s->len;) {
		const struct entry *e = (const struct entry *)(s->names + at);
		int error = e->name[0] == '.' ? 0 : read_link(s, e->name);

		if (error)
			return error;
		s->descriptors += e->name[0] != '.';
		at += e->size;
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

/*
 * Keeps a few of many descriptors of the same socket: chains of holders are walked, and a process
 * may have made a million of one.
 */
static void drop_copies(struct owners_batch *b)
{
	struct {
		uint32_t inode, count;
	} seen[COPY_SLOTS] = {0};
	size_t kept = 0, used = 0;

	if (b->count <= COPIES)
		return;
	for (size_t i = 0; i < b->count; i++) {
		uint32_t inode = b->owners[i].inode;
		size_t slot = hash_u64(inode) % COPY_SLOTS;

		while (seen[slot].count && seen[slot].inode != inode)
			slot = (slot + 1) % COPY_SLOTS;
		if (!seen[slot].count && used < COPY_SLOTS / 2) {
			seen[slot].inode = inode;
			used++;
		}
		if (seen[slot].inode != inode || seen[slot].count++ < COPIES)
			b->owners[kept++] = b->owners[i];
	}
	b->count = kept;
}

/* Gives the directory its process's index. The lock is let go while /proc is read. */
static int enter_process(struct walk *w, struct directory *d)
{
	struct owner_table *t = &w->o->snapshot->owners;
	struct process p;
	int64_t index;
	int error;

	if (w->deep) {
		const struct process *known = owner_table_pid(t, d->pid);

		if (known) {
			d->process = (uint32_t)(known - t->processes);
			return 0;
		}
		error = process_read(&p, w->o->proc, d->pid, w->o->want);
	} else {
		pthread_mutex_unlock(&w->lock);
		error = process_read(&p, w->o->proc, d->pid, w->o->want);
		pthread_mutex_lock(&w->lock);
	}
	if (error)
		return error;
	if (d->process != OWNER_NONE) {
		process_clear(&p);
		return 0;
	}
	index = owner_table_process(t, &p);
	if (index < 0) {
		process_clear(&p);
		return (int)index;
	}
	d->process = (uint32_t)index;
	return 0;
}

static int enter_batch(struct walk *w, struct directory *d, struct owners_batch *b)
{
	struct owner_table *t = &w->o->snapshot->owners;
	int error = 0;

	if (w->deep)
		drop_known(w, d->pid, b);
	if (b->count && d->process == OWNER_NONE)
		error = enter_process(w, d);
	for (size_t i = 0; i < b->count && !error; i++) {
		const struct owner *o = &b->owners[i];

		error = owner_table_add(t, o->inode, d->process, o->fd, o->via);
	}
	/* The next table's known ones are looked up. */
	if (w->deep && !error)
		error = owner_table_index(t);
	return error == -ESRCH ? 0 : error;
}

/* Enters a share's findings and lets go of its directory. */
static void finish_share(struct share *s, int error)
{
	struct directory *d = s->directory;
	struct walk *w = s->w;

	drop_copies(&s->batch);
	pthread_mutex_lock(&w->lock);
	d->descriptors += s->descriptors;
	if (error && error != -ENOMEM) {
		if (!d->refused)
			hide(w, d->pid, -error);
		d->refused = true;
		error = 0;
	}
	if (!error)
		error = enter_batch(w, d, &s->batch);
	if (error)
		w->error = error;
	s->batch.count = 0;
	release(w, d);
	pthread_mutex_unlock(&w->lock);
}

static int share_open(struct share *s, struct walk *w)
{
	*s = (struct share){.w = w, .names = malloc(NAMES_SIZE)};
	return s->names ? 0 : -ENOMEM;
}

static void share_close(struct share *s)
{
	free(s->names);
	free(s->batch.owners);
}

/* The second thread; without memory the first goes on alone. */
static void *help(void *arg)
{
	struct share s;

	if (!share_open(&s, arg)) {
		while (take_share(&s))
			finish_share(&s, read_share(&s));
	}
	share_close(&s);
	return NULL;
}

/* Returns whether a second thread took part. */
static bool walk_tables(struct walk *w)
{
	bool considered = false, helped = false;
	pthread_t helper;
	struct share s;

	if (share_open(&s, w)) {
		w->error = -ENOMEM;
	} else {
		uint64_t descriptors = 0;

		while (take_share(&s)) {
			descriptors += s.len / sizeof(struct entry);
			if (!considered && descriptors > THREAD_WORTH) {
				considered = true;
				helped = thread_start(&helper, help, w);
			}
			finish_share(&s, read_share(&s));
		}
	}
	if (helped)
		pthread_join(helper, NULL);
	share_close(&s);
	return helped;
}

/* A holder with what orders it among the holders of the same socket. */
struct holder {
	int32_t pid;
	struct owner owner;
};

static int compare_holders(const void *va, const void *vb)
{
	const struct holder *a = va, *b = vb;

	if (a->pid != b->pid)
		return (a->pid > b->pid) - (a->pid < b->pid);
	if (a->owner.via != b->owner.via)
		return (a->owner.via > b->owner.via) - (a->owner.via < b->owner.via);
	return (a->owner.fd > b->owner.fd) - (a->owner.fd < b->owner.fd);
}

static int order_chain(struct owner_table *t, uint32_t first, struct holder **holders, size_t *cap)
{
	size_t n = 0;

	for (uint32_t i = first; i != OWNER_NONE; i = owner_table_next(t, i)) {
		if (GROW(*holders, *cap, n + 1))
			return -ENOMEM;
		(*holders)[n++] =
			(struct holder){t->processes[t->owners[i].process].pid, t->owners[i]};
	}
	qsort(*holders, n, sizeof(**holders), compare_holders);
	n = 0;
	for (uint32_t i = first; i != OWNER_NONE; i = owner_table_next(t, i)) {
		const struct owner *o = &(*holders)[n++].owner;

		t->owners[i].process = o->process;
		t->owners[i].fd = o->fd;
		t->owners[i].via = o->via;
	}
	return 0;
}

/* Two threads enter in no certain order: makes it what one thread's would be. */
static int order_holders(struct owner_table *t)
{
	struct holder *holders = NULL;
	size_t cap = 0;
	int error = 0;

	for (uint32_t i = 0; i < t->count && !error; i++) {
		if (owner_table_next(t, i) != OWNER_NONE &&
		    owner_table_find(t, t->owners[i].inode) == i)
			error = order_chain(t, i, &holders, &cap);
	}
	free(holders);
	return error;
}

static void report(const struct walk *w)
{
	struct missing *missing = w->o->snapshot->missing;
	struct stat st;

	w->o->hidden = w->hidden;
	/* hidepid: a first process there must be. */
	if (w->processes && fstatat(w->o->proc, "1", &st, AT_SYMLINK_NOFOLLOW) && errno == ENOENT)
		w->o->hidden++;
	missing[MISSING_OWNERS].processes = w->o->hidden;
	missing[MISSING_OWNERS].error = w->hidden_error;
	if (!w->processes && !w->error) {
		missing[MISSING_PROCFS].set = true;
		missing[MISSING_PROCFS].error = -ENOENT;
	}
}

int owners_walk(struct owners *o, bool deep)
{
	struct owner_table *t = &o->snapshot->owners;
	struct walk w = {
		.o = o, .deep = deep, .first_new = t->count, .lock = PTHREAD_MUTEX_INITIALIZER};
	bool helped = false;

	w.pids = malloc(PIDS_SIZE);
	if (!w.pids || lseek(o->proc, 0, SEEK_SET) < 0)
		w.error = w.pids ? -errno : -ENOMEM;
	else
		helped = walk_tables(&w);
	if (w.current)
		release(&w, w.current);
	free(w.tids);
	free(w.pids);
	if (!w.error)
		w.error = owner_table_index(t);
	if (!w.error && helped)
		w.error = order_holders(t);
	owners_name_users(o);
	report(&w);
	return w.error;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "holder.h"

#include "ring.h"
#include "util.h"
#include "warden.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

// An escape sequence, a space, a newline, a quote and a byte that is not UTF-8.
static const char hostile_comm[COMM_SIZE] = "e\033[31m v\n\"\xff";

enum { SCM_BATCH = 200 }; // the kernel takes 253 descriptors in a message

struct bag {
	const struct kind *kind;
	int *fds;
	size_t count;
};

static void close_all(const struct bag *bag)
{
	for (size_t i = 0; i < bag->count; i++)
		close(bag->fds[i]);
}

static bool check(bool good, const struct bag *bag, const char *what)
{
	if (!good)
		note("%s: %s: %s", bag->kind->name, what, strerror(errno));
	return good;
}

struct table_thread {
	pthread_barrier_t barrier;
	bool unshared;
};

static void *own_table(void *argument)
{
	struct table_thread *thread = argument;

	thread->unshared = unshare(CLONE_FILES) == 0;
	pthread_barrier_wait(&thread->barrier);
	for (;;)
		pause();
	return NULL;
}

static bool keep_in_thread(const struct bag *bag)
{
	static struct table_thread shared;
	pthread_t thread;

	pthread_barrier_init(&shared.barrier, NULL, 2);
	errno = pthread_create(&thread, NULL, own_table, &shared);
	if (!check(errno == 0, bag, "thread"))
		return false;
	pthread_barrier_wait(&shared.barrier);
	close_all(bag);
	return check(shared.unshared, bag, "unshare(CLONE_FILES)");
}

static bool keep_in_ring(const struct bag *bag)
{
	int ring = ring_open();

	if (!check(ring >= 0 && ring_register(ring, bag->fds, bag->count) >= 0, bag, "io_uring"))
		return false;
	close_all(bag);
	return true;
}

static bool send_batch(int to, const int *fds, size_t count)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(SCM_BATCH * sizeof(int))];
	} control = {.bytes = {0}};
	struct iovec byte = {.iov_base = (char[]){0}, .iov_len = 1};
	struct msghdr message = {.msg_iov = &byte,
				 .msg_iovlen = 1,
				 .msg_control = &control,
				 .msg_controllen = CMSG_SPACE(count * sizeof(int))};

	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	control.header.cmsg_len = CMSG_LEN(count * sizeof(int));
	memcpy(CMSG_DATA(&control.header), fds, count * sizeof(int));
	return sendmsg(to, &message, 0) == 1;
}

static bool send_away(const struct bag *bag)
{
	int ends[2];

	if (!check(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0, bag, "socketpair"))
		return false;
	for (size_t i = 0; i < bag->count; i += SCM_BATCH) {
		size_t count = bag->count - i < SCM_BATCH ? bag->count - i : SCM_BATCH;

		if (!check(send_batch(ends[0], bag->fds + i, count), bag, "SCM_RIGHTS"))
			return false;
	}
	close_all(bag);
	return true;
}

static bool keep(const struct bag *bag)
{
	switch (bag->kind->holding) {
	case HELD_BY_THREAD: return keep_in_thread(bag);
	case HELD_BY_RING: return keep_in_ring(bag);
	case HELD_IN_FLIGHT: return send_away(bag);
	default: return true;
	}
}

static void name_of(const struct kind *kind, char comm[COMM_SIZE])
{
	if (kind->holding == HELD_BY_HOSTILE)
		memcpy(comm, hostile_comm, COMM_SIZE);
	else
		snprintf(comm, COMM_SIZE, "lab-%s", kind->name);
}

// Does not return. A byte on the pipe tells the lab that all is in place.
static void be_holder(const struct bag *bag, int ready)
{
	char comm[COMM_SIZE];
	sigset_t none;

	// A test may end an owner by kill.
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	name_of(bag->kind, comm);
	prctl(PR_SET_NAME, comm);
	if (!keep(bag) || write(ready, "", 1) != 1)
		_exit(EXIT_LAB);
	close(ready);
	for (;;)
		pause();
}

// Forks a holder of the bag's descriptors that closes those in others.
static pid_t start_holder(struct lab *lab, const struct bag *bag, const struct bag *others)
{
	int ready[2];
	char byte;
	pid_t pid;

	if (pipe(ready) < 0)
		die(EXIT_LAB, "%s: pipe: %s", bag->kind->name, strerror(errno));
	pid = warden_fork();
	if (pid < 0)
		die(EXIT_LAB, "%s: fork: %s", bag->kind->name, strerror(errno));
	if (pid == 0) {
		close(ready[0]);
		close(peer_descriptor(lab->peer));
		close_all(others);
		be_holder(bag, ready[1]);
	}
	close(ready[1]);
	if (read(ready[0], &byte, 1) != 1)
		die(EXIT_LAB, "%s: its process could not hold the sockets", bag->kind->name);
	close(ready[0]);
	return pid;
}

// The rows that holder number of several is to have, or those it is not to have.
static struct bag fill_bag(const struct lab *lab, const struct kind *kind, size_t first,
			   size_t number, bool mine)
{
	struct bag bag = {.kind = kind};

	bag.fds = xcalloc(lab->manifest.count - first + 1, sizeof(int));
	for (size_t i = first; i < lab->manifest.count; i++) {
		bool has = kind->holding != HELD_SPLIT || (i - first) % OWNERS_MAX == number;

		if (lab->manifest.rows[i].fd >= 0 && has == mine)
			bag.fds[bag.count++] = lab->manifest.rows[i].fd;
	}
	return bag;
}

static void add_owner(struct row *row, const struct kind *kind, pid_t pid)
{
	struct owner owner = {.pid = pid, .fd = kind->holding == HELD_BY_RING ? -1 : row->fd};

	if (kind->holding == HELD_IN_FLIGHT)
		return;
	name_of(kind, row->comm);
	row->owners[row->owner_count++] = owner;
}

static void hold_by(struct lab *lab, const struct kind *kind, size_t first, size_t number)
{
	struct bag mine = fill_bag(lab, kind, first, number, true);
	struct bag others = fill_bag(lab, kind, first, number, false);
	pid_t pid = mine.count ? start_holder(lab, &mine, &others) : 0;

	for (size_t i = first, m = 0; i < lab->manifest.count && m < mine.count; i++)
		if (lab->manifest.rows[i].fd == mine.fds[m]) {
			add_owner(&lab->manifest.rows[i], kind, pid);
			m++;
		}
	free(mine.fds);
	free(others.fds);
}

void hold_rows(struct lab *lab, const struct kind *kind, size_t first)
{
	bool three = kind->holding == HELD_BY_THREE || kind->holding == HELD_SPLIT;

	for (size_t number = 0; number < (three ? OWNERS_MAX : 1); number++)
		hold_by(lab, kind, first, number);
	for (size_t i = first; i < lab->manifest.count; i++) {
		if (lab->manifest.rows[i].fd >= 0)
			close(lab->manifest.rows[i].fd);
		lab->manifest.rows[i].fd = -1;
	}
}

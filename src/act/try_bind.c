// SPDX-License-Identifier: GPL-2.0-or-later
#include "act/try_bind.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "act/place.h"

/* What the child writes into the pipe: an error that kept it from trying, and a case at a time. */
struct report {
	int error; /* negative errno */
	struct bind_case cases[BIND_CASES];
};

static int set_option(int fd, enum bind_attempt attempt)
{
	int on = 1, option = attempt == BIND_REUSEADDR ? SO_REUSEADDR : SO_REUSEPORT;

	if (attempt == BIND_PLAIN)
		return 0;
	return setsockopt(fd, SOL_SOCKET, option, &on, sizeof(on)) ? errno : 0;
}

static int attempt_bind(const struct bind_case *c, enum bind_attempt attempt)
{
	int fd = place_socket(c), error;

	if (fd < 0)
		return -fd;
	error = set_option(fd, attempt);
	if (!error)
		error = place_bind(fd, c, c->local.port);
	close(fd);
	return error;
}

/* No socket for want of descriptors or memory: that says nothing about the bind. */
static bool is_own_lack(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOMEM || error == ENOBUFS;
}

static void try_all(struct report *report, const struct bind_inquiry *q)
{
	for (unsigned i = 0; i < q->count; i++) {
		struct bind_case *c = &report->cases[i];

		*c = q->cases[i];
		place_look(c);
		if (is_own_lack(c->place.socket_error)) {
			report->error = -c->place.socket_error;
			return;
		}
		for (int a = 0; a < BIND_ATTEMPTS; a++)
			c->kernel.of[a] = attempt_bind(c, a);
	}
}

/* The child's whole life. It ends without flushing what it inherited of its parent's output. */
static _Noreturn void child(int to, const struct bind_inquiry *q, const struct as_user *user)
{
	struct report report = {.error = user ? as_user_become(user) : 0};

	if (!report.error)
		try_all(&report, q);
	_exit(write(to, &report, sizeof(report)) == sizeof(report) ? 0 : 1);
}

static int take_report(struct report *report, int from)
{
	size_t have = 0;

	while (have < sizeof(*report)) {
		ssize_t n = read(from, (char *)report + have, sizeof(*report) - have);

		if (n > 0)
			have += (size_t)n;
		else if (!n || errno != EINTR)
			return n ? -errno : -ECHILD;
	}
	return report->error;
}

int try_bind(struct bind_inquiry *q, const struct as_user *user)
{
	struct report report;
	int ends[2], error;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	pid = fork();
	if (!pid)
		child(ends[1], q, user);
	error = pid < 0 ? -errno : 0;
	close(ends[1]);
	if (!error)
		error = take_report(&report, ends[0]);
	close(ends[0]);
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	if (error)
		return error;
	memcpy(q->cases, report.cases, sizeof(q->cases[0]) * q->count);
	q->tried = true;
	return 0;
}

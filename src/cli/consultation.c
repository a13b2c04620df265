// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/consultation.h"

#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/consultant.h"
#include "cli/wire.h"
#include "collect/watch.h"

enum { RETRY_MS = 5000 };

static int begin(struct consultation *c, unsigned width)
{
	pid_t parent = getpid();
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		return -errno;
	c->pid = fork();
	if (!c->pid)
		consultant_run(ends[1], parent, width);
	close(ends[1]);
	if (c->pid < 0) {
		c->pid = 0;
		close(ends[0]);
		return -EAGAIN;
	}
	c->width = width;
	return channel_open(&c->channel, ends[0]);
}

void consultation_end(struct consultation *c)
{
	if (c->pid) {
		kill(c->pid, SIGKILL);
		while (waitpid(c->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	c->pid = 0;
	channel_close(&c->channel);
}

/* Whole messages only, and of that one kind. */
static int relay(struct consultation *c, struct out *out)
{
	const void *message;
	ssize_t n = channel_fill(&c->channel);

	if (n < 0)
		return (int)n;
	while ((n = channel_next(&c->channel, &message)) > 0) {
		if (!wire_is_findings(message))
			return -EBADMSG;
		out_put(out, message, (size_t)n);
	}
	return (int)n;
}

int consultation_keep(struct consultation *c, const struct watch *watch, bool readable,
		      struct out *out)
{
	int error = 0;

	if (c->pid && (!watch->findings || watch->width != c->width))
		consultation_end(c);
	else if (c->pid && readable)
		error = relay(c, out);
	else if (!c->pid && watch->findings && watcher_clock() >= c->retry)
		error = begin(c, watch->width);
	if (error == -ENOMEM)
		return error;
	if (error) {
		consultation_end(c);
		c->retry = watcher_clock() + RETRY_MS;
	}
	return 0;
}

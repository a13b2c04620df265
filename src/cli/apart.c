// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/apart.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/channel.h"
#include "cli/collector.h"
#include "cli/wire.h"
#include "util/privilege.h"

enum {
	APPLIED_AT_ONCE = 1024 * 1024, /* bytes: a key waits no longer than these take */
	QUEUE_MOST = 1024 * 1024,      /* bytes of deeds not yet taken */
	END_MS = 300,                  /* the collector is given to end by itself */
	END_STEP_MS = 5,
};

struct apart {
	struct feed feed;
	struct channel channel;
	struct out queue;  /* to be sent */
	struct out latest; /* what to watch, once the queue is sent */
	pid_t pid;         /* 0: it has ended and was waited for */
	int error;         /* nothing comes any more */
};

static struct apart *apart_of(struct feed *feed)
{
	return (struct apart *)feed;
}

/* What is to be watched waits apart: a later one replaces it. */
static int send_queue(struct apart *a)
{
	int error = channel_send(&a->channel, &a->queue, false);

	if (!error && !a->queue.len && a->latest.len) {
		out_put(&a->queue, a->latest.data, a->latest.len);
		a->latest.len = 0;
		error = channel_send(&a->channel, &a->queue, false);
	}
	return error;
}

static int apply_whole(struct apart *a, struct live *live)
{
	const void *message;
	ssize_t n;

	while ((n = channel_next(&a->channel, &message)) > 0) {
		int error = wire_apply(live, message, (size_t)n);

		if (error)
			return error;
	}
	return (int)n;
}

static int receive(struct feed *feed, struct live *live)
{
	struct apart *a = apart_of(feed);
	size_t applied = 0;

	while (!a->error && applied < APPLIED_AT_ONCE) {
		ssize_t n = channel_fill(&a->channel);

		if (!n)
			break;
		a->error = n < 0 ? (int)n : apply_whole(a, live);
		applied += n > 0 ? (size_t)n : 0;
	}
	if (!a->error)
		send_queue(a);
	if (a->error && a->pid && waitpid(a->pid, NULL, WNOHANG) == a->pid)
		a->pid = 0;
	return a->error;
}

static int watch(struct feed *feed, const struct watch *wanted)
{
	struct apart *a = apart_of(feed);

	if (wanted->id_count > FEED_LOOKED_AT)
		return -EINVAL;
	a->latest.len = 0;
	wire_watch(&a->latest, wanted);
	return a->latest.error ? a->latest.error : send_queue(a);
}

static int hurry(struct feed *feed)
{
	struct apart *a = apart_of(feed);

	if (a->queue.len < QUEUE_MOST)
		wire_hurry(&a->queue);
	return send_queue(a);
}

static int act(struct feed *feed, const struct deed *deed)
{
	struct apart *a = apart_of(feed);

	if (a->queue.len >= QUEUE_MOST)
		return -ENOBUFS;
	wire_deed(&a->queue, deed);
	return send_queue(a);
}

/* It ends by itself once its channel is closed, unless the kernel keeps it busy. */
static void end_collector(pid_t pid)
{
	const struct timespec step = {.tv_nsec = END_STEP_MS * 1000000L};

	for (int i = 0; i < END_MS / END_STEP_MS; i++) {
		if (waitpid(pid, NULL, WNOHANG) == pid)
			return;
		nanosleep(&step, NULL);
	}
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

static void close_apart(struct feed *feed)
{
	struct apart *a = apart_of(feed);

	channel_close(&a->channel);
	if (a->pid)
		end_collector(a->pid);
	out_free(&a->queue);
	out_free(&a->latest);
	free(a);
}

static struct apart *new_apart(int fd)
{
	struct apart *a = calloc(1, sizeof(*a));

	if (!a)
		return NULL;
	*a = (struct apart){
		.feed = {.fd = fd,
			 .receive = receive,
			 .watch = watch,
			 .hurry = hurry,
			 .act = act,
			 .close = close_apart},
		.queue = OUT_MEMORY,
		.latest = OUT_MEMORY,
	};
	return a;
}

/* The collector, or the parent's end of its channel. */
static int start(struct apart *a, int own, int other)
{
	pid_t parent = getpid();
	int error = channel_open(&a->channel, own);

	if (error)
		return error;
	a->pid = fork();
	if (a->pid < 0)
		return -errno;
	if (!a->pid)
		collector_run(other, parent);
	return privilege_drop();
}

struct feed *feed_apart(int *error)
{
	int ends[2];
	struct apart *a;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends)) {
		*error = -errno;
		return NULL;
	}
	a = new_apart(ends[0]);
	*error = a ? start(a, ends[0], ends[1]) : -ENOMEM;
	close(ends[1]);
	if (!*error)
		return &a->feed;
	if (!a) {
		close(ends[0]);
		return NULL;
	}
	if (a->pid < 0)
		a->pid = 0;
	close_apart(&a->feed);
	return NULL;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/collector.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "act/destroy.h"
#include "act/signal.h"
#include "cli/channel.h"
#include "cli/consultation.h"
#include "cli/detach.h"
#include "cli/wire.h"

enum {
	FLUSH_SIZE = 64 * 1024,
	FIRST_WAIT = 200, /* milliseconds for the view to say what to watch */
	LEAST_REST = 2,   /* an interval is at least so many times as long as a refresh */
};

struct collector {
	struct channel channel;
	struct out out;
	struct watch_sink sink;
	struct watcher *watcher;
	struct wanted wanted;
	struct consultation consultation;
	uint64_t next;    /* refresh, milliseconds of CLOCK_MONOTONIC */
	uint64_t command; /* the socket whose holders' command lines were told */
	bool told_what;   /* the view has said what to watch */
};

/* Ends when the view is gone. */
static int flush(struct collector *c, size_t least)
{
	return c->out.len < least && !c->out.error ? 0 : channel_send(&c->channel, &c->out, true);
}

/* ---- what the watcher tells */

static int tell_begin(void *ctx, uint64_t now)
{
	struct collector *c = ctx;

	wire_begin(&c->out, now);
	return flush(c, FLUSH_SIZE);
}

static int tell_now(void *ctx, uint64_t now)
{
	struct collector *c = ctx;

	wire_now(&c->out, now);
	return flush(c, FLUSH_SIZE);
}

static int tell_process(void *ctx, uint32_t index, const struct process *p)
{
	struct collector *c = ctx;

	wire_process(&c->out, index, p);
	return flush(c, FLUSH_SIZE);
}

static int tell_holders(void *ctx, uint32_t inode, const struct owner *holders, size_t count)
{
	struct collector *c = ctx;

	wire_holders(&c->out, inode, holders, count);
	return flush(c, FLUSH_SIZE);
}

static int tell_netns(void *ctx, uint32_t index, const struct netns *ns)
{
	struct collector *c = ctx;

	wire_netns(&c->out, index, ns);
	return flush(c, FLUSH_SIZE);
}

static int tell_interface(void *ctx, uint32_t index, const char *name)
{
	struct collector *c = ctx;

	wire_interface(&c->out, index, name);
	return flush(c, FLUSH_SIZE);
}

static int tell_socket_unit(void *ctx, uint32_t inode, const char *unit)
{
	struct collector *c = ctx;

	wire_socket_unit(&c->out, inode, unit);
	return flush(c, FLUSH_SIZE);
}

static int tell_put(void *ctx, uint64_t id, const struct socket *sk)
{
	struct collector *c = ctx;

	wire_put(&c->out, id, sk);
	return flush(c, FLUSH_SIZE);
}

static int tell_gone(void *ctx, uint64_t id)
{
	struct collector *c = ctx;

	wire_gone(&c->out, id);
	return flush(c, FLUSH_SIZE);
}

static int tell_about(void *ctx, const struct snapshot *about)
{
	struct collector *c = ctx;

	wire_about(&c->out, about);
	return flush(c, FLUSH_SIZE);
}

/* ---- refreshing */

static int tell_command(struct collector *c)
{
	uint64_t id = c->wanted.watch.command_id;
	size_t len = 0;
	char *pairs;

	c->command = id;
	if (!id)
		return 0;
	pairs = watcher_command(c->watcher, id, &len);
	wire_command(&c->out, id, pairs, len);
	free(pairs);
	return flush(c, 0);
}

/* A refresh that fails is told, and the next is tried all the same. */
static int refresh(struct collector *c)
{
	struct live_tick tick = {.interval_ms = c->wanted.watch.interval_ms};
	uint64_t start = watcher_clock(), took;

	tick.error = watcher_refresh(c->watcher, &c->wanted.watch, tick.complaint);
	if (tick.error == -EPIPE || c->out.error)
		return -EPIPE;
	took = watcher_clock() - start;
	tick.took_ms = (uint32_t)took;
	if (took * LEAST_REST > tick.interval_ms)
		tick.interval_ms = (uint32_t)took * LEAST_REST;
	wire_end(&c->out, &tick);
	c->next = start + tick.interval_ms;
	return tell_command(c) ? -EPIPE : flush(c, 0);
}

/* ---- what the view says */

static int do_deed(const struct deed *deed, bool *remains)
{
	struct destroyer destroyer;
	int error;

	*remains = false;
	if (deed->kind == DEED_SIGNAL)
		return signal_process(deed->pid, deed->started, deed->signal);
	if (!(deed->socket.have & HAVE_COOKIE))
		return -EINVAL;
	error = destroy_open(&destroyer);
	if (!error)
		error = destroy_socket(&destroyer, &deed->socket, remains);
	destroy_close(&destroyer);
	return error;
}

/* What was done shows at once. */
static int answer_deed(struct collector *c, const struct deed *deed)
{
	struct live_outcome outcome = {.deed = deed->number};

	outcome.error = do_deed(deed, &outcome.remains);
	wire_outcome(&c->out, &outcome);
	c->next = 0;
	return flush(c, 0);
}

static bool same_ids(const struct watch *a, const struct watch *b)
{
	return a->id_count == b->id_count && !memcmp(a->ids, b->ids, a->id_count * sizeof(*a->ids));
}

/* What is looked at is told at once, all the rest with the next refresh. */
static int take_wanted(struct collector *c, const struct wanted *before)
{
	const struct watch *now = &c->wanted.watch, *old = &before->watch;
	int error = 0;

	if (!c->told_what || now->want & ~old->want || (old->paused && !now->paused))
		c->next = 0;
	else if (c->next > watcher_clock() + now->interval_ms)
		c->next = watcher_clock() + now->interval_ms;
	else if (!now->paused && !same_ids(now, old))
		error = watcher_look(c->watcher, now);
	c->told_what = true;
	if (!error && now->command_id != c->command)
		error = tell_command(c);
	return error ? error : flush(c, 0);
}

static int take_message(struct collector *c, const void *message, size_t len)
{
	static struct wanted before;
	static struct deed deed;
	int kind;

	before = c->wanted;
	before.watch.ids = before.ids;
	kind = wire_read(message, len, &c->wanted, &deed);
	switch (kind) {
	case WIRE_WATCH: return take_wanted(c, &before);
	case WIRE_DEED: return answer_deed(c, &deed);
	case WIRE_HURRY: c->next = 0; return 0;
	default: return kind;
	}
}

static int take_messages(struct collector *c)
{
	const void *message;
	ssize_t n = channel_fill(&c->channel);

	if (n < 0)
		return (int)n;
	while ((n = channel_next(&c->channel, &message)) > 0) {
		int error = take_message(c, message, (size_t)n);

		if (error)
			return error;
	}
	return (int)n;
}

/* ---- waiting */

static int milliseconds_left(const struct collector *c)
{
	uint64_t now = watcher_clock();

	if (c->wanted.watch.paused && c->next)
		return -1;
	return c->next <= now ? 0 : (int)(c->next - now);
}

/* One turn: waits for what comes first. */
static int turn(struct collector *c)
{
	struct pollfd fds[] = {
		{.fd = c->channel.fd, .events = POLLIN},
		{.fd = consultation_fd(&c->consultation), .events = POLLIN},
	};
	int error = 0;

	if (poll(fds, 2, milliseconds_left(c)) < 0 && errno != EINTR)
		return -errno;
	if (fds[0].revents)
		error = take_messages(c);
	if (!error)
		error = consultation_keep(&c->consultation, &c->wanted.watch, fds[1].revents,
					  &c->out);
	if (!error && !milliseconds_left(c))
		error = refresh(c);
	return error ? error : flush(c, 1);
}

_Noreturn void collector_run(int fd, pid_t parent)
{
	static struct collector c = {.out = OUT_MEMORY};
	int error;

	detach(fd, parent);
	c.sink = (struct watch_sink){
		.begin = tell_begin,
		.now = tell_now,
		.process = tell_process,
		.holders = tell_holders,
		.netns = tell_netns,
		.interface = tell_interface,
		.socket_unit = tell_socket_unit,
		.put = tell_put,
		.gone = tell_gone,
		.about = tell_about,
		.ctx = &c,
	};
	c.wanted.watch = (struct watch){.interval_ms = 1000, .ids = c.wanted.ids};
	c.consultation = (struct consultation)CONSULTATION;
	c.next = watcher_clock() + FIRST_WAIT;
	c.watcher = watcher_new(&c.sink);
	error = c.watcher ? channel_open(&c.channel, fd) : -ENOMEM;
	while (!error)
		error = turn(&c);
	consultation_end(&c.consultation);
	_exit(error == -EPIPE ? 0 : 1);
}

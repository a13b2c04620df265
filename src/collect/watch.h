// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef COLLECT_WATCH_H
#define COLLECT_WATCH_H

#include "model/feed.h"

/*
 * Takes what a watcher tells: the calls of model/live.h, whose rules hold, except that nothing is
 * taken over. Each returns 0, or a negative errno that ends the refresh and is returned.
 */
struct watch_sink {
	int (*begin)(void *ctx, uint64_t now);
	int (*now)(void *ctx, uint64_t now);
	int (*process)(void *ctx, uint32_t index, const struct process *p);
	int (*holders)(void *ctx, uint32_t inode, const struct owner *holders, size_t count);
	int (*netns)(void *ctx, uint32_t index, const struct netns *ns);
	int (*interface)(void *ctx, uint32_t index, const char *name);
	int (*socket_unit)(void *ctx, uint32_t inode, const char *unit);
	int (*put)(void *ctx, uint64_t id, const struct socket *sk);
	int (*gone)(void *ctx, uint64_t id);
	int (*about)(void *ctx, const struct snapshot *about);
	void *ctx;
};

/*
 * Watches the sockets of the network namespace it is in: tells a sink what came, changed and went
 * from one refresh to the next. It remembers little of each socket, not all of them.
 *
 * A timer that runs down is no change. Holders are looked for within a share of the interval
 * (watch_owners.c): a new socket's may be told a few refreshes after it.
 */
struct watcher;

/* NULL without memory. The sink must outlive it. */
struct watcher *watcher_new(const struct watch_sink *sink);

/*
 * One refresh. `watch` says what each socket must have, and which are looked at. Returns 0, the
 * sink's error, -ENOMEM, or why nothing could be read, with `complaint`, of 160 bytes, in words or "".
 */
int watcher_refresh(struct watcher *w, const struct watch *watch, char *complaint);

/* Tells the sockets looked at once more, outside a refresh. */
int watcher_look(struct watcher *w, const struct watch *watch);

/*
 * The command lines of the holders of a socket: "812\0nginx: worker\0", pairs, in memory for the
 * caller to free; NULL without memory, or where the socket is not known.
 */
char *watcher_command(const struct watcher *w, uint64_t id, size_t *len);

/* Milliseconds of CLOCK_MONOTONIC. */
uint64_t watcher_clock(void);

void watcher_free(struct watcher *w);

#endif

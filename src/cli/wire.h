// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef CLI_WIRE_H
#define CLI_WIRE_H

#include "collect/watch.h"
#include "util/out.h"

/*
 * What a live view and the process that collects for it say to each other: messages of a length (the
 * whole message, in bytes) and a kind, in the machine's own byte order. Both are this very program, but
 * what comes is checked all the same: nothing in it is believed to fit.
 */
enum wire_kind {
	/* to the view: the calls of model/live.h */
	WIRE_BEGIN,
	WIRE_NOW,
	WIRE_PROCESS,
	WIRE_HOLDERS,
	WIRE_NETNS,
	WIRE_INTERFACE,
	WIRE_SOCKET_UNIT,
	WIRE_PUT,
	WIRE_GONE,
	WIRE_ABOUT,
	WIRE_END,
	WIRE_FINDINGS,
	WIRE_COMMAND,
	WIRE_OUTCOME,
	/* from it: those of model/feed.h */
	WIRE_WATCH,
	WIRE_HURRY,
	WIRE_DEED,
	WIRE_KINDS,
};

enum {
	WIRE_HEAD = 8,                  /* bytes of length and kind */
	WIRE_LONGEST = 8 * 1024 * 1024, /* bytes of a message */
};

/* Appends a message; a failure sticks in the buffer. */
void wire_begin(struct out *o, uint64_t now);
void wire_now(struct out *o, uint64_t now);
void wire_process(struct out *o, uint32_t index, const struct process *p);
void wire_holders(struct out *o, uint32_t inode, const struct owner *holders, size_t count);
void wire_netns(struct out *o, uint32_t index, const struct netns *ns);
void wire_interface(struct out *o, uint32_t index, const char *name);
void wire_socket_unit(struct out *o, uint32_t inode, const char *unit);
void wire_put(struct out *o, uint64_t id, const struct socket *sk);
void wire_gone(struct out *o, uint64_t id);
void wire_about(struct out *o, const struct snapshot *about);
void wire_end(struct out *o, const struct live_tick *tick);
void wire_findings(struct out *o, const struct live_finding *findings, size_t count);
void wire_command(struct out *o, uint64_t id, const char *pairs, size_t len);
void wire_outcome(struct out *o, const struct live_outcome *outcome);
void wire_watch(struct out *o, const struct watch *watch);
void wire_hurry(struct out *o);
void wire_deed(struct out *o, const struct deed *deed);

/*
 * The length of the whole message at the head of `n` bytes; 0 where more must come, -EBADMSG where
 * none can be.
 */
ssize_t wire_length(const void *bytes, size_t n);

/* Whether a whole message tells findings. */
bool wire_is_findings(const void *message);

/* Applies a whole message to the view. 0, -ENOMEM or -EBADMSG. */
int wire_apply(struct live *l, const void *message, size_t len);

/* What a view wants: with room for the ids. */
struct wanted {
	struct watch watch;
	uint64_t ids[FEED_LOOKED_AT];
};

/*
 * Reads a whole message from the view: its kind, with `wanted` or `deed` filled in for WIRE_WATCH
 * and WIRE_DEED, or -EBADMSG.
 */
int wire_read(const void *message, size_t len, struct wanted *wanted, struct deed *deed);

#endif

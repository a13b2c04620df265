// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef CLI_CONSULTATION_H
#define CLI_CONSULTATION_H

#include "cli/channel.h"
#include "model/feed.h"

/*
 * --diagnose for a live view: while findings are wanted, a process of its own collects and judges the
 * host every few seconds, and tells them as messages (WIRE_FINDINGS). Starts as CONSULTATION.
 */
struct consultation {
	struct channel channel;
	pid_t pid;      /* 0: none */
	unsigned width; /* that it writes for */
	uint64_t retry; /* milliseconds of CLOCK_MONOTONIC before which none is begun */
};

#define CONSULTATION              \
	{                         \
		.channel = {      \
			.fd = -1, \
		},                \
	}

/* Readable when there is something to relay; -1 without one. */
static inline int consultation_fd(const struct consultation *c)
{
	return c->channel.fd;
}

/*
 * Begins and ends it as `watch` asks, and where it is `readable` relays what it tells. 0, or -ENOMEM:
 * one that fails is begun anew after a while.
 */
int consultation_keep(struct consultation *c, const struct watch *watch, bool readable,
		      struct out *out);

void consultation_end(struct consultation *c);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef MODEL_FEED_H
#define MODEL_FEED_H

#include "model/live.h"

/* What is to be watched. */
struct watch {
	uint32_t interval_ms; /* between refreshes; at least FEED_INTERVAL */
	bool paused;
	uint32_t want;       /* WANT_* that every socket must have: a filter or sort key needs it */
	bool findings;       /* judge the host too */
	unsigned width;      /* columns that findings are written for */
	const uint64_t *ids; /* of the sockets looked at now: all their numbers at every refresh */
	size_t id_count;     /* at most FEED_LOOKED_AT */
	uint64_t command_id; /* of the one whose holders' command lines are wanted; 0 none */
};

enum {
	FEED_LOOKED_AT = 512,
	FEED_INTERVAL = 100, /* milliseconds, the least */
};

/* Something to be done, after consent. */
struct deed {
	uint32_t number; /* returned with the outcome */
	enum { DEED_CLOSE, DEED_SIGNAL } kind;
	struct socket socket; /* CLOSE: this very one, by its cookie */
	int32_t pid;          /* SIGNAL */
	uint64_t
		started; /* SIGNAL: never another process: ticks since boot, of proc(5); 0 unknown */
	int signal;
};

/*
 * Where a live view's data comes from: a process apart that collects, a saved snapshot, a test.
 * Nothing here waits: a feed that has nothing to tell returns at once.
 */
struct feed {
	int fd; /* readable when there is something to receive; -1 never */
	/* Applies what came. Returns 0, or a negative errno when nothing will come any more. */
	int (*receive)(struct feed *feed, struct live *live);
	/* Says what to watch from now on; the arrays are copied. */
	int (*watch)(struct feed *feed, const struct watch *watch);
	/* Refresh at once. */
	int (*hurry)(struct feed *feed);
	/* Its outcome is received later. -EOPNOTSUPP for a saved snapshot. */
	int (*act)(struct feed *feed, const struct deed *deed);
	void (*close)(struct feed *feed);
};

#endif

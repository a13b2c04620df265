// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef COLLECT_WATCHER_H
#define COLLECT_WATCHER_H

#include "collect/diag.h"
#include "collect/owners.h"
#include "collect/watch.h"
#include "collect/watched.h"

/* A descriptor of a process and the socket behind it. */
struct watch_fd {
	uint32_t fd, inode;
};

/* A process of this host, as far as its descriptors are known. */
struct watch_process {
	int32_t pid;
	uint32_t index;       /* in the owner table; OWNER_NONE: holds nothing known */
	struct watch_fd *fds; /* of sockets under watch, ascending */
	uint32_t count, cap;
	uint32_t at, verify_at; /* descriptors at which scans go on; 0 begins anew */
	uint32_t open; /* descriptors when it was last scanned, as the kernel counts; 0 unknown */
	uint32_t heat; /* sockets it got lately */
	uint32_t hits; /* new sockets at ports it listens on */
	bool fresh;    /* never scanned */
	bool odd;      /* holds sockets otherwise than by its descriptors */
	bool refused;
};

enum {
	MARK_TOLD = 1, /* the sink knows the process */
	MARK_LOST = 2, /* sockets it held have gone since it was scanned */
};

/* A place in the owner table whose process has ended, and when. */
struct watch_place {
	uint32_t index;
	uint64_t time;
};

/* What is known of who holds what. */
struct watch_owners {
	struct owners search;
	bool open;
	struct watch_process *all; /* by pid */
	size_t count, cap;
	size_t turn;    /* whose descriptors are verified next */
	size_t next;    /* where the search beyond the likely ones goes on */
	uint8_t *marks; /* of each index: MARK_* */
	uint32_t mark_cap;
	struct watch_place *spare; /* ring of places free again, the oldest first */
	size_t spare_count, spare_cap;
	uint32_t *listeners; /* by port: place of a listener + 1 */
	struct watch_fd *scratch;
	size_t scratch_cap;
	uint32_t sought; /* sockets whose holder is not found */
	uint32_t *seek;  /* their places, and some that are no more such */
	size_t seek_count, seek_cap;
	uint64_t deep_time; /* milliseconds: of the last walk of all */
	int64_t deep_cost;  /* nanoseconds of ours it took */
	uint32_t *again;    /* places of sockets whose holders have changed */
	size_t again_count, again_cap;
};

struct watcher {
	const struct watch_sink *sink;
	const struct watch *watch;
	struct snapshot snapshot; /* owners, interfaces, units, missing, namespaces */
	struct diag diag, lookup;
	bool open;
	struct watched_table table;
	struct watch_owners owners;
	uint32_t round;             /* refreshes begun */
	uint64_t now;               /* milliseconds of CLOCK_MONOTONIC */
	uint64_t interval;          /* since the refresh before */
	uint32_t clock;             /* the same of the answer at hand, wrapping */
	uint32_t before;            /* place met last; a hint */
	uint32_t walking;           /* states of the walk under way */
	uint64_t host_time;         /* when the host's settings and counters were told */
	bool failed;                /* the sink has refused */
	struct socket_list pending; /* sockets that wait for their holder to be looked for */
	struct socket at_hand;      /* kept, so that its padding stays what it is */
};

/*
 * The socket of a place as it is now, with these attributes, into w->at_hand. -ENOENT where it is not
 * found.
 */
int watch_get(struct watcher *w, uint32_t place, uint32_t attributes);

/* Names, settings and counters of the host, at times. */
int watch_host(struct watcher *w);
int watch_about(struct watcher *w);

/*
 * watch_owners.c. All return 0 or a negative errno.
 */

/* Opens the lookup, with a walk of all processes. */
int watch_owners_open(struct watcher *w);

/* All sockets have been met once: notes which descriptors are known. */
int watch_owners_note(struct watcher *w);

/* Sets `owners` and `absence`; true where the holder is yet to be looked for. */
bool watch_owners_resolve(struct watcher *w, uint32_t place, struct socket *sk);

/* The marks of a process in the owner table; NULL without memory. */
uint8_t *watch_owners_marks(struct watch_owners *o, uint32_t index);

/* Tells the holders of a socket and their processes. */
int watch_owners_tell(struct watcher *w, uint32_t place);

/* Looks for holders where they are likely, then elsewhere, within its share of the interval. */
int watch_owners_search(struct watcher *w);

/* Verifies some of what is known, within its share; searches all where that is due. */
int watch_owners_verify(struct watcher *w);

/* The holders of a socket have changed: it is told again in this refresh. */
int watch_owners_again(struct watcher *w, uint32_t place);

/* The socket is gone: where it was held, others may have come. */
void watch_owners_forget(struct watcher *w, uint32_t place);
void watch_owners_close(struct watcher *w);

/*
 * watch_processes.c
 */

/* NULL where there is no such process. */
struct watch_process *watch_process_find(const struct watch_owners *o, int32_t pid);

/* Reads which processes there are; what the others held is let go. */
int watch_processes_list(struct watcher *w);

/* Gives a process its place in the owner table. -ESRCH where it is gone. */
int watch_process_enter(struct watcher *w, struct watch_process *p);

enum scan_how {
	SCAN_NEW,     /* passes over descriptors of sockets that are known and still there */
	SCAN_CHANGED, /* and over a process that has as many as before, and lost no socket */
	SCAN_VERIFY,  /* looks at each */
};

/* watch_scan.c: reads a process's descriptors until `deadline`, a time of ours. */
int watch_scan(struct watcher *w, struct watch_process *p, enum scan_how how, int64_t deadline);

/* A holder is none any more. */
int watch_owners_drop(struct watcher *w, const struct owner *o);

/* The process is gone: it holds nothing any more. */
int watch_scan_gone(struct watcher *w, struct watch_process *p);

/* Nanoseconds of this thread's own time. */
int64_t watch_time(void);

#endif

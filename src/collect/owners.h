// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef COLLECT_OWNERS_H
#define COLLECT_OWNERS_H

#include "collect/process.h"
#include "model/snapshot.h"

/* Asks the kernel whether this very socket (by its cookie) exists in the state it was seen in. */
typedef bool (*owners_still_there)(void *ctx, const struct socket *sk);

/* One lookup of owners, for one snapshot and by one thread. The members are its own. */
struct owners {
	struct snapshot *snapshot;
	uint32_t want;
	owners_still_there still_there;
	void *ctx;
	int proc;        /* descriptor of /proc; -1 without */
	bool can_kcmp;   /* /proc and kcmp() count pids alike */
	uint32_t uid;    /* effective user of this process */
	bool privileged; /* it may read other users' processes */
	uint32_t hidden; /* processes whose descriptors could not be read */
	uint32_t named;  /* processes whose user has been named */
	struct user_names users;

	bool grouped;                   /* owners_received() is called */
	uint64_t arrival, searched;     /* of the row at hand; of the row last searched for */
	unsigned searches, asks, there; /* so many of those asked for */
	int64_t search_time;            /* nanoseconds spent in searches */
	enum { IN_FLIGHT_UNKNOWN, IN_FLIGHT_NONE, IN_FLIGHT_SOME } in_flight;
};

/*
 * Walks /proc once and fills the snapshot's owners as far as `want` asks: WANT_OWNERS for pid,
 * ppid, comm and descriptors, WANT_PROCESS and WANT_VITALS for the rest of struct process. Holders
 * of any kind of socket are entered; of a process's many descriptors of one socket only some.
 * Without either of the first two, nothing is walked, and only what needs no owner is resolved.
 * Descriptors come from /proc/PID/fd, files of an io_uring from /proc/PID/fdinfo. A large walk uses
 * a second thread while it lasts.
 *
 * `still_there` may be NULL: then every socket is taken to be. The snapshot must outlive the
 * lookup; its owner table and its missing PROCFS are written here and by
 * owners_resolve(), of its missing OWNERS the number of processes: which rows that touches is
 * known where rows are chosen. Returns 0, also where /proc is missing or hidden, or -ENOMEM.
 * owners_close() is due in either case.
 */
int owners_open(struct owners *o, struct snapshot *s, uint32_t want, owners_still_there still_there,
		void *ctx);

/*
 * Says that the rows to come have been received together, after all rows before. A search made for
 * one of them then serves them all; where this is never called each row counts as received alone.
 */
void owners_received(struct owners *o);

/*
 * Sets the socket's `owners` and `absence`. Without an inode there is nothing to look for: why such a
 * socket has no owner follows from its state. A socket that the walk did not meet is searched for,
 * which may walk /proc again: a few times in all, and no more once that took long. The
 * owner table may grow and move; its indexes stay good.
 */
void owners_resolve(struct owners *o, struct socket *sk);

/* Whether the socket belongs to another user, whose processes are hidden from this one. */
bool owners_search_is_vain(const struct owners *o, const struct socket *sk);

/* Begins to count anew how often and how long is searched. */
void owners_renew(struct owners *o);

/* Frees what is not the snapshot's. */
void owners_close(struct owners *o);

#endif

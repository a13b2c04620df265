// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef COLLECT_FD_TABLES_H
#define COLLECT_FD_TABLES_H

#include "collect/numbers.h"
#include "collect/owners.h"

/* A table of descriptors being read: /proc/PID/fd, or a thread's own /proc/PID/task/TID/fd. */
struct fd_table {
	int fd;               /* of that directory */
	int32_t pid, tid;     /* tid is 0 for the process's own table */
	uint32_t process;     /* index, or OWNER_NONE before it is entered; its reader's */
	unsigned users;       /* 0 is a free slot */
	uint32_t descriptors; /* read up to now; its readers add to it */
	bool complete;        /* its last name was read */
	bool refused;         /* it cannot be read, and its process counts as hidden */
};

enum { FD_TABLES = 3 }; /* one being read and one in each of two threads' hands */

/*
 * The tables of descriptors of all processes, read one after another in shares of names. Two threads
 * may take shares in turn: calls, and changes of a table, are made under a lock of theirs.
 */
struct fd_tables {
	const struct owners *o;
	bool deep;     /* with the tables of threads */
	bool skipping; /* those without any descriptor, as kernel threads are */
	int error;     /* ends the reading, whoever sets it */
	uint32_t processes, hidden;
	int hidden_error; /* of one hidden for another reason than permission */

	struct fd_table slots[FD_TABLES], *current;
	struct numbers pids, tids;
	int task;            /* the directory of the threads still to look at; -1 is none */
	int32_t task_pid;    /* whose it is */
	unsigned uncompared; /* threads of it that kcmp() told nothing about */
};

/* Begins with the first process; fd_tables_end() is due in any case. Sets `error`. */
void fd_tables_begin(struct fd_tables *t, const struct owners *o, bool deep);

/*
 * Reads the next share of names into `names`. The table they are of is the caller's too until
 * fd_table_release(); NULL behind the last share, and after an error.
 */
struct fd_table *fd_tables_share(struct fd_tables *t, struct numbers *names);

/* Its links cannot be read: no more shares of it follow. `error` is positive. */
void fd_table_refuse(struct fd_tables *t, struct fd_table *table, int error);

/* Lets go of a share's table. Once nobody reads it, its process's descriptors are counted. */
void fd_table_release(struct fd_tables *t, struct fd_table *table);

/* Lets go of what was left unread. */
void fd_tables_end(struct fd_tables *t);

#endif

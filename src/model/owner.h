// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef MODEL_OWNER_H
#define MODEL_OWNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * A process that holds sockets. The strings belong to the owner table and are untrusted bytes;
 * NULL where not asked for or not readable.
 */
struct process {
	int32_t pid, ppid;
	uint64_t started; /* ticks since boot, which tells it from later ones of its pid; 0 unknown */
	uint32_t uid; /* effective user */
	bool have_uid;
	bool exe_deleted;  /* the executable's file is gone from its path */
	bool exe_replaced; /* so it is, but there is a file at that path again: upgraded */
	char comm[64]; /* name of the process; the kernel keeps 15 bytes, its own threads more */
	char *user;
	char *exe;
	char *unit;      /* systemd: nginx.service, session-3.scope */
	char *container; /* short id or name */
	char *cgroup;
	char *forwards; /* docker-proxy: the container or address it passes the port to */

	bool have_vitals;           /* state and threads were read */
	char state;                 /* of its main thread: R S D T t Z I, proc(5); 0 unknown */
	uint32_t threads;           /* 0 unknown */
	char wait_channel[32];      /* kernel function the main thread sleeps in; empty unknown */
	bool have_descriptors;      /* all were counted */
	bool have_descriptor_limit; /* known */
	uint32_t descriptors;       /* open, of whatever kind */
	uint64_t descriptor_limit;  /* soft RLIMIT_NOFILE; UINT64_MAX is unlimited */
};

/* How a process holds a socket. */
enum owner_via {
	VIA_DESCRIPTOR,
	VIA_THREAD,   /* in a thread with a descriptor table of its own */
	VIA_IO_URING, /* registered with an io_uring */
};

/* Frees its strings and empties it. */
void process_clear(struct process *p);

/* Whether they are the same by what does not change while a program runs: all but the vitals. */
bool process_same(const struct process *a, const struct process *b);

/* A copy with strings of its own; one that finds no memory is absent. */
struct process process_copy(const struct process *p);

/* Chain end, and "no holder". */
#define OWNER_NONE UINT32_MAX

/* One descriptor of a socket. */
struct owner {
	uint32_t inode;
	uint32_t process; /* index */
	uint32_t fd : 30; /* of the ring's table for io_uring */
	uint32_t via : 2;
	uint32_t next; /* in the same hash bucket */
};

/* Who holds which socket inode. All memory is the table's own. */
struct owner_table {
	struct process *processes;
	uint32_t process_count, process_cap;
	struct owner *owners;
	uint32_t count, cap;
	uint32_t *heads; /* by hash of the inode; made by owner_table_index() */
	uint32_t mask;
	uint32_t spare; /* of owner_table_drop(): index + 1 of the first, chained by `next`; 0 none */
};

/* Adds a process, returning its index, or -ENOMEM. The pointer members are taken over. */
int64_t owner_table_process(struct owner_table *t, const struct process *p);

/* Adds a holder; -ENOMEM. Not found until owner_table_index(). */
int owner_table_add(struct owner_table *t, uint32_t inode, uint32_t process, uint32_t fd,
		    enum owner_via via);

/* Brings all added holders into the index, in the order they were added. -ENOMEM. */
int owner_table_index(struct owner_table *t);

/*
 * For a table that lasts: adds a holder that is found at once, behind those of the same inode. Not
 * for a table with holders that still wait for owner_table_index(). -ENOMEM.
 */
int owner_table_insert(struct owner_table *t, uint32_t inode, uint32_t process, uint32_t fd,
		       enum owner_via via);

/* Forgets all holders of an inode; their room is used again by owner_table_insert(). */
void owner_table_drop(struct owner_table *t, uint32_t inode);

/* Forgets one holder: what owner_table_insert() has added. */
void owner_table_remove(struct owner_table *t, uint32_t inode, uint32_t process, uint32_t fd,
			enum owner_via via);

/* The first holder of an inode, or OWNER_NONE. O(1). */
uint32_t owner_table_find(const struct owner_table *t, uint32_t inode);

/* The next holder of the same inode after owner `i`, or OWNER_NONE. */
uint32_t owner_table_next(const struct owner_table *t, uint32_t i);

/* The process by pid, NULL if it holds none. Linear. */
const struct process *owner_table_pid(const struct owner_table *t, int32_t pid);

void owner_table_free(struct owner_table *t);

#endif

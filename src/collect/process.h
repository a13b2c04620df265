// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef COLLECT_PROCESS_H
#define COLLECT_PROCESS_H

#include <stdio.h>

#include "model/owner.h"

/*
 * Reads one process from /proc, `proc` being a descriptor of that directory. WANT_OWNERS in `want`
 * stands for comm and ppid (stat), WANT_PROCESS for uid, exe, cgroup, unit and container,
 * WANT_VITALS for the members from have_vitals on, but for the number of descriptors, which is the
 * walk's. What may not be read stays absent; the user's name is user_names_get()'s. Returns 0, -ESRCH
 * when there is no such process any more, or -ENOMEM; after an error nothing is held. The strings are
 * the caller's: process_clear().
 */
int process_read(struct process *p, int proc, int32_t pid, uint32_t want);

/*
 * Whether it can have no descriptors: a thread of the kernel's own, or dead and not yet waited
 * for. False where that cannot be told.
 */
bool process_is_empty(int proc, int32_t pid);

/* When it was started, in ticks since boot; 0 where there is no such process. */
uint64_t process_started(int proc, int32_t pid);

/* Reads a file of /proc by one path below `proc`: bytes read, at most `cap`, or -errno. */
ssize_t process_read_file(int proc, const char *path, char *buffer, size_t cap);

/* The same as a string: its length, less than `size`, or -errno. */
ssize_t process_read_text(int proc, const char *path, char *text, size_t size);

/* Opens a file of /proc to read lines; NULL with errno set. */
FILE *process_open_text(int proc, const char *path);

/* The names of users, each asked for once: the answer may come from a server far away. */
struct user_names {
	struct user_name *names;
	uint32_t count, cap;
};

/* A copy of the user's name for the caller to free; NULL where it has none or without memory. */
char *user_names_get(struct user_names *users, uint32_t uid);
void user_names_free(struct user_names *users);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef COLLECT_ENTER_H
#define COLLECT_ENTER_H

/*
 * Moves this thread, and what it starts from then on, into a network namespace: by its name
 * (`ip netns`), by the id of a process in it, or by a path. 0, or a negative errno: -ENOENT there is
 * no such name or file, -ESRCH no such process, -EINVAL it is no namespace, -EPERM takes
 * CAP_SYS_ADMIN, -EACCES also CAP_SYS_PTRACE where it is another user's process.
 */
int enter_netns(const char *which);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
// Nothing of the lab outlives it, however it ends. The process that was started forks the warden,
// the warden forks the lab proper. Each adopts the orphans among its descendants, and the one that
// is left when another dies, be it by SIGKILL, ends them all.
#ifndef LAB_WARDEN_H
#define LAB_WARDEN_H

#include <sys/types.h>

// Runs inside() in a child and returns its exit status, 128 + signal if it was killed, or
// EXIT_LIMIT after limit seconds (0: no limit). Then no descendant is left and the file is removed.
int warden_run(int (*inside)(void *), void *argument, unsigned limit, const char *file);

// fork() for children that are to die with their parent.
pid_t warden_fork(void);

// What waitpid() said, as a shell says it.
int warden_status(int wait_status);

#endif

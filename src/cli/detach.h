// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef CLI_DETACH_H
#define CLI_DETACH_H

#include <sys/types.h>

/*
 * Makes a forked child a process that works on its own: it dies with its parent, keeps no descriptor
 * but `fd` (standard ones lead nowhere), and the terminal's keys do not reach it.
 */
void detach(int fd, pid_t parent);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef CLI_COLLECTOR_H
#define CLI_COLLECTOR_H

#include <sys/types.h>

/*
 * The life of the process that collects for a live view, on the other end of whose channel `parent`
 * is. It lets go of the terminal, and ends with its parent, or when the channel is closed.
 */
_Noreturn void collector_run(int fd, pid_t parent);

#endif

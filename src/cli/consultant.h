// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef CLI_CONSULTANT_H
#define CLI_CONSULTANT_H

#include <sys/types.h>

/*
 * The life of the process that judges the host for a live view: every few seconds all of --diagnose,
 * against the sample before where that is small. Writes WIRE_FINDINGS messages to `fd`, their text
 * wrapped to `width` columns.
 */
_Noreturn void consultant_run(int fd, pid_t parent, unsigned width);

#endif

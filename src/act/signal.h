// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef ACT_SIGNAL_H
#define ACT_SIGNAL_H

#include <stdint.h>

/*
 * Sends a signal to this very process: the pid and when it was started, in ticks since boot
 * (struct process), so never to another that has come to the same pid. Returns 0, -ESRCH where it is
 * gone, -EINVAL without `started`, -ENOSYS where the kernel has no pidfds (before 5.3), or what
 * the kernel says.
 */
int signal_process(int32_t pid, uint64_t started, int signal);

#endif

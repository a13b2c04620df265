// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UTIL_PRIVILEGE_H
#define UTIL_PRIVILEGE_H

#include <linux/capability.h>
#include <stdbool.h>

/* Whether this process has a capability (CAP_*) in effect; false also where that is not known. */
bool privilege_held(unsigned capability);

/*
 * Gives up all capabilities of this process for good: execve() brings none back. Its user stays who
 * it is. 0 or a negative errno.
 */
int privilege_drop(void);

#endif

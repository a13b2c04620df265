// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef COLLECT_KERNEL_H
#define COLLECT_KERNEL_H

#include "model/pipeline.h"

/*
 * The running kernel as a source: sock_diag, or /proc/net/tcp and tcp6 where netlink is refused;
 * owners from /proc. Listeners come first whenever the request wants situations. Close it when
 * done. NULL without memory.
 */
struct source *kernel_source(void);

#endif

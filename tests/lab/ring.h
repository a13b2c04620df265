// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef LAB_RING_H
#define LAB_RING_H

#include <stddef.h>

// An io_uring, without liburing; -1 with errno.
int ring_open(void);

// The ring holds the files from now on, whether or not the descriptors stay open. -1 with errno.
int ring_register(int ring, const int *fds, size_t count);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#include "ring.h"

#include <linux/io_uring.h>
#include <sys/syscall.h>
#include <unistd.h>

int ring_open(void)
{
	struct io_uring_params params = {.flags = 0};

	return (int)syscall(SYS_io_uring_setup, 4, &params);
}

int ring_register(int ring, const int *fds, size_t count)
{
	return (int)syscall(SYS_io_uring_register, ring, IORING_REGISTER_FILES, fds, count);
}

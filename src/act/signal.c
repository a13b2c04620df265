// SPDX-License-Identifier: GPL-2.0-or-later
#include "act/signal.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "collect/process.h"

/* Of newer headers than some that this builds with; the same on every architecture but alpha. */
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

/* Once it is held by a descriptor its pid is nobody else's while that process lives. */
static int send(int pidfd, int32_t pid, uint64_t started, int signal)
{
	int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	uint64_t now;

	if (proc < 0)
		return -errno;
	now = process_started(proc, pid);
	close(proc);
	if (now != started)
		return -ESRCH;
	return syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0) ? -errno : 0;
}

int signal_process(int32_t pid, uint64_t started, int signal)
{
	int pidfd, error;

	if (pid <= 0 || !started)
		return -EINVAL;
	pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (pidfd < 0)
		return -errno;
	error = send(pidfd, pid, started, signal);
	close(pidfd);
	return error;
}

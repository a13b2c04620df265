// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/detach.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Of newer headers than some that this builds with; the same on every architecture but alpha. */
#ifndef SYS_close_range
#define SYS_close_range 436
#endif

/* A kernel before 5.9 has no close_range(). */
static void close_from_to(unsigned first, unsigned last)
{
	long most = sysconf(_SC_OPEN_MAX);

	if (first > last || !syscall(SYS_close_range, first, last, 0))
		return;
	if (most > 65536)
		most = 65536;
	for (unsigned fd = first; fd <= last && fd < (unsigned)most; fd++)
		close((int)fd);
}

static void close_others(int fd)
{
	int nowhere = open("/dev/null", O_RDWR);

	for (int i = 0; i <= STDERR_FILENO; i++) {
		if (i != fd && nowhere >= 0)
			dup2(nowhere, i);
	}
	close_from_to(STDERR_FILENO + 1, (unsigned)fd - 1);
	close_from_to((unsigned)fd + 1, ~0u);
}

/*
 * Its keys' signals go to the whole foreground group, as does the end of the terminal. To be stopped with
 * it is right.
 */
static void ignore_terminal(void)
{
	static const int signals[] = {SIGINT, SIGQUIT, SIGTTIN, SIGTTOU, SIGHUP, SIGPIPE, SIGWINCH};
	sigset_t none;

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		signal(signals[i], SIG_IGN);
	signal(SIGTERM, SIG_DFL);
	signal(SIGCHLD, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

void detach(int fd, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(0);
	ignore_terminal();
	close_others(fd);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/enter.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A name of digits may have been given to a namespace: it comes first, as for ip. */
static int open_netns(const char *which)
{
	bool process = *which && strspn(which, "0123456789") == strlen(which);
	char path[PATH_MAX];
	int fd;

	if (strchr(which, '/'))
		return open(which, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (snprintf(path, sizeof(path), "/run/netns/%s", which) >= (int)sizeof(path))
		return errno = ENAMETOOLONG, -1;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd >= 0 || !process || errno != ENOENT)
		return fd;
	snprintf(path, sizeof(path), "/proc/%s/ns/net", which);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		errno = ESRCH;
	return fd;
}

int enter_netns(const char *which)
{
	int fd = open_netns(which), error;

	if (fd < 0)
		return -errno;
	error = setns(fd, CLONE_NEWNET) ? -errno : 0;
	close(fd);
	return error;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "missing.h"

#include "diag.h"
#include "ring.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

const char *ring_missing(void)
{
	int ring = ring_open();

	if (ring < 0)
		return "io_uring is not available";
	close(ring);
	return NULL;
}

const char *mptcp_missing(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 262);

	if (fd < 0)
		return "the kernel has no Multipath TCP";
	close(fd);
	return NULL;
}

const char *bound_list_missing(void)
{
	const char *reason = "the kernel does not list bound sockets (6.8 and later do)";
	struct sockaddr_in any = {.sin_family = AF_INET};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct found_list list = {.items = NULL};
	struct stat status;

	if (fd < 0 || bind(fd, (struct sockaddr *)&any, sizeof(any)) < 0 || fstat(fd, &status) < 0)
		return "bind() fails";
	diag_dump(&list);
	for (size_t i = 0; i < list.count; i++)
		if (list.items[i].inode == status.st_ino)
			reason = NULL;
	free(list.items);
	close(fd);
	return reason;
}

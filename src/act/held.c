// SPDX-License-Identifier: GPL-2.0-or-later
#include "act/held.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Of newer headers than some that this builds with; the same on every architecture but alpha. */
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif

void held_close(struct held *h)
{
	if (h->pidfd >= 0)
		close(h->pidfd);
	*h = (struct held)HELD;
}

static bool turn_to(struct held *h, int32_t pid)
{
	if (h->pidfd >= 0 && h->pid == pid)
		return true;
	held_close(h);
	h->pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	h->pid = pid;
	return h->pidfd >= 0;
}

static bool read_option(int fd, int level, int name, int *value)
{
	socklen_t len = sizeof(*value);

	return !getsockopt(fd, level, name, value, &len) && len == sizeof(*value);
}

static void read_options(int fd, struct socket *sk)
{
	int address, port, v6only;

	if (read_option(fd, SOL_SOCKET, SO_REUSEADDR, &address) &&
	    read_option(fd, SOL_SOCKET, SO_REUSEPORT, &port)) {
		sk->reuse = (uint8_t)((address ? REUSE_ADDRESS : 0) | (port ? REUSE_PORT : 0));
		sk->have |= HAVE_REUSE;
	}
	if (sk->family == AF_INET6 && !(sk->have & HAVE_V6ONLY) &&
	    read_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, &v6only)) {
		sk->v6only = v6only != 0;
		sk->have |= HAVE_V6ONLY;
	}
}

/* The number may stand for another file by now: the inode tells. */
static void read_through(struct held *h, const struct owner *owner, struct socket *sk)
{
	int fd = (int)syscall(SYS_pidfd_getfd, h->pidfd, (int)owner->fd, 0);
	struct stat st;

	if (fd < 0)
		return;
	if (!fstat(fd, &st) && S_ISSOCK(st.st_mode) && (uint32_t)st.st_ino == sk->inode)
		read_options(fd, sk);
	close(fd);
}

void held_read_options(struct held *h, const struct owner_table *t, struct socket *sk)
{
	uint32_t i = sk->inode ? sk->owners : OWNER_NONE;

	for (; i != OWNER_NONE && !(sk->have & HAVE_REUSE); i = owner_table_next(t, i)) {
		const struct owner *owner = &t->owners[i];

		/* A thread's own table, or a ring's, is not the one pidfd_getfd() looks into. */
		if (owner->via == VIA_DESCRIPTOR && turn_to(h, t->processes[owner->process].pid))
			read_through(h, owner, sk);
	}
}

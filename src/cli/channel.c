// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/channel.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/wire.h"

enum { AT_ONCE = 256 * 1024 };

int channel_open(struct channel *c, int fd)
{
	int flags = fcntl(fd, F_GETFL);

	*c = (struct channel){.fd = fd};
	return flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 ? -errno : 0;
}

void channel_close(struct channel *c)
{
	if (c->fd >= 0)
		close(c->fd);
	free(c->data);
	*c = (struct channel){.fd = -1};
}

/* Room behind what is still to be handed out. */
static int make_room(struct channel *c)
{
	char *more;

	if (c->at) {
		memmove(c->data, c->data + c->at, c->len - c->at);
		c->len -= c->at;
		c->at = 0;
	}
	if (c->cap - c->len >= AT_ONCE)
		return 0;
	more = realloc(c->data, c->len + AT_ONCE);
	if (!more)
		return -ENOMEM;
	c->data = more;
	c->cap = c->len + AT_ONCE;
	return 0;
}

ssize_t channel_fill(struct channel *c)
{
	int error = make_room(c);
	ssize_t n;

	if (error)
		return error;
	n = read(c->fd, c->data + c->len, c->cap - c->len);
	if (n > 0)
		c->len += (size_t)n;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n < 0)
		return errno == ECONNRESET ? -EPIPE : -errno;
	return n ? n : -EPIPE;
}

ssize_t channel_next(struct channel *c, const void **message)
{
	ssize_t n = wire_length(c->data + c->at, c->len - c->at);

	*message = c->data + c->at;
	if (n > 0)
		c->at += (size_t)n;
	return n;
}

static ssize_t send_some(const struct channel *c, const struct out *o, size_t sent)
{
	ssize_t n = send(c->fd, o->data + sent, o->len - sent, MSG_NOSIGNAL);

	if (n < 0 && errno == ENOTSOCK)
		n = write(c->fd, o->data + sent, o->len - sent);
	return n < 0 ? -errno : n;
}

int channel_send(struct channel *c, struct out *o, bool wait)
{
	size_t sent = 0;
	int error = o->error;

	while (!error && sent < o->len) {
		struct pollfd pollfd = {.fd = c->fd, .events = POLLOUT};
		ssize_t n = send_some(c, o, sent);

		if (n >= 0)
			sent += (size_t)n;
		else if (n == -EAGAIN && !wait)
			break;
		else if (n == -EAGAIN)
			poll(&pollfd, 1, -1);
		else if (n != -EINTR)
			error = n == -ECONNRESET ? -EPIPE : (int)n;
	}
	if (sent)
		memmove(o->data, o->data + sent, o->len - sent);
	o->len -= sent;
	return error;
}

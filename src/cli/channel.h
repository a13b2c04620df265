// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef CLI_CHANNEL_H
#define CLI_CHANNEL_H

#include "util/out.h"

#include <sys/types.h>

/* One end of a stream of messages (cli/wire.h). What is read waits here until it is whole. */
struct channel {
	int fd;
	char *data;
	size_t len, at, cap; /* `at`: the first byte not yet handed out */
};

/* Takes over the descriptor, which does not block from now on. 0 or a negative errno. */
int channel_open(struct channel *c, int fd);
void channel_close(struct channel *c);

/*
 * Reads once what has come. Returns the bytes read, 0 where nothing is there yet, -EPIPE when the
 * other end is gone, or another negative errno.
 */
ssize_t channel_fill(struct channel *c);

/*
 * The next whole message, valid until channel_fill(): its length, 0 where none is complete, or
 * -EBADMSG.
 */
ssize_t channel_next(struct channel *c, const void **message);

/*
 * Sends the head of `o` and takes it out. Without `wait` only what the kernel takes at once. Returns
 * 0, -EPIPE when the other end is gone, or another negative errno.
 */
int channel_send(struct channel *c, struct out *o, bool wait);

#endif

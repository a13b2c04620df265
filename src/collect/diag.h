// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef COLLECT_DIAG_H
#define COLLECT_DIAG_H

#include <linux/netlink.h>

#include "collect/ahead.h"
#include "model/pipeline.h"

/* A sock_diag netlink socket; it stays in the network namespace it was opened in. */
struct diag {
	struct mnl_socket *nl;
	char *buffer;
	const struct nlmsghdr *question; /* put, and not yet sent; in `buffer` */
	uint32_t seq;                    /* of the question last put */
	struct ahead_source source;
	struct ahead ahead;
	bool alone; /* a walk takes no second thread: less wall time would cost more of a processor */
};

/* What one walk is asked for. */
struct diag_query {
	uint32_t states;
	uint32_t families;   /* FAMILY_*; both in one walk where the kernel can */
	uint32_t attributes; /* WANT_ATTRIBUTES part */
	const void *bytecode;
	size_t bytecode_len;
	bool halves; /* many are expected: let two threads ask, each for one half, where they can */
};

/* What went wrong in a walk that still brought rows: flags. */
enum {
	DIAG_INTERRUPTED = 1, /* the kernel ended early, or its answer changed under way */
	DIAG_OVERRUN = 2,     /* ENOBUFS, or a datagram came cut */
	DIAG_FAMILY = 4,      /* one family was refused */
};

/* Returns 0, or a negative errno: -EPROTONOSUPPORT without sock_diag, -EPERM or so in a cage. */
int diag_open(struct diag *d);
void diag_close(struct diag *d);

/* Takes what a walk brings. */
struct diag_handler {
	/* Every message: 0, or a negative errno that ends the walk and is returned. */
	int (*message)(const struct nlmsghdr *nlh, void *ctx);
	/* Before the messages of each datagram; may be NULL. */
	void (*received)(void *ctx);
	void *ctx;
};

/*
 * Walks the kernel's sockets; the handler is called in this thread. In a long walk another one
 * receives, or two do, while it lasts, a few datagrams ahead. Returns DIAG_* flags, or a negative errno: the
 * handler's, or that of a walk that brought nothing.
 */
int diag_walk(struct diag *d, const struct diag_query *query, const struct diag_handler *handler);

/*
 * Begins a walk of both families in a second thread, so that the kernel goes through it while this
 * thread does something else: diag_walk() with the same query takes what came. The diag must stay
 * where it is until then, or until diag_close(). False where no thread is to be had, or for one
 * family: diag_walk() then asks itself.
 */
bool diag_begin(struct diag *d, const struct diag_query *query);

/*
 * Asks for one socket by its addresses and cookie, with these attributes (WANT_ATTRIBUTES part).
 * Returns 0 with the socket as it is now, or -ENOENT where it is not found: bound ones never are, of
 * a SO_REUSEPORT group only some, and one that just changes its state in the kernel may be overlooked.
 * Another negative errno leaves it open whether it is there.
 */
int diag_get(struct diag *d, const struct socket *sk, uint32_t attributes, struct socket *now);

/* Whether this very socket, by its cookie, is still there with the same inode and state. */
bool diag_still_there(struct diag *d, const struct socket *sk);

#endif

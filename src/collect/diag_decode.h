// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef COLLECT_DIAG_DECODE_H
#define COLLECT_DIAG_DECODE_H

#include <linux/netlink.h>

#include "model/socket.h"

/*
 * Turns one message of a sock_diag answer (struct inet_diag_msg and its attributes,
 * linux/inet_diag.h) into a socket. A pure function: it reads no byte beyond nlh->nlmsg_len and
 * trusts no length inside; an attribute that is too short for what it should hold is absent, one
 * of an unknown type is noted in sk->unknown_attributes. sk->netns is 0, owners not asked for.
 * Returns 0, or -EBADMSG where the bytes are no such message.
 */
int diag_decode(const struct nlmsghdr *nlh, struct socket *sk);

#endif

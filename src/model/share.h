// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef MODEL_SHARE_H
#define MODEL_SHARE_H

#include "model/socket.h"

/*
 * How the time with data to send was spent, as whole percents that add up to 100. The kernel
 * counts in ticks (tcp_get_info_chrono_stats(), net/ipv4/tcp.c), from the connection's beginning
 * on: there is no reading for the last seconds alone.
 */
struct shares {
	unsigned rwnd;    /* the peer's window had no room */
	unsigned sndbuf;  /* all was sent, and the send buffer had no room for more */
	unsigned network; /* the rest: data was on its way, or congestion control held it back */
};

/* False where tcp_info does not tell, or there has been nothing to send. */
bool socket_shares(const struct socket *sk, struct shares *shares);

/*
 * At least this many percent of the time since data last came were without data to send; false
 * where nothing tells. The time with data to send, all of it taken to be recent, is the rest.
 */
bool socket_app_share(const struct socket *sk, uint64_t *percent);

#endif

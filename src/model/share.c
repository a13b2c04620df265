// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/share.h"

/* `whole` is not 0. A snapshot may hold any numbers. */
static unsigned percent_of(uint64_t part, uint64_t whole)
{
	if (part >= whole)
		return 100;
	return (unsigned)(whole > UINT64_MAX / 100 ? part / (whole / 100) : part * 100 / whole);
}

bool socket_shares(const struct socket *sk, struct shares *shares)
{
	uint64_t busy = socket_info(sk, busy_time, 0);

	if (!socket_has(sk, sndbuf_limited) || !busy || sk->kernel_state == STATE_LISTEN)
		return false;
	shares->rwnd = percent_of(sk->info.rwnd_limited, busy);
	shares->sndbuf = percent_of(sk->info.sndbuf_limited, busy);
	if (shares->sndbuf > 100 - shares->rwnd)
		shares->sndbuf = 100 - shares->rwnd;
	shares->network = 100 - shares->rwnd - shares->sndbuf;
	return true;
}

bool socket_app_share(const struct socket *sk, uint64_t *percent)
{
	uint64_t since, busy;

	if (!socket_has(sk, busy_time) ||
	    (sk->kernel_state != STATE_ESTABLISHED && sk->kernel_state != STATE_CLOSE_WAIT))
		return false;
	since = (uint64_t)sk->info.last_data_recv * 1000;
	busy = sk->info.busy_time;
	if (busy >= since)
		return false;
	/* Less than 100: what is sent at once takes time too, less than a tick. */
	*percent = percent_of(since - busy - 1, since);
	return true;
}

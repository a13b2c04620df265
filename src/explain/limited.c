// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A verdict takes two things that agree: what the kernel has counted since the connection began,
 * and what the socket shows now. Either alone misleads. The counters hold what was long ago; and
 * the time that neither a window nor a buffer takes counts for the network also where a program
 * sends a little now and then over a long path.
 */
#include "explain/limited.h"

#include <sys/param.h>

#include "model/share.h"

enum {
	SENDING_MS = 1000,   /* data sent this recently: more is under way */
	JUDGED_US = 1000000, /* of data to send, before its shares mean anything */
	ALONE_MS = 3000,     /* nothing from the peer: the program does not wait for its answer */
	FEW_SEGMENTS = 16,   /* of data: less is a message, no flow */
	ONE_WAY = 4,         /* times more sent than received */
	/*
	 * Percent. With pacing the kernel counts about half of the time that a window or a buffer
	 * takes, without it all of it for a window and next to nothing for a buffer.
	 */
	MUCH = 20,
	NEARLY_ALL = 100 - MUCH,
	MOSTLY = 50,
};

/* What the next segment to go out meets now. */
struct now {
	bool waits; /* a whole segment or more is queued and not sent */
	bool window_full, cwnd_full;
};

static struct now look(const struct socket *sk)
{
	uint64_t unsent = sk->info.notsent_bytes, mss = sk->info.snd_mss;
	uint64_t in_flight = sk->send_queue > unsent ? sk->send_queue - unsent : 0;

	return (struct now){
		.waits = unsent && unsent >= mss,
		.window_full = unsent && in_flight + MIN(unsent, mss) > sk->info.snd_wnd,
		.cwnd_full = sk->info.unacked >= sk->info.snd_cwnd,
	};
}

static bool is_sending(const struct socket *sk)
{
	return sk->send_queue || sk->info.last_data_sent < SENDING_MS;
}

/* In use one way for long enough that the program does not wait for what the peer says. */
static bool is_one_way(const struct socket *sk)
{
	return sk->info.last_data_recv >= ALONE_MS && sk->info.data_segs_out >= FEW_SEGMENTS &&
	       sk->info.bytes_acked / ONE_WAY > sk->info.bytes_received;
}

/* The program itself has set a pace (SO_MAX_PACING_RATE). */
static bool is_throttled(const struct socket *sk)
{
	return sk->info.max_pacing_rate != UINT64_MAX &&
	       sk->info.pacing_rate >= sk->info.max_pacing_rate;
}

static bool is_loopback(const struct socket *sk)
{
	return address_scope(sk->family, &sk->peer.address) == SCOPE_LOOPBACK;
}

/* Holds for the judged: `s` is known, and the time with data to send was not the lesser part. */
static bool limited_while_busy(const struct socket *sk, const struct shares *s,
			       const struct now *now, enum situation_name *situation)
{
	bool app_limited = sk->info.flags >> APP_LIMITED_SHIFT & 1;

	if (now->window_full && s->rwnd >= MUCH)
		*situation = SITUATION_ESTABLISHED_LIMITED_BY_RECEIVER;
	else if (now->window_full)
		return false;
	else if (!now->waits && !now->cwnd_full && sk->send_queue && s->sndbuf >= MUCH)
		*situation = SITUATION_ESTABLISHED_LIMITED_BY_SEND_BUFFER;
	else if (s->network < NEARLY_ALL)
		return false;
	else if ((now->waits || now->cwnd_full) && !app_limited && !is_throttled(sk) &&
		 !is_loopback(sk))
		*situation = SITUATION_ESTABLISHED_LIMITED_BY_NETWORK;
	else if (!now->waits && !now->cwnd_full && app_limited && is_one_way(sk))
		*situation = SITUATION_ESTABLISHED_LIMITED_BY_SENDER;
	else
		return false;
	return true;
}

bool limited_situation(const struct socket *sk, enum situation_name *situation)
{
	struct shares shares;
	uint64_t app_share;
	struct now now;

	/* The last member needed: older kernels do not tell enough. */
	if (!socket_has(sk, snd_wnd) || !is_sending(sk))
		return false;
	now = look(sk);
	if (socket_app_share(sk, &app_share) && app_share >= MOSTLY) {
		*situation = SITUATION_ESTABLISHED_LIMITED_BY_SENDER;
		return is_one_way(sk) && !now.waits && !now.window_full && !now.cwnd_full;
	}
	return sk->info.busy_time >= JUDGED_US && socket_shares(sk, &shares) &&
	       limited_while_busy(sk, &shares, &now, situation);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "explain/classify.h"

#include "explain/limited.h"
#include "explain/situation.h"
#include "model/field.h"

enum {
	FIRST_TIMEOUT_MS = 1000, /* TCP_TIMEOUT_INIT: the first SYN-ACK's */
	ACTIVE_MS = 2000,        /* data this recent: in use */
	OPT_SYN_DATA = 32,       /* TCPI_OPT_SYN_DATA */
	FIN_ONLY = 1,            /* an unread FIN counts one in the receive queue */
};

/* Full sockets carry attributes that requests and TIME_WAIT remains do not. */
static bool is_full_socket(const struct socket *sk)
{
	return sk->inode || sk->info_len || sk->have & (HAVE_SHUTDOWN | HAVE_SOCKOPT);
}

/* What keeps queued data or a FIN from being acknowledged. */
enum trouble { TROUBLE_NONE, TROUBLE_RETRANSMITTING, TROUBLE_WINDOW_CLOSED, TROUBLE_PROBING };

static enum trouble trouble_of(const struct socket *sk)
{
	/* Timer 1 alone is ordinary data in flight. */
	if (sk->timer == TIMER_RETRANSMIT && (sk->retrans || socket_info(sk, retrans, 0)))
		return TROUBLE_RETRANSMITTING;
	if (sk->timer != TIMER_PROBE)
		return TROUBLE_NONE;
	return socket_has(sk, snd_wnd) && !sk->info.snd_wnd ? TROUBLE_WINDOW_CLOSED
							    : TROUBLE_PROBING;
}

static enum situation_name listen_situation(const struct socket *sk)
{
	if (sk->have & HAVE_BACKLOG && sk->recv_queue > sk->send_queue)
		return SITUATION_LISTEN_QUEUE_FULL;
	return sk->recv_queue ? SITUATION_LISTEN_CLIENTS_WAITING : SITUATION_LISTEN_READY;
}

static enum situation_name syn_received_situation(const struct row *row)
{
	const struct socket *sk = row->socket;

	if (row->verdict.details & DETAIL_FAST_OPEN)
		return SITUATION_SYN_RECEIVED_FAST_OPEN;
	if (is_full_socket(sk))
		return SITUATION_SYN_RECEIVED_SIMULTANEOUS_OPEN;
	if (sk->retrans)
		return SITUATION_SYN_RECEIVED_UNANSWERED;
	/* Longer than the first timeout: the client has acknowledged (TCP_DEFER_ACCEPT). */
	return sk->expires > FIRST_TIMEOUT_MS ? SITUATION_SYN_RECEIVED_DEFERRED
					      : SITUATION_SYN_RECEIVED_HANDSHAKE;
}

static enum situation_name idle_situation(const struct socket *sk)
{
	uint64_t idle;

	if (!socket_idle(sk, &idle))
		return SITUATION_ESTABLISHED_QUIET;
	if (idle < ACTIVE_MS)
		return SITUATION_ESTABLISHED_ACTIVE;
	return sk->timer == TIMER_KEEPALIVE ? SITUATION_ESTABLISHED_IDLE
					    : SITUATION_ESTABLISHED_IDLE_NO_KEEPALIVE;
}

/* A window too small for a segment is probed too: where it mostly is, the way out is not. */
static enum situation_name probing_situation(const struct socket *sk)
{
	enum situation_name limit;

	if (!socket_has(sk, snd_wnd))
		return SITUATION_ESTABLISHED_PROBING;
	if (limited_situation(sk, &limit) && limit == SITUATION_ESTABLISHED_LIMITED_BY_RECEIVER)
		return limit;
	return SITUATION_ESTABLISHED_BLOCKED;
}

static enum situation_name established_situation(const struct socket *sk)
{
	enum situation_name limit;

	if (!sk->inode)
		return SITUATION_ESTABLISHED_NOT_ACCEPTED;
	switch (trouble_of(sk)) {
	case TROUBLE_WINDOW_CLOSED: return SITUATION_ESTABLISHED_PEER_WINDOW_CLOSED;
	case TROUBLE_PROBING: return probing_situation(sk);
	case TROUBLE_RETRANSMITTING: return SITUATION_ESTABLISHED_RETRANSMITTING;
	case TROUBLE_NONE: break;
	}
	if (sk->recv_queue)
		return SITUATION_ESTABLISHED_UNREAD_DATA;
	if (sk->timer == TIMER_KEEPALIVE && sk->retrans)
		return SITUATION_ESTABLISHED_KEEPALIVE_UNANSWERED;
	if (limited_situation(sk, &limit))
		return limit;
	if (sk->send_queue)
		return SITUATION_ESTABLISHED_SENDING;
	return idle_situation(sk);
}

static enum situation_name fin_wait_1_situation(const struct socket *sk)
{
	switch (trouble_of(sk)) {
	case TROUBLE_WINDOW_CLOSED: return SITUATION_FIN_WAIT_1_PEER_WINDOW_CLOSED;
	case TROUBLE_PROBING: return SITUATION_FIN_WAIT_1_PROBING;
	case TROUBLE_RETRANSMITTING: return SITUATION_FIN_WAIT_1_RETRANSMITTING;
	default: return SITUATION_FIN_WAIT_1_AWAITING_ACK;
	}
}

static enum situation_name close_wait_situation(const struct socket *sk)
{
	if (!sk->inode)
		return SITUATION_CLOSE_WAIT_NEVER_ACCEPTED;
	switch (trouble_of(sk)) {
	case TROUBLE_WINDOW_CLOSED: return SITUATION_CLOSE_WAIT_PEER_WINDOW_CLOSED;
	case TROUBLE_PROBING: return SITUATION_CLOSE_WAIT_PROBING;
	case TROUBLE_RETRANSMITTING: return SITUATION_CLOSE_WAIT_RETRANSMITTING;
	case TROUBLE_NONE: break;
	}
	if (sk->recv_queue > FIN_ONLY)
		return SITUATION_CLOSE_WAIT_UNREAD_DATA;
	return sk->send_queue ? SITUATION_CLOSE_WAIT_SENDING : SITUATION_CLOSE_WAIT_APP_MUST_CLOSE;
}

static enum situation_name last_ack_situation(const struct socket *sk)
{
	switch (trouble_of(sk)) {
	case TROUBLE_WINDOW_CLOSED: return SITUATION_LAST_ACK_PEER_WINDOW_CLOSED;
	case TROUBLE_PROBING: return SITUATION_LAST_ACK_PROBING;
	case TROUBLE_RETRANSMITTING: return SITUATION_LAST_ACK_RETRANSMITTING;
	default: return SITUATION_LAST_ACK_AWAITING_ACK;
	}
}

static enum situation_name situation_of(const struct row *row)
{
	const struct socket *sk = row->socket;

	switch (sk->kernel_state) {
	case STATE_LISTEN: return listen_situation(sk);
	case STATE_SYN_SENT:
		return sk->retrans ? SITUATION_SYN_SENT_UNANSWERED : SITUATION_SYN_SENT_CONNECTING;
	case STATE_SYN_RECEIVED: return syn_received_situation(row);
	case STATE_ESTABLISHED: return established_situation(sk);
	case STATE_FIN_WAIT_1: return fin_wait_1_situation(sk);
	case STATE_FIN_WAIT_2:
		return sk->inode ? SITUATION_FIN_WAIT_2_HELD_BY_APP
				 : SITUATION_FIN_WAIT_2_ORPHAN_EXPIRING;
	case STATE_CLOSE_WAIT: return close_wait_situation(sk);
	case STATE_CLOSING:
		return trouble_of(sk) == TROUBLE_RETRANSMITTING
			       ? SITUATION_CLOSING_RETRANSMITTING
			       : SITUATION_CLOSING_SIMULTANEOUS_CLOSE;
	case STATE_LAST_ACK: return last_ack_situation(sk);
	case STATE_TIME_WAIT: return SITUATION_TIME_WAIT_PROTECTING;
	case STATE_CLOSED:
		return socket_has_peer(sk) ? SITUATION_CLOSED_CONNECT_FAILED
					   : SITUATION_CLOSED_BOUND_ONLY;
	default: return SITUATION_UNKNOWN_STATE;
	}
}

/* Without tcp_info it takes the listener to tell it from a simultaneous open. */
static bool is_fast_open(const struct row *row)
{
	const struct socket *sk = row->socket;

	if (!is_full_socket(sk))
		return false;
	if (socket_has(sk, options))
		return sk->info.options & OPT_SYN_DATA;
	return snapshot_listener(row->snapshot, sk, false);
}

static uint16_t details_of(const struct row *row)
{
	const struct socket *sk = row->socket;
	uint16_t details = sk->have & HAVE_MPTCP ? DETAIL_MPTCP_SUBFLOW : 0;

	if (sk->timer == TIMER_TIME_WAIT)
		return DETAIL_MINISOCKET;
	switch (sk->kernel_state) {
	case STATE_SYN_RECEIVED:
		if (is_fast_open(row))
			details |= DETAIL_FAST_OPEN | (sk->inode ? 0 : DETAIL_NOT_ACCEPTED);
		else if (!is_full_socket(sk))
			details |= DETAIL_REQUEST_SOCKET;
		break;
	case STATE_ESTABLISHED:
	case STATE_CLOSE_WAIT:
		if (!sk->inode)
			details |= DETAIL_NOT_ACCEPTED;
		break;
	case STATE_FIN_WAIT_1:
	case STATE_FIN_WAIT_2:
	case STATE_CLOSING:
	case STATE_LAST_ACK:
		if (!sk->inode)
			details |= DETAIL_ORPHAN;
		break;
	case STATE_CLOSED: details |= DETAIL_BOUND_ONLY; break;
	}
	return details;
}

/* Without an inode the state itself tells why there is no owner; uid 0 then means nothing. */
static enum owner_absence reason_of(const struct socket *sk, uint16_t details)
{
	if (sk->owners != OWNER_NONE)
		return OWNER_KNOWN;
	if (sk->inode)
		return sk->absence;
	if (details & DETAIL_NOT_ACCEPTED)
		return OWNER_ACCEPT_QUEUE;
	switch (sk->kernel_state) {
	case STATE_TIME_WAIT: return OWNER_TIME_WAIT;
	case STATE_SYN_RECEIVED: return OWNER_HANDSHAKE;
	case STATE_ESTABLISHED:
	case STATE_CLOSE_WAIT: return OWNER_ACCEPT_QUEUE;
	case STATE_FIN_WAIT_1:
	case STATE_FIN_WAIT_2:
	case STATE_CLOSING:
	case STATE_LAST_ACK: return OWNER_ORPHAN;
	default: return sk->absence;
	}
}

void classify(struct row *row)
{
	row->verdict.details = details_of(row);
	row->verdict.listener = NULL;
	row->verdict.reason = (uint8_t)reason_of(row->socket, row->verdict.details);
	if (row->verdict.details & DETAIL_NOT_ACCEPTED)
		row->verdict.listener = snapshot_listener(row->snapshot, row->socket, true);
	row->verdict.situation = &situations[situation_of(row)];
}

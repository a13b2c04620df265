// SPDX-License-Identifier: GPL-2.0-or-later
#include "explain/kill.h"

#include <errno.h>

const struct kill_effect_text kill_effects[KILL_EFFECT_COUNT] = {
#define EFFECT(name, id, when, text) {id, when, text},
#include "explain/kill_effects.def"
#undef EFFECT
};

const struct kill_outcome_text kill_outcomes[KILL_OUTCOME_COUNT] = {
#define OUTCOME(name, id, gone, text) {id, gone, text},
#include "explain/kill_outcomes.def"
#undef OUTCOME
};

enum kill_effect kill_effect_of(const struct row *row)
{
	unsigned details = row->verdict.details;

	if (details & DETAIL_MINISOCKET)
		return KILL_REMAINS;
	if (details & DETAIL_REQUEST_SOCKET)
		return KILL_REQUEST;
	if (details & DETAIL_NOT_ACCEPTED)
		return KILL_QUEUED;
	switch (row->socket->kernel_state) {
	case STATE_LISTEN: return KILL_LISTENER;
	case STATE_SYN_SENT: return KILL_CONNECTING;
	case STATE_SYN_RECEIVED: return KILL_HANDSHAKE;
	case STATE_ESTABLISHED: return KILL_CONNECTION;
	case STATE_CLOSE_WAIT: return KILL_INPUT_ENDED;
	case STATE_FIN_WAIT_1:
	case STATE_FIN_WAIT_2: return details & DETAIL_ORPHAN ? KILL_ORPHAN : KILL_OUTPUT_ENDED;
	case STATE_CLOSING:
	case STATE_LAST_ACK:
		return details & DETAIL_ORPHAN ? KILL_FINISHING_ORPHAN : KILL_FINISHING;
	case STATE_TIME_WAIT: return KILL_REMAINS;
	case STATE_CLOSED: return KILL_BOUND_ONLY;
	default: return KILL_UNKNOWN;
	}
}

enum kill_outcome kill_outcome_of(const struct socket *sk, int error, bool remains)
{
	if (!(sk->have & HAVE_COOKIE))
		return OUTCOME_NO_IDENTITY;
	switch (-error) {
	case 0: return remains ? OUTCOME_REMAINS : OUTCOME_CLOSED;
	case ENOENT: return sk->kernel_state == STATE_CLOSED ? OUTCOME_BOUND_ONLY : OUTCOME_GONE;
	case EPERM:
	case EACCES: return OUTCOME_NOT_PERMITTED;
	case EOPNOTSUPP: return OUTCOME_NOT_SUPPORTED;
	case EINVAL: /* also of kernels before 4.5, which do not know the request */
		return sk->kernel_state == STATE_LISTEN && sk->have & HAVE_MPTCP
			       ? OUTCOME_MPTCP_LISTENER
			       : OUTCOME_NOT_SUPPORTED;
	default: return OUTCOME_FAILED;
	}
}

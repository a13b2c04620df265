// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/socket.h"

const char *timer_token(unsigned timer)
{
	static const char *const tokens[] = {
		[TIMER_NONE] = "none",           [TIMER_RETRANSMIT] = "retransmit",
		[TIMER_KEEPALIVE] = "keepalive", [TIMER_TIME_WAIT] = "time-wait",
		[TIMER_PROBE] = "probe",
	};

	return timer < sizeof(tokens) / sizeof(tokens[0]) ? tokens[timer] : NULL;
}

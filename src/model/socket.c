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

const char *const sockopt_tokens[SOCKOPT_COUNT] = {
#define SOCKOPT(name, token) [SOCKOPT_INDEX_##name] = token,
	SOCKOPT_TABLE
#undef SOCKOPT
};

uint32_t sockopt_bits(uint16_t bytes)
{
	const uint8_t *byte = (const uint8_t *)&bytes;
	bool little = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
	uint32_t bits = 0;

	for (unsigned i = 0; i < SOCKOPT_COUNT; i++)
		bits |= (byte[i / 8] >> (little ? i % 8 : 7 - i % 8) & 1u) << i;
	return bits;
}

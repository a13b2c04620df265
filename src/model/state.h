// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef MODEL_STATE_H
#define MODEL_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "util/out.h"

/* The states by their number in Linux (include/net/tcp_states.h); no other number is known. */
enum tcp_state {
#define STATE(name, number, token, aliases) STATE_##name = number,
#include "model/states.def"
#undef STATE
};

enum { STATE_COUNT = 11 };

/* The states in the order of the table. */
extern const uint8_t state_order[STATE_COUNT];

#define STATE_BIT(name) (1u << STATE_##name)

/* Bits of a kernel state mask that stand for no RFC state of their own. */
enum {
	STATES_REQUEST = 1u << 12, /* request sockets only (TCP_NEW_SYN_RECV) */
	STATES_BOUND = 1u << 13,   /* bound, neither listening nor connected; kernel 6.8 */
	STATES_CONNECTED = STATE_BIT(SYN_SENT) | STATE_BIT(SYN_RECEIVED) | STATE_BIT(ESTABLISHED) |
			   STATE_BIT(FIN_WAIT_1) | STATE_BIT(FIN_WAIT_2) | STATE_BIT(TIME_WAIT) |
			   STATE_BIT(CLOSE_WAIT) | STATE_BIT(LAST_ACK) | STATE_BIT(CLOSING),
	STATES_ALL = STATES_CONNECTED | STATE_BIT(LISTEN) | STATE_BIT(CLOSED),
};

/* The token of a state, NULL for a number that is no state. */
const char *state_token(unsigned number);

enum { STATE_ROOM = 16 }; /* bytes that state_format() may touch */

/* Writes the token at `p`, no NUL; returns where it ends, NULL for a number that is no state. */
char *state_format(char *p, unsigned number);

/* Appends the token, or UNKNOWN(n). */
void state_put(struct out *o, unsigned number);

/* Place in the table's order; unknown numbers come last, by number. */
unsigned state_rank(unsigned number);

/*
 * Goes through all 256 numbers, the states in the table's order first and then those that are none;
 * false at the end. Starts with *i = 0.
 */
bool state_next(unsigned *i, unsigned *number);

/*
 * Reads a state in any spelling into a mask of one bit, or one of ss's groups (all, connected,
 * synchronized, bucket, big) into a mask of several. Returns 0 for a word that is neither.
 */
uint32_t state_parse(const char *word, size_t n);

/* Every word state_parse() takes, the tokens first, one per call from *i = 0; NULL at the end. */
const char *state_word(unsigned *i);

#endif

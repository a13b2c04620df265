// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef FILTER_EXPR_H
#define FILTER_EXPR_H

#include "model/verdict.h"

enum expr_kind { EXPR_AND, EXPR_OR, EXPR_NOT, EXPR_STATES, EXPR_PORT, EXPR_ADDRESS };
enum expr_op { OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE };
enum { SIDE_LOCAL = 1, SIDE_PEER = 2, SIDE_EITHER = 3 };

/* A condition on a socket. */
struct expr {
	enum expr_kind kind;
	struct expr *left, *right; /* AND, OR; NOT has left alone */
	uint32_t states;           /* STATES: kernel state mask */
	unsigned side;             /* PORT, ADDRESS: SIDE_* */
	enum expr_op op;           /* PORT */
	uint16_t port;
	int family; /* ADDRESS: AF_INET matches IPv4-mapped addresses too */
	struct address address;
	unsigned bits;
	char interface[16]; /* of that name only; "" is any */
};

bool expr_match(const struct expr *e, const struct row *row);

/* The states of which the expression can hold: what the kernel need be asked for. */
uint32_t expr_states(const struct expr *e);

void expr_free(struct expr *e);

#endif

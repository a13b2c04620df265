// SPDX-License-Identifier: GPL-2.0-or-later
#include "filter/expr.h"

#include <stdlib.h>

static bool compare(unsigned a, enum expr_op op, unsigned b)
{
	switch (op) {
	case OP_EQ: return a == b;
	case OP_NE: return a != b;
	case OP_LT: return a < b;
	case OP_LE: return a <= b;
	case OP_GT: return a > b;
	default: return a >= b;
	}
}

static bool on_interface(const struct expr *e, const struct row *row)
{
	const char *name;

	if (!e->interface[0])
		return true;
	name = snapshot_interface(row->snapshot, row->socket->interface);
	return name && !strcmp(name, e->interface);
}

static bool match_end(const struct expr *e, const struct row *row, const struct endpoint *end)
{
	const struct socket *sk = row->socket;

	if (e->kind == EXPR_PORT)
		return compare(end->port, e->op, e->port);
	return on_interface(e, row) &&
	       address_in_prefix(sk->family, &end->address, e->family, &e->address, e->bits);
}

/* A socket that is not connected has no peer to match. */
static bool match_sides(const struct expr *e, const struct row *row)
{
	const struct socket *sk = row->socket;

	if (e->side & SIDE_LOCAL && match_end(e, row, &sk->local))
		return true;
	if (!(e->side & SIDE_PEER))
		return false;
	return (sk->peer.port || e->side == SIDE_PEER) && match_end(e, row, &sk->peer);
}

static bool match_states(uint32_t mask, const struct socket *sk)
{
	if (sk->kernel_state >= 32)
		return false;
	return mask >> sk->kernel_state & 1;
}

bool expr_match(const struct expr *e, const struct row *row)
{
	switch (e->kind) {
	case EXPR_AND: return expr_match(e->left, row) && expr_match(e->right, row);
	case EXPR_OR: return expr_match(e->left, row) || expr_match(e->right, row);
	case EXPR_NOT: return !expr_match(e->left, row);
	case EXPR_STATES: return match_states(e->states, row->socket);
	default: return match_sides(e, row);
	}
}

uint32_t expr_states(const struct expr *e)
{
	switch (e->kind) {
	case EXPR_AND: return expr_states(e->left) & expr_states(e->right);
	case EXPR_OR: return expr_states(e->left) | expr_states(e->right);
	case EXPR_NOT: return e->left->kind == EXPR_STATES ? ~e->left->states : UINT32_MAX;
	case EXPR_STATES: return e->states;
	default: return UINT32_MAX;
	}
}

void expr_free(struct expr *e)
{
	if (!e)
		return;
	expr_free(e->left);
	expr_free(e->right);
	free(e);
}

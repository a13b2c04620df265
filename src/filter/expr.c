// SPDX-License-Identifier: GPL-2.0-or-later
#include "filter/expr.h"

#include <stdlib.h>
#include <sys/socket.h>

bool expr_compare(uint64_t a, enum expr_op op, uint64_t b)
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
		return expr_compare(end->port, e->op, e->port);
	if (!on_interface(e, row))
		return false;
	return e->family == AF_UNSPEC ||
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

/* The handshake is done, and a descriptor leads to it. */
static bool accepted(const struct socket *sk)
{
	const uint32_t before = STATE_BIT(SYN_SENT) | STATE_BIT(SYN_RECEIVED);

	return sk->inode && match_states(STATES_CONNECTED & ~before, sk);
}

/*
 * As in ss, also in the range that the kernel chooses from: of a connection that a listener has taken
 * it says that nobody has chosen the port. Where it has not told, the range must do.
 */
static bool autobound(const struct row *row)
{
	const struct socket *sk = row->socket;
	const struct sysctl_value *range;

	if (sk->have & HAVE_AUTOBOUND && !sk->autobound)
		return false;
	range = snapshot_sysctl(row->snapshot, sk->netns, SYSCTL_ip_local_port_range);
	if (!range || !range->known)
		return sk->have & HAVE_AUTOBOUND;
	return sk->local.port >= range->value && sk->local.port <= range->upper;
}

bool expr_match(const struct expr *e, const struct row *row)
{
	switch (e->kind) {
	case EXPR_AND: return expr_match(e->left, row) && expr_match(e->right, row);
	case EXPR_OR: return expr_match(e->left, row) || expr_match(e->right, row);
	case EXPR_NOT: return !expr_match(e->left, row);
	case EXPR_STATES: return match_states(e->states, row->socket);
	case EXPR_FIELD: return expr_match_field(e, row);
	case EXPR_DETAIL: return row->verdict.details & e->number;
	case EXPR_CGROUP: return expr_match_cgroup(e, row);
	case EXPR_ACCEPTED: return accepted(row->socket);
	case EXPR_AUTOBOUND: return autobound(row);
	default: return match_sides(e, row);
	}
}

/* The states in which the expression holds whatever else a socket is. */
static uint32_t sure_states(const struct expr *e)
{
	switch (e->kind) {
	case EXPR_AND: return sure_states(e->left) & sure_states(e->right);
	case EXPR_OR: return sure_states(e->left) | sure_states(e->right);
	case EXPR_NOT: return ~expr_states(e->left);
	case EXPR_STATES: return e->states;
	default: return 0;
	}
}

uint32_t expr_states(const struct expr *e)
{
	switch (e->kind) {
	case EXPR_AND: return expr_states(e->left) & expr_states(e->right);
	case EXPR_OR: return expr_states(e->left) | expr_states(e->right);
	case EXPR_NOT: return ~sure_states(e->left);
	case EXPR_STATES: return e->states;
	default: return UINT32_MAX;
	}
}

uint32_t expr_needs(const struct expr *e)
{
	switch (e->kind) {
	case EXPR_AND:
	case EXPR_OR: return expr_needs(e->left) | expr_needs(e->right);
	case EXPR_NOT: return expr_needs(e->left);
	case EXPR_FIELD: return e->field->needs;
	case EXPR_STATES: return e->states & STATES_BOUND ? WANT_BOUND : 0;
	case EXPR_DETAIL: return WANT_SITUATION | WANT_BOUND;
	case EXPR_CGROUP: return e->number ? 0 : WANT_OWNERS | WANT_PROCESS;
	case EXPR_AUTOBOUND: return WANT_AUTOBOUND | WANT_HOST;
	default: return 0;
	}
}

bool expr_names_state(const struct expr *e)
{
	if (!e)
		return false;
	return e->kind == EXPR_STATES || expr_names_state(e->left) || expr_names_state(e->right);
}

void expr_free(struct expr *e)
{
	if (!e)
		return;
	expr_free(e->left);
	expr_free(e->right);
	free(e->pattern);
	free(e);
}

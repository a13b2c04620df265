// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytecode.h"

#include <linux/inet_diag.h>
#include <sys/socket.h>

enum { OP = sizeof(struct inet_diag_bc_op), MAPPED = 12 };

static struct inet_diag_bc_op op_at(const char *at)
{
	struct inet_diag_bc_op op;

	memcpy(&op, at, sizeof(op));
	return op;
}

/* inet_diag_bc_audit(): what an operation takes up with its argument; 0 where that is wrong. */
static long host_size(const char *at, long left)
{
	struct inet_diag_hostcond condition;
	long size = OP + (long)sizeof(condition), address;

	if (left < size)
		return 0;
	memcpy(&condition, at + OP, sizeof(condition));
	switch (condition.family) {
	case AF_UNSPEC: address = 0; break;
	case AF_INET: address = 4; break;
	case AF_INET6: address = 16; break;
	default: return 0;
	}
	if (left < size + address || condition.prefix_len > 8 * address)
		return 0;
	return size + address;
}

static long op_size(const char *at, long left)
{
	long size;

	switch (op_at(at).code) {
	case INET_DIAG_BC_S_COND:
	case INET_DIAG_BC_D_COND: return host_size(at, left);
	case INET_DIAG_BC_DEV_COND: size = OP + (long)sizeof(uint32_t); break;
	case INET_DIAG_BC_MARK_COND: size = OP + (long)sizeof(struct inet_diag_markcond); break;
	case INET_DIAG_BC_CGROUP_COND: size = OP + (long)sizeof(uint64_t); break;
	case INET_DIAG_BC_S_EQ:
	case INET_DIAG_BC_S_GE:
	case INET_DIAG_BC_S_LE:
	case INET_DIAG_BC_D_EQ:
	case INET_DIAG_BC_D_GE:
	case INET_DIAG_BC_D_LE: size = OP + OP; break;
	case INET_DIAG_BC_AUTO:
	case INET_DIAG_BC_JMP:
	case INET_DIAG_BC_NOP: size = OP; break;
	default: return 0;
	}
	return size <= left ? size : 0;
}

/* valid_cc(): whether an operation begins where `left` bytes are to come. */
static bool begins_op(const char *at, long n, long left)
{
	while (n >= left) {
		struct inet_diag_bc_op op = op_at(at);

		if (n == left)
			return true;
		if (op.yes < OP || op.yes & 3)
			return false;
		n -= op.yes;
		at += op.yes;
	}
	return false;
}

const char *bytecode_fault(const void *code, size_t n)
{
	const char *at = code;
	long left = (long)n;

	while (left > 0) {
		struct inet_diag_bc_op op;
		long size;

		if (left < OP)
			return "ends inside an operation";
		op = op_at(at);
		size = op_size(at, left);
		if (!size)
			return "an operation unknown, cut short or with a wrong argument";
		if (op.code != INET_DIAG_BC_NOP) {
			if (op.no < size || op.no > left + OP || op.no & 3)
				return "\"no\" leads nowhere";
			if (op.no < left && !begins_op(code, (long)n, left - op.no))
				return "\"no\" leads into an operation";
		}
		if (op.yes < size || op.yes > left + OP || op.yes & 3)
			return "\"yes\" leads nowhere";
		at += op.yes;
		left -= op.yes;
	}
	return left ? "its last operation leads beyond the end" : NULL;
}

static bool same_bits(const uint8_t *a, const uint8_t *b, unsigned bits)
{
	unsigned bytes = bits / 8, rest = bits % 8;

	if (memcmp(a, b, bytes))
		return false;
	return !rest || !((a[bytes] ^ b[bytes]) >> (8 - rest));
}

static bool run_host(const char *at, const struct socket *sk, const struct endpoint *end)
{
	static const uint8_t mapped[MAPPED] = {[10] = 0xff, [11] = 0xff};
	struct inet_diag_hostcond condition;
	const uint8_t *address = end->address.bytes, *wanted;

	memcpy(&condition, at, sizeof(condition));
	wanted = (const uint8_t *)at + sizeof(condition);
	if (condition.port != -1 && condition.port != end->port)
		return false;
	if (condition.family == AF_UNSPEC || condition.family == sk->family)
		return same_bits(address, wanted, condition.prefix_len);
	return sk->family == AF_INET6 && condition.family == AF_INET &&
	       !memcmp(address, mapped, MAPPED) &&
	       same_bits(address + MAPPED, wanted, condition.prefix_len);
}

/* Rows without a mark, an interface or a control group have zeros there. */
static bool run_mark(const char *at, const struct socket *sk)
{
	struct inet_diag_markcond condition;

	memcpy(&condition, at, sizeof(condition));
	return (sk->mark & condition.mask) == condition.mark;
}

static bool run_interface(const char *at, const struct socket *sk)
{
	uint32_t index;

	memcpy(&index, at, sizeof(index));
	return sk->interface == index;
}

static bool run_cgroup(const char *at, const struct socket *sk)
{
	uint64_t id;

	memcpy(&id, at, sizeof(id));
	return sk->cgroup == id;
}

static bool run_op(const char *at, const struct socket *sk)
{
	const char *argument = at + OP;
	uint8_t code = op_at(at).code;

	switch (code) {
	case INET_DIAG_BC_NOP: return true;
	case INET_DIAG_BC_JMP: return false;
	case INET_DIAG_BC_S_EQ: return sk->local.port == op_at(argument).no;
	case INET_DIAG_BC_S_GE: return sk->local.port >= op_at(argument).no;
	case INET_DIAG_BC_S_LE: return sk->local.port <= op_at(argument).no;
	case INET_DIAG_BC_D_EQ: return sk->peer.port == op_at(argument).no;
	case INET_DIAG_BC_D_GE: return sk->peer.port >= op_at(argument).no;
	case INET_DIAG_BC_D_LE: return sk->peer.port <= op_at(argument).no;
	case INET_DIAG_BC_S_COND: return run_host(argument, sk, &sk->local);
	case INET_DIAG_BC_D_COND: return run_host(argument, sk, &sk->peer);
	case INET_DIAG_BC_MARK_COND: return run_mark(argument, sk);
	case INET_DIAG_BC_DEV_COND: return run_interface(argument, sk);
	case INET_DIAG_BC_CGROUP_COND: return run_cgroup(argument, sk);
	default: return sk->autobound; /* INET_DIAG_BC_AUTO */
	}
}

bool bytecode_passes(const void *code, size_t n, const struct socket *sk)
{
	const char *at = code;
	long left = (long)n;

	while (left > 0) {
		struct inet_diag_bc_op op = op_at(at);
		long step = run_op(at, sk) ? op.yes : op.no;

		left -= step;
		at += step;
	}
	return left == 0;
}

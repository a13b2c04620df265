// SPDX-License-Identifier: GPL-2.0-or-later
#include "filter/compile.h"

#include <linux/inet_diag.h>

enum {
	OP = sizeof(struct inet_diag_bc_op),
	LONGEST = 4096, /* bytes; a longer program is left out */
};

/*
 * A program holds where it is left by its end, and does not where it is left one operation beyond:
 * that place is where the next alternative, behind a jump, begins.
 */
static void put_op(struct out *code, uint8_t kind, uint8_t yes, size_t no)
{
	struct inet_diag_bc_op op = {.code = kind, .yes = yes, .no = (uint16_t)no};

	out_put(code, &op, sizeof(op));
}

/* A port is compared with the number in the operation that follows. */
static void put_port(struct out *code, uint8_t kind, uint16_t port)
{
	put_op(code, kind, 2 * OP, 3 * OP);
	put_op(code, 0, 0, port);
}

/* From `start` on: whatever left the program beyond its end leaves it `more` bytes later. */
static void move_failures(struct out *code, size_t start, size_t more)
{
	size_t end = code->len;

	for (size_t at = start; at < end;) {
		struct inet_diag_bc_op op;

		memcpy(&op, code->data + at, sizeof(op));
		if (at + op.no == end + OP) {
			op.no = (uint16_t)(op.no + more);
			memcpy(code->data + at, &op, sizeof(op));
		}
		at += op.code == INET_DIAG_BC_JMP ? OP : 2 * OP;
	}
}

static void append(struct out *code, const struct out *more)
{
	out_put(code, more->data, more->len);
}

/* Turns the program around: where it held it leaves beyond the end, and the other way round. */
static void put_not(struct out *code)
{
	put_op(code, INET_DIAG_BC_JMP, OP, 2 * OP);
}

static void put_comparison(struct out *code, const struct expr *e, bool local)
{
	uint8_t eq = local ? INET_DIAG_BC_S_EQ : INET_DIAG_BC_D_EQ;
	uint8_t ge = local ? INET_DIAG_BC_S_GE : INET_DIAG_BC_D_GE;
	uint8_t le = local ? INET_DIAG_BC_S_LE : INET_DIAG_BC_D_LE;

	switch (e->op) {
	case OP_EQ:
	case OP_NE: put_port(code, eq, e->port); break;
	case OP_GE:
	case OP_LT: put_port(code, ge, e->port); break;
	case OP_LE:
	case OP_GT: put_port(code, le, e->port); break;
	}
	if (e->op == OP_NE || e->op == OP_LT || e->op == OP_GT)
		put_not(code);
}

/* One of two programs, neither empty. */
static void put_either(struct out *code, const struct out *left, const struct out *right)
{
	append(code, left);
	put_op(code, INET_DIAG_BC_JMP, OP, OP + right->len);
	append(code, right);
}

static void put_both(struct out *code, const struct out *left, const struct out *right)
{
	size_t start = code->len;

	append(code, left);
	if (left->len)
		move_failures(code, start, right->len);
	append(code, right);
}

static void compile_port(const struct expr *e, struct out *code)
{
	struct out local = OUT_MEMORY, peer = OUT_MEMORY;

	if (e->side & SIDE_LOCAL)
		put_comparison(&local, e, true);
	if (e->side & SIDE_PEER)
		put_comparison(&peer, e, false);
	if (local.len && peer.len)
		put_either(code, &local, &peer);
	else
		append(code, local.len ? &local : &peer);
	out_free(&local);
	out_free(&peer);
}

/* An empty program lets all through. Returns whether the program says just what `e` does. */
static bool compile(const struct expr *e, struct out *code)
{
	struct out left = OUT_MEMORY, right = OUT_MEMORY;
	bool exact = false, exact_right;

	switch (e->kind) {
	case EXPR_PORT:
		compile_port(e, code);
		/* A socket without a peer matches no peer's port: that is judged later. */
		return e->side == SIDE_LOCAL;
	case EXPR_NOT:
		if (compile(e->left, &left) && left.len) {
			append(code, &left);
			put_not(code);
			exact = true;
		}
		break;
	case EXPR_AND:
		exact = compile(e->left, &left);
		exact_right = compile(e->right, &right);
		exact = exact && exact_right;
		put_both(code, &left, &right);
		break;
	case EXPR_OR:
		exact = compile(e->left, &left);
		exact_right = compile(e->right, &right);
		exact = exact && exact_right;
		if (left.len && right.len)
			put_either(code, &left, &right);
		else
			exact = false;
		break;
	default: break;
	}
	out_free(&left);
	out_free(&right);
	return exact;
}

void filter_compile(const struct expr *e, struct out *code)
{
	struct out program = OUT_MEMORY;

	compile(e, &program);
	if (!program.error && program.len <= LONGEST)
		append(code, &program);
	out_free(&program);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "filter/compile.h"

#include <linux/inet_diag.h>
#include <net/if.h>
#include <sys/socket.h>

enum {
	OP = sizeof(struct inet_diag_bc_op),
	LONGEST = 4096, /* bytes; what would make a program longer is left out */
};

/* A program for the kernel, empty where it lets all through. */
struct program {
	struct out code;
	struct split split; /* filled where it was asked for */
	bool told;          /* it was */
	bool exact;         /* it says just what the expression does */
};

/*
 * A program holds where it is left by its end, and does not where it is left one operation beyond:
 * that place is where the next alternative, behind a jump, begins.
 */
static void put_op(struct out *code, uint8_t kind, size_t yes, size_t no)
{
	struct inet_diag_bc_op op = {.code = kind, .yes = (uint8_t)yes, .no = (uint16_t)no};

	out_put(code, &op, sizeof(op));
}

/* A condition with its argument, `n` bytes, a multiple of four. */
static void put_condition(struct out *code, uint8_t kind, const void *argument, size_t n)
{
	put_op(code, kind, OP + n, OP + n + OP);
	out_put(code, argument, n);
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
		at += op.yes;
	}
}

static void append(struct out *to, const struct out *more)
{
	out_put(to, more->data, more->len);
}

/* Turns a condition around: where it held it leaves beyond the end, and the other way round. */
static void put_not(struct out *code)
{
	put_op(code, INET_DIAG_BC_JMP, OP, 2 * OP);
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

static void put_port(const struct expr *e, bool local, struct out *code)
{
	uint8_t eq = local ? INET_DIAG_BC_S_EQ : INET_DIAG_BC_D_EQ;
	uint8_t ge = local ? INET_DIAG_BC_S_GE : INET_DIAG_BC_D_GE;
	uint8_t le = local ? INET_DIAG_BC_S_LE : INET_DIAG_BC_D_LE;
	struct inet_diag_bc_op port = {.no = e->port};

	switch (e->op) {
	case OP_EQ:
	case OP_NE: put_condition(code, eq, &port, sizeof(port)); break;
	case OP_GE:
	case OP_LT: put_condition(code, ge, &port, sizeof(port)); break;
	case OP_LE:
	case OP_GT: put_condition(code, le, &port, sizeof(port)); break;
	}
	if (e->op == OP_NE || e->op == OP_LT || e->op == OP_GT)
		put_not(code);
}

static void put_address(const struct expr *e, bool local, struct out *code)
{
	const struct inet_diag_hostcond condition = {
		.family = (uint8_t)e->family, .prefix_len = (uint8_t)e->bits, .port = -1};
	size_t len = e->family == AF_INET6 ? 16 : 4;
	char argument[sizeof(condition) + sizeof(e->address)];

	memcpy(argument, &condition, sizeof(condition));
	memcpy(argument + sizeof(condition), e->address.bytes, len);
	put_condition(code, local ? INET_DIAG_BC_S_COND : INET_DIAG_BC_D_COND, argument,
		      sizeof(condition) + len);
}

static void put_end(const struct expr *e, bool local, struct out *code)
{
	if (e->kind == EXPR_PORT)
		put_port(e, local, code);
	else if (e->family != AF_UNSPEC)
		put_address(e, local, code);
}

/*
 * A port or an address. A socket without a peer has none at either end, but the kernel compares
 * zeros then: that is judged later where zeros would do.
 */
static bool put_ends(const struct expr *e, struct out *code)
{
	struct out local = OUT_MEMORY, peer = OUT_MEMORY;

	if (e->side & SIDE_LOCAL)
		put_end(e, true, &local);
	if (e->side & SIDE_PEER)
		put_end(e, false, &peer);
	if (local.len && peer.len)
		put_either(code, &local, &peer);
	else
		append(code, local.len ? &local : &peer);
	out_free(&local);
	out_free(&peer);
	if (e->kind == EXPR_PORT)
		return e->side != SIDE_EITHER || !expr_compare(0, e->op, e->port);
	return e->side != SIDE_EITHER && !e->interface[0] && e->family != AF_UNSPEC;
}

/* An interface by number; its name may be another's by the time that rows come. */
static bool put_interface(const struct expr *e, struct out *code)
{
	bool by_name = e->test == TEST_TEXT;
	uint32_t index = (uint32_t)e->number;

	if (e->test != TEST_NUMBER && !by_name)
		return false;
	if (by_name)
		index = !strpbrk(e->pattern, "*?") ? if_nametoindex(e->pattern) : 0;
	if (by_name && (!index || e->op == OP_NE))
		return false;
	put_condition(code, INET_DIAG_BC_DEV_COND, &index, sizeof(index));
	if (e->op == OP_NE)
		put_not(code);
	return !by_name;
}

/* Rows of some states come without their mark: that is judged later. */
static void put_mark(const struct expr *e, struct out *code)
{
	struct inet_diag_markcond mark = {(uint32_t)(e->number & e->mask), (uint32_t)e->mask};

	if (e->test != TEST_NUMBER || (e->op != OP_EQ && e->op != OP_NE) ||
	    (e->number & e->mask) > UINT32_MAX)
		return;
	put_condition(code, INET_DIAG_BC_MARK_COND, &mark, sizeof(mark));
	if (e->op == OP_NE)
		put_not(code);
}

/* What the kernel can judge of one condition; returns whether just that. */
static bool put_leaf(const struct expr *e, struct out *code)
{
	switch (e->kind) {
	case EXPR_PORT:
	case EXPR_ADDRESS: return put_ends(e, code);
	case EXPR_FIELD:
		if (!strcmp(e->field->name, "interface"))
			return put_interface(e, code);
		if (!strcmp(e->field->name, "mark"))
			put_mark(e, code);
		return false;
	case EXPR_CGROUP:
		if (e->number)
			put_condition(code, INET_DIAG_BC_CGROUP_COND, &e->number,
				      sizeof(e->number));
		return false;
	default: return false;
	}
}

static void tell_leaf(struct program *p, const struct expr *e, bool negate)
{
	if (!p->told)
		return;
	if (p->code.len)
		out_str(&p->split.kernel, negate ? "not " : "");
	if (p->code.len)
		out_put(&p->split.kernel, e->text, e->len);
	if (!p->exact)
		out_put(&p->split.here, e->text, e->len);
}

static void compile_leaf(const struct expr *e, bool negate, bool in_mask, struct program *p)
{
	p->exact = put_leaf(e, &p->code);
	if (negate && p->exact && p->code.len) {
		/* The condition, then a jump that only what holds comes to. */
		put_not(&p->code);
	} else if (negate) {
		p->code.len = 0;
		p->exact = false;
	}
	if (in_mask && e->kind == EXPR_STATES)
		return;
	tell_leaf(p, e, negate);
}

static void free_program(struct program *p)
{
	out_free(&p->code);
	out_free(&p->split.kernel);
	out_free(&p->split.here);
}

static void new_program(struct program *p, bool told)
{
	*p = (struct program){.code = OUT_MEMORY,
			      .split = {.kernel = OUT_MEMORY, .here = OUT_MEMORY},
			      .told = told};
}

static void tell_joined(struct out *to, const struct out *left, const char *joint,
			const struct out *right)
{
	append(to, left);
	if (left->len && right->len)
		out_str(to, joint);
	append(to, right);
}

static void join_and(struct program *p, const struct program *left, const struct program *right)
{
	bool fits = left->code.len + right->code.len <= LONGEST;

	if (fits)
		put_both(&p->code, &left->code, &right->code);
	else
		append(&p->code, &left->code);
	p->exact = left->exact && right->exact && fits;
	if (!p->told)
		return;
	tell_joined(&p->split.kernel, &left->split.kernel, " and ",
		    fits ? &right->split.kernel : &(struct out){0});
	tell_joined(&p->split.here, &left->split.here, ", ",
		    fits ? &right->split.here : &right->split.kernel);
}

static void tell_all(const struct expr *e, struct out *to)
{
	if (e->kind != EXPR_AND && e->kind != EXPR_OR && e->kind != EXPR_NOT) {
		out_str(to, to->len ? ", " : "");
		out_put(to, e->text, e->len);
		return;
	}
	tell_all(e->left, to);
	if (e->right)
		tell_all(e->right, to);
}

static void join_or(const struct expr *e, struct program *p, const struct program *left,
		    const struct program *right)
{
	bool fits = left->code.len && right->code.len &&
		    left->code.len + OP + right->code.len <= LONGEST;

	if (fits)
		put_either(&p->code, &left->code, &right->code);
	p->exact = fits && left->exact && right->exact;
	if (!p->told)
		return;
	if (!fits) {
		tell_all(e, &p->split.here);
		return;
	}
	out_char(&p->split.kernel, '(');
	tell_joined(&p->split.kernel, &left->split.kernel, " or ", &right->split.kernel);
	out_char(&p->split.kernel, ')');
	tell_joined(&p->split.here, &left->split.here, ", ", &right->split.here);
}

/*
 * The program of an expression, or of its opposite. `in_mask`: the states it names are all that the
 * mask of states leaves.
 */
static void compile(const struct expr *e, bool negate, bool in_mask, struct program *p)
{
	struct program left, right;
	bool both = (e->kind == EXPR_AND) != negate;

	if (e->kind == EXPR_NOT) {
		compile(e->left, !negate, in_mask && e->left->kind == EXPR_STATES, p);
		return;
	}
	if (e->kind != EXPR_AND && e->kind != EXPR_OR) {
		compile_leaf(e, negate, in_mask, p);
		return;
	}
	new_program(&left, p->told);
	new_program(&right, p->told);
	compile(e->left, negate, in_mask && both, &left);
	compile(e->right, negate, in_mask && both, &right);
	if (both)
		join_and(p, &left, &right);
	else
		join_or(e, p, &left, &right);
	free_program(&left);
	free_program(&right);
}

void filter_compile(const struct expr *e, struct out *code, struct split *split)
{
	struct program program;

	new_program(&program, split);
	compile(e, false, true, &program);
	if (!program.code.error)
		append(code, &program.code);
	if (split) {
		append(&split->kernel, &program.split.kernel);
		append(&split->here, &program.split.here);
	}
	free_program(&program);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/halves.h"

#include <stdint.h>

enum {
	OP = sizeof(struct inet_diag_bc_op),
	END = HALVES_OPS * OP, /* where a program that passes a socket ends */
	REJECT = END + OP,     /* a jump to here does not */
};

/*
 * The ports at which the half changes. Ephemeral ports are 32768-60999 on Linux, 49152-65535 with
 * others, and nearly all behind address translation: each range has about as much of both halves.
 */
static const uint16_t bounds[HALVES_BOUNDS] = {16384, 32768, 40960, 49152, 57344};

/* Goes on with the next operation where the port is as large, else to byte `otherwise`. */
static int put_compare(struct inet_diag_bc_op *program, int at, uint8_t code, uint16_t port,
		       int otherwise)
{
	program[at] = (struct inet_diag_bc_op){
		.code = code, .yes = 2 * OP, .no = (uint16_t)(otherwise - at * OP)};
	program[at + 1] = (struct inet_diag_bc_op){.no = port};
	return at + 2;
}

/* `yes` is never taken, but the kernel wants it to lead to the next operation. */
static int put_jump(struct inet_diag_bc_op *program, int at, int to)
{
	program[at] = (struct inet_diag_bc_op){
		.code = INET_DIAG_BC_JMP, .yes = OP, .no = (uint16_t)(to - at * OP)};
	return at + 1;
}

/* Which of two targets: the ranges between the bounds belong to the halves in turn. */
static int target(const int targets[2], int range)
{
	return targets[range % 2];
}

static int put_chain(struct inet_diag_bc_op *program, int at, uint8_t code, const int targets[2])
{
	for (int i = 0; i < HALVES_BOUNDS; i++)
		at = put_compare(program, at, code, bounds[i], target(targets, i));
	return put_jump(program, at, target(targets, HALVES_BOUNDS));
}

/* The peer's port decides which way round the local one is judged. */
void halves_program(struct inet_diag_bc_op program[HALVES_OPS], bool second)
{
	const int local[2] = {HALVES_CHAIN * OP, 2 * HALVES_CHAIN * OP};
	const int pass[2] = {second ? REJECT : END, second ? END : REJECT};
	const int inverse[2] = {pass[1], pass[0]};
	int at = put_chain(program, 0, INET_DIAG_BC_D_GE, local);

	at = put_chain(program, at, INET_DIAG_BC_S_GE, pass);
	put_chain(program, at, INET_DIAG_BC_S_GE, inverse);
}

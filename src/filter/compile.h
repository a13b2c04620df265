// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef FILTER_COMPILE_H
#define FILTER_COMPILE_H

#include "filter/expr.h"

/* How the judging is split, in the filter's own words; memory buffers of the caller's. */
struct split {
	struct out kernel; /* what the program says */
	struct out here;   /* what it does not, or not exactly; without states that the mask says */
};

/*
 * Appends to the memory buffer `code` a program for the kernel (struct inet_diag_bc_op,
 * linux/inet_diag.h) that lets through every socket of which the expression may hold, and keeps
 * out as many others as ports, addresses, interface, mark and control group can tell. Nothing is
 * appended where they tell nothing. What the kernel lets through is to be matched again. `split`
 * may be NULL.
 */
void filter_compile(const struct expr *e, struct out *code, struct split *split);

#endif

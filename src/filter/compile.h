// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef FILTER_COMPILE_H
#define FILTER_COMPILE_H

#include "filter/expr.h"

/*
 * Appends to the memory buffer `code` a program for the kernel (struct inet_diag_bc_op,
 * linux/inet_diag.h) that lets through every socket of which the expression may hold, and keeps
 * out as many others as ports can tell. Nothing is appended where ports tell nothing. What the
 * kernel lets through is to be matched again.
 */
void filter_compile(const struct expr *e, struct out *code);

#endif

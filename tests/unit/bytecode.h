// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef TESTS_UNIT_BYTECODE_H
#define TESTS_UNIT_BYTECODE_H

#include "model/socket.h"

/*
 * Programs of inet_diag (struct inet_diag_bc_op, linux/inet_diag.h) as the kernel takes them and
 * runs them, written from net/ipv4/inet_diag.c and nothing of src/. For the unit tests and the
 * fuzzer.
 */

/* Why the kernel would refuse the program, or NULL where it takes it. An empty one it never sees. */
const char *bytecode_fault(const void *code, size_t n);

/* Whether a program without fault lets the socket through. */
bool bytecode_passes(const void *code, size_t n, const struct socket *sk);

#endif

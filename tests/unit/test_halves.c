// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The two programs that part the sockets for walks side by side: as the kernel takes them, each
 * socket in exactly one half, and the halves of about one size whatever ports the peers choose.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

#include "bytecode.h"
#include "collect/halves.h"

static struct inet_diag_bc_op first[HALVES_OPS], second[HALVES_OPS];

static int make(void **state)
{
	(void)state;
	halves_program(first, false);
	halves_program(second, true);
	return 0;
}

/* 1 or 2; 0 where it is in none or both. */
static int half_of(uint16_t local, uint16_t peer)
{
	struct socket sk = {.local.port = local, .peer.port = peer};
	bool in_first = bytecode_passes(first, sizeof(first), &sk);

	return in_first == bytecode_passes(second, sizeof(second), &sk) ? 0 : in_first ? 1 : 2;
}

static void test_accepted(void **state)
{
	(void)state;
	assert_null(bytecode_fault(first, sizeof(first)));
	assert_null(bytecode_fault(second, sizeof(second)));
}

/* Every local port with peers at and beside each multiple of 4096, and the other way round. */
static void test_each_in_one(void **state)
{
	(void)state;
	for (unsigned port = 0; port <= UINT16_MAX; port++) {
		for (int at = 0; at <= UINT16_MAX + 1; at += 4096) {
			for (int other = at - 1; other <= at + 1; other++) {
				if (other < 0 || other > UINT16_MAX)
					continue;
				assert_int_not_equal(half_of((uint16_t)port, (uint16_t)other), 0);
				assert_int_not_equal(half_of((uint16_t)other, (uint16_t)port), 0);
			}
		}
	}
}

static void assert_balanced(unsigned in_first, unsigned of)
{
	assert_in_range(100 * in_first / of, 40, 60);
}

static void test_balance(void **state)
{
	static const uint16_t services[] = {22, 443, 8080, 27017, 33060, 50051};
	static const struct {
		uint16_t from, to;
	} ephemeral[] = {{32768, 60999}, {49152, 65535}, {1024, 65535}};

	(void)state;
	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
		for (size_t k = 0; k < sizeof(ephemeral) / sizeof(ephemeral[0]); k++) {
			unsigned served = 0, used = 0, from = ephemeral[k].from,
				 to = ephemeral[k].to;

			for (unsigned port = from; port <= to; port++) {
				served += half_of(services[i], (uint16_t)port) == 1;
				used += half_of((uint16_t)port, services[i]) == 1;
			}
			assert_balanced(served, to - from + 1);
			assert_balanced(used, to - from + 1);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_each_in_one),
		cmocka_unit_test(test_balance),
	};

	return cmocka_run_group_tests(tests, make, NULL);
}

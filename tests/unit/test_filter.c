// SPDX-License-Identifier: GPL-2.0-or-later
/* The filter's parser, its matching, and the programs it makes for the kernel. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <linux/inet_diag.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "filter/compile.h"
#include "filter/filter.h"

/* Few ports, so that random conditions often meet. */
enum { PORTS = 4, EXPRESSIONS = 3000, SOCKETS = PORTS * PORTS };

static uint32_t seed = 1;

static unsigned dice(unsigned sides)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 16) % sides;
}

static void put_random(struct out *text, unsigned depth, bool local_only)
{
	static const char *const ops[] = {"=", "!=", "<", "<=", ">", ">="};
	unsigned kind = depth ? dice(6) : 0;

	if (kind == 1) {
		out_str(text, "not ( ");
		put_random(text, depth - 1, local_only);
		out_str(text, " )");
	} else if (kind > 1) {
		out_str(text, "( ");
		put_random(text, depth - 1, local_only);
		out_str(text, kind < 4 ? " and " : " or ");
		put_random(text, depth - 1, local_only);
		out_str(text, " )");
	} else if (local_only || dice(3)) {
		out_printf(text, "%s %s %u", local_only || dice(2) ? "sport" : "dport",
			   ops[dice(6)], 10 + dice(PORTS));
	} else {
		static const char *const others[] = {":11", "src 10.0.0.1", "established",
						     "listen"};

		out_str(text, others[dice(4)]);
	}
}

/* What the kernel does with a program (net/ipv4/inet_diag.c, inet_diag_bc_run()). */
static bool run(const struct out *code, const struct socket *sk)
{
	long left = (long)code->len;
	const char *at = code->data;

	while (left > 0) {
		struct inet_diag_bc_op op, arg = {0};
		bool yes = true;

		memcpy(&op, at, sizeof(op));
		if (op.code != INET_DIAG_BC_JMP)
			memcpy(&arg, at + sizeof(op), sizeof(arg));
		switch (op.code) {
		case INET_DIAG_BC_JMP: yes = false; break;
		case INET_DIAG_BC_S_EQ: yes = sk->local.port == arg.no; break;
		case INET_DIAG_BC_S_GE: yes = sk->local.port >= arg.no; break;
		case INET_DIAG_BC_S_LE: yes = sk->local.port <= arg.no; break;
		case INET_DIAG_BC_D_EQ: yes = sk->peer.port == arg.no; break;
		case INET_DIAG_BC_D_GE: yes = sk->peer.port >= arg.no; break;
		case INET_DIAG_BC_D_LE: yes = sk->peer.port <= arg.no; break;
		default: fail_msg("operation %u", op.code);
		}
		/* As the kernel checks before it takes one: whole steps, and not past one beyond. */
		assert_true(op.no >= sizeof(op) && !(op.no & 3) &&
			    op.no <= left + (long)sizeof(op));
		left -= yes ? op.yes : op.no;
		at += yes ? op.yes : op.no;
	}
	return left == 0;
}

static struct socket socket_of(unsigned i)
{
	struct socket sk = {.family = AF_INET, .kernel_state = STATE_ESTABLISHED};

	sk.local.address.bytes[0] = 10;
	sk.local.address.bytes[3] = (uint8_t)(i % 3);
	sk.local.port = (uint16_t)(10 + i % PORTS);
	sk.peer.port = (uint16_t)(10 + i / PORTS);
	if (i % 5 == 4) { /* a listener has no peer */
		sk.kernel_state = STATE_LISTEN;
		sk.peer.port = 0;
	}
	return sk;
}

static void check_random(bool local_only)
{
	const struct snapshot snapshot = {0};
	unsigned programs = 0;

	for (unsigned n = 0; n < EXPRESSIONS; n++) {
		struct out text = OUT_MEMORY, code = OUT_MEMORY;
		struct filter_error error;
		struct expr *e;

		put_random(&text, 4, local_only);
		assert_int_equal(filter_parse(&e, out_text(&text), &error), 0);
		filter_compile(e, &code);
		programs += code.len != 0;
		for (unsigned i = 0; i < SOCKETS; i++) {
			struct socket sk = socket_of(i);
			struct row row = {.snapshot = &snapshot, .socket = &sk};
			bool matches = expr_match(e, &row), passes = run(&code, &sk);

			/* Never one too few; of local ports alone, never one too many. */
			if ((matches && !passes) || (local_only && passes && !matches))
				fail_msg("%s: ports %u %u: matches %d, passes %d", out_text(&text),
					 sk.local.port, sk.peer.port, matches, passes);
		}
		expr_free(e);
		out_free(&text);
		out_free(&code);
	}
	assert_true(programs > EXPRESSIONS / 3);
}

static void test_local_ports_are_exact(void **state)
{
	(void)state;
	check_random(true);
}

static void test_nothing_is_kept_out(void **state)
{
	(void)state;
	check_random(false);
}

static void test_faults_are_placed(void **state)
{
	static const struct {
		const char *text;
		size_t offset, len;
	} cases[] = {
		{"established and", 15, 0}, {"sport = :x1", 8, 3},   {"( listen", 8, 0},
		{"listen )", 7, 1},         {"state nosuch", 6, 6},  {"src 10.0.0.0/33", 4, 11},
		{"dport 70000", 6, 5},      {"listen or or", 10, 2},
	};
	struct filter_error error;
	struct expr *e;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(filter_parse(&e, cases[i].text, &error), -EINVAL);
		assert_null(e);
		if (error.offset != cases[i].offset || error.len != cases[i].len)
			fail_msg("%s: at %zu, %zu bytes", cases[i].text, error.offset, error.len);
	}
	assert_int_equal(filter_parse(&e, "  ", &error), 0);
	assert_null(e);
}

/* Every text cut at every place is read or refused, and nothing of it is lost. */
static void test_every_head_of_an_expression(void **state)
{
	static const char text[] = "state established ( sport = :22 or dst [fe80::1%eth0]:80 ) and "
				   "not src 10.0.0.0/8 exclude time-wait";

	(void)state;
	for (size_t n = 0; n < sizeof(text); n++) {
		char *head = strndup(text, n);
		struct filter_error error;
		struct expr *e;
		int result = filter_parse(&e, head, &error);

		assert_true(result == 0 || result == -EINVAL);
		assert_true(result == 0 || error.offset <= n);
		expr_free(e);
		free(head);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_local_ports_are_exact),
		cmocka_unit_test(test_nothing_is_kept_out),
		cmocka_unit_test(test_faults_are_placed),
		cmocka_unit_test(test_every_head_of_an_expression),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The pure part of --kill: what closing a socket does, what the kernel's answers mean, and whether a
 * filter names a state. That the kernel does so is held by tests/kill.test.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <sys/socket.h>

#include "explain/classify.h"
#include "explain/kill.h"
#include "filter/filter.h"

enum { INODE = 4711 };

static enum kill_effect effect_of(uint8_t state, uint32_t inode, uint32_t have, uint8_t timer)
{
	struct snapshot s = {0};
	struct socket sk = {.family = AF_INET,
			    .kernel_state = state,
			    .inode = inode,
			    .have = have,
			    .timer = timer,
			    .owners = OWNER_NONE,
			    .peer.port = 1};
	struct row row = {.snapshot = &s, .socket = &sk};

	classify(&row);
	return kill_effect_of(&row);
}

static void test_effects(void **state)
{
	static const struct {
		uint8_t state;
		uint32_t inode, have;
		uint8_t timer;
		enum kill_effect effect;
	} cases[] = {
		{STATE_LISTEN, INODE, 0, 0, KILL_LISTENER},
		{STATE_SYN_SENT, INODE, 0, 0, KILL_CONNECTING},
		{STATE_SYN_RECEIVED, 0, 0, TIMER_RETRANSMIT, KILL_REQUEST},
		{STATE_SYN_RECEIVED, INODE, HAVE_SHUTDOWN, TIMER_RETRANSMIT, KILL_HANDSHAKE},
		{STATE_ESTABLISHED, INODE, 0, 0, KILL_CONNECTION},
		{STATE_ESTABLISHED, 0, 0, 0, KILL_QUEUED},
		{STATE_CLOSE_WAIT, INODE, 0, 0, KILL_INPUT_ENDED},
		{STATE_CLOSE_WAIT, 0, 0, 0, KILL_QUEUED},
		{STATE_FIN_WAIT_1, INODE, 0, 0, KILL_OUTPUT_ENDED},
		{STATE_FIN_WAIT_2, INODE, 0, 0, KILL_OUTPUT_ENDED},
		{STATE_FIN_WAIT_1, 0, 0, 0, KILL_ORPHAN},
		{STATE_FIN_WAIT_2, 0, 0, TIMER_KEEPALIVE, KILL_ORPHAN},
		{STATE_FIN_WAIT_2, 0, 0, TIMER_TIME_WAIT, KILL_REMAINS},
		{STATE_CLOSING, INODE, 0, 0, KILL_FINISHING},
		{STATE_CLOSING, 0, 0, 0, KILL_FINISHING_ORPHAN},
		{STATE_LAST_ACK, INODE, 0, 0, KILL_FINISHING},
		{STATE_LAST_ACK, 0, 0, 0, KILL_FINISHING_ORPHAN},
		{STATE_TIME_WAIT, 0, 0, TIMER_TIME_WAIT, KILL_REMAINS},
		{STATE_CLOSED, INODE, 0, 0, KILL_BOUND_ONLY},
		{14, INODE, 0, 0, KILL_UNKNOWN},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(
			effect_of(cases[i].state, cases[i].inode, cases[i].have, cases[i].timer),
			cases[i].effect);
}

static enum kill_outcome outcome_of(uint8_t state, uint32_t have, int error, bool remains)
{
	struct socket sk = {.kernel_state = state, .have = have};

	return kill_outcome_of(&sk, error, remains);
}

static void test_outcomes(void **state)
{
	static const struct {
		uint8_t state;
		uint32_t have;
		int error;
		bool remains;
		enum kill_outcome outcome;
	} cases[] = {
		{STATE_ESTABLISHED, HAVE_COOKIE, 0, false, OUTCOME_CLOSED},
		{STATE_FIN_WAIT_1, HAVE_COOKIE, 0, true, OUTCOME_REMAINS},
		{STATE_ESTABLISHED, HAVE_COOKIE, -ENOENT, false, OUTCOME_GONE},
		{STATE_CLOSED, HAVE_COOKIE, -ENOENT, false, OUTCOME_BOUND_ONLY},
		{STATE_LISTEN, HAVE_COOKIE, -EPERM, false, OUTCOME_NOT_PERMITTED},
		{STATE_LISTEN, HAVE_COOKIE, -EACCES, false, OUTCOME_NOT_PERMITTED},
		{STATE_LISTEN, HAVE_COOKIE, -EOPNOTSUPP, false, OUTCOME_NOT_SUPPORTED},
		{STATE_LISTEN, HAVE_COOKIE, -EINVAL, false, OUTCOME_NOT_SUPPORTED},
		{STATE_LISTEN, HAVE_COOKIE | HAVE_MPTCP, -EINVAL, false, OUTCOME_MPTCP_LISTENER},
		{STATE_ESTABLISHED, HAVE_COOKIE | HAVE_MPTCP, -EINVAL, false,
		 OUTCOME_NOT_SUPPORTED},
		{STATE_ESTABLISHED, HAVE_COOKIE, -ENOBUFS, false, OUTCOME_FAILED},
		{STATE_ESTABLISHED, 0, 0, false, OUTCOME_NO_IDENTITY},
		{STATE_ESTABLISHED, 0, -EPERM, false, OUTCOME_NO_IDENTITY},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(
			outcome_of(cases[i].state, cases[i].have, cases[i].error, cases[i].remains),
			cases[i].outcome);
	for (int i = 0; i < KILL_OUTCOME_COUNT; i++)
		assert_int_equal(kill_outcomes[i].gone, i == OUTCOME_CLOSED || i == OUTCOME_GONE);
}

static bool names_state(const char *text)
{
	struct filter_error e;
	struct expr *filter;
	bool names;

	assert_int_equal(filter_parse(&filter, text, &e), 0);
	names = expr_names_state(filter);
	expr_free(filter);
	return names;
}

static void test_state_named(void **state)
{
	(void)state;
	assert_false(names_state(""));
	assert_false(names_state(":80"));
	assert_false(names_state("not (sport = :80 or dst 10.0.0.0/8)"));
	assert_true(names_state("listening"));
	assert_true(names_state(":80 and state listening"));
	assert_true(names_state(":80 or (dport = :22 and not state time-wait)"));
	assert_true(names_state("exclude established"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_effects),
		cmocka_unit_test(test_outcomes),
		cmocka_unit_test(test_state_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

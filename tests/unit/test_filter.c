// SPDX-License-Identifier: GPL-2.0-or-later
/* The filter's parser, its matching, and the programs it makes for the kernel. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "filter/compile.h"
#include "filter/filter.h"
#include "bytecode.h"
#include "filtered.h"

enum { EXPRESSIONS = 3000 };

static uint32_t seed = 1;

static unsigned dice(unsigned sides)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 16) % sides;
}

static void put_other(struct out *text)
{
	static const char *const others[] = {
		":11",
		"src 10.0.0.1",
		"established",
		"listen",
		"dev 1",
		"dev != 2",
		"fwmark 1/3",
		"mark != 2",
		"mark > 1",
		"dst 10.0.0.0/31",
		"10.0.0.2",
		"src 10/8",
		"src 0/0",
		"src ::ffff:0:0/96",
		"not :10",
		"dst != 10.0.0.1:12",
		"src fd00::/8",
		"10.0.0.1:10",
		"exclude listen",
		"recvq 1",
		"src inet6:*",
		"inet:*",
		"*:11",
		"dport = inet:10",
	};

	out_str(text, others[dice(sizeof(others) / sizeof(others[0]))]);
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
			   ops[dice(6)], 10 + dice(PAIR_PORTS));
	} else {
		put_other(text);
	}
}

/* What the kernel makes of a program. */
static bool passes_program(const struct out *code, const struct socket *sk)
{
	const char *fault = bytecode_fault(code->data, code->len);

	if (fault)
		fail_msg("%s", fault);
	return bytecode_passes(code->data, code->len, sk);
}

static void check_random(bool local_only)
{
	unsigned programs = 0;
	struct filtered f;

	assert_true(filtered_make(&f));
	for (unsigned n = 0; n < EXPRESSIONS; n++) {
		struct out text = OUT_MEMORY, code = OUT_MEMORY;
		struct filter_error error;
		struct expr *e;

		put_random(&text, 4, local_only);
		assert_int_equal(filter_parse(&e, out_text(&text), &error), 0);
		filter_compile(e, &code, NULL);
		programs += code.len != 0;
		for (unsigned i = 0; i < FILTERED; i++) {
			const struct socket *sk = &f.sockets[i];
			bool matches = expr_match(e, &f.rows[i]);
			bool passes = passes_program(&code, sk);

			/* Never one too few; of local ports alone, never one too many. */
			if ((matches && !passes) || (local_only && passes && !matches))
				fail_msg("%s: ports %u %u: matches %d, passes %d", out_text(&text),
					 sk->local.port, sk->peer.port, matches, passes);
		}
		expr_free(e);
		out_free(&text);
		out_free(&code);
	}
	filtered_free(&f);
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

/* What a fault is told to be: where, what was expected, and the nearest word. */
static void test_faults_are_explained(void **state)
{
	static const struct {
		const char *text;
		size_t offset, len;
		const char *expected, *nearest;
	} cases[] = {
		{"sprot = :22", 0, 5, "a state", "sport"},
		{"estblished", 0, 10, "a state", "ESTABLISHED"},
		{"exclude time-wiat", 8, 9, "a TCP state", "TIME_WAIT"},
		{"state > listen", 6, 1, "a TCP state", NULL},
		{"inod 3", 0, 4, "a state", "inode"},
		{"orphn", 0, 5, "a state", "orphan"},
		{"pid", 3, 0, "a number", NULL},
		{"pid and listen", 4, 3, "a number", NULL},
		{"pid x", 4, 1, "a number", NULL},
		{"pid 1.5", 4, 3, "a number", NULL},
		{"pid -1", 4, 2, "a number", NULL},
		{"pid 99999999999999999999", 4, 20, "a number", NULL},
		{"rtt > 100", 6, 3, "a time with its unit", NULL},
		{"rtt > 100x", 6, 4, "a time with its unit", NULL},
		{"rtt > 1.", 6, 2, "a time with its unit", NULL},
		{"rtt > ms", 6, 2, "a time with its unit", NULL},
		{"rtt > '1ms'", 6, 5, "a time with its unit", NULL},
		{"recvq > 64x", 8, 3, "a number of bytes", NULL},
		{"rate > 10furlong", 7, 9, "a rate", NULL},
		{"rwnd-share > half", 13, 4, "a percentage", NULL},
		{"cookie 0xgg", 7, 4, "a number", NULL},
		{"mark > 1/2", 7, 3, "a mark", NULL},
		{"mark 1/", 5, 2, "a mark", NULL},
		{"uid nosuchuser!", 4, 10, "a user id", NULL},
		{"comm", 4, 0, "a name", NULL},
		{"comm ''", 5, 2, "a name", NULL},
		{"comm 'x", 5, 2, "closed", NULL},
		{"comm \"x", 5, 2, "closed", NULL},
		{"'comm' x", 0, 6, "a state", NULL},
		{"comm > x", 5, 1, "= or !=", NULL},
		{"dev lt 3", 4, 2, "= or !=", NULL},
		{"owner", 5, 0, "a program's name", NULL},
		{"owner < 3", 6, 1, "= or !=", NULL},
		{"listener", 8, 0, "a program's name", NULL},
		{"timer keepalve", 6, 8, "retransmit", "keepalive"},
		{"timer > probe", 6, 1, "= or !=", NULL},
		{"family inet5", 7, 5, "inet or inet6", "inet"},
		{"reason time-wiat", 7, 9, "why no process", "time-wait"},
		{"reach lopback", 6, 7, "any, any-ipv4", "loopback"},
		{"detail orphn", 7, 5, "orphan", "orphan"},
		{"situation time-wait/protectin", 10, 19, "a situation", "time-wait/protecting"},
		{"cgroup > /x", 7, 1, "= or !=", NULL},
		{"cgroup", 6, 0, "the path", NULL},
		{"src > 10.0.0.1", 4, 1, "= or !=", NULL},
		{"src example.com", 4, 11, "an address in numbers", NULL},
		{"src inet:fd00::1", 4, 12, "an address", NULL},
		{"src inet6:10.0.0.1", 4, 14, "an address", NULL},
		{"src 10.0.0.1:", 4, 9, "an address", NULL},
		{"sport = ':22'", 8, 5, "a port", NULL},
		{"sport =", 7, 0, "a port", NULL},
		{"listen and or", 11, 2, "a state", NULL},
		{"not", 3, 0, "a state", NULL},
	};
	struct filter_error error;
	struct expr *e;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *near = cases[i].nearest;

		if (filter_parse(&e, cases[i].text, &error) != -EINVAL)
			fail_msg("%s is read", cases[i].text);
		if (error.offset != cases[i].offset || error.len != cases[i].len)
			fail_msg("%s: at %zu, %zu bytes", cases[i].text, error.offset, error.len);
		if (strncmp(error.expected, cases[i].expected, strlen(cases[i].expected)))
			fail_msg("%s: %s", cases[i].text, error.expected);
		if (!near != !error.nearest || (near && strcmp(near, error.nearest)))
			fail_msg("%s: %s", cases[i].text, error.nearest ? error.nearest : "none");
	}
}

/* Every kind of field with every operator it takes, on a socket that has all and one that has none. */
static void test_fields(void **state)
{
	static const struct {
		const char *text;
		bool full, bare;
	} cases[] = {
		{"recvq 64k", true, false},
		{"recvq = 65536", true, false},
		{"recvq 64KiB", true, false},
		{"recvq 64kB", false, false},
		{"recvq != 1", true, false},
		{"recvq > 63k", true, false},
		{"recvq >= 64k", true, false},
		{"recvq < 64k", false, false},
		{"recvq <= 0.0625M", true, false},
		{"not recvq > 63k", false, true},
		{"not recvq < 64k", true, true},
		{"rq ge 64k", true, false},
		{"rtt 100ms", true, false},
		{"rtt > 99.9ms", true, false},
		{"rtt lt 0.1s", false, false},
		{"rtt leq 100000us", true, false},
		{"rtt > 0", true, false},
		{"rtt != 1ms", true, false},
		{"idle 5m", true, false},
		{"idle > 4m59s", true, false},
		{"idle < 1h", true, false},
		{"idle = 0.5m270s", true, false},
		{"expires 1.5s", true, false},
		{"lastack >= 0", true, false},
		{"lastack", false, true},
		{"lastack rq 0", false, false},
		{"state lastack", false, true},
		{"rate 10Mbit", true, false},
		{"rate = 10Mbit/s", true, false},
		{"rate 10Mbps", true, false},
		{"rate >= 1.25MB/s", true, false},
		{"rate > 10M", false, false},
		{"rate < 10000001", true, false},
		{"retrans >= 3", true, false},
		{"retrans neq 3", false, false},
		{"drops 10k", true, false},
		{"mark 0x15", true, false},
		{"fwmark = 21", true, false},
		{"fwmark 0x1/0x3", true, false},
		{"fwmark = 0x2/0x3", false, false},
		{"fwmark != 0x2/0x3", true, true},
		{"mark gt 0x14", true, false},
		{"cookie 0x3e9", true, false},
		{"sk 0x3E9", true, false},
		{"inode 77", true, false},
		{"uid 0", true, false},
		{"uid root", true, false},
		{"uid != root", false, false},
		{"timer keepalive", true, false},
		{"timer = persist", false, false},
		{"timer != on", true, false},
		{"timer none", false, true},
		{"timer any", true, false},
		{"timer != none", true, false},
		{"dev eth0", true, false},
		{"dev = 2", true, false},
		{"dev != eth1", true, true},
		{"dev 'eth?'", true, false},
		{"interface none", false, true},
		{"dev 3", false, false},
		{"cong cubic", true, false},
		{"cong c*c", true, false},
		{"cong 'c*c'", true, false},
		{"cong != bbr", true, false},
		{"not cong bbr", true, true},
		{"family inet", true, true},
		{"family != inet6", true, true},
		{"family inet*", true, true},
		{"pid 12", true, false},
		{"pid 13", true, false},
		{"pid 14", false, false},
		{"pid > 12", true, false},
		{"pid > 13", false, false},
		{"pid != 12", false, false},
		{"pid != 14", true, false},
		{"fd 6", true, false},
		{"comm nginx", true, false},
		{"comm ngin", false, false},
		{"comm n*", true, false},
		{"comm 'web worker*'", true, false},
		{"comm web?worker*", true, false},
		{"comm != nginx", false, false},
		{"comm != sshd", true, false},
		{"not comm sshd", true, true},
		{"comm Nginx", false, false},
		{"exe nginx", true, false},
		{"exe /usr/sbin/nginx", true, false},
		{"exe /usr/*", true, false},
		{"exe sbin/nginx", false, false},
		{"unit nginx", true, false},
		{"unit nginx.service", true, false},
		{"unit ngin?.*", true, false},
		{"unit none", false, true},
		{"user www-data", true, false},
		{"container 0123*", true, false},
		{"container any", true, false},
		{"cgroup /system.slice/nginx.service", true, false},
		{"cgroup /sys/fs/cgroup/system.slice/*", true, false},
		{"cgroup != /nowhere", true, true},
		{"owner nginx", true, false},
		{"process 13", true, false},
		{"owner != nginx", false, false},
		{"owner != sshd", true, false},
		{"owner none", false, true},
		{"owner any", true, false},
		{"owner != none", true, false},
		{"listener none", true, true},
		{"listener nginx", false, false},
		{"orphan", false, true},
		{"detail orphan", false, true},
		{"detail != orphan", true, false},
		{"detail any", false, true},
		{"not orphan", true, false},
		{"situation established/idle", true, false},
		{"what established/*", true, false},
		{"established/idle", true, false},
		{"situation none", false, true},
		{"reason orphan", false, true},
		{"accepted", true, false},
		{"autobound", true, false},
		{"state = established", true, false},
		{"state != established", false, true},
		{"port 22", true, false},
		{"lport = 22", true, false},
		{"rport ge 4711", true, false},
		{"dport :4711", true, false},
		{"sport :ssh", true, false},
		{"sport *", true, true},
		{"laddr 10.0.0.0", true, false},
		{"peer 10/8", true, false},
		{"local = 10.0/16:22", true, false},
		{"remote != 10.0.0.0", false, true},
		{"dst *:4711", true, false},
		{"src 10.0.0.0:*", true, false},
		{"src inet:10.0.0.0:22", true, false},
		{"src inet6:*", false, false},
		{"dst inet:*:4711", true, false},
		{"src *", true, true},
		{"sndbuf > 0 or rcvbuf 0", true, false},
		{"backlog none", true, true},
		{"pid 12 comm nginx & ! orphan && (rtt 100ms || rtt 1s)", true, false},
		{"PID 12 AND NOT Orphan", true, false},
	};
	struct filtered f;

	(void)state;
	assert_true(filtered_make(&f));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct filter_error error;
		bool full, bare;
		struct expr *e;

		if (filter_parse(&e, cases[i].text, &error))
			fail_msg("%s: '%s' is not %s", cases[i].text, cases[i].text + error.offset,
				 error.expected);
		full = expr_match(e, &f.rows[FILTERED_FULL]);
		bare = expr_match(e, &f.rows[FILTERED_BARE]);
		if (full != cases[i].full || bare != cases[i].bare)
			fail_msg("%s: %d %d", cases[i].text, full, bare);
		expr_free(e);
	}
	filtered_free(&f);
}

/* Every field has a word, and each is read with "any" and needs what its column needs. */
static void test_every_field_is_a_word(void **state)
{
	(void)state;
	for (size_t i = 0; i < field_count; i++) {
		struct filter_error error;
		struct expr *e;
		char text[64];

		if (!fields[i].name || fields[i].kind == KIND_STATE ||
		    fields[i].kind == KIND_ADDRESS || fields[i].kind == KIND_ENDPOINT ||
		    !strcmp(fields[i].name, "sport") || !strcmp(fields[i].name, "dport") ||
		    !strcmp(fields[i].name, "reach"))
			continue;
		snprintf(text, sizeof(text), "%s = any", fields[i].name);
		assert_int_equal(filter_parse(&e, text, &error), 0);
		assert_int_equal(expr_needs(e), fields[i].needs);
		expr_free(e);
	}
}

static void check_glob(const char *pattern, const char *text, bool wanted)
{
	if (expr_glob(pattern, text, strlen(text)) != wanted)
		fail_msg("%s %s", pattern, text);
}

static void test_globs(void **state)
{
	char text[4096] = "";

	(void)state;
	check_glob("", "", true);
	check_glob("", "a", false);
	check_glob("*", "", true);
	check_glob("?", "", false);
	check_glob("a*", "abc", true);
	check_glob("*c", "abcbc", true);
	check_glob("a*b*c", "axxbxxbc", true);
	check_glob("a*b*d", "axxbxxbc", false);
	check_glob("a**?", "ab", true);
	check_glob("[ab]", "a", false);
	/* What takes exponential time with some matchers. */
	memset(text, 'a', sizeof(text) - 1);
	check_glob("a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b", text, false);
}

/* States of which an expression can hold are never too few. */
static void test_states_of_expressions(void **state)
{
	static const struct {
		const char *text;
		uint32_t states;
	} cases[] = {
		{"state listen", STATE_BIT(LISTEN)},
		{"not state listen", ~STATE_BIT(LISTEN)},
		{"not not listen", STATE_BIT(LISTEN)},
		{"listen and pid 1", STATE_BIT(LISTEN)},
		{"listen or pid 1", UINT32_MAX},
		{"not (listen and pid 1)", UINT32_MAX},
		{"not (listen or pid 1)", ~STATE_BIT(LISTEN)},
		{"not (not listen or pid 1)", STATE_BIT(LISTEN)},
		{"state listen pid 1 or pid 2", STATE_BIT(LISTEN)},
		{"listen time-wait", STATE_BIT(LISTEN) | STATE_BIT(TIME_WAIT)},
		{"exclude listen exclude time-wait", ~(STATE_BIT(LISTEN) | STATE_BIT(TIME_WAIT))},
		{"state != listen state != time-wait", ~(STATE_BIT(LISTEN) | STATE_BIT(TIME_WAIT))},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct filter_error error;
		struct expr *e;

		assert_int_equal(filter_parse(&e, cases[i].text, &error), 0);
		if (expr_states(e) != cases[i].states)
			fail_msg("%s: %x", cases[i].text, expr_states(e));
		expr_free(e);
	}
}

/* The split in words. */
static void test_split(void **state)
{
	static const struct {
		const char *text, *kernel, *here;
	} cases[] = {
		{"state listen sport = :22", "sport = :22", ""},
		{"sport = :22 and pid 3", "sport = :22", "pid 3"},
		{"sport = :22 or pid 3", "", "sport = :22, pid 3"},
		{"not (sport = :22 or pid 3)", "not sport = :22", "pid 3"},
		{"(src 10/8 or dst 10/8) rtt > 1s", "(src 10/8 or dst 10/8)", "rtt > 1s"},
		{"fwmark 1/3", "fwmark 1/3", "fwmark 1/3"},
		{"not fwmark 1/3", "", "fwmark 1/3"},
		{"dev 3", "dev 3", ""},
		{"listen or sport 1", "", "listen, sport 1"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct split split = {.kernel = OUT_MEMORY, .here = OUT_MEMORY};
		struct out code = OUT_MEMORY;
		struct filter_error error;
		struct expr *e;

		assert_int_equal(filter_parse(&e, cases[i].text, &error), 0);
		filter_compile(e, &code, &split);
		assert_string_equal(out_text(&split.kernel), cases[i].kernel);
		assert_string_equal(out_text(&split.here), cases[i].here);
		assert_int_equal(!code.len, !*cases[i].kernel);
		out_free(&split.kernel);
		out_free(&split.here);
		out_free(&code);
		expr_free(e);
	}
}

/* However long the expression, the program is one that the kernel takes. */
static void test_programs_are_bounded(void **state)
{
	static const char *const joints[] = {" and ", " or "};
	static const struct socket sk = {.family = AF_INET};

	(void)state;
	for (unsigned j = 0; j < 2; j++) {
		struct out text = OUT_MEMORY, code = OUT_MEMORY;
		struct filter_error error;
		struct expr *e;

		for (unsigned i = 0; i < 4000; i++)
			out_printf(&text, "%ssport != %u", i ? joints[j] : "", 1000 + i);
		assert_int_equal(filter_parse(&e, out_text(&text), &error), 0);
		filter_compile(e, &code, NULL);
		assert_true(code.len <= 4096);
		assert_int_equal(code.len == 0, j);
		assert_true(passes_program(&code, &sk));
		expr_free(e);
		out_free(&text);
		out_free(&code);
	}
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
		cmocka_unit_test(test_faults_are_explained),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_every_field_is_a_word),
		cmocka_unit_test(test_globs),
		cmocka_unit_test(test_states_of_expressions),
		cmocka_unit_test(test_split),
		cmocka_unit_test(test_programs_are_bounded),
		cmocka_unit_test(test_every_head_of_an_expression),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

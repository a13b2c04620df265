// SPDX-License-Identifier: GPL-2.0-or-later
/* Closing and signalling from the interactive program: what is shown before, and what is said after. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>

#include "scripted.h"

enum { BODY = 2 };

static unsigned deeds, taken; /* asked for; how many of them the feed takes */

static int act(struct feed *feed, const struct deed *deed)
{
	(void)feed;
	(void)deed;
	return deeds++ < taken ? 0 : -EPIPE;
}

/* Two connections of one program, all of which can be acted on. */
static void open_web(struct scripted *s)
{
	uint32_t web;

	scripted_open(s, 16, 80);
	s->feed.act = act;
	deeds = 0;
	taken = 2;
	scripted_begin(s, 1000);
	web = scripted_process(s, 7, 1, "web", "www", NULL);
	scripted_put(s, "ESTABLISHED 127.0.0.1 80 192.0.2.1 4001", web);
	scripted_put(s, "ESTABLISHED 127.0.0.1 80 192.0.2.1 4002", web);
	scripted_end(s);
}

#define ENDED                                                                             \
	"\n"                                                                              \
	"The collecting process, which alone has the privileges, has ended. This view\n"  \
	"has given them up and cannot start another: leave it and start tcpstate again\n" \
	"to look.\n"

/* The collecting process ends in the midst of it: neither done nor failed is claimed. */
static void test_closing_is_not_answered(void **state)
{
	struct scripted s;

	(void)state;
	open_web(&s);
	taken = 1;
	scripted_keys(&s, "Space Space x y");
	scripted_expect(
		&s, BODY,
		"ESTABLISHED 127.0.0.1:80 192.0.2.1:4002: not tried: the collecting process had\n"
		"ended before\n"
		"waiting for 1 more\n");
	app_heard(&s.app, true);
	scripted_expect(
		&s, BODY,
		"ESTABLISHED 127.0.0.1:80 192.0.2.1:4001: not known: the collecting process\n"
		"ended before it told what came of it\n"
		"ESTABLISHED 127.0.0.1:80 192.0.2.1:4002: not tried: the collecting process had\n"
		"ended before\n" ENDED);
	scripted_close(&s);
}

static void test_a_signal_is_not_answered(void **state)
{
	struct scripted s;

	(void)state;
	open_web(&s);
	scripted_keys(&s, "F9 Enter y");
	scripted_expect(&s, BODY, "waiting for 1 more\n");
	app_heard(&s.app, true);
	scripted_expect(
		&s, BODY,
		"web[7]: not known: the collecting process ended before it told what came of it\n" ENDED);
	/* Nothing is asked for any more that nobody would do. */
	scripted_keys(&s, "Enter F9");
	scripted_expect(&s, 14, "not any more: the collecting process, which does it, has ended\n");
	scripted_close(&s);
}

/* From the view of processes, and of several: each with its command line, as it comes. */
static void test_who_is_signalled(void **state)
{
	static const char pairs[] = "7\0web --port 80\0"
				    "8\0web: worker\0";
	struct scripted s;
	uint32_t other;

	(void)state;
	open_web(&s);
	scripted_begin(&s, 2000);
	other = scripted_process(&s, 9, 1, "db", "db", NULL);
	scripted_put(&s, "LISTEN 127.0.0.1 5432", other);
	scripted_end(&s);
	scripted_keys(&s, "3");
	scripted_keys(&s, "Down F9");
	assert_int_not_equal(s.watch.command_id, 0);
	assert_int_equal(live_command(&s.live, s.watch.command_id, pairs, sizeof(pairs) - 1), 0);
	scripted_idle(&s);
	scripted_expect(&s, BODY,
			" owner  web[7], user www; sockets it holds: 2\n"
			" runs   web --port 80\n"
			"\n");
	assert_int_equal(s.watch.command_id, 0);
	scripted_keys(&s, "Esc 1 Space Space Space F9");
	for (unsigned i = 0; i < 2; i++) {
		static const char *const lines[] = {"9\0db -D /srv", "7\0web --port 80"};
		bool is_db = s.watch.command_id == 3;

		assert_int_equal(
			live_command(&s.live, s.watch.command_id, lines[!is_db], is_db ? 13 : 16),
			0);
		scripted_idle(&s);
	}
	assert_int_equal(s.watch.command_id, 0);
	scripted_expect(&s, BODY,
			" owner  web[7], user www; sockets it holds: 2\n"
			" runs   web --port 80\n"
			" owner  db[9], user db; sockets it holds: 1\n"
			" runs   db -D /srv\n");
	scripted_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_closing_is_not_answered),
		cmocka_unit_test(test_a_signal_is_not_answered),
		cmocka_unit_test(test_who_is_signalled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

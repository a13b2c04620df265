// SPDX-License-Identifier: GPL-2.0-or-later
/* The views of listeners, processes, states and findings: what a feed tells and keys ask for, and what is then seen. */
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

#include "explain/finding.h"
#include "filter/expr.h"
#include "render/drawing.h"
#include "scripted.h"
#include "ui/written.h"
#include "util/text.h"

/* The view begins below tabs and counts, from 12 rows on. */
enum { BODY = 2 };

static void put_web(struct scripted *s)
{
	uint32_t nginx = scripted_process(s, 812, 1, "nginx", "www-data", "nginx.service");
	uint32_t redis = scripted_process(s, 900, 1, "redis-server", "redis", "redis.service");

	scripted_put(s, "LISTEN 0.0.0.0 80", nginx);
	scripted_put(s, "LISTEN :: 80", nginx);
	scripted_put(s, "LISTEN 127.0.0.1 6379", redis);
}

static void test_listeners(void **state)
{
	struct scripted s;
	uint64_t full;

	(void)state;
	scripted_open(&s, 14, 80);
	scripted_keys(&s, "2");
	scripted_expect(&s, BODY, "  looking for sockets\n");
	scripted_begin(&s, 1000);
	put_web(&s);
	full = scripted_put(&s, "LISTEN 127.0.0.1 9000", NOBODY);
	scripted_queues(&s, full, 4, 3);
	scripted_end(&s);
	scripted_expect(
		&s, BODY,
		"  PORT ADDRESS      REACH    QUEUE        DROPS PROCESS           USER     UNIT\n"
		"    80 0.0.0.0,[::] any      0/128 ░░░░░░     0 nginx[812]        www-data nginx\n"
		"  6379 127.0.0.1    loopback 0/128 ░░░░░░     0 redis-server[900] redis    redis\n"
		"  9000 127.0.0.1    loopback  4/3! ██████     0 -                 -        -\n");
	scripted_close(&s);
}

/* Others come before the chosen one, and its service starts anew: it stays chosen. */
static void test_listener_stays_chosen(void **state)
{
	struct scripted s;
	uint32_t web;
	uint64_t old;

	(void)state;
	scripted_open(&s, 14, 80);
	scripted_begin(&s, 1000);
	web = scripted_process(&s, 7, 1, "web", "root", NULL);
	scripted_put(&s, "LISTEN 127.0.0.1 80", web);
	old = scripted_put(&s, "LISTEN 127.0.0.1 443", web);
	scripted_end(&s);
	scripted_keys(&s, "2 Down");
	scripted_begin(&s, 2000);
	live_gone(&s.live, old);
	scripted_put(&s, "LISTEN 127.0.0.1 443", web);
	scripted_put(&s, "LISTEN 127.0.0.1 22", web);
	scripted_end(&s);
	scripted_expect(&s, BODY,
			"  PORT ADDRESS   REACH    QUEUE        DROPS PROCESS USER UNIT\n"
			"+   22 127.0.0.1 loopback 0/128 ░░░░░░     0 web[7]  root -\n"
			"    80 127.0.0.1 loopback 0/128 ░░░░░░     0 web[7]  root -\n"
			"+  443 127.0.0.1 loopback 0/128 ░░░░░░     0 web[7]  root -\n");
	scripted_expect_look(&s, BODY + 3, LOOK_REVERSE,
			     "+  443 127.0.0.1 loopback 0/128 ░░░░░░     0 web[7]  root -");
	scripted_close(&s);
}

/* A line is sought by what stands in it, in every view. */
static void test_search(void **state)
{
	struct scripted s;

	(void)state;
	scripted_open(&s, 14, 80);
	scripted_begin(&s, 1000);
	put_web(&s);
	scripted_end(&s);
	scripted_keys(&s, "2 \\ r e d i s Enter");
	scripted_expect_look(
		&s, BODY + 2, LOOK_REVERSE,
		"  6379 127.0.0.1    loopback 0/128 ░░░░░░     0 redis-server[900] redis    redis");
	scripted_keys(&s, "3");
	scripted_keys(&s, "n");
	scripted_expect_look(&s, BODY + 2, LOOK_REVERSE,
			     "▸ redis-server[900]        1        0        0 :6379");
	scripted_keys(&s, "4 \\ h a l f Enter");
	scripted_expect_look(
		&s, BODY + 3, LOOK_REVERSE,
		"  SYN_RECEIVED     0                          ▁ half open, our SYN-ACK is not a…");
	scripted_close(&s);
}

/* One that is gone lingers, and then leaves no line. */
static void test_listener_goes(void **state)
{
	struct scripted s;
	uint64_t ssh;

	(void)state;
	scripted_open(&s, 10, 40);
	scripted_begin(&s, 1000);
	ssh = scripted_put(&s, "LISTEN 0.0.0.0 22", NOBODY);
	scripted_put(&s, "LISTEN 0.0.0.0 80", NOBODY);
	scripted_end(&s);
	scripted_keys(&s, "2");
	scripted_begin(&s, 2000);
	live_gone(&s.live, ssh);
	scripted_end(&s);
	scripted_expect(&s, 1,
			"  PORT ADDRESS QUEUE PROCESS\n"
			"-   22 0.0.0.0 0/128 -\n"
			"    80 0.0.0.0 0/128 -\n");
	scripted_begin(&s, 5000);
	scripted_end(&s);
	scripted_expect(&s, 1,
			"  PORT ADDRESS QUEUE PROCESS\n"
			"    80 0.0.0.0 0/128 -\n"
			"\n");
	scripted_resize(&s, 10, 80);
	scripted_expect(&s, 1,
			"  PORT ADDRESS REACH    QUEUE        DROPS PROCESS USER UNIT\n"
			"    80 0.0.0.0 any-ipv4 0/128 ░░░░░░     0 -       -    -\n");
	scripted_close(&s);
}

/* Ten clients come and one closes, a second apart. */
static void put_clients(struct scripted *s)
{
	uint64_t first;

	scripted_begin(s, 1000);
	scripted_put(s, "LISTEN 0.0.0.0 80", NOBODY);
	first = scripted_put(s, "ESTABLISHED 192.0.2.1 80 192.0.2.9 4000", NOBODY);
	scripted_end(s);
	scripted_begin(s, 2000);
	for (int i = 0; i < 10; i++)
		scripted_put(s, "ESTABLISHED 192.0.2.1 80 192.0.2.9 4001", NOBODY);
	scripted_state(s, first, STATE_CLOSE_WAIT);
	scripted_end(s);
}

static void test_states_in_a_table(void **state)
{
	struct scripted s;

	(void)state;
	scripted_open(&s, 20, 80);
	put_clients(&s);
	scripted_keys(&s, "4");
	scripted_expect(
		&s, BODY,
		"  STATE         HERE   IN/s  OUT/s TREND        MEANING\n"
		"  LISTEN           1                         ██ a program waits for clients on …\n"
		"  SYN_SENT         0                         ▁▁ connecting, our SYN is not answ…\n"
		"  SYN_RECEIVED     0                         ▁▁ half open, our SYN-ACK is not a…\n"
		"  ESTABLISHED     10   10.0    1.0           ▂█ connected, data may flow both w…\n"
		"  FIN_WAIT_1       0                         ▁▁ closed here first, our FIN is n…\n"
		"  FIN_WAIT_2       0                         ▁▁ closed here, the peer has not c…\n"
		"  CLOSE_WAIT       1    1.0                  ▁█ the peer has closed, this progr…\n"
		"  CLOSING          0                         ▁▁ both closed at once, our FIN no…\n"
		"  LAST_ACK         0                         ▁▁ both have closed, our FIN is no…\n"
		"  TIME_WAIT        0                         ▁▁ closed in order, the address pa…\n"
		"  CLOSED           0                         ▁▁ no connection, at most a port i…\n");
	scripted_resize(&s, 10, 40);
	scripted_expect(&s, 1,
			"  STATE         HERE   IN/s  OUT/s TREND\n"
			"  LISTEN           1                  ██\n");
	scripted_resize(&s, 20, 80);
	scripted_keys(&s, "Down Down Down o");
	scripted_expect(&s, BODY + 1, "+ ESTABLISHED 192.0.2.1:80 192.0.2.9:4001 (accept-queue)\n");
	assert_string_equal(s.app.filter_text, "state ESTABLISHED");
	scripted_close(&s);
}

static void test_states_drawn(void **state)
{
	struct scripted s;

	(void)state;
	scripted_open(&s, 50, 200);
	put_clients(&s);
	scripted_keys(&s, "4 Down Right");
	scripted_expect_look(&s, BODY + 11, LOOK_REVERSE,
			     "                                   ESTABLISHED");
	scripted_keys(&s, "Right Left Up Left");
	scripted_expect_look(&s, BODY + 3, LOOK_REVERSE, "          LISTEN");
	scripted_keys(&s, "Enter");
	scripted_expect(&s, BODY, "LISTEN: a program waits for clients on an open port\n");
	scripted_keys(&s, "Esc");
	scripted_expect_look(&s, BODY + 3, LOOK_REVERSE, "          LISTEN");
	scripted_close(&s);
}

/* Below the drawing: who has sockets in the chosen state. */
static void test_holders_of_a_state(void **state)
{
	struct scripted s;
	uint32_t web, db;

	(void)state;
	scripted_open(&s, 50, 200);
	scripted_begin(&s, 1000);
	web = scripted_process(&s, 7, 1, "web", "www", NULL);
	db = scripted_process(&s, 9, 1, "d b", "db", NULL);
	scripted_put(&s, "LISTEN 127.0.0.1 80", web);
	scripted_put(&s, "ESTABLISHED 127.0.0.1 80 192.0.2.1 4001", web);
	scripted_put(&s, "ESTABLISHED 127.0.0.1 81 192.0.2.1 4002", db);
	scripted_put(&s, "ESTABLISHED 127.0.0.1 81 192.0.2.1 4003", db);
	scripted_put(&s, "TIME_WAIT 127.0.0.1 80 192.0.2.1 4004", NOBODY);
	scripted_end(&s);
	scripted_keys(&s, "4");
	scripted_expect(&s, BODY + DRAWING_ROWS + 1,
			"The processes with the most sockets in LISTEN\n"
			"  PROCESS                      LISTEN  ESTABLISHED\n"
			"  web[7]                            1            1\n"
			"\n");
	scripted_keys(&s, "Down Right");
	scripted_expect(&s, BODY + DRAWING_ROWS + 1,
			"The processes with the most sockets in ESTABLISHED\n"
			"  PROCESS                     ESTABLISHED   LISTEN\n"
			"  d\\x20b[9]                             2\n"
			"  web[7]                                1        1\n"
			"\n");
	scripted_keys(&s, "End");
	scripted_expect(&s, BODY + DRAWING_ROWS + 1,
			"No process is known that has a socket in CLOSED\n\n");
	/* Of a later refresh it is counted anew. */
	scripted_begin(&s, 2000);
	scripted_put(&s, "CLOSED 127.0.0.1 82", web);
	scripted_end(&s);
	scripted_expect(&s, BODY + DRAWING_ROWS + 1,
			"The processes with the most sockets in CLOSED\n");
	scripted_close(&s);
}

/* Tells findings as a feed does, and at that time. */
static void tell(struct scripted *s, uint64_t now, size_t count)
{
	static const struct live_finding all[] = {
		{"accept-queue-full", SEVERITY_CRITICAL, "The queue of :80 is full.",
		 " found  The queue of :80 is full.\n do     Raise the backlog.\n"},
		{"close-wait-leak", SEVERITY_WARNING, "web leaks 12 connections.",
		 " found  web leaks 12 connections.\n"},
		{"close-wait-leak", SEVERITY_NOTE, "cron leaks one connection.",
		 " found  cron leaks one connection.\n"},
	};
	struct live_finding *list = calloc(count + 1, sizeof(*list));

	assert_non_null(list);
	for (size_t i = 0; i < count; i++)
		list[i] = (struct live_finding){strdup(all[i].id), all[i].severity,
						strdup(all[i].line), strdup(all[i].text)};
	scripted_begin(s, now);
	live_findings(&s->live, list, count);
	scripted_end(s);
}

static void test_findings(void **state)
{
	struct scripted s;

	(void)state;
	scripted_open(&s, 12, 70);
	scripted_keys(&s, "5");
	scripted_expect(&s, BODY, "  judging this host\n\n");
	tell(&s, 5000, 0);
	scripted_expect(&s, BODY,
			"  critical 0, warnings 0, notes 0\n\n"
			"  nothing found that calls for action\n");
	tell(&s, 9000, 3);
	scripted_expect(&s, 0,
			" 1 Sockets   2 Listeners   3 Processes   4 States   5 Findings 2!\n");
	scripted_keys(&s, "Right Down");
	scripted_begin(&s, 12000);
	scripted_end(&s);
	scripted_expect(&s, BODY,
			"  critical 1, warnings 1, notes 1; judged 3s ago\n"
			"▾ critical  accept-queue-full  The queue of :80 is full.\n"
			"  found  The queue of :80 is full.\n"
			"  do     Raise the backlog.\n"
			"▸ warning   close-wait-leak    web leaks 12 connections.\n"
			"▸ note      close-wait-leak    cron leaks one connection.\n");
	scripted_expect_look(&s, BODY + 2, LOOK_REVERSE, "  found  The queue of :80 is full.");
	scripted_keys(&s, "Left G Enter");
	scripted_expect(&s, BODY + 1,
			"▸ critical  accept-queue-full  The queue of :80 is full.\n"
			"▸ warning   close-wait-leak    web leaks 12 connections.\n"
			"▾ note      close-wait-leak    cron leaks one connection.\n"
			"  found  cron leaks one connection.\n");
	/* What was unfolded is no longer found; what is left is not unfolded. */
	tell(&s, 15000, 1);
	scripted_expect(&s, BODY + 1,
			"▸ critical  accept-queue-full  The queue of :80 is full.\n\n");
	scripted_close(&s);
}

/* Judging costs: it is asked for where it is shown, and elsewhere now and then. */
static void test_findings_are_asked_for(void **state)
{
	struct scripted s;

	(void)state;
	scripted_open(&s, 12, 70);
	scripted_idle(&s);
	assert_true(s.watch.findings);
	tell(&s, 5000, 1);
	assert_false(s.watch.findings);
	scripted_begin(&s, 66000);
	scripted_end(&s);
	assert_true(s.watch.findings);
	tell(&s, 67000, 1);
	assert_false(s.watch.findings);
	scripted_keys(&s, "5");
	assert_true(s.watch.findings);
	scripted_close(&s);
}

/* Two programs, one of which serves the other and connects to many. */
static void put_programs(struct scripted *s)
{
	uint32_t nginx = scripted_process(s, 812, 1, "nginx", "root", NULL);
	uint32_t worker = scripted_process(s, 813, 812, "nginx", "www-data", NULL);
	uint32_t app = scripted_process(s, 900, 1, "my app", "app", NULL);
	char words[64];

	scripted_put(s, "LISTEN 0.0.0.0 80", nginx);
	for (int i = 0; i < 3; i++)
		scripted_put(s, "ESTABLISHED 192.0.2.1 80 192.0.2.9 4000", worker);
	for (int i = 0; i < 7; i++) {
		snprintf(words, sizeof(words), "ESTABLISHED 192.0.2.1 5000%d 198.51.100.%d 443", i,
			 i);
		scripted_put(s, words, app);
	}
	scripted_put(s, "TIME_WAIT 192.0.2.1 80 192.0.2.9 4001", NOBODY);
}

static void test_processes(void **state)
{
	struct scripted s;

	(void)state;
	scripted_open(&s, 18, 80);
	scripted_keys(&s, "3");
	scripted_expect(&s, BODY + 2, "  counting sockets\n");
	scripted_begin(&s, 1000);
	put_programs(&s);
	scripted_end(&s);
	scripted_expect(&s, BODY,
			"  PROGRAM               SOCKETS  CLIENTS CONNECTS LISTENS\n"
			"▸ nginx[812] +1 worker        4        3        0 :80\n"
			"▸ my\\x20app[900]              7        0        7\n"
			"▸ (no process)                1\n"
			"\n");
	scripted_keys(&s, "Right Down Right");
	scripted_expect(&s, BODY + 1,
			"▾ nginx[812] +1 worker        4        3        0 :80\n"
			"  ▾ processes 2\n"
			"      process   nginx[812]  root\n"
			"      process   nginx[813]  www-data\n"
			"    listens   0.0.0.0:80                any-ipv4  queue 0/128\n"
			"    clients   :80  3 from 1 address     3 ESTABLISHED\n"
			"▸ my\\x20app[900]              7        0        7\n"
			"▸ (no process)                1\n");
	scripted_keys(&s, "Left Left Left");
	scripted_expect(&s, BODY + 1,
			"▸ nginx[812] +1 worker        4        3        0 :80\n"
			"▸ my\\x20app[900]              7        0        7\n"
			"▸ (no process)                1\n"
			"\n");
	scripted_keys(&s, "Down Space Down");
	scripted_expect(&s, BODY + 2,
			"▾ my\\x20app[900]              7        0        7\n"
			"  ▸ connects  7 to 7 peers\n"
			"▸ (no process)                1\n");
	scripted_close(&s);
}

/* What is unfolded and chosen stays so while the rest comes and goes. */
static void test_processes_stay(void **state)
{
	struct scripted s;
	uint32_t ssh;

	(void)state;
	scripted_open(&s, 18, 80);
	scripted_begin(&s, 1000);
	put_programs(&s);
	scripted_end(&s);
	scripted_keys(&s, "3");
	scripted_keys(&s, "Down Right Down");
	scripted_begin(&s, 2000);
	ssh = scripted_process(&s, 22, 1, "sshd", "root", NULL);
	scripted_put(&s, "LISTEN 0.0.0.0 22", ssh);
	scripted_end(&s);
	scripted_expect(&s, BODY + 1,
			"▸ sshd[22]                    1        0        0 :22\n"
			"▸ nginx[812] +1 worker        4        3        0 :80\n"
			"▾ my\\x20app[900]              7        0        7\n"
			"  ▸ connects  7 to 7 peers\n"
			"▸ (no process)                1\n");
	scripted_expect_look(&s, BODY + 4, LOOK_REVERSE, "  ▸ connects  7 to 7 peers");
	scripted_close(&s);
}

/* Goes to a line and shows its sockets: so many there are. */
static void expect_sockets(struct scripted *s, const char *keys, const char *filter, size_t count)
{
	size_t matching = 0;

	scripted_keys(s, "3 *");
	scripted_keys(s, keys);
	scripted_keys(s, "o");
	assert_string_equal(s->app.filter_text, filter);
	for (size_t i = 0; i < s->live.count; i++)
		matching += expr_match(s->app.filter, &s->live.sockets[i]->row);
	assert_int_equal(matching, count);
	scripted_keys(s, "3 *");
}

static void test_sockets_of_processes(void **state)
{
	struct scripted s;
	uint32_t other;

	(void)state;
	scripted_open(&s, 40, 80);
	scripted_begin(&s, 1000);
	put_programs(&s);
	scripted_end(&s);
	scripted_keys(&s, "3");
	expect_sockets(&s, "g", "process=nginx", 4);
	expect_sockets(&s, "g Down Down", "process=nginx state LISTEN sport = :80", 1);
	expect_sockets(&s, "g Down Down Down", "process=nginx exclude LISTEN sport = :80", 3);
	expect_sockets(&s, "G Up Up Up", "process='my app'", 7);
	expect_sockets(&s, "G Up Up", "process='my app' exclude LISTEN", 7);
	expect_sockets(&s, "G Up", "process=none", 1);
	expect_sockets(&s, "G", "reason=time-wait", 1);
	/* Another of that name: processes are told apart by their ids. */
	scripted_begin(&s, 2000);
	other = scripted_process(&s, 77, 1, "nginx", "root", NULL);
	scripted_put(&s, "LISTEN 0.0.0.0 81", other);
	scripted_end(&s);
	scripted_keys(&s, "3");
	scripted_idle(&s);
	expect_sockets(&s, "g", "(process=812 or process=813)", 4);
	scripted_close(&s);
}

/* The filter of a view is in place of the user's, and Esc goes back to both. */
static void test_back_from_sockets(void **state)
{
	struct scripted s;

	(void)state;
	scripted_open(&s, 40, 80);
	scripted_begin(&s, 1000);
	put_programs(&s);
	scripted_end(&s);
	assert_true(app_set_filter(&s.app, "sport = :80"));
	scripted_keys(&s, "3");
	expect_sockets(&s, "g", "process=nginx", 4);
	scripted_keys(&s, "4 o");
	assert_string_equal(s.app.filter_text, "state LISTEN");
	scripted_keys(&s, "Esc");
	assert_int_equal(s.app.current, PANE_STATES);
	assert_string_equal(s.app.filter_text, "sport = :80");
	/* One that is typed is the user's own. */
	scripted_keys(&s, "o / ^U 8 0 Enter Esc");
	assert_int_equal(s.app.current, PANE_SOCKETS);
	assert_string_equal(s.app.filter_text, "");
	scripted_close(&s);
}

/* Listeners and processes are those of the sockets that match. */
static void test_filtered_views(void **state)
{
	struct scripted s;

	(void)state;
	scripted_open(&s, 18, 80);
	scripted_begin(&s, 1000);
	put_web(&s);
	scripted_end(&s);
	scripted_keys(&s, "2 / 6 3 7 9");
	scripted_expect(
		&s, BODY + 1,
		"  6379 127.0.0.1 loopback 0/128 ░░░░░░     0 redis-server[900] redis redis\n"
		"\n");
	scripted_keys(&s, "Enter");
	scripted_expect(
		&s, 16,
		"every 1s, took 0ms                                                    /6379  1/1\n");
	scripted_keys(&s, "3");
	scripted_expect(&s, BODY + 1, "▸ redis-server[900]        1        0        0 :6379\n\n");
	scripted_keys(&s, "/ ^U 7 Enter");
	scripted_expect(&s, BODY + 2, "  no socket matches the filter\n");
	scripted_keys(&s, "2");
	scripted_expect(&s, BODY, "  no socket matches the filter\n");
	scripted_keys(&s, "Esc 3");
	scripted_idle(&s);
	scripted_expect(&s, BODY + 1,
			"▸ nginx[812]               2        0        0 :80\n"
			"▸ redis-server[900]        1        0        0 :6379\n"
			"\n");
	/* One that is gone, beside one that does not match. */
	scripted_begin(&s, 1500);
	live_gone(&s.live, 3);
	scripted_end(&s);
	assert_true(app_set_filter(&s.app, "sport = 6379"));
	scripted_keys(&s, "2");
	scripted_expect(&s, BODY + 1,
			"- 6379 127.0.0.1 loopback 0/128 ░░░░░░     0 redis-server[900] redis redis\n"
			"\n");
	scripted_begin(&s, 1600);
	scripted_put(&s, "LISTEN 127.0.0.1 6379", 1);
	scripted_end(&s);
	scripted_keys(&s, "Esc 3");
	scripted_idle(&s);
	/* Another filter while sockets are counted. */
	app_tick(&s.app, 2000);
	scripted_begin(&s, 3000);
	scripted_end(&s);
	assert_true(app_set_filter(&s.app, "process nginx"));
	app_tick(&s.app, 3000);
	assert_true(app_set_filter(&s.app, "process redis-server"));
	scripted_idle(&s);
	scripted_expect(&s, BODY + 1, "▸ redis-server[900]        1        0        0 :6379\n\n");
	scripted_close(&s);
}

/* All lines are written, however few the screen has; what is looked at stays as it is. */
static void test_a_view_as_text(void **state)
{
	struct out o = OUT_MEMORY;
	struct scripted s;
	struct pane *top;
	struct list long_one = {.count = 60000};
	unsigned lines = 0;

	(void)state;
	scripted_open(&s, 10, 60);
	scripted_begin(&s, 1000);
	for (unsigned i = 0; i < 40; i++) {
		char words[64];

		snprintf(words, sizeof(words), "LISTEN 127.0.0.1 %u", 1000 + i);
		scripted_put(&s, words, NOBODY);
	}
	scripted_end(&s);
	scripted_keys(&s, "2 G");
	top = app_top(&s.app);
	assert_int_equal(top->ops->write(top, &o), 0);
	assert_non_null(strstr(out_text(&o), "PORT "));
	for (const char *p = out_text(&o); (p = strstr(p, " 127.0.0.1 ")); p++)
		lines++;
	assert_int_equal(lines, 40);
	assert_int_equal(o.data[o.len - 1], '\n');
	assert_int_not_equal(o.data[o.len - 2], '\n');
	assert_null(strchr(out_text(&o), '\033'));
	scripted_expect_look(&s, 7, LOOK_REVERSE, "  1039 127.0.0.1 loopback 0/128 ░░░░░░ -");
	o.len = 0;
	assert_int_equal(written_put(top, &long_one, &o), -EFBIG);
	assert_int_equal(o.len, 0);
	out_free(&o);
	scripted_close(&s);
}

/* Between two looks at the keys only a part of many sockets is counted. */
static void test_processes_in_slices(void **state)
{
	struct scripted s;
	char words[64];
	int turns = 0;

	(void)state;
	scripted_open(&s, 24, 80);
	scripted_keys(&s, "3");
	scripted_begin(&s, 1000);
	for (int i = 0; i < 30000; i++) {
		snprintf(words, sizeof(words), "TIME_WAIT 192.0.2.1 80 192.0.2.9 %d", i + 1);
		scripted_put(&s, words, NOBODY);
	}
	assert_int_equal(live_end(&s.live, &(struct live_tick){0}), 0);
	app_received(&s.app);
	for (; app_tick(&s.app, 1000) == 1000; turns++)
		scripted_expect(&s, BODY + 2, "  counting sockets\n");
	assert_in_range(turns, 4, 8);
	scripted_expect(&s, BODY + 1, "▸ (no process)      30000\n");
	scripted_close(&s);
}

/* A click chooses a line, another folds it or unfolds it; where no line is, nothing happens. */
static void test_clicks(void **state)
{
	struct scripted s;

	(void)state;
	scripted_open(&s, 18, 80);
	scripted_begin(&s, 1000);
	put_programs(&s);
	scripted_end(&s);
	scripted_keys(&s, "3");
	scripted_click(&s, BODY + 2, 10);
	scripted_expect_look(&s, BODY + 2, LOOK_REVERSE,
			     "▸ my\\x20app[900]              7        0        7");
	scripted_click(&s, BODY + 2, 10);
	scripted_expect(&s, BODY + 3,
			"  ▸ connects  7 to 7 peers\n▸ (no process)                1\n");
	scripted_click(&s, BODY + 9, 10);
	scripted_click(&s, BODY + 2, 10);
	scripted_expect(&s, BODY + 3, "▸ (no process)                1\n\n");
	scripted_keys(&s, "5");
	tell(&s, 2000, 2);
	scripted_click(&s, BODY + 2, 10);
	scripted_click(&s, BODY + 2, 10);
	scripted_expect(&s, BODY + 2,
			"▾ warning   close-wait-leak    web leaks 12 connections.\n"
			"  found  web leaks 12 connections.\n");
	scripted_keys(&s, "4");
	scripted_click(&s, BODY + 7, 10);
	scripted_expect_look(
		&s, BODY + 7, LOOK_REVERSE,
		"  CLOSE_WAIT       0                         ▁▁ the peer has closed, this progr…");
	scripted_close(&s);
}

/* While a live view looks for a holder, its page says that, and not that there is none. */
static void test_a_holder_is_sought(void **state)
{
	struct socket sk = {.family = AF_INET,
			    .kernel_state = STATE_ESTABLISHED,
			    .have = HAVE_COOKIE | HAVE_QUEUES,
			    .cookie = 1,
			    .inode = 77,
			    .owners = OWNER_NONE,
			    .absence = OWNER_SOUGHT,
			    .local = {.port = 80},
			    .peer = {.port = 4001}};
	struct scripted s;

	(void)state;
	scripted_open(&s, 30, 80);
	scripted_begin(&s, 1000);
	assert_int_equal(live_put(&s.live, 1, &sk), 0);
	scripted_end(&s);
	scripted_expect(&s, BODY + 1, "  ESTABLISHED 0.0.0.0:80 0.0.0.0:4001 (still-looking)\n");
	scripted_keys(&s, "Enter");
	scripted_expect(&s, BODY + 12, " owner  being looked for\n");
	scripted_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_listeners),
		cmocka_unit_test(test_listener_stays_chosen),
		cmocka_unit_test(test_listener_goes),
		cmocka_unit_test(test_search),
		cmocka_unit_test(test_states_in_a_table),
		cmocka_unit_test(test_states_drawn),
		cmocka_unit_test(test_holders_of_a_state),
		cmocka_unit_test(test_processes),
		cmocka_unit_test(test_clicks),
		cmocka_unit_test(test_processes_stay),
		cmocka_unit_test(test_sockets_of_processes),
		cmocka_unit_test(test_back_from_sockets),
		cmocka_unit_test(test_filtered_views),
		cmocka_unit_test(test_a_view_as_text),
		cmocka_unit_test(test_processes_in_slices),
		cmocka_unit_test(test_findings),
		cmocka_unit_test(test_findings_are_asked_for),
		cmocka_unit_test(test_a_holder_is_sought),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

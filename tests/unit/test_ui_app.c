// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>
#include <stdio.h>
#include <sys/socket.h>

#include "../ui/stage.h"
#include "ui/mark.h"
#include "ui/sockets.h"
#include "util/text.h"

static struct stage s;

/* Five sockets: a listener, three connections with 0, 10 and 20 bytes unread, one CLOSE_WAIT. */
static int set_up(void **state)
{
	(void)state;
	stage_open(&s, 16, 80, "");
	stage_begin(&s, 0);
	stage_put(&s, 1, STATE_LISTEN, 80, 0, 0);
	stage_put(&s, 2, STATE_ESTABLISHED, 80, 1002, 0);
	stage_put(&s, 3, STATE_ESTABLISHED, 80, 1003, 10);
	stage_put(&s, 4, STATE_ESTABLISHED, 80, 1004, 20);
	stage_put(&s, 5, STATE_CLOSE_WAIT, 4000, 5432, 1);
	stage_end(&s);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_close(&s);
	return 0;
}

static void expect_line(unsigned row, const char *has)
{
	const char *line = stage_line(&s, row);

	if (!strstr(line, has))
		print_error("line %u is '%s', without '%s'\n%s", row, line, has, stage_screen(&s));
	assert_non_null(strstr(stage_line(&s, row), has));
}

static void expect_missing(const char *text)
{
	assert_null(strstr(stage_screen(&s), text));
}

static void test_a_screen(void **state)
{
	static const char *const lines[] = {
		"sockets 5  LISTEN 1  ESTABLISHED 3  CLOSE_WAIT 1",
		"  STATE▲      RECV-Q SEND-Q LOCAL          PEER           PROCESS",
		"  LISTEN           0      - 127.0.0.1:80   127.0.0.2:*    -",
		"  ESTABLISHED      0      0 127.0.0.1:80   127.0.0.2:1002 (accept-queue)",
		"  ESTABLISHED     10      0 127.0.0.1:80   127.0.0.2:1003 (accept-queue)",
		"  ESTABLISHED     20      0 127.0.0.1:80   127.0.0.2:1004 (accept-queue)",
		"  CLOSE_WAIT       1      0 127.0.0.1:4000 127.0.0.2:5432 (accept-queue)",
		"",
		"",
		"",
		"",
		"",
		"  -  ready for clients, accept queue empty",
		"every 1s, took 5ms                                                           1/5",
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		assert_string_equal(stage_line(&s, i + 1), lines[i]);
	expect_line(0, "1 Sockets");
	expect_line(15, "F1Help");
	/* The chosen line stands out without colour. */
	assert_true(s.screen.cells[3 * 80].look.bits & LOOK_REVERSE);
}

static void test_marks_tell_what_happened(void **state)
{
	(void)state;
	stage_begin(&s, 1000);
	stage_put(&s, 6, STATE_ESTABLISHED, 80, 1000, 0);
	stage_put(&s, 3, STATE_CLOSE_WAIT, 80, 1003, 10);
	live_gone(&s.live, 5);
	stage_end(&s);
	expect_line(4, "+ ESTABLISHED");
	expect_line(7, "* CLOSE_WAIT");
	expect_line(8, "- CLOSE_WAIT");
	expect_line(14, "+1 -1");
	/* After a while they are gone, and so is the socket. */
	stage_begin(&s, 3000);
	stage_end(&s);
	expect_line(4, "  ESTABLISHED");
	expect_line(7, "  CLOSE_WAIT");
	expect_missing("4000");
	expect_line(14, "1/5");
}

static void test_moving(void **state)
{
	(void)state;
	assert_int_equal(stage_chosen(&s), 1);
	stage_keys(&s, "Down j");
	assert_int_equal(stage_chosen(&s), 3);
	stage_keys(&s, "G");
	assert_int_equal(stage_chosen(&s), 5);
	stage_keys(&s, "k g");
	assert_int_equal(stage_chosen(&s), 1);
	stage_click(&s, 5, 20);
	assert_int_equal(stage_chosen(&s), 3);
}

static void test_the_filter_is_applied_as_one_types(void **state)
{
	(void)state;
	stage_keys(&s, "Down /");
	stage_type(&s, "recvq > 1");
	expect_line(3, "127.0.0.2:1003");
	expect_line(4, "127.0.0.2:1004");
	expect_missing("127.0.0.2:1002");
	expect_line(14, "Filter: recvq > 1");
	assert_true(s.screen.cursor);
	/* A mistake is shown in its place, and changes nothing. */
	stage_type(&s, " and stat");
	expect_line(15, "                      ^~~~ 'stat' is not a state");
	expect_line(3, "127.0.0.2:1003");
	stage_keys(&s, "Enter");
	assert_true(s.app.beep);
	expect_line(14, "Filter: recvq > 1 and stat");
	stage_keys(&s, "^W ^W Enter");
	expect_line(14, "/recvq > 1");
	expect_line(14, "2/2 of 5");
	/* Esc brings back the filter before, and at last none. */
	stage_keys(&s, "/ ^U l");
	stage_keys(&s, "Esc");
	expect_line(14, "2/2 of 5");
	stage_keys(&s, "/ ^U Up");
	expect_line(14, "Filter: recvq > 1");
	stage_keys(&s, "Esc Esc");
	expect_line(14, "/5");
	assert_int_equal(s.watch.want, 0);
}

/* What is pasted is text for a prompt and nothing else, however much it is. */
static void test_pasting(void **state)
{
	(void)state;
	stage_keys(&s, "Paste q x y PasteEnd");
	assert_false(s.app.quit);
	assert_true(s.app.beep);
	expect_line(3, "LISTEN");
	stage_keys(&s, "/ Paste r e c v q");
	expect_line(3, "LISTEN");
	stage_keys(&s, "Enter > 1 5 Enter PasteEnd");
	expect_line(14, "Filter: recvq >15");
	expect_line(3, "127.0.0.2:1004");
	/* More than there is room for; its end is lost, which time mends. */
	s.app.beep = false;
	stage_keys(&s, "^U Paste");
	for (unsigned i = 0; i < 1000; i++)
		stage_type(&s, "80 ");
	assert_true(s.app.beep);
	assert_true(s.app.pasting);
	stage_begin(&s, 2000);
	stage_end(&s);
	assert_false(s.app.pasting);
	s.app.beep = false;
	stage_type(&s, "8");
	assert_true(s.app.beep);
	stage_keys(&s, "^U Esc q");
	assert_true(s.app.quit);
}

static void test_the_feed_is_asked_for_what_is_needed(void **state)
{
	(void)state;
	stage_screen(&s);
	stage_keys(&s, "Down");
	assert_int_equal(s.watch.want, 0);
	assert_int_equal(s.watch.id_count, 5);
	stage_keys(&s, "/");
	stage_type(&s, "rtt > 1ms");
	assert_int_equal(s.watch.want, WANT_INFO);
	stage_keys(&s, "Enter p");
	assert_true(s.watch.paused);
	expect_line(14, "paused");
	stage_keys(&s, "p +");
	assert_int_equal(s.watch.interval_ms, 2000);
	stage_keys(&s, "- -");
	assert_int_equal(s.watch.interval_ms, 500);
}

static void test_sorting(void **state)
{
	(void)state;
	stage_keys(&s, "F6 Down Enter");
	expect_line(3, " 20 ");
	expect_line(4, " 10 ");
	expect_line(2, "RECV-Q▼");
	stage_keys(&s, "I");
	expect_line(7, " 20 ");
	expect_line(2, "RECV-Q▲");
	stage_keys(&s, "<");
	expect_line(2, "STATE▲");
	/* On a heading the mouse sorts by it, and once more the other way round. */
	stage_click(&s, 2, 18);
	expect_line(3, " 20 ");
	stage_click(&s, 2, 18);
	expect_line(7, " 20 ");
}

static void test_search(void **state)
{
	(void)state;
	stage_keys(&s, "\\");
	stage_type(&s, "100");
	assert_int_equal(stage_chosen(&s), 2);
	stage_keys(&s, "Enter n");
	assert_int_equal(stage_chosen(&s), 3);
	stage_keys(&s, "n n");
	assert_int_equal(stage_chosen(&s), 2);
	stage_keys(&s, "N");
	assert_int_equal(stage_chosen(&s), 4);
	stage_keys(&s, "\\");
	stage_type(&s, "nowhere");
	stage_keys(&s, "Enter");
	expect_line(14, "no line has that text");
}

/* The row of the screen that is marked as found; 0 none. */
static unsigned marked_row(void)
{
	stage_screen(&s);
	for (unsigned row = 2; row < s.screen.rows - 2; row++) {
		if (s.screen.cells[row * s.screen.cols].look.bits & LOOK_REVERSE)
			return row;
	}
	return 0;
}

/* Pages of text are searched as lists are; what is found is brought into sight and marked. */
static void test_search_in_a_page(void **state)
{
	(void)state;
	stage_keys(&s, "?");
	expect_missing("suspend; fg");
	assert_int_equal(marked_row(), 0);
	stage_keys(&s, "\\");
	stage_type(&s, "SUSPEND");
	stage_keys(&s, "Enter");
	expect_line(marked_row(), "suspend; fg brings it back");
	stage_keys(&s, "n");
	expect_line(14, "no other line has that text");
	/* The sequences that colour a line are not in its text. */
	stage_keys(&s, "\\");
	stage_type(&s, "[1m");
	stage_keys(&s, "Enter");
	expect_line(14, "no line has that text");
	/* From what is in sight on. */
	stage_keys(&s, "g \\");
	stage_type(&s, "one line");
	stage_keys(&s, "Enter");
	expect_line(marked_row(), "one line up");
	stage_keys(&s, "n");
	expect_line(marked_row(), "one line down");
	stage_keys(&s, "N");
	expect_line(marked_row(), "one line up");
}

static void test_search_in_a_menu(void **state)
{
	(void)state;
	stage_keys(&s, "F6 \\");
	stage_type(&s, "peer");
	stage_keys(&s, "Enter Enter");
	expect_line(2, "PEER▲");
}

static void test_columns(void **state)
{
	(void)state;
	stage_keys(&s, "c Enter q");
	expect_missing("  STATE");
	expect_line(2, "RECV-Q");
	stage_keys(&s, "c Enter Down Enter q");
	expect_line(2, "  SEND-Q PEER");
	/* They are first in the menu, in their order, which keys change. */
	stage_keys(&s, "c");
	expect_line(2, "F7 and F8 move it");
	expect_line(3, " * sendq");
	expect_line(4, " * peer");
	stage_keys(&s, "Down F7 F7");
	expect_line(3, " * peer");
	stage_keys(&s, "F8 F8 q");
	expect_line(2, "  SEND-Q PROCESS");
	stage_keys(&s, "c End F7 Home Enter Enter Enter Enter q");
	expect_line(2, "  WHAT");
	/* What is taken in stands before WHAT, and the next of them is chosen. */
	stage_keys(&s, "c Down Enter Enter q");
	expect_line(2, "  STATE");
	expect_line(2, "RECV-Q WHAT");
	stage_keys(&s, "c Down Down Down Enter Enter q Right");
	expect_line(2, "  RECV-Q SEND-Q LOCAL");
	stage_keys(&s, "Left");
	expect_line(2, "  STATE");
	stage_keys(&s, "Right");
	expect_line(2, "  RECV-Q SEND-Q LOCAL");
}

static void test_groups_fold(void **state)
{
	(void)state;
	stage_keys(&s, "F5");
	stage_keys(&s, "Down Down Down Enter");
	expect_line(3, "▾ SPORT 80  4  LISTEN 1  ESTABLISHED 3");
	expect_line(8, "▾ SPORT 4000  1  CLOSE_WAIT 1");
	stage_keys(&s, "Home Enter");
	expect_line(3, "▸ SPORT 80  4");
	expect_line(4, "▾ SPORT 4000  1");
	stage_begin(&s, 1000);
	stage_put(&s, 9, STATE_ESTABLISHED, 80, 1009, 0);
	stage_end(&s);
	expect_line(3, "▸ SPORT 80  5");
	stage_keys(&s, "Space *");
	expect_line(4, "#");
	expect_line(14, "5 tagged");
	stage_keys(&s, "U");
	expect_missing("tagged");
}

/* One group for an address, whatever the ports. */
static void test_an_address_is_one_group(void **state)
{
	(void)state;
	stage_keys(&s, "F5");
	stage_keys(&s, "Down Down Enter");
	stage_keys(&s, "*");
	expect_line(3, "▸ RADDR 127.0.0.2  5  LISTEN 1  ESTABLISHED 3  CLOSE_WAIT 1");
}

static void test_errors_are_told(void **state)
{
	struct live_tick failed = {.error = -13, .complaint = "no \033[31mpermission"};

	(void)state;
	live_begin(&s.live, s.now + 1000);
	assert_int_equal(live_end(&s.live, &failed), 0);
	app_received(&s.app);
	expect_line(14, "no \\x1b[31mpermission");
}

/* A collector that is silent or gone is told, and the view goes on with what it has. */
static void test_hidden_owners_are_told(void **state)
{
	(void)state;
	s.live.hidden = 3;
	expect_line(14, "owners hidden: 3 (sudo shows them)");
	s.options.may_see = true;
	expect_line(14, "owners hidden: 3");
	expect_missing("sudo");
}

static void test_silence_is_told(void **state)
{
	(void)state;
	app_heard(&s.app, false);
	app_tick(&s.app, s.now + 5000);
	expect_missing("not refreshed");
	app_tick(&s.app, s.now + 8000);
	expect_line(14, "not refreshed for 8s: the collecting process is busy or stopped");
	stage_keys(&s, "p");
	app_tick(&s.app, s.now + 90000);
	expect_missing("not refreshed");
	app_heard(&s.app, true);
	expect_line(14, "not refreshed any more: the collecting process has ended");
	expect_line(7, "127.0.0.1:4000");
}

/* No two marks that may stand in one place are the same, in ASCII neither; the help tells each. */
static void test_marks_are_told_apart(void **state)
{
	(void)state;
	stage_resize(&s, 120, 100);
	stage_keys(&s, "?");
	for (enum mark m = 0; m < MARK_COUNT; m++) {
		const struct mark_row *row = &mark_rows[m];

		assert_non_null(strstr(stage_screen(&s), row->help));
		for (enum mark other = 0; other < m; other++) {
			if (mark_rows[other].group != row->group)
				continue;
			assert_string_not_equal(row->sign, mark_rows[other].sign);
			assert_string_not_equal(row->ascii, mark_rows[other].ascii);
		}
	}
}

/* The bar has the keys in one order everywhere, and keeps the most needed where it is narrow. */
static void test_the_bar(void **state)
{
	(void)state;
	expect_line(15, "F1Help EnterOpen \\Search /Filter F5Group F6Sort xClose F9Signal pPause "
			"F10Quit");
	stage_resize(&s, 16, 100);
	expect_line(15, "F1Help F2Columns EnterOpen \\Search");
	stage_keys(&s, "3");
	expect_line(15, "F1Help EnterOpen SpaceFold \\Search /Filter oSockets F9Signal pPause "
			"F10Quit");
	stage_keys(&s, "5");
	expect_line(15, "F1Help EnterOpen SpaceFold \\Search pPause F10Quit");
	stage_keys(&s, "1 Enter");
	expect_line(15, "F1Help \\Search xClose F9Signal pPause F10Quit");
	stage_keys(&s, "q");
	stage_resize(&s, 16, 40);
	expect_line(15, "F1Help EnterOpen \\Search /Filter F10Quit");
	/* A click is for what stands there now. */
	stage_click(&s, 15, 34);
	assert_true(s.app.quit);
}

static void test_help_and_leaving(void **state)
{
	(void)state;
	stage_keys(&s, "?");
	expect_line(2, "Keys");
	stage_keys(&s, "G");
	expect_line(13, "the chosen line");
	stage_keys(&s, "q");
	expect_line(2, "STATE");
	assert_false(s.app.quit);
	stage_keys(&s, "q");
	assert_true(s.app.quit);
}

/* Whatever comes, goes and changes places: the chosen one stays chosen, on its line. */
static void test_the_chosen_one_stays_chosen(void **state)
{
	enum { CHOSEN = 500, SOCKETS = 1000, REFRESHES = 1000 };
	unsigned random = 1, line;

	(void)state;
	stage_begin(&s, 1000);
	for (unsigned id = 10; id < SOCKETS; id++)
		stage_put(&s, id, STATE_ESTABLISHED, 80, (uint16_t)(2000 + id), id % 7);
	stage_end(&s);
	stage_keys(&s, "\\");
	stage_type(&s, "2500");
	stage_keys(&s, "Enter");
	assert_int_equal(stage_chosen(&s), CHOSEN);
	stage_keys(&s, "> >");
	for (unsigned i = 0; i < REFRESHES; i++) {
		stage_begin(&s, 100);
		for (unsigned k = 0; k < 20; k++) {
			uint64_t id = 10 + (random >> 8) % (SOCKETS * 2);

			random = random * 1103515245 + 12345;
			if (id != CHOSEN && random >> 16 & 1 && live_find(&s.live, id))
				live_gone(&s.live, id);
			else
				stage_put(&s, id, STATE_ESTABLISHED, 80, (uint16_t)(2000 + id),
					  random >> 20);
		}
		stage_end(&s);
		if (i % 100 == 50)
			stage_keys(&s, "I");
		if (i % 100 == 70)
			stage_keys(&s, i % 200 == 70 ? ">" : "<");
		stage_screen(&s);
		assert_int_equal(stage_chosen(&s), CHOSEN);
		line = 0;
		while (line < 16 && !strstr(stage_line(&s, line), "127.0.0.2:2500"))
			line++;
		assert_true(line < 14);
	}
}

/* The sockets are those, in that order, that sorting all of them anew gives. */
static void expect_sorted(const struct sockets *t)
{
	struct order anew = {.live = &s.live,
			     .filter = s.app.filter,
			     .sort = &t->keys,
			     .inverted = t->order.inverted};

	assert_int_equal(order_rebuild(&anew), 0);
	assert_int_equal(t->order.count, anew.count);
	for (size_t i = 0; i < anew.count; i++)
		assert_ptr_equal(t->order.sockets[i], anew.sockets[i]);
	order_free(&anew);
}

/* The order that is kept bit by bit is the one that sorting makes, whatever filters come and go. */
static void test_the_order_is_kept(void **state)
{
	static const char *const filters[] = {"recvq > 100", "recvq > 30", "", "recvq < 60", ""};
	const struct sockets *top = (const struct sockets *)app_top(&s.app);
	unsigned random = 7;

	(void)state;
	stage_keys(&s, "/");
	stage_type(&s, "recvq > 100");
	stage_keys(&s, "Enter >");
	for (unsigned i = 0; i < 600; i++) {
		stage_begin(&s, 500);
		for (unsigned k = 0; k < 30; k++) {
			uint64_t id = 10 + (random >> 8) % 200;

			random = random * 1103515245 + 12345;
			if (random >> 16 & 1)
				live_gone(&s.live, id);
			else
				stage_put(&s, id, STATE_ESTABLISHED, 80, (uint16_t)id,
					  random >> 24);
		}
		stage_end(&s);
		expect_sorted(top);
		if (i % 10 == 5)
			stage_keys(&s, "I");
		if (i % 100 == 99)
			stage_keys(&s, ">");
		if (i % 3 == 1)
			assert_true(app_set_filter(&s.app, filters[i / 3 % 5]));
		expect_sorted(top);
	}
}

/* A process by its index. */
static void tell_process(uint32_t index, const char *comm)
{
	struct process p = {.pid = (int32_t)index + 10};

	snprintf(p.comm, sizeof(p.comm), "%s", comm);
	assert_int_equal(live_process(&s.live, index, &p), 0);
}

/* A socket that `count` processes from `first` on hold. */
static void put_held(uint64_t id, uint8_t state, uint32_t first, uint32_t count)
{
	struct socket sk = {.family = AF_INET,
			    .kernel_state = state,
			    .local.port = (uint16_t)id,
			    .cookie = id,
			    .inode = (uint32_t)id + 100,
			    .have = HAVE_COOKIE | HAVE_QUEUES,
			    .owners = OWNER_NONE};
	struct owner holders[4];

	for (uint32_t i = 0; i < count; i++)
		holders[i] = (struct owner){.process = first + i, .fd = 3};
	assert_int_equal(live_holders(&s.live, sk.inode, holders, count), 0);
	assert_int_equal(live_put(&s.live, id, &sk), 0);
}

/* Sorted by and filtered for what it is now, though its sockets are the same. */
static void test_a_process_becomes_another_program(void **state)
{
	struct sockets *t = (struct sockets *)s.app.panes[PANE_SOCKETS];

	(void)state;
	stage_begin(&s, 1000);
	tell_process(0, "sh");
	tell_process(1, "sshd");
	put_held(20, STATE_ESTABLISHED, 0, 1);
	put_held(21, STATE_ESTABLISHED, 1, 1);
	stage_end(&s);
	sockets_sort(t, field_find("process", 7));
	expect_line(3, "sh[10]");
	expect_line(4, "sshd[11]");
	stage_begin(&s, 1000);
	tell_process(0, "wget");
	stage_end(&s);
	expect_line(3, "sshd[11]");
	expect_line(4, "wget[10]");
	expect_sorted(t);
	assert_true(app_set_filter(&s.app, "comm=curl"));
	expect_line(4, "no socket matches");
	stage_begin(&s, 1000);
	tell_process(0, "curl");
	stage_end(&s);
	expect_line(3, "curl[10]");
}

/* Others hold the listener too, which comes first of the group: it is the same group, and its own. */
static void test_a_group_of_a_process_stays_folded(void **state)
{
	(void)state;
	stage_begin(&s, 1000);
	for (uint32_t i = 0; i < 3; i++)
		tell_process(i, "nginx");
	put_held(20, STATE_ESTABLISHED, 0, 1);
	put_held(21, STATE_ESTABLISHED, 0, 1);
	stage_end(&s);
	stage_keys(&s, "F5 Down Enter Home Enter");
	expect_line(3, "▸ nginx[10]");
	stage_begin(&s, 1000);
	put_held(22, STATE_LISTEN, 0, 3);
	stage_end(&s);
	expect_line(3, "▸ nginx[10]  3 ");
	expect_line(4, "▾");
}

static void test_every_size(void **state)
{
	static const char *const pages[] = {"Esc", "?", "Esc F6", "Esc c", "Esc /", "Esc F5 Enter"};

	(void)state;
	for (unsigned page = 0; page < sizeof(pages) / sizeof(*pages); page++) {
		stage_keys(&s, pages[page]);
		for (unsigned rows = 0; rows < 30; rows++) {
			for (unsigned cols = 0; cols < 90; cols += 1 + cols / 10) {
				stage_resize(&s, rows, cols);
				stage_screen(&s);
				assert_true(!s.screen.cursor || (s.screen.cursor_row < rows &&
								 s.screen.cursor_col < cols));
			}
		}
	}
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_a_screen),
		TEST(test_marks_tell_what_happened),
		TEST(test_moving),
		TEST(test_the_filter_is_applied_as_one_types),
		TEST(test_pasting),
		TEST(test_the_feed_is_asked_for_what_is_needed),
		TEST(test_sorting),
		TEST(test_search),
		TEST(test_search_in_a_page),
		TEST(test_search_in_a_menu),
		TEST(test_columns),
		TEST(test_groups_fold),
		TEST(test_an_address_is_one_group),
		TEST(test_errors_are_told),
		TEST(test_hidden_owners_are_told),
		TEST(test_silence_is_told),
		TEST(test_marks_are_told_apart),
		TEST(test_the_bar),
		TEST(test_help_and_leaving),
		TEST(test_the_chosen_one_stays_chosen),
		TEST(test_the_order_is_kept),
		TEST(test_a_process_becomes_another_program),
		TEST(test_a_group_of_a_process_stays_folded),
		TEST(test_every_size),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	text_set_utf8(true);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>

#include "render/grid.h"
#include "util/text.h"

static const struct grid_column columns[] = {
	{"N", true, 0},
	{"NAME", false, 4},
	{"NOTE", false, 6},
};

static const struct grid_layout cut = {.columns = columns, .count = 3, .gap = 1, .header = true};
static const struct grid_layout wrapped = {.columns = columns,
					   .count = 3,
					   .indent = 2,
					   .gap = 2,
					   .hang = 1,
					   .blank = true,
					   .wrap = true};

static void add_row(struct grid *g, const char *n, const char *name, const char *note)
{
	const char *cells[] = {n, name, note};

	for (int i = 0; i < 3; i++) {
		out_str(&g->text, cells[i]);
		grid_cell(g, i ? PAINT_NONE : PAINT_BOLD);
	}
}

/* Writes the grid and compares. */
static void expect(struct grid *g, const struct style *style, const char *text)
{
	struct out o = OUT_MEMORY;

	assert_int_equal(grid_put(g, &o, style), 0);
	assert_string_equal(out_text(&o), text);
	out_free(&o);
}

static void test_exact_widths(void **state)
{
	struct style piped = {.header = true, .width = 10};
	struct grid g = GRID(&cut);

	(void)state;
	add_row(&g, "1", "a", "as long as it likes to be");
	add_row(&g, "1000", "bbbbbb", "");
	expect(&g, &piped,
	       "   N NAME   NOTE\n"
	       "   1 a      as long as it likes to be\n"
	       "1000 bbbbbb -\n");
	/* Written grids are empty, and may be filled again. */
	expect(&g, &piped, "N NAME NOTE\n");
	grid_free(&g);
}

static void test_wide_characters(void **state)
{
	struct style piped = {.width = 80};
	struct grid g = GRID(&cut);

	(void)state;
	add_row(&g, "1", "网页", "x");
	add_row(&g, "2", "é", "y");
	expect(&g, &piped, "1 网页 x\n2 é    y\n");
	grid_free(&g);
}

static void test_terminal_cuts_from_the_right(void **state)
{
	struct style terminal = {.terminal = true, .header = true, .width = 18};
	struct grid g = GRID(&cut);

	(void)state;
	add_row(&g, "1", "abcdefgh", "abcdefghij");
	expect(&g, &terminal,
	       "N NAME     NOTE\n"
	       "1 abcdefgh abcdef…\n");
	terminal.width = 15;
	add_row(&g, "1", "abcdefgh", "abcdefghij");
	expect(&g, &terminal,
	       "N NAME   NOTE\n"
	       "1 abcde… abcde…\n");
	/* Never below the least. */
	terminal.width = 1;
	add_row(&g, "1", "abcdefgh", "abcdefghij");
	expect(&g, &terminal,
	       "N NAME NOTE\n"
	       "1 abc… abcde…\n");
	text_set_utf8(false);
	add_row(&g, "1", "abcdefgh", "abcdefghij");
	expect(&g, &terminal,
	       "N NAME NOTE\n"
	       "1 a... abc...\n");
	text_set_utf8(true);
	grid_free(&g);
}

static void test_terminal_wraps(void **state)
{
	struct style style = {.terminal = true, .width = 32};
	struct grid g = GRID(&wrapped);

	(void)state;
	add_row(&g, "1", "name", "one\001two  three four  five\001six seven");
	add_row(&g, "", "more", "");
	expect(&g, &style,
	       "  1  name  one two  three four\n"
	       "            five six seven\n"
	       "     more\n");
	style.terminal = false;
	add_row(&g, "1", "a\001b", "one\001two  three four  five\001six seven");
	expect(&g, &style, "  1  a b  one two  three four  five six seven\n");
	grid_free(&g);
}

static void test_terminal_wraps_wide_characters(void **state)
{
	struct style style = {.terminal = true, .width = 32};
	struct grid g = GRID(&wrapped);

	(void)state;
	add_row(&g, "1", "监听", "对端已关闭，本程序尚未调用 close()，再等。");
	add_row(&g, "22", "a", "b");
	expect(&g, &style,
	       "   1  监听  对端已关闭，本程序尚\n"
	       "             未调用 close()，再\n"
	       "             等。\n"
	       "  22  a     b\n");
	grid_free(&g);
}

static void test_long_word_is_broken(void **state)
{
	struct style style = {.terminal = true, .width = 1};
	struct grid g = GRID(&wrapped);

	(void)state;
	add_row(&g, "", "", "abcdefghijklmnopqrstuvwxyz");
	expect(&g, &style, "      abcdefghijklmnopqrst\n       uvwxyz\n");
	grid_free(&g);
}

static void test_paint(void **state)
{
	struct style style = {.color = true, .terminal = true, .header = true, .width = 80};
	struct grid g = GRID(&cut);

	(void)state;
	add_row(&g, "1", "a", "b");
	expect(&g, &style, "\033[1mN NAME NOTE\033[0m\n\033[1m1\033[0m a    b\n");
	grid_free(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exact_widths),
		cmocka_unit_test(test_wide_characters),
		cmocka_unit_test(test_terminal_cuts_from_the_right),
		cmocka_unit_test(test_terminal_wraps),
		cmocka_unit_test(test_terminal_wraps_wide_characters),
		cmocka_unit_test(test_long_word_is_broken),
		cmocka_unit_test(test_paint),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	text_set_utf8(true);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

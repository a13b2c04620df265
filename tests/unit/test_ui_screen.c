// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>

#include "ui/action.h"
#include "ui/entry.h"
#include "ui/list.h"
#include "ui/screen.h"
#include "util/text.h"

static struct screen screen;

static int set_up(void **state)
{
	(void)state;
	return screen_resize(&screen, 3, 10);
}

static int tear_down(void **state)
{
	(void)state;
	screen_free(&screen);
	return 0;
}

static void expect(unsigned row, const char *text)
{
	struct out o = OUT_MEMORY;

	screen_text(&screen, row, &o);
	assert_string_equal(out_text(&o), text);
	out_free(&o);
}

static void put(const struct box *b, unsigned row, unsigned col, unsigned cols, const char *text)
{
	screen_put(&screen, b, row, col, cols, (struct look){0}, text, strlen(text));
}

static void test_clipping(void **state)
{
	struct box all = screen_box(&screen), part = {1, 2, 1, 5};

	(void)state;
	put(&all, 0, 0, 10, "0123456789");
	expect(0, "0123456789");
	put(&all, 0, 0, 10, "0123456789a");
	expect(0, "012345678…");
	put(&part, 0, 0, 99, "abcdef");
	expect(1, "  abcd…");
	put(&part, 1, 0, 5, "below the box");
	put(&part, 0, 5, 5, "right of it");
	put(&all, 3, 0, 5, "below the screen");
	expect(1, "  abcd…");
	expect(2, "");
}

static void test_wide_characters(void **state)
{
	struct box all = screen_box(&screen);

	(void)state;
	put(&all, 0, 0, 10, "网页服务器");
	expect(0, "网页服务器");
	assert_int_equal(screen.cells[0].width, 2);
	assert_int_equal(screen.cells[1].width, 0);
	/* Half of one goes: so does the other half. */
	put(&all, 0, 1, 1, "x");
	expect(0, " x页服务器");
	put(&all, 0, 4, 1, "y");
	expect(0, " x页y 务器");
	/* None is cut in the middle. */
	put(&all, 1, 0, 4, "网页服");
	expect(1, "网…");
	put(&all, 2, 0, 10, "e\xcc\x81t\xcc\x81\xcc\x81\xcc\x81");
	expect(2, "e\xcc\x81t\xcc\x81\xcc\x81");
}

static void test_control_characters_never_stand_there(void **state)
{
	struct box all = screen_box(&screen);

	(void)state;
	put(&all, 0, 0, 10, "a\033[1mb\n");
	expect(0, "a?[1mb?");
	/* Of one byte in other character sets, and those that turn the direction of text. */
	put(&all, 1, 0, 10,
	    "\xc2\x9b"
	    "31m");
	expect(1, "?31m");
	put(&all, 2, 0, 10,
	    "a\xe2\x80\xae"
	    "b\xc2\xad"
	    "c");
	expect(2, "ab?c");
}

static void test_lines_with_paint(void **state)
{
	static const char text[] = "one\n\033[31mtwo\033[0m!\nthree\nfour\n";
	struct box all = screen_box(&screen);

	(void)state;
	assert_int_equal(screen_lines(&screen, &all, 1, text, strlen(text)), 4);
	expect(0, "two!");
	expect(2, "four");
	assert_int_equal(screen.cells[0].look.paint, PAINT_BAD);
	assert_int_equal(screen.cells[3].look.paint, PAINT_NONE);
}

static void type(struct entry *e, const char *text)
{
	while (*text)
		assert_true(entry_key(e, (unsigned char)*text++));
}

static void test_an_entry_is_edited(void **state)
{
	struct entry e = {0};

	(void)state;
	type(&e, "one two");
	entry_key(&e, PRESS_CTRL('W'));
	assert_string_equal(e.text, "one ");
	entry_key(&e, 0x7f51);
	entry_key(&e, PRESS_HOME);
	entry_key(&e, PRESS_DELETE);
	assert_string_equal(e.text, "ne 网");
	entry_key(&e, PRESS_END);
	entry_key(&e, PRESS_BACKSPACE);
	assert_string_equal(e.text, "ne ");
	assert_false(entry_key(&e, PRESS_F1));
	assert_false(entry_key(&e, 1u << 31));
	for (int i = 0; i < 2 * ENTRY_BYTES; i++)
		entry_key(&e, 0x7f51);
	assert_true(e.len < ENTRY_BYTES && text_is_utf8(e.text, e.len));
	/* The end of a long one is seen, and the cursor behind it. */
	screen_clear(&screen);
	entry_draw(&e, &screen, &(struct box){0, 0, 1, 10}, 0, "F:", e.len, e.len);
	assert_true(screen.cursor && screen.cursor_col < 10);
}

static uint64_t ids[100];

static struct list_id id_at(const void *owner, size_t at)
{
	(void)owner;
	return (struct list_id){.number = ids[at]};
}

static void test_the_chosen_line_is_followed(void **state)
{
	struct list l = {0};

	(void)state;
	for (unsigned i = 0; i < 100; i++)
		ids[i] = i;
	list_fit(&l, 10);
	list_changed(&l, 100, id_at, NULL);
	list_choose(&l, 50, id_at, NULL);
	assert_int_equal(l.top, 41);
	/* All before it go but seven: it stays on its line as long as there is room above. */
	for (unsigned i = 0; i < 60; i++)
		ids[i] = 43 + i;
	list_changed(&l, 60, id_at, NULL);
	assert_int_equal(l.at, 7);
	assert_int_equal(l.top, 0);
	/* It is gone: its place is taken. */
	ids[7] = 999;
	list_changed(&l, 60, id_at, NULL);
	assert_int_equal(l.at, 7);
	assert_int_equal(l.chosen.number, 999);
	list_changed(&l, 3, id_at, NULL);
	assert_int_equal(l.at, 2);
	list_changed(&l, 0, id_at, NULL);
	list_move(&l, 5, id_at, NULL);
	assert_int_equal(l.at, 0);
	list_changed(&l, 60, id_at, NULL);
	list_act(&l, ACTION_LAST, id_at, NULL);
	assert_int_equal(l.at, 59);
	assert_int_equal(l.top, 50);
	list_act(&l, ACTION_PAGE_UP, id_at, NULL);
	assert_int_equal(l.at, 50);
}

/* Two actions of one place would be told apart by their order alone. */
static void test_no_key_means_two_things(void **state)
{
	(void)state;
	for (enum action a = 0; a < ACTION_COUNT; a++) {
		const struct action_row *row = &action_rows[a];

		for (const char *keys = row->keys; *keys;) {
			size_t n = strcspn(keys, " ");
			uint32_t code = key_named(keys, n);

			assert_true(code != 0);
			for (unsigned bit = 0; bit < 32; bit++) {
				if (!(row->where >> bit & 1))
					continue;
				assert_int_equal(action_of(code, 1u << bit), a);
			}
			keys += n + strspn(keys + n, " ");
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_clipping, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_wide_characters, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_control_characters_never_stand_there, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_lines_with_paint, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_an_entry_is_edited, set_up, tear_down),
		cmocka_unit_test(test_the_chosen_line_is_followed),
		cmocka_unit_test(test_no_key_means_two_things),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	text_set_utf8(true);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

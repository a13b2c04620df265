// SPDX-License-Identifier: GPL-2.0-or-later
/* Messages with values, and where text of any language is broken into lines. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>

#include "render/message.h"
#include "render/page.h"
#include "util/text.h"

static void expect_message(const char *message, const char *text)
{
	const struct message_value values[] = {
		{.name = "count", .number = 3},
		{.name = "zero", .number = 0},
		{.name = "name", .text = "nginx[7]"},
		{.name = "gone", .text = "x", .absent = true},
		{.name = "lost", .number = 9, .absent = true},
	};
	struct out o = OUT_MEMORY;

	out_str(&o, "before ");
	message_fill(&o, message, values, sizeof(values) / sizeof(values[0]));
	assert_memory_equal(out_text(&o), "before ", 7);
	assert_string_equal(out_text(&o) + 7, text);
	out_free(&o);
}

static void test_values(void **state)
{
	(void)state;
	expect_message("", "");
	expect_message("no names", "no names");
	expect_message("{name} holds {count} of {zero}", "nginx[7] holds 3 of 0");
	expect_message("{count}{name}{count}", "3nginx[7]3");
	expect_message("{gone}, {lost}, {unheard}, {}", "?, ?, ?, ?");
	expect_message("{count", "3");
	expect_message("{names}{nam}", "??");
}

static void test_brackets(void **state)
{
	(void)state;
	expect_message("{count}[, {name}][, {gone}][, {zero}]", "3, nginx[7], 0");
	expect_message("[{gone}]", "");
	expect_message("[{name} and {gone}] {count}", " 3");
	expect_message("[plain]", "plain");
	expect_message("{gone}[, {name}]", "?, nginx[7]");
	/* A translation may be wrong: nothing before the message is touched. */
	expect_message("{gone}]", "?");
	expect_message("]]{gone}]{name", "?nginx[7]");
	expect_message("{count} [{gone}", "3 ?");
}

/* The pieces of a text, with a stroke between. */
static void expect_pieces(const char *text, const char *pieces)
{
	struct out o = OUT_MEMORY;
	size_t n = strlen(text);

	while (n) {
		size_t piece = text_unbroken(text, n);

		if (o.len)
			out_char(&o, '|');
		out_put(&o, text, piece ? piece : 1);
		text += piece ? piece : 1;
		n -= piece ? piece : 1;
	}
	assert_string_equal(out_text(&o), pieces);
	out_free(&o);
}

static void test_pieces(void **state)
{
	(void)state;
	assert_int_equal(text_unbroken("", 0), 0);
	assert_int_equal(text_unbroken(" a", 2), 0);
	expect_pieces("one two", "one| |two");
	expect_pieces("a-b/c,d.e(f)", "a-b/c,d.e(f)");
	expect_pieces("对端关闭", "对|端|关|闭");
	expect_pieces("调用close()后", "调|用|close()|后");
	expect_pieces("已关闭，仍在等。", "已|关|闭，|仍|在|等。");
	expect_pieces("窗口（0）为零", "窗|口|（0）|为|零");
	expect_pieces("《TCP》、「状态」：", "《TCP》、|「状|态」：");
	expect_pieces("好！？）》」』】；", "好！？）》」』】；");
	expect_pieces("状态(全部)", "状|态|(全|部)");
	expect_pieces("60秒", "60|秒");
	expect_pieces("カーネル", "カー|ネ|ル");
	/* A combining mark stays where it belongs. */
	expect_pieces("中\xcc\x81国", "中\xcc\x81|国");
	/* What is no UTF-8 is a narrow character. */
	expect_pieces("a\xff\xfe", "a\xff\xfe");
	expect_pieces("中\xe4\xb8", "中|\xe4\xb8");
}

static void expect_page(unsigned width, const char *label, const char *text, const char *page)
{
	const struct style style = {.width = width};
	struct out o = OUT_MEMORY;

	page_text(&o, &style, label, text);
	assert_string_equal(out_text(&o), page);
	out_free(&o);
}

static void test_page(void **state)
{
	(void)state;
	expect_page(29, "means", "one two three four five six",
		    " means  one two three four\n"
		    "        five six\n");
	/* Twenty columns of text: ten wide characters, and the mark that may not begin a line. */
	expect_page(29, "含义", "对端已经关闭本程序尚未关闭",
		    " 含义   对端已经关闭本程序尚\n"
		    "        未关闭\n");
	expect_page(29, "", "对端已经关闭，本程序，尚未关闭",
		    "        对端已经关闭，本程\n"
		    "        序，尚未关闭\n");
	expect_page(29, "", "调用 close() 之后（见上文）再看",
		    "        调用 close() 之后\n"
		    "        （见上文）再看\n");
	/* A label too wide for its place. */
	expect_page(29, "far too wide", "text", " far too wide text\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_brackets),
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_page),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	text_set_utf8(true);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

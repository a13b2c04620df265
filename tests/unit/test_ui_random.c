// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Random keys, sizes and news for the interactive program, the same at every run; "test_ui_random
 * SEED STEPS" tries others. Whatever comes, what stands on the screen is sound.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>
#include <stdlib.h>

#include "../ui/stage.h"
#include "util/text.h"

enum { SEEDS = 12, STEPS = 1500, IDS = 300, SIZE_MOST = 60 };

static uint64_t seed;
static unsigned steps = STEPS;

static unsigned draw_lot(unsigned below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(seed >> 33) % below;
}

static void random_news(struct stage *s)
{
	static const uint8_t states[] = {STATE_LISTEN,
					 STATE_ESTABLISHED,
					 STATE_TIME_WAIT,
					 STATE_CLOSE_WAIT,
					 STATE_SYN_SENT,
					 14,
					 0,
					 255};
	unsigned count = draw_lot(40);

	stage_begin(s, draw_lot(1500));
	while (count--) {
		uint64_t id = 1 + draw_lot(IDS);

		if (draw_lot(2))
			live_gone(&s->live, id);
		else
			stage_put(s, id, states[draw_lot(sizeof(states))], (uint16_t)draw_lot(20),
				  (uint16_t)draw_lot(20), draw_lot(1000));
	}
	stage_end(s);
}

static void random_key(struct stage *s)
{
	static const char *const words[] = {"state ", "recvq",     " > ",        "and", "not ", "(",
					    "100",    "127.0.0.1", "close-wait", ")",   "pid"};
	struct key key = {.row = draw_lot(SIZE_MOST), .col = draw_lot(SIZE_MOST)};

	switch (draw_lot(6)) {
	case 0: stage_type(s, words[draw_lot(sizeof(words) / sizeof(*words))]); return;
	case 1:
	case 2: key.code = 32 + draw_lot(95); break;
	case 3: key.code = draw_lot(32); break;
	case 4: key.code = PRESS_NAMED + draw_lot(PRESS_END_OF_NAMES - PRESS_NAMED); break;
	default: key.code = draw_lot(3) ? PRESS_ENTER : draw_lot(0x120000); break;
	}
	app_key(&s->app, &key);
	app_tick(&s->app, s->now += draw_lot(100));
	app_watch(&s->app);
}

/* Every cell is a character, or the right half of the one before it. */
static void check_screen(struct stage *s)
{
	const struct screen *screen = &s->screen;
	const char *text = stage_screen(s);

	assert_true(text_is_utf8(text, strlen(text)));
	for (unsigned i = 0; i < screen->rows * screen->cols; i++) {
		const struct screen_cell *c = &screen->cells[i];

		assert_true(c->width == 1 || c->width == 2 ||
			    (!c->width && i % screen->cols && c[-1].width == 2));
		assert_true(c->width != 2 || (i + 1) % screen->cols);
		assert_true(!c->width || (c->cp >= 0x20 && c->cp != 0x7f));
	}
	assert_true(!screen->cursor ||
		    (screen->cursor_row < screen->rows && screen->cursor_col < screen->cols));
}

static void run_one(void)
{
	struct stage s;

	stage_open(&s, 24, 80, draw_lot(2) ? "" : "recvq > 5");
	s.live.snapshot.host = strdup("h\033st");
	for (unsigned i = 0; i < steps; i++) {
		unsigned what = draw_lot(20);

		if (what == 0)
			stage_resize(&s, draw_lot(SIZE_MOST), draw_lot(SIZE_MOST * 2));
		else if (what < 5)
			random_news(&s);
		else
			random_key(&s);
		check_screen(&s);
		s.app.quit = false;
	}
	stage_close(&s);
}

static void test_random(void **state)
{
	(void)state;
	for (unsigned i = 1; i <= SEEDS; i++) {
		seed = i;
		run_one();
	}
}

static void test_given(void **state)
{
	(void)state;
	run_one();
}

int main(int argc, char **argv)
{
	const struct CMUnitTest all[] = {cmocka_unit_test(test_random)};
	const struct CMUnitTest one[] = {cmocka_unit_test(test_given)};

	setlocale(LC_CTYPE, "C.UTF-8");
	text_set_utf8(true);
	if (argc < 3)
		return cmocka_run_group_tests(all, NULL, NULL);
	seed = strtoull(argv[1], NULL, 10);
	steps = (unsigned)strtoul(argv[2], NULL, 10);
	return cmocka_run_group_tests(one, NULL, NULL);
}

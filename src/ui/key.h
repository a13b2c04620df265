// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UI_KEY_H
#define UI_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What was pressed: a code point (control characters are Ctrl and a letter), or one of these. What
 * comes between PASTE and PASTE_END was not typed.
 */
enum key_code {
	PRESS_TAB = 9,
	PRESS_ENTER = 13,
	PRESS_ESCAPE = 27,
	PRESS_SPACE = 32,
	PRESS_BACKSPACE = 127,
	PRESS_NAMED = 0x110000,
#define NAMED(name, ...) PRESS_##name,
#include "ui/keys.def"
#undef NAMED
	PRESS_END_OF_NAMES,
};

/* Ctrl and a capital letter. */
#define PRESS_CTRL(letter) ((letter)&0x1f)

struct key {
	uint32_t code;
	unsigned row, col; /* of CLICK and the wheel */
};

/* "PgUp", "^F", "Space", "k": the key that `n` bytes name; 0 for what names none. */
uint32_t key_named(const char *name, size_t n);

/* Whether a list of names, separated by spaces, holds the key. */
bool key_in(const char *names, uint32_t code);

#endif

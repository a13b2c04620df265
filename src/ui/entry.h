// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UI_ENTRY_H
#define UI_ENTRY_H

#include "ui/key.h"
#include "ui/screen.h"

enum { ENTRY_BYTES = 512 };

/* A line that is being typed: UTF-8, always ended by a NUL. */
struct entry {
	char text[ENTRY_BYTES];
	size_t len, at; /* bytes; where the next goes in */
};

/* Puts a text in, cut at a character where it is too long; the next goes in behind it. */
void entry_set(struct entry *l, const char *text);

/* Types a character or edits; false for a key that does neither. */
bool entry_key(struct entry *l, uint32_t code);

/*
 * Puts it behind a label on a row of the box, as much of it around the cursor as has room, and
 * places the screen's cursor. Bytes from `bad` to `bad_end` are painted so. Returns the column of
 * `bad`.
 */
unsigned entry_draw(const struct entry *l, struct screen *s, const struct box *b, unsigned row,
		    const char *label, size_t bad, size_t bad_end);

#endif

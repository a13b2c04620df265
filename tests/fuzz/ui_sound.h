// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef TESTS_FUZZ_UI_SOUND_H
#define TESTS_FUZZ_UI_SOUND_H

#include "ui/app.h"
#include "ui/list.h"

/* Each ends the program where what it is about does not hold. */

/*
 * Every cell is a character that draws something, as wide as a terminal takes it to be, or the right
 * half of the one before it: so a row is as wide as the screen. With `ascii` none is beyond ASCII.
 */
void sound_screen(const struct screen *s, bool ascii);

/* The two look alike. */
void sound_same(const struct screen *shown, const struct screen *again);

/* The line being typed, the note, what is chosen, and what the feed was told to watch. */
void sound_app(const struct app *a, const struct watch *told);

/* Text as it may go to a terminal or a file: UTF-8 without any control character but line feeds. */
void sound_text(const char *text, size_t n);

/*
 * What came was taken in: the table of sockets is the one that would be made anew, and each of its
 * lines stands for what it says.
 */
void sound_table(const struct app *a);

/* What was chosen in the table of sockets before something came. */
struct before {
	bool open, followed;
	struct list_id id;
};

struct before sound_before(const struct app *a);

/* It is chosen still, if it is there. */
void sound_chosen(const struct app *a, const struct before *before);

#endif

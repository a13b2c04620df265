// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UI_FIND_H
#define UI_FIND_H

#include "ui/app.h"

/* Asks for a filter, which is applied as it is typed; Esc brings the one before back. */
void find_filter(struct app *a);

/* Asks for a text to be looked for in the lines of the uppermost pane. */
void find_text(struct app *a);

/* The next line that has it, or the one before. */
void find_again(struct app *a, bool forward);

/* Whether a text has the other in it, whatever the case of ASCII letters. */
bool find_in(const char *text, const char *sought);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UI_TERMINAL_H
#define UI_TERMINAL_H

#include "ui/key.h"
#include "ui/screen.h"

/*
 * The terminal, by way of curses; there is one. While it is open, signals that end the program give
 * it back first, as it was.
 */

/*
 * Takes the terminal over. Returns 0 or a negative errno: -ENOTTY, -ENXIO where TERM is not known,
 * -EOPNOTSUPP where it cannot place a cursor, or -ENOMEM.
 */
int terminal_open(int in, int out, bool color);
void terminal_close(void);

/* Its size now. */
void terminal_size(unsigned *rows, unsigned *cols);

/* The next key pressed; false where there is none yet. Does not wait. */
bool terminal_key(struct key *key);

/* Shows what has changed since the last time; `anew`: all of it. -ENOMEM. */
int terminal_show(const struct screen *s, bool anew);

/* Says that a key was in vain. */
void terminal_beep(void);

/* Gives the terminal back until the program is continued. */
void terminal_suspend(void);

/* Readable when a signal came; terminal_signal() then tells which, 0 none. */
int terminal_signal_fd(void);
int terminal_signal(void);

#endif

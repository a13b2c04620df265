// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UI_SIGNALLING_H
#define UI_SIGNALLING_H

#include "ui/app.h"

/*
 * Opens the page that offers signals for the processes which hold the tagged sockets, or else the
 * chosen one; shows what would be signalled, and asks; then what came of it.
 */
void signalling_open(struct app *a);

/* The same for one process, by its index in the owner table. */
void signalling_open_process(struct app *a, uint32_t process);

#endif

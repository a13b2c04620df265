// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UI_CLOSING_H
#define UI_CLOSING_H

#include "ui/app.h"

/*
 * Opens the page that shows what closing the tagged sockets, or else the chosen one, by force would
 * do, and asks; then what became of each.
 */
void closing_open(struct app *a);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UI_STATE_PAGE_H
#define UI_STATE_PAGE_H

#include "ui/app.h"

/* Lays the page of a state over the view: what it is, and how this host stands. */
void state_page_open(struct app *a, unsigned state);

#endif

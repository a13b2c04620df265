// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UI_HELP_H
#define UI_HELP_H

#include "ui/pane.h"

/* The page of help: all keys, from the one table. */
extern const struct pane_ops help_pane;

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UI_WRITTEN_H
#define UI_WRITTEN_H

#include "ui/list.h"
#include "ui/pane.h"

enum { WRITTEN_COLS = 200 };

/*
 * Appends what a view draws where there is room for all lines of its list, without paint. Returns
 * 0; -ENOMEM; -EFBIG where there are more lines than a screen can be made for.
 */
int written_put(struct pane *p, struct list *l, struct out *o);

#endif

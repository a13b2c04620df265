// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UI_SOCKETS_H
#define UI_SOCKETS_H

#include "ui/app.h"
#include "ui/cells.h"
#include "ui/columns_fit.h"
#include "ui/groups.h"
#include "ui/list.h"
#include "ui/order.h"

/*
 * The table of sockets. sockets.c is the pane, sockets_draw.c writes it on the screen,
 * sockets_menu.c lets one choose columns, sort key and grouping.
 */
struct sockets {
	struct pane pane;
	struct columns columns, sort;
	struct columns keys; /* what is really sorted by: the group first */
	struct order order;
	struct groups groups;
	struct list list;
	struct columns_fit fit;
	struct cells cells;
	size_t first;  /* column at the left */
	size_t tagged; /* sockets */
	bool failed;   /* the order is to be made anew */
};

enum { SOCKETS_MARKS = 2 }; /* screen columns before the first: what happened, and the tag */

/* Columns, sort key, grouping or filter are others. */
void sockets_rebuild(struct sockets *t);

/* Sorts by a field, and by the same once more the other way round. */
void sockets_sort(struct sockets *t, const struct field *f);

/* Whether the table is sorted by this column before all others. */
bool sockets_sorted_by(const struct sockets *t, size_t column);

void sockets_draw(struct pane *p, struct screen *s, const struct box *b);

extern const struct pane_ops sort_menu, columns_menu, group_menu;

#endif

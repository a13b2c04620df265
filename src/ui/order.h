// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UI_ORDER_H
#define UI_ORDER_H

#include "filter/expr.h"
#include "model/live.h"
#include "render/columns.h"

struct order_list {
	struct live_socket **sockets;
	size_t count, cap;
};

/*
 * The sockets of a live view that match, in order. It is changed by what is news alone: a refresh of
 * 100,000 sockets of which 1,000 changed compares those few.
 */
struct order {
	const struct live *live;
	const struct expr *filter;  /* NULL lets all through */
	const struct columns *sort; /* count 0: as row_compare() */
	bool inverted;              /* the whole of it upside down */
	uint32_t needs;             /* WANT_* of filter and sort; set by order_rebuild() */

	struct live_socket **sockets;
	size_t count, cap;
	bool complete;           /* no filter leaves any out of them */
	bool parted;             /* `whole` is kept beside them */
	struct order_list whole; /* all sockets in order, so that another filter sorts nothing */

	struct live_socket **moved; /* to be put in anew; room for `moved_cap` */
	size_t moved_count, moved_cap;
	struct live_socket **set; /* the same by address, `set_mask` + 1 places */
	size_t set_mask;
};

/* Everything anew: filter or sort are others. -ENOMEM leaves it empty. */
int order_rebuild(struct order *o);

/*
 * Another filter, with the same sort; the one before may be freed already. Sorts nothing where all
 * sockets are known in order. -ENOMEM leaves it empty.
 */
int order_refilter(struct order *o, const struct expr *filter);

/* Turns it upside down: what `inverted` says must be of all keys. */
void order_invert(struct order *o);

/* Takes in live->news: before live_settle(), which frees what is over. -ENOMEM leaves it empty. */
int order_update(struct order *o);

/*
 * Brings the verdict of a socket up to date, before anything of it is shown or compared: it names
 * the listener in whose queue the socket waits, which may be another by now, or none. Returns
 * whether it is another verdict.
 */
bool order_judge(struct live_socket *s);

void order_free(struct order *o);

#endif

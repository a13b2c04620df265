// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UI_ORDER_SORT_H
#define UI_ORDER_SORT_H

#include "model/live.h"
#include "render/columns.h"

/*
 * Sorts sockets as columns_compare() does, by id where that finds no difference, but looks at each a
 * few times only: 100,000 take some milliseconds by any key. -ENOMEM leaves them as they are.
 */
int order_sort(const struct columns *keys, struct live_socket **sockets, size_t count);

#endif

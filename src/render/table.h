// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef RENDER_TABLE_H
#define RENDER_TABLE_H

#include "render/view.h"

/*
 * The table of sockets. Up to 1 MiB of rows are kept, sorted and given exact widths; beyond that
 * rows stream in the order they come with the widths found so far, unless an order was asked
 * for. On a terminal rows are fitted to its width. NULL without memory.
 */
struct view *table_view(void);

#endif

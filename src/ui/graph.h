// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UI_GRAPH_H
#define UI_GRAPH_H

#include "util/out.h"

/* A value that is not known: a blank in the graph. */
#define GRAPH_UNKNOWN UINT32_MAX

/*
 * Appends the last `cols` of these values as a line, one column each, the highest as a full block;
 * 0 stands on the ground. Block elements, or ASCII where the terminal takes no UTF-8.
 */
void graph_put(struct out *o, const uint32_t *values, size_t count, unsigned cols);

#endif

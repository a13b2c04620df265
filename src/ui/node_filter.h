// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UI_NODE_FILTER_H
#define UI_NODE_FILTER_H

#include "ui/port_tree.h"

/*
 * Appends a filter that the sockets match which a line of the port map stands for. Programs are named
 * by their name, or by process ids where others have the same.
 */
void node_filter_put(struct out *o, const struct port_tree *t, const struct node *node);

#endif

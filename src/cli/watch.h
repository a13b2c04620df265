// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef CLI_WATCH_H
#define CLI_WATCH_H

#include "cli/plan.h"

/*
 * --watch: the interactive view on a terminal, else the table again and again until a signal ends
 * it or nobody reads it; a saved snapshot is written once. Returns the exit status.
 */
int watch(struct plan *plan, const struct options *o);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef CLI_KILLING_H
#define CLI_KILLING_H

#include "cli/plan.h"

/*
 * Ends --kill's view, and in between asks and closes what has matched. Sets the view's alarm where
 * it was declined, or a socket is not gone. 0, or a negative errno of output or memory.
 */
int kill_matched(struct plan *plan, const struct options *o);

#endif

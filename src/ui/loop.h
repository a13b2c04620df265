// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UI_LOOP_H
#define UI_LOOP_H

#include "ui/app.h"

/*
 * Runs the interactive program on a terminal until it is left. Returns 0, the negative errno of
 * terminal_open(), or the number of the signal that ended it: the caller raises that.
 */
int loop_run(const struct app_options *options, struct feed *feed, struct live *live, int in,
	     int out);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef CLI_FAULT_H
#define CLI_FAULT_H

#include "filter/filter.h"

/*
 * Says on standard error what is wrong with a filter: a line, then the filter (what of it is
 * around the fault) and a caret under the fault, unless it is a single word.
 */
void say_fault(const char *text, const struct filter_error *e);

/* Appends the two lines of them that show the place, safe for a terminal. */
void fault_picture(struct out *o, const char *text, const struct filter_error *e);

#endif

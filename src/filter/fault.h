// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef FILTER_FAULT_H
#define FILTER_FAULT_H

#include "filter/filter.h"

/*
 * Appends in English, without a line's end, why a filter cannot be read: "'x' is not a state; did
 * you mean ...?" The word is as it stands in the text: to be made safe.
 */
void fault_put(struct out *o, const char *text, const struct filter_error *e);

#endif

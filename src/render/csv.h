// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef RENDER_CSV_H
#define RENDER_CSV_H

#include "render/view.h"

/*
 * Comma-separated values (RFC 4180, lines end in CR LF): the chosen columns, written as the rows
 * come unless they are to be sorted. Headers are JSON keys where there is one, values are those
 * of the JSON form, numbers in its units, an absent one is empty; holders are name[pid], joined
 * by ';'. NULL without memory.
 */
struct view *csv_view(void);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef CLI_STYLE_H
#define CLI_STYLE_H

#include "cli/options.h"
#include "render/style.h"

/*
 * How standard output is written: width, colour and heading, by the options, by whether it is a
 * terminal, and by COLUMNS, NO_COLOR and TERM.
 */
void style_set(struct style *style, const struct options *o);

#endif

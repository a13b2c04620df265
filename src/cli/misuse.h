// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef CLI_MISUSE_H
#define CLI_MISUSE_H

#include "cli/options.h"

/* Options that do not go together: 0, or the exit status after saying which. */
int misuse_refuse(const struct options *o);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/options.h"

/* Print to standard output; OPTIONS_DONE, or OPTIONS_FAILED when that failed. */
enum options_outcome help_print(void);
enum options_outcome help_version(void);
enum options_outcome help_columns(void);

#endif

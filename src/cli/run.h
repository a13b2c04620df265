// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include "cli/plan.h"

/*
 * Carries a plan out: collect -> filter -> explain -> render. Says on standard error what failed
 * and what the snapshot lacks. Returns the exit status.
 */
int run(struct plan *plan, const struct options *o);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include "cli/plan.h"

/* Says why nothing could be had; STATUS_FAILED. */
int report_failure(const struct source *source, const struct options *o, int error);

/* Says, a line each, what the snapshot lacks; returns the exit status of a finished run. */
int report_missing(const struct snapshot *s, const struct plan *plan, const struct options *o);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef RENDER_SUMMARY_H
#define RENDER_SUMMARY_H

#include "render/view.h"

/*
 * Counts by state and family with what each state means, a line of health, what is worth a look,
 * and the kernel's own totals of the first namespace. Needs what --diagnose needs. NULL without
 * memory.
 */
struct view *summary_view(void);
struct view *summary_json_view(void);

#endif

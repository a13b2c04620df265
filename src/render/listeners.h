// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef RENDER_LISTENERS_H
#define RENDER_LISTENERS_H

#include "render/view.h"

/*
 * Listeners, one line a group: PORT ADDRESS REACH QUEUE DROPS PROCESS USER UNIT. Needs WANT_MEMORY,
 * WANT_PROCESS, WANT_OWNERS and WANT_SITUATION. Rows that do not listen are passed over. NULL
 * without memory.
 */
struct view *listeners_view(void);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef RENDER_WHY_H
#define RENDER_WHY_H

#include "render/view.h"

/*
 * Why a bind fails: the answer, what is in the way, until when, what helps, and the three attempts.
 * Takes the sockets with the asked local port; options->inquiry holds the question, and by the end
 * the kernel's answers. It alarms where a plain bind fails. Needs WANT_PROCESS, WANT_OWNERS,
 * WANT_SITUATION, WANT_HOST and WANT_BOUND. NULL without memory.
 */
struct view *why_view(void);
struct view *why_json_view(void);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef RENDER_DIAGRAM_H
#define RENDER_DIAGRAM_H

#include "render/view.h"

/*
 * RFC 9293's state machine, drawn with the counts of the rows in it, and a line of health. Needs
 * what --diagnose needs. As JSON it is the summary's. NULL without memory.
 */
struct view *diagram_view(void);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef RENDER_DIAGNOSE_H
#define RENDER_DIAGNOSE_H

#include "render/doctor.h"

/*
 * What is wrong with a host's connections: warnings in full, notes in a line each. Takes one
 * sample, or two. It raises the alarm at a warning or worse. NULL without memory.
 */
struct view *diagnose_view(void);
struct view *diagnose_json_view(void);

/* One finding in full, with what came of it, but for its headline. */
void diagnose_put(struct doctor *d, const struct finding *f);

#endif

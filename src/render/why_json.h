// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef RENDER_WHY_JSON_H
#define RENDER_WHY_JSON_H

#include "render/why_cases.h"

/* The judged cases as JSON. Returns 0 or -errno. */
int why_put_json(struct why *w);

#endif

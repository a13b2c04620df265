// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef RENDER_CLIP_H
#define RENDER_CLIP_H

#include "render/style.h"

/*
 * Moves the whole lines of `from`, a memory buffer, to `to`; a line wider than the style's width
 * is cut with an ellipsis. SGR sequences take no columns and are all kept. What is behind the
 * last newline stays in `from`.
 */
void clip_lines(struct out *to, struct out *from, const struct style *style);

#endif

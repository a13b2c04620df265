// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/style.h"

#include "model/state.h"

static const char *const codes[] = {
	[PAINT_NONE] = "",  [PAINT_HEADER] = "1", [PAINT_GOOD] = "32", [PAINT_NOTICE] = "33",
	[PAINT_BAD] = "31", [PAINT_DIM] = "2",    [PAINT_BOLD] = "1",
};

void paint_on(struct out *o, const struct style *style, enum paint paint)
{
	if (!style->color || paint == PAINT_NONE)
		return;
	out_str(o, "\033[");
	out_str(o, codes[paint]);
	out_char(o, 'm');
}

void paint_off(struct out *o, const struct style *style, enum paint paint)
{
	if (style->color && paint != PAINT_NONE)
		out_str(o, "\033[0m");
}

enum paint paint_of_state(unsigned state)
{
	switch (state) {
	case STATE_LISTEN:
	case STATE_ESTABLISHED: return PAINT_GOOD;
	case STATE_TIME_WAIT: return PAINT_DIM;
	default: return PAINT_NOTICE;
	}
}

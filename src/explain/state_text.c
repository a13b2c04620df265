// SPDX-License-Identifier: GPL-2.0-or-later
#include "explain/state_text.h"

#include "model/state.h"

static const struct state_text texts[] = {
#define STATE_TEXT(name, summary, meaning, enter, leave, lasts, worry, side, todo) \
	[STATE_##name] = {summary, meaning, enter, leave, lasts, worry, side, todo},
#include "explain/states_text.def"
#undef STATE_TEXT
};

const struct state_text *state_text(unsigned state)
{
	if (state >= sizeof(texts) / sizeof(texts[0]) || !texts[state].summary)
		return NULL;
	return &texts[state];
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "explain/transition.h"

#include "model/state.h"

const struct transition transitions[TRANSITION_COUNT] = {
#define TRANSITION(from, to, event, action, remark, wording) \
	{STATE_##from, STATE_##to, event, action, remark, wording},
#include "explain/transitions.def"
#undef TRANSITION
};

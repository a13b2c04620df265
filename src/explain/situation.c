// SPDX-License-Identifier: GPL-2.0-or-later
#include "explain/situation.h"

#include "util/text.h"

const struct situation situations[SITUATION_COUNT] = {
#define SITUATION(name, id, line, more, next, todo) {id, line, more, next, todo},
#include "explain/situations.def"
#undef SITUATION
};

const struct situation *situation_find(const char *id)
{
	for (unsigned i = 0; i < SITUATION_COUNT; i++) {
		if (text_same_id(id, situations[i].id))
			return &situations[i];
	}
	return NULL;
}

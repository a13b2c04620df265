// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef EXPLAIN_SITUATION_H
#define EXPLAIN_SITUATION_H

#include "model/verdict.h"

enum situation_name {
#define SITUATION(name, ...) SITUATION_##name,
#include "explain/situations.def"
#undef SITUATION
	SITUATION_COUNT,
};

/* The catalogue, by enum situation_name. */
extern const struct situation situations[SITUATION_COUNT];

/* The situation of this id, NULL if there is none. '_' stands for '-', case does not matter. */
const struct situation *situation_find(const char *id);

#endif

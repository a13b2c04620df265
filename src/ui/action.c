// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/action.h"

#include "ui/key.h"

const char *const action_groups[GROUP_COUNT] = {
#define GROUP(name, text) [GROUP_##name] = text,
	ACTION_GROUPS
#undef GROUP
};

const struct action_row action_rows[ACTION_COUNT] = {
#define ACTION(group, name, keys, where, place, stay, label, help) \
	[ACTION_##name] = {GROUP_##group, keys, WHERE_##where, place, stay, label, help},
#include "ui/actions.def"
#undef ACTION
};

enum action action_of(uint32_t code, uint32_t where)
{
	for (enum action a = 0; a < ACTION_COUNT; a++) {
		if (action_rows[a].where & where && key_in(action_rows[a].keys, code))
			return a;
	}
	return ACTION_NONE;
}

static enum action action_at(unsigned place, uint32_t where)
{
	for (enum action a = 0; a < ACTION_COUNT; a++) {
		if (action_rows[a].place == place && action_rows[a].where & where)
			return a;
	}
	return ACTION_NONE;
}

size_t actions_of_bar(enum action *list, uint32_t where)
{
	size_t count = 0;

	for (unsigned place = 1; place <= BAR_PLACES; place++) {
		list[count] = action_at(place, where);
		count += list[count] != ACTION_NONE;
	}
	return count;
}

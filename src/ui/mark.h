// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UI_MARK_H
#define UI_MARK_H

#include "util/translate.h"

/* Headings of the page of help. */
#define MARK_GROUPS                              \
	GROUP(BEFORE, N_("Marks before a line")) \
	GROUP(WITHIN, N_("Other signs"))

enum mark_group {
#define GROUP(name, ...) MARKS_##name,
	MARK_GROUPS
#undef GROUP
		MARK_GROUP_COUNT,
};

extern const char *const mark_groups[MARK_GROUP_COUNT]; /* message ids */

enum mark {
#define MARK(group, name, ...) MARK_##name,
#include "ui/marks.def"
#undef MARK
	MARK_COUNT,
};

struct mark_row {
	enum mark_group group;
	const char *sign, *ascii;
	const char *help; /* message id */
};

extern const struct mark_row mark_rows[MARK_COUNT];

/* As this terminal shows it. */
const char *mark_text(enum mark mark);

#endif

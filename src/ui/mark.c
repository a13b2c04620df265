// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/mark.h"

#include "util/text.h"

const char *const mark_groups[MARK_GROUP_COUNT] = {
#define GROUP(name, text) [MARKS_##name] = text,
	MARK_GROUPS
#undef GROUP
};

const struct mark_row mark_rows[MARK_COUNT] = {
#define MARK(group, name, sign, ascii, help) [MARK_##name] = {MARKS_##group, sign, ascii, help},
#include "ui/marks.def"
#undef MARK
};

const char *mark_text(enum mark mark)
{
	return text_utf8() ? mark_rows[mark].sign : mark_rows[mark].ascii;
}

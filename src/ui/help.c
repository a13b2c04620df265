// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/help.h"

#include "render/message.h"
#include "ui/mark.h"
#include "ui/text_page.h"
#include "util/text.h"
#include "util/translate.h"

enum { KEYS = 22 }; /* columns for the keys */

static const struct style colored = {.color = true};

static void put_heading(struct out *o, const char *message)
{
	paint_on(o, &colored, PAINT_BOLD);
	out_str(o, message_translate(message));
	paint_off(o, &colored, PAINT_BOLD);
	out_char(o, '\n');
}

static void put_line(struct out *o, const char *keys, const char *help)
{
	size_t width = text_width(keys, strlen(keys));

	out_str(o, "  ");
	paint_on(o, &colored, PAINT_GOOD);
	out_str(o, keys);
	paint_off(o, &colored, PAINT_GOOD);
	out_repeat(o, ' ', width < KEYS ? KEYS - width : 1);
	out_str(o, message_translate(help));
	out_char(o, '\n');
}

static void put_group(struct out *o, enum action_group group)
{
	for (enum action a = 0; a < ACTION_COUNT; a++) {
		const struct action_row *row = &action_rows[a];

		if (row->group == group)
			put_line(o, row->keys, row->help);
	}
}

static void put_marks(struct out *o, enum mark_group group)
{
	for (enum mark m = 0; m < MARK_COUNT; m++) {
		if (mark_rows[m].group == group)
			put_line(o, mark_text(m), mark_rows[m].help);
	}
}

static int open(struct pane *p)
{
	struct text_page *t = (struct text_page *)p;

	t->text = (struct out)OUT_MEMORY;
	put_heading(&t->text, N_("Keys (^X is Ctrl and X)"));
	for (int group = 0; group < GROUP_COUNT; group++) {
		out_char(&t->text, '\n');
		put_heading(&t->text, action_groups[group]);
		put_group(&t->text, (enum action_group)group);
	}
	for (int group = 0; group < MARK_GROUP_COUNT; group++) {
		out_char(&t->text, '\n');
		put_heading(&t->text, mark_groups[group]);
		put_marks(&t->text, (enum mark_group)group);
	}
	return t->text.error;
}

static void draw(struct pane *p, struct screen *s, const struct box *b)
{
	text_page_draw((struct text_page *)p, s, b);
}

const struct pane_ops help_pane = {
	.title = N_("Help"),
	.size = sizeof(struct text_page),
	.where = WHERE_LINES,
	.open = open,
	.close = text_page_close,
	.draw = draw,
	.act = text_page_act,
	.key = text_page_key,
	.find = text_page_find,
	.status = text_page_status,
};

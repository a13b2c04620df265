// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/page.h"

#include "render/message.h"
#include "util/text.h"

enum {
	LABEL_WIDTH = 8,
	WIDEST = 100, /* longer lines are hard to read */
};

void page_text(struct out *o, const struct style *style, const char *label, const char *text)
{
	page_painted(o, style, label, text, PAINT_NONE);
}

/* Fills lines of `room` columns; those after the first begin with `indent` blanks. */
static void fill(struct out *o, const char *text, size_t room, size_t indent)
{
	size_t column = 0;
	bool space = false;

	while (*text) {
		size_t n = text_unbroken(text, strlen(text)), w = text_width(text, n);

		if (column && column + space + w > room) {
			out_char(o, '\n');
			out_repeat(o, ' ', indent);
			column = 0;
			space = false;
		}
		if (space)
			out_char(o, ' ');
		out_put(o, text, n);
		column += space + w;
		text += n;
		space = *text == ' ';
		text += space;
	}
}

/* The columns for text behind `taken` ones. */
static size_t room_for(const struct style *style, size_t taken)
{
	size_t width = style->width < WIDEST ? style->width : WIDEST;

	return width > taken + 20 ? width - taken - 1 : 20;
}

void page_painted(struct out *o, const struct style *style, const char *label, const char *text,
		  enum paint paint)
{
	size_t label_width;

	label = message_translate(label);
	label_width = text_width(label, strlen(label));
	out_char(o, ' ');
	paint_on(o, style, *label ? PAINT_BOLD : PAINT_NONE);
	out_str(o, label);
	paint_off(o, style, *label ? PAINT_BOLD : PAINT_NONE);
	out_repeat(o, ' ', label_width < LABEL_WIDTH - 1 ? LABEL_WIDTH - 1 - label_width : 1);
	paint_on(o, style, paint);
	fill(o, text, room_for(style, LABEL_WIDTH), LABEL_WIDTH);
	paint_off(o, style, paint);
	out_char(o, '\n');
}

void page_line(struct out *o, const struct style *style, const char *text, enum paint paint)
{
	paint_on(o, style, paint);
	fill(o, text, room_for(style, 0), 0);
	paint_off(o, style, paint);
	out_char(o, '\n');
}

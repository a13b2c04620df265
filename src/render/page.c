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

void page_painted(struct out *o, const struct style *style, const char *label, const char *text,
		  enum paint paint)
{
	size_t width = style->width < WIDEST ? style->width : WIDEST;
	size_t room = width > LABEL_WIDTH + 20 ? width - LABEL_WIDTH - 1 : 20;
	size_t label_width, column = 0;
	bool space = false;

	label = message_translate(label);
	label_width = text_width(label, strlen(label));
	out_char(o, ' ');
	paint_on(o, style, *label ? PAINT_BOLD : PAINT_NONE);
	out_str(o, label);
	paint_off(o, style, *label ? PAINT_BOLD : PAINT_NONE);
	out_repeat(o, ' ', label_width < LABEL_WIDTH - 1 ? LABEL_WIDTH - 1 - label_width : 1);
	paint_on(o, style, paint);
	while (*text) {
		size_t n = text_unbroken(text, strlen(text)), w = text_width(text, n);

		if (column && column + space + w > room) {
			out_char(o, '\n');
			out_repeat(o, ' ', LABEL_WIDTH);
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
	paint_off(o, style, paint);
	out_char(o, '\n');
}

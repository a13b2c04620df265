// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef RENDER_PAGE_H
#define RENDER_PAGE_H

#include "render/style.h"

/* Marks a label of a page as a message id; it has room for 6 columns in every language. */
#define PAGE_LABEL(word) word

/*
 * Writes running text behind a label, wrapped at words to the style's width (at most 100
 * columns), and between wide characters (text_unbroken()); further lines hang below the first. The
 * label is translated here; "" hangs below the one before.
 */
void page_text(struct out *o, const struct style *style, const char *label, const char *text);

/* The same with the text painted. */
void page_painted(struct out *o, const struct style *style, const char *label, const char *text,
		  enum paint paint);

/* Running text without a label, from the first column on. */
void page_line(struct out *o, const struct style *style, const char *text, enum paint paint);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UTIL_TEXT_H
#define UTIL_TEXT_H

#include "util/out.h"

/* How much of the world a piece of untrusted text may reach unescaped. */
enum text_safety {
	TEXT_CELL, /* one table cell: spaces are escaped too */
	TEXT_LINE, /* running text */
};

/*
 * Appends untrusted bytes made safe for a terminal and for a line-based reader: control
 * characters, bytes that are no UTF-8, invisible and direction-changing characters become \xNN,
 * a backslash \\. Where the locale's character set is not UTF-8 every non-ASCII byte is escaped.
 */
void text_safe(struct out *o, const char *bytes, size_t n, enum text_safety safety);

/*
 * Whether a character is one that text_safe() escapes: a control character, or one that draws nothing
 * or reorders what stands around it (Unicode Bidi_Control).
 */
bool text_invisible(uint32_t cp);

/* Appends a JSON string with its quotes. Bytes that are no UTF-8 become U+FFFD. */
void text_json(struct out *o, const char *bytes, size_t n);

/* Whether the bytes are valid UTF-8 (RFC 3629: no surrogates, shortest form). */
bool text_is_utf8(const char *bytes, size_t n);

/*
 * One character of valid UTF-8 at `p`, its code point in *cp; returns its length in bytes, or 0
 * where the bytes are no UTF-8.
 */
size_t text_decode(const char *p, const char *end, uint32_t *cp);

/* Whether a word means this id (lower case, '-'): any case, '_' as '-'. */
bool text_same_id(const char *word, const char *id);

/* Columns that text takes on a terminal; bytes outside UTF-8 count as one. */
size_t text_width(const char *s, size_t n);

/*
 * The longest head of `s` that fits in `columns`, in bytes. Never cuts inside a character.
 */
size_t text_fit(const char *s, size_t n, size_t columns);

/*
 * The head of a text in which no line is broken, in bytes: up to a space, or up to where a wide
 * character (Chinese, kana) may begin a line or end one. Closing punctuation begins none and
 * opening punctuation ends none. 0 where the text begins with a space, or is empty.
 */
size_t text_unbroken(const char *s, size_t n);

/* What stands for the rest of a text that was cut, and the columns it takes. */
const char *text_ellipsis(void);
size_t text_ellipsis_width(void);

/* Whether the terminal takes UTF-8. */
bool text_utf8(void);

/* Says once whether the terminal's character set is UTF-8; the C locale is not. */
void text_set_utf8(bool utf8);

#endif

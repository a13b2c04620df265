// SPDX-License-Identifier: GPL-2.0-or-later
#include "util/text.h"

#include <ctype.h>
#include <wchar.h>

static bool utf8_terminal;

void text_set_utf8(bool utf8)
{
	utf8_terminal = utf8;
}

bool text_utf8(void)
{
	return utf8_terminal;
}

size_t text_decode(const char *s, const char *end, uint32_t *cp)
{
	const unsigned char *p = (const unsigned char *)s;
	static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
	size_t len;

	if (s >= end)
		return 0;
	if (p[0] < 0x80) {
		*cp = p[0];
		return 1;
	}
	if (p[0] >= 0xf5 || p[0] < 0xc2)
		return 0;
	len = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
	if ((size_t)(end - s) < len)
		return 0;
	*cp = p[0] & (0xff >> (len + 1));
	for (size_t i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		*cp = *cp << 6 | (p[i] & 0x3f);
	}
	if (*cp < least[len] || *cp > 0x10ffff || (*cp >= 0xd800 && *cp <= 0xdfff))
		return 0;
	return len;
}

bool text_invisible(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || cp == 0xad || cp == 0x61c ||
	       (cp >= 0x200b && cp <= 0x200f) || (cp >= 0x2028 && cp <= 0x202e) ||
	       (cp >= 0x2060 && cp <= 0x206f) || cp == 0xfeff || (cp >= 0xfff0 && cp <= 0xfffb) ||
	       (cp >= 0xe0000 && cp <= 0xe0fff);
}

/* How many bytes at the start stand for themselves everywhere. */
static size_t plain_length(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n && s[i] > ' ' && s[i] < 0x7f && s[i] != '\\')
		i++;
	return i;
}

void text_safe(struct out *o, const char *bytes, size_t n, enum text_safety safety)
{
	size_t plain_bytes = plain_length(bytes, n);
	const char *p = bytes + plain_bytes, *end = bytes + n;

	out_put(o, bytes, plain_bytes);
	while (p < end) {
		uint32_t cp;
		size_t len = text_decode(p, end, &cp);
		bool plain = len && !text_invisible(cp) && (len == 1 || utf8_terminal);

		if (plain && safety == TEXT_CELL && (cp == ' ' || cp == 0xa0 || cp == 0x3000))
			plain = false;
		if (plain && cp == '\\') {
			out_str(o, "\\\\");
		} else if (plain) {
			out_put(o, p, len);
		} else {
			len = len ? len : 1;
			for (size_t i = 0; i < len; i++)
				out_printf(o, "\\x%02x", (unsigned char)p[i]);
		}
		p += len;
	}
}

void text_json(struct out *o, const char *bytes, size_t n)
{
	const char *p = bytes, *end = bytes + n;

	out_char(o, '"');
	while (p < end) {
		uint32_t cp;
		size_t len = text_decode(p, end, &cp);

		if (!len) {
			out_put(o, "\xef\xbf\xbd", 3);
			len = 1;
		} else if (cp == '"' || cp == '\\') {
			out_char(o, '\\');
			out_char(o, (char)cp);
		} else if (text_invisible(cp) && cp <= 0xffff) {
			out_printf(o, "\\u%04x", cp);
		} else {
			out_put(o, p, len);
		}
		p += len;
	}
	out_char(o, '"');
}

bool text_is_utf8(const char *bytes, size_t n)
{
	const char *p = bytes, *end = bytes + n;
	uint32_t cp;

	while (p < end) {
		size_t len = text_decode(p, end, &cp);

		if (!len)
			return false;
		p += len;
	}
	return true;
}

static size_t char_width(uint32_t cp)
{
	int w = cp < 0x80 ? 1 : wcwidth((wchar_t)cp);

	return w < 0 ? 1 : (size_t)w;
}

/* Whether all bytes are ASCII; eight at a time. */
static bool is_ascii(const char *s, size_t n)
{
	uint64_t any = 0, word;

	for (; n >= sizeof(word); s += sizeof(word), n -= sizeof(word)) {
		memcpy(&word, s, sizeof(word));
		any |= word;
	}
	while (n--)
		any |= (uint64_t)(unsigned char)*s++;
	return !(any & 0x8080808080808080ULL);
}

size_t text_width(const char *s, size_t n)
{
	const char *p = s, *end;
	size_t width = 0;
	uint32_t cp;

	if (is_ascii(s, n))
		return n;
	end = s + n;
	while (p < end) {
		size_t len = text_decode(p, end, &cp);

		width += len ? char_width(cp) : 1;
		p += len ? len : 1;
	}
	return width;
}

size_t text_fit(const char *s, size_t n, size_t columns)
{
	const char *p = s, *end = s + n;
	size_t width = 0;
	uint32_t cp;

	while (p < end) {
		size_t len = text_decode(p, end, &cp);

		width += len ? char_width(cp) : 1;
		if (width > columns)
			break;
		p += len ? len : 1;
	}
	return (size_t)(p - s);
}

/* What begins no line, and what ends none. */
static const char closing[] = "!%),.:;?]}\"'’”…、。々〉》」』】〕〗〙・ー！％），．：；？］｝～";
static const char opening[] = "([{\"'‘“〈《「『【〔〖〘（［｛";

static bool is_among(const char *set, uint32_t cp)
{
	const char *end = set + strlen(set);
	uint32_t member;

	for (size_t len; (len = text_decode(set, end, &member)); set += len) {
		if (member == cp)
			return true;
	}
	return false;
}

/* Whether a line may end with one character and the next begin with the other. */
static bool may_part(uint32_t before, uint32_t after)
{
	if (char_width(before) < 2 && char_width(after) < 2)
		return false;
	return char_width(after) && !is_among(closing, after) && !is_among(opening, before);
}

size_t text_unbroken(const char *s, size_t n)
{
	const char *p = s, *end = s + n;
	uint32_t before = 0, cp;

	while (p < end && *p != ' ') {
		size_t len = text_decode(p, end, &cp);

		if (!len) {
			cp = 0xfffd;
			len = 1;
		}
		if (p > s && may_part(before, cp))
			break;
		before = cp;
		p += len;
	}
	return (size_t)(p - s);
}

const char *text_ellipsis(void)
{
	return utf8_terminal ? "\xe2\x80\xa6" : "...";
}

size_t text_ellipsis_width(void)
{
	return utf8_terminal ? 1 : 3;
}

bool text_same_id(const char *word, const char *id)
{
	for (; *word && *id; word++, id++) {
		if ((*word == '_' ? '-' : tolower((unsigned char)*word)) != *id)
			return false;
	}
	return *word == *id;
}

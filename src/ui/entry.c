// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/entry.h"

#include "util/text.h"

static bool inside_character(char c)
{
	return (c & 0xc0) == 0x80;
}

static size_t before(const struct entry *l, size_t at)
{
	while (at && inside_character(l->text[--at]))
		;
	return at;
}

static size_t behind(const struct entry *l, size_t at)
{
	if (at < l->len)
		at++;
	while (at < l->len && inside_character(l->text[at]))
		at++;
	return at;
}

void entry_set(struct entry *l, const char *text)
{
	size_t n = strlen(text);

	while (n >= sizeof(l->text) || (n && inside_character(text[n])))
		n--;
	memcpy(l->text, text, n);
	l->text[n] = '\0';
	l->len = l->at = n;
}

static void cut(struct entry *l, size_t from, size_t to)
{
	memmove(l->text + from, l->text + to, l->len + 1 - to);
	l->len -= to - from;
	l->at = from;
}

static size_t encode(uint32_t cp, char *p)
{
	if (cp < 0x80) {
		p[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		p[0] = (char)(0xc0 | cp >> 6);
		p[1] = (char)(0x80 | (cp & 0x3f));
		return 2;
	}
	if (cp < 0x10000) {
		p[0] = (char)(0xe0 | cp >> 12);
		p[1] = (char)(0x80 | (cp >> 6 & 0x3f));
		p[2] = (char)(0x80 | (cp & 0x3f));
		return 3;
	}
	p[0] = (char)(0xf0 | cp >> 18);
	p[1] = (char)(0x80 | (cp >> 12 & 0x3f));
	p[2] = (char)(0x80 | (cp >> 6 & 0x3f));
	p[3] = (char)(0x80 | (cp & 0x3f));
	return 4;
}

static bool insert(struct entry *l, uint32_t cp)
{
	char bytes[4];
	size_t n;

	if (cp < 0x20 || cp == 0x7f || cp >= PRESS_NAMED || (cp >= 0xd800 && cp < 0xe000))
		return false;
	n = encode(cp, bytes);
	if (l->len + n >= sizeof(l->text))
		return true;
	memmove(l->text + l->at + n, l->text + l->at, l->len + 1 - l->at);
	memcpy(l->text + l->at, bytes, n);
	l->len += n;
	l->at += n;
	return true;
}

/* Where the word before the cursor begins. */
static size_t word_before(const struct entry *l)
{
	size_t at = l->at;

	while (at && l->text[at - 1] == ' ')
		at--;
	while (at && l->text[at - 1] != ' ')
		at--;
	return at;
}

bool entry_key(struct entry *l, uint32_t code)
{
	switch (code) {
	case PRESS_LEFT:
	case PRESS_CTRL('B'): l->at = before(l, l->at); return true;
	case PRESS_RIGHT:
	case PRESS_CTRL('F'): l->at = behind(l, l->at); return true;
	case PRESS_HOME:
	case PRESS_CTRL('A'): l->at = 0; return true;
	case PRESS_END:
	case PRESS_CTRL('E'): l->at = l->len; return true;
	case PRESS_BACKSPACE: cut(l, before(l, l->at), l->at); return true;
	case PRESS_DELETE:
	case PRESS_CTRL('D'): cut(l, l->at, behind(l, l->at)); return true;
	case PRESS_CTRL('U'): cut(l, 0, l->at); return true;
	case PRESS_CTRL('K'): cut(l, l->at, l->len); return true;
	case PRESS_CTRL('W'): cut(l, word_before(l), l->at); return true;
	default: return insert(l, code);
	}
}

/* The first byte shown, so that the cursor has a place in `room` columns. */
static size_t first_shown(const struct entry *l, size_t room)
{
	size_t first = 0;

	while (first < l->at && text_width(l->text + first, l->at - first) >= room)
		first = behind(l, first);
	return first;
}

unsigned entry_draw(const struct entry *l, struct screen *s, const struct box *b, unsigned row,
		    const char *label, size_t bad, size_t bad_end)
{
	unsigned col = screen_str(s, b, row, 0, (struct look){.paint = PAINT_BOLD}, label);
	size_t room = b->cols > col ? b->cols - col : 0, first, shown;

	if (!room)
		return 0;
	first = first_shown(l, room);
	shown = text_fit(l->text + first, l->len - first, room);
	screen_put(s, b, row, col, (unsigned)room, (struct look){0}, l->text + first, shown);
	s->cursor = true;
	s->cursor_row = b->row + row;
	s->cursor_col = b->col + col + (unsigned)text_width(l->text + first, l->at - first);
	if (bad < first)
		bad = first;
	if (bad_end > l->len)
		bad_end = l->len;
	col += (unsigned)text_width(l->text + first, bad - first);
	if (bad_end > bad)
		screen_paint(s, b, row, col, (unsigned)text_width(l->text + bad, bad_end - bad),
			     (struct look){.paint = PAINT_BAD, .bits = LOOK_UNDERLINE});
	return col;
}

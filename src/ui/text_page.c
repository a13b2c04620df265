// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/text_page.h"

#include "ui/find.h"

static struct text_page *self(struct pane *p)
{
	return (struct text_page *)p;
}

/* The last line at the bottom at most. */
static void clamp(struct text_page *t)
{
	if (t->lines <= t->page)
		t->first = 0;
	else if (t->first > t->lines - t->page)
		t->first = t->lines - t->page;
}

static size_t count_lines(const char *text)
{
	size_t lines = 0;

	for (; *text; text += *text == '\n') {
		text += strcspn(text, "\n");
		lines++;
	}
	return lines;
}

static bool found_is_shown(const struct text_page *t)
{
	return t->found > t->first && t->found <= t->first + t->page;
}

void text_page_draw(struct text_page *t, struct screen *s, const struct box *b)
{
	const char *text = out_text(&t->text);

	t->page = b->rows ? b->rows : 1;
	t->lines = count_lines(text);
	clamp(t);
	screen_lines(s, b, t->first, text, strlen(text));
	if (found_is_shown(t))
		screen_mark(s, b, (unsigned)(t->found - 1 - t->first), 0, b->cols, LOOK_REVERSE);
}

static void move(struct text_page *t, int64_t by)
{
	if (by < 0 && (uint64_t)-by > t->first)
		t->first = 0;
	else
		t->first += (size_t)by;
	clamp(t);
}

bool text_page_act(struct pane *p, enum action action)
{
	struct text_page *t = self(p);
	int64_t page = t->page > 1 ? t->page - 1 : 1;

	switch (action) {
	case ACTION_UP: move(t, -1); return true;
	case ACTION_DOWN: move(t, 1); return true;
	case ACTION_PAGE_UP: move(t, -page); return true;
	case ACTION_PAGE_DOWN: move(t, page); return true;
	case ACTION_HALF_UP: move(t, -((page + 1) / 2)); return true;
	case ACTION_HALF_DOWN: move(t, (page + 1) / 2); return true;
	case ACTION_FIRST: t->first = 0; return true;
	case ACTION_LAST: move(t, (int64_t)t->lines); return true;
	default: return false;
	}
}

bool text_page_key(struct pane *p, const struct key *key)
{
	if (key->code != PRESS_WHEEL_UP && key->code != PRESS_WHEEL_DOWN)
		return false;
	move(self(p), key->code == PRESS_WHEEL_UP ? -3 : 3);
	return true;
}

/* What a line shows: without its SGR sequences. */
static void put_shown(struct out *o, const char *line, size_t n)
{
	const char *end = line + n;

	while (line < end) {
		const char *escape = memchr(line, '\033', (size_t)(end - line));

		out_put(o, line, (size_t)((escape ? escape : end) - line));
		line = escape ? memchr(escape, 'm', (size_t)(end - escape)) : NULL;
		if (!line)
			return;
		line++; /* behind the sequence */
	}
}

static bool line_has(const char *text, size_t number, const char *sought)
{
	struct out shown = OUT_MEMORY;
	bool has;

	for (; number; number--)
		text += strcspn(text, "\n") + 1;
	put_shown(&shown, text, strcspn(text, "\n"));
	has = find_in(out_text(&shown), sought);
	out_free(&shown);
	return has;
}

bool text_page_find(struct pane *p, const char *text, bool forward, bool here)
{
	struct text_page *t = self(p);
	size_t lines = count_lines(out_text(&t->text));
	size_t start = found_is_shown(t) ? t->found - 1 : t->first;

	for (size_t i = !here; i < lines; i++) {
		size_t at = (start + (forward ? i : lines - i)) % lines;

		if (!line_has(out_text(&t->text), at, text))
			continue;
		t->found = at + 1;
		if (!found_is_shown(t))
			t->first = at;
		return true;
	}
	return false;
}

void text_page_status(struct pane *p, struct out *o)
{
	const struct text_page *t = self(p);
	size_t end = t->first + t->page < t->lines ? t->first + t->page : t->lines;

	out_printf(o, "%zu/%zu", end, t->lines);
}

void text_page_close(struct pane *p)
{
	out_free(&self(p)->text);
}

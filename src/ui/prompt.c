// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/prompt.h"

#include <stdlib.h>

#include "render/message.h"
#include "ui/app.h"
#include "util/text.h"

enum { TEXT_LEAST = 40 };

/* The same line twice is remembered once; without memory it is forgotten. */
static void remember(struct history *h, const char *text)
{
	char *copy;
	unsigned i = 0;

	if (!h || !*text)
		return;
	while (i < h->count && strcmp(h->lines[i], text))
		i++;
	if (i < h->count) {
		copy = h->lines[i];
	} else {
		copy = strdup(text);
		if (!copy)
			return;
		if (h->count == PROMPT_HISTORY)
			free(h->lines[--h->count]);
		i = h->count++;
	}
	memmove(h->lines + 1, h->lines, i * sizeof(*h->lines));
	h->lines[0] = copy;
}

void history_free(struct history *h)
{
	while (h->count)
		free(h->lines[--h->count]);
}

static void changed(struct app *a)
{
	struct prompt *p = &a->prompt;

	p->fault = (struct prompt_fault){0};
	if (p->ops->changed)
		p->ops->changed(a, p->line.text, &p->fault);
}

void prompt_open(struct app *a, const struct prompt_ops *ops, const char *text,
		 struct history *history)
{
	struct prompt *p = &a->prompt;

	*p = (struct prompt){.ops = ops, .history = history};
	entry_set(&p->line, text);
	a->dirty = true;
}

/* Up and Down: what was typed before. */
static void recall(struct app *a, bool older)
{
	struct prompt *p = &a->prompt;

	if (!p->history || (older ? p->recalled >= p->history->count : !p->recalled))
		return;
	if (!p->recalled)
		memcpy(p->typed, p->line.text, sizeof(p->typed));
	p->recalled += older ? 1 : -1;
	entry_set(&p->line, p->recalled ? p->history->lines[p->recalled - 1] : p->typed);
	changed(a);
}

static void finish(struct app *a)
{
	struct prompt *p = &a->prompt;
	const struct prompt_ops *ops = p->ops;

	if (p->fault.set) {
		a->beep = true;
		return;
	}
	remember(p->history, p->line.text);
	p->ops = NULL;
	ops->done(a, p->line.text);
}

static void drop(struct app *a)
{
	const struct prompt_ops *ops = a->prompt.ops;

	a->prompt.ops = NULL;
	if (ops->dropped)
		ops->dropped(a);
}

void prompt_key(struct app *a, const struct key *key)
{
	struct prompt *p = &a->prompt;
	size_t before = p->line.len;

	switch (key->code) {
	case PRESS_ENTER: finish(a); return;
	case PRESS_ESCAPE:
	case PRESS_CTRL('C'): drop(a); return;
	case PRESS_UP:
	case PRESS_CTRL('P'): recall(a, true); return;
	case PRESS_DOWN:
	case PRESS_CTRL('N'): recall(a, false); return;
	default: break;
	}
	if (!entry_key(&p->line, key->code))
		return;
	p->recalled = 0;
	if (p->line.len != before)
		changed(a);
	else if (key->code >= PRESS_SPACE && key->code < PRESS_BACKSPACE)
		a->beep = true; /* no more has room */
}

bool prompt_paste(struct app *a, uint32_t code)
{
	struct prompt *p = &a->prompt;
	size_t before = p->line.len;

	if (code < PRESS_SPACE)
		code = PRESS_SPACE;
	entry_key(&p->line, code);
	return p->line.len > before;
}

void prompt_pasted(struct app *a)
{
	a->prompt.recalled = 0;
	changed(a);
}

/*
 * A caret under what is wrong, and why beside it; where that has too little room, why alone: the
 * culprit is marked in the line itself too.
 */
static void draw_fault(const struct prompt_fault *f, unsigned width, unsigned col, struct screen *s,
		       const struct box *b)
{
	static const struct look bad = {.paint = PAINT_BAD};
	unsigned text = (unsigned)text_width(f->text, strlen(f->text));

	if (col + width + 1 + (text < TEXT_LEAST ? text : TEXT_LEAST) > b->cols) {
		screen_str(s, b, 1, 0, bad, f->text);
		return;
	}
	screen_str(s, b, 1, col, bad, "^");
	for (unsigned i = 1; i < width; i++)
		screen_str(s, b, 1, col + i, bad, "~");
	screen_str(s, b, 1, col + width + 1, bad, f->text);
}

void prompt_draw(const struct prompt *p, struct screen *s, const struct box *b)
{
	const struct prompt_fault *f = &p->fault;
	size_t bad = f->set ? f->offset : p->line.len, end = f->set ? bad + f->len : bad;
	struct out label = OUT_MEMORY;
	unsigned col;

	message_headed(&label, message_translate(p->ops->label), "");
	col = entry_draw(&p->line, s, b, 0, out_text(&label), bad, end);
	out_free(&label);
	if (end > p->line.len)
		end = p->line.len;
	if (f->set && bad <= end) {
		unsigned width = (unsigned)text_width(p->line.text + bad, end - bad);

		draw_fault(f, width ? width : 1, col, s, b);
	}
}

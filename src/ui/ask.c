// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/ask.h"

#include "render/message.h"
#include "render/page.h"
#include "util/translate.h"

void ask_open(struct ask *a)
{
	a->page.text = a->question = (struct out)OUT_MEMORY;
}

void ask_close(struct pane *p)
{
	struct ask *a = (struct ask *)p;

	out_free(&a->question);
	text_page_close(p);
}

struct out *ask_begin(struct ask *a)
{
	a->question.len = 0;
	a->page.text.len = 0;
	return &a->page.text;
}

const char *ask_unsent(void)
{
	return message_translate(N_("not tried: the collecting process had ended before"));
}

const char *ask_unanswered(void)
{
	return message_translate(
		N_("not known: the collecting process ended before it told what came of it"));
}

void ask_put_line(struct out *o, const struct style *style, struct out *line)
{
	if (line->len) {
		line->len -= line->data[line->len - 1] == '\n';
		page_line(o, style, out_text(line), PAINT_NONE);
	}
	out_free(line);
}

void ask_put_over(struct out *o, const struct style *style)
{
	out_char(o, '\n');
	page_line(o, style,
		  message_translate(
			  N_("The collecting process, which alone has the privileges, has ended. "
			     "This view has given them up and cannot start another: leave it and "
			     "start tcpstate again to look.")),
		  PAINT_NOTICE);
}

void ask_draw(struct ask *a, struct screen *s, const struct box *b)
{
	const struct look look = {.paint = PAINT_BOLD, .bits = LOOK_REVERSE};
	struct box above = *b;
	const char *question;
	unsigned col;

	if (above.rows > 1)
		above.rows--;
	text_page_draw(&a->page, s, &above);
	if (a->agreed)
		question = message_translate(N_("Enter: back"));
	else
		question = out_text(&a->question);
	screen_paint(s, b, b->rows - 1, 0, b->cols, look);
	col = screen_put(s, b, b->rows - 1, 0, b->cols, look, question, strlen(question));
	if (!a->agreed && !a->choosing)
		screen_str(s, b, b->rows - 1, col + 2, look,
			   message_translate(N_("y: yes; n, Enter or Esc: no")));
}

enum ask_answer ask_key(struct pane *p, const struct key *key, const char *declined)
{
	struct ask *a = (struct ask *)p;
	struct app *app = p->app;
	bool back = key->code == PRESS_ENTER || key->code == PRESS_ESCAPE || key->code == 'q';

	if (!a->agreed && (key->code == 'y' || key->code == 'Y')) {
		a->agreed = true;
		a->page.first = 0;
		return ASK_AGREED;
	}
	if (!a->agreed && (back || key->code == 'n' || key->code == 'N')) {
		app_back(app);
		app_note(app, declined);
		return ASK_BACK;
	}
	if (back) {
		app_back(app);
		return ASK_BACK;
	}
	return text_page_key(p, key) ? ASK_TAKEN : ASK_NOTHING;
}

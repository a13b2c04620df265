// SPDX-License-Identifier: GPL-2.0-or-later
/* A view as text: drawn on a screen that nobody sees. */
#include "ui/written.h"

#include <errno.h>

#include "ui/app.h"

enum {
	ROWS_AROUND = 100, /* besides the list's lines: more than any view draws */
	ROWS_MOST = 50000, /* 160 MB while it is drawn */
};

/* Trailing rows without text are left out. */
static void put_rows(const struct screen *s, struct out *o)
{
	size_t end = o->len;

	for (unsigned row = 0; row < s->rows; row++) {
		size_t start = o->len;

		screen_text(s, row, o);
		if (o->len > start)
			end = o->len + 1;
		out_char(o, '\n');
	}
	if (end < o->len)
		o->len = end;
}

int written_put(struct pane *p, struct list *l, struct out *o)
{
	const struct list before = *l;
	struct screen s = {0};
	struct out text = OUT_MEMORY;
	struct box all;
	int error;

	if (l->count > ROWS_MOST)
		return -EFBIG;
	error = screen_resize(&s, (unsigned)l->count + ROWS_AROUND, WRITTEN_COLS);
	if (!error) {
		all = screen_box(&s);
		l->top = 0;
		p->ops->draw(p, &s, &all);
		put_rows(&s, &text);
		error = text.error;
	}
	out_put(o, out_text(&text), text.len);
	out_free(&text);
	screen_free(&s);
	*l = before;
	p->app->dirty = true;
	return error;
}

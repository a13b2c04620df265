// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/menu.h"

#include "render/message.h"
#include "ui/find.h"
#include "util/text.h"

enum { NAME_COL = 3, WHEEL_LINES = 3 };

static struct menu *self(struct pane *p)
{
	return (struct menu *)p;
}

static struct list_id id_at(const void *owner, size_t at)
{
	(void)owner;
	return (struct list_id){.number = at};
}

int menu_open(struct menu *m, const struct menu_choice *choice)
{
	m->choice = choice;
	m->list.page = 1;
	list_changed(&m->list, choice->count(m), id_at, m);
	list_choose(&m->list, choice->first ? choice->first(m) : 0, id_at, m);
	return 0;
}

static unsigned name_width(const struct menu *m)
{
	size_t width = 0;

	for (size_t i = 0; i < m->list.count; i++) {
		struct menu_item item = m->choice->item(m, i);
		size_t w = text_width(item.name, strlen(item.name));

		width = w > width ? w : width;
	}
	return (unsigned)width;
}

void menu_draw(struct pane *p, struct screen *s, const struct box *b)
{
	struct menu *m = self(p);
	struct box body = {b->row + 1, b->col, b->rows > 1 ? b->rows - 1 : 0, b->cols};
	unsigned width = name_width(m);

	list_fit(&m->list, body.rows);
	screen_str(s, b, 0, 0, (struct look){.paint = PAINT_BOLD},
		   message_translate(m->choice->heading));
	for (unsigned row = 0; row < body.rows && m->list.top + row < m->list.count; row++) {
		struct menu_item item = m->choice->item(m, m->list.top + row);

		screen_put(s, &body, row, 1, 1, (struct look){.bits = LOOK_BOLD}, &item.mark, 1);
		screen_str(s, &body, row, NAME_COL, (struct look){0}, item.name);
		screen_str(s, &body, row, NAME_COL + width + 2, (struct look){.paint = PAINT_DIM},
			   item.help);
	}
	if (m->list.count)
		screen_mark(s, &body, (unsigned)(m->list.at - m->list.top), 0, b->cols,
			    LOOK_REVERSE);
}

void menu_at(struct menu *m, size_t i)
{
	list_choose(&m->list, i, id_at, m);
}

static void choose(struct menu *m)
{
	struct app *a = m->pane.app;

	if (m->list.count && m->choice->choose(m, m->list.at))
		app_back(a);
}

bool menu_act(struct pane *p, enum action action)
{
	struct menu *m = self(p);

	if (action == ACTION_CHOOSE) {
		choose(m);
		return true;
	}
	if (action == ACTION_MOVE_UP || action == ACTION_MOVE_DOWN) {
		menu_at(m, m->choice->move(m, m->list.at, action == ACTION_MOVE_UP ? -1 : 1));
		return true;
	}
	return list_act(&m->list, action, id_at, m);
}

bool menu_key(struct pane *p, const struct key *key)
{
	struct menu *m = self(p);
	size_t line;

	if (key->code == PRESS_WHEEL_UP || key->code == PRESS_WHEEL_DOWN) {
		list_move(&m->list, key->code == PRESS_WHEEL_UP ? -WHEEL_LINES : WHEEL_LINES, id_at,
			  m);
		return true;
	}
	if (key->code != PRESS_CLICK || key->row <= p->box.row)
		return false;
	line = m->list.top + key->row - p->box.row - 1;
	if (line < m->list.count && line < m->list.top + m->list.page) {
		list_choose(&m->list, line, id_at, m);
		choose(m);
	}
	return true;
}

bool menu_find(struct pane *p, const char *text, bool forward, bool here)
{
	struct menu *m = self(p);
	size_t count = m->list.count;

	for (size_t step = !here; step < count + !here; step++) {
		size_t at = (m->list.at + (forward ? step : count - step)) % count;
		struct menu_item item = m->choice->item(m, at);

		if (!find_in(item.name, text) && !find_in(item.help, text))
			continue;
		list_choose(&m->list, at, id_at, m);
		return true;
	}
	return false;
}

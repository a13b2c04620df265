// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/list.h"

enum { WHEEL_LINES = 3 };

static bool same(struct list_id a, struct list_id b)
{
	return a.number == b.number && a.kind == b.kind;
}

/* The chosen line is on the screen, and the screen is full where there are lines enough. */
static void show_chosen(struct list *l)
{
	size_t page = l->page ? l->page : 1;

	if (l->count <= page)
		l->top = 0;
	else if (l->top > l->count - page)
		l->top = l->count - page;
	if (l->at < l->top)
		l->top = l->at;
	if (l->at >= l->top + page)
		l->top = l->at - page + 1;
}

/* Where an id is now, sought from its old place outwards; `count` where it is gone. */
static size_t find(const struct list *l, list_identify *id, const void *owner)
{
	size_t from = l->at < l->count ? l->at : l->count;

	for (size_t step = 0; step <= l->count; step++) {
		if (step <= from && from - step < l->count &&
		    same(id(owner, from - step), l->chosen))
			return from - step;
		if (from + step < l->count && same(id(owner, from + step), l->chosen))
			return from + step;
	}
	return l->count;
}

void list_changed(struct list *l, size_t count, list_identify *id, const void *owner)
{
	size_t line = l->at - l->top, found;

	l->count = count;
	if (!count) {
		l->at = l->top = 0;
		return;
	}
	if (!l->stuck) {
		l->at = l->top = 0;
	} else {
		found = find(l, id, owner);
		if (found < count) {
			l->at = found;
			l->top = found > line ? found - line : 0;
		} else if (l->at >= count) {
			l->at = count - 1;
		}
	}
	l->chosen = id(owner, l->at);
	show_chosen(l);
}

void list_fit(struct list *l, unsigned page)
{
	l->page = page;
	show_chosen(l);
}

void list_choose(struct list *l, size_t at, list_identify *id, const void *owner)
{
	if (!l->count)
		return;
	l->at = at < l->count ? at : l->count - 1;
	l->chosen = id(owner, l->at);
	l->stuck = true;
	show_chosen(l);
}

void list_move(struct list *l, int64_t by, list_identify *id, const void *owner)
{
	if (by < 0 && (uint64_t)-by > l->at)
		list_choose(l, 0, id, owner);
	else
		list_choose(l, l->at + (size_t)by, id, owner);
}

bool list_act(struct list *l, enum action action, list_identify *id, const void *owner)
{
	int64_t page = l->page > 1 ? l->page - 1 : 1;

	switch (action) {
	case ACTION_UP: list_move(l, -1, id, owner); return true;
	case ACTION_DOWN: list_move(l, 1, id, owner); return true;
	case ACTION_PAGE_UP: list_move(l, -page, id, owner); return true;
	case ACTION_PAGE_DOWN: list_move(l, page, id, owner); return true;
	case ACTION_HALF_UP: list_move(l, -((page + 1) / 2), id, owner); return true;
	case ACTION_HALF_DOWN: list_move(l, (page + 1) / 2, id, owner); return true;
	case ACTION_FIRST: list_choose(l, 0, id, owner); return true;
	case ACTION_LAST: list_choose(l, SIZE_MAX, id, owner); return true;
	default: return false;
	}
}

bool list_key(struct list *l, const struct key *key, unsigned row, list_identify *id,
	      const void *owner)
{
	switch (key->code) {
	case PRESS_WHEEL_UP: list_move(l, -WHEEL_LINES, id, owner); return true;
	case PRESS_WHEEL_DOWN: list_move(l, WHEEL_LINES, id, owner); return true;
	case PRESS_CLICK:
		if (key->row >= row && key->row - row < l->page &&
		    l->top + key->row - row < l->count)
			list_choose(l, l->top + key->row - row, id, owner);
		return true;
	default: return false;
	}
}

bool list_is_hit(const struct list *l, const struct key *key, unsigned row)
{
	return key->code == PRESS_CLICK && l->count && key->row >= row &&
	       key->row - row == l->at - l->top;
}

bool list_find(struct list *l, bool forward, bool here,
	       bool (*has)(void *owner, size_t at, const char *text), const char *text,
	       list_identify *id, void *owner)
{
	for (size_t step = !here; step < l->count + !here; step++) {
		size_t at = (l->at + (forward ? step : l->count - step)) % l->count;

		if (!has(owner, at, text))
			continue;
		list_choose(l, at, id, owner);
		return true;
	}
	return false;
}

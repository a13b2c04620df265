// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/columns_fit.h"

enum {
	CALM = 8,        /* refreshes that a width lasts without need */
	WHAT_LEAST = 24, /* narrower it says too little */
	END_LEAST = 15,  /* of an address with its port */
	TEXT_LEAST = 10,
	TOO_NARROW = 4, /* not shown at all */
};

void fit_need(struct columns_fit *f, size_t column, unsigned width)
{
	struct fit_column *c = &f->columns[column];

	if (width > c->needed)
		c->needed = width;
	if (width > c->width)
		c->width = width;
}

void fit_calm(struct columns_fit *f, const struct columns *c, uint64_t refreshes)
{
	if (refreshes - f->looked < CALM)
		return;
	f->looked = refreshes;
	for (size_t i = 0; i < c->count; i++) {
		f->columns[i].width = f->columns[i].needed;
		f->columns[i].needed = 0;
	}
}

void fit_forget(struct columns_fit *f)
{
	*f = (struct columns_fit){.looked = f->looked};
}

/* How narrow a column may become. */
static unsigned least(const struct field *field, unsigned width)
{
	unsigned most = width;

	switch (field->kind) {
	case KIND_WHAT: most = WHAT_LEAST; break;
	case KIND_ENDPOINT:
	case KIND_ADDRESS: most = END_LEAST; break;
	case KIND_OWNERS:
	case KIND_DETAILS:
	case KIND_TEXT: most = TEXT_LEAST; break;
	default: break;
	}
	return most < width ? most : width;
}

static bool may_shrink(const struct columns_fit *f, const struct columns *c, size_t i)
{
	return f->columns[i].shown > least(c->fields[i], f->columns[i].width);
}

/* Takes columns of the screen from the widest of those that may give some; false: none may. */
static bool shrink(struct columns_fit *f, const struct columns *c, size_t first, bool what)
{
	size_t widest = c->count;

	for (size_t i = first; i < c->count; i++) {
		if ((c->fields[i]->kind == KIND_WHAT) != what || !may_shrink(f, c, i))
			continue;
		if (widest == c->count || f->columns[i].shown > f->columns[widest].shown)
			widest = i;
	}
	if (widest == c->count)
		return false;
	f->columns[widest].shown--;
	return true;
}

static unsigned total(const struct columns_fit *f, const struct columns *c, size_t first)
{
	unsigned sum = 0;

	for (size_t i = first; i < c->count; i++)
		sum += f->columns[i].shown ? f->columns[i].shown + 1 : 0;
	return sum ? sum - 1 : 0;
}

/* Widths that fit, if they can; without WHAT where that would get too little to be read. */
static void share_out(struct columns_fit *f, const struct columns *c, size_t first, unsigned room,
		      bool what)
{
	unsigned sum;

	for (size_t i = 0; i < c->count; i++) {
		bool hidden = i < first || (!what && c->fields[i]->kind == KIND_WHAT);

		f->columns[i].shown = hidden ? 0 : f->columns[i].width;
	}
	for (sum = total(f, c, first); sum > room; sum--) {
		if (!shrink(f, c, first, true) && !shrink(f, c, first, false))
			break;
	}
}

/* What reaches beyond the end of the room is cut, or not shown. */
static void place(struct fit_column *column, unsigned room, bool last)
{
	if (column->col >= room) {
		column->shown = 0;
		return;
	}
	if (column->shown && (column->col + column->shown > room || last))
		column->shown = room - column->col;
	if (column->shown < TOO_NARROW && column->shown < column->width)
		column->shown = 0;
}

void fit_lay_out(struct columns_fit *f, const struct columns *c, size_t first, unsigned room)
{
	unsigned col = 0;

	f->room = room;
	share_out(f, c, first, room, true);
	if (c->count - first > 1 && total(f, c, first) > room)
		share_out(f, c, first, room, false);
	for (size_t i = first; i < c->count; i++) {
		struct fit_column *column = &f->columns[i];

		column->col = col;
		col += column->shown + 1;
		place(column, room, i + 1 == c->count);
	}
}

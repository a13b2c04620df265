// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/menu.h"
#include "ui/sockets.h"
#include "util/translate.h"

static struct sockets *table_of(const struct menu *m)
{
	return (struct sockets *)m->pane.app->panes[PANE_SOCKETS];
}

/* The i-th field that has a name. */
static const struct field *field_at(size_t i)
{
	for (size_t f = 0; f < field_count; f++) {
		if (fields[f].name && !i--)
			return &fields[f];
	}
	return NULL;
}

static size_t count_fields(const struct menu *m)
{
	size_t count = 0;

	(void)m;
	for (size_t f = 0; f < field_count; f++)
		count += fields[f].name != NULL;
	return count;
}

static size_t place_in(const struct columns *c, const struct field *f)
{
	size_t i = 0;

	while (i < c->count && c->fields[i] != f)
		i++;
	return i;
}

static struct menu_item sort_item(const struct menu *m, size_t i)
{
	const struct sockets *t = table_of(m);
	const struct field *f = field_at(i);
	bool now = t->sort.count && t->sort.fields[0] == f;

	return (struct menu_item){now ? '*' : ' ', f->name, f->help};
}

static bool sort_choose(struct menu *m, size_t i)
{
	sockets_sort(table_of(m), field_at(i));
	return true;
}

static size_t sort_first(const struct menu *m)
{
	const struct sockets *t = table_of(m);
	size_t i = 0;

	while (t->sort.count && i + 1 < m->list.count && field_at(i) != t->sort.fields[0])
		i++;
	return i;
}

static const struct menu_choice sorting = {
	.heading = N_("Sort by (the same again: the other way round)"),
	.count = count_fields,
	.item = sort_item,
	.choose = sort_choose,
	.first = sort_first,
};

/* Those that are shown, in their order, and then the others. */
static const struct field *column_at(const struct columns *c, size_t i)
{
	if (i < c->count)
		return c->fields[i];
	i -= c->count;
	for (size_t n = 0;; n++) {
		if (place_in(c, field_at(n)) == c->count && !i--)
			return field_at(n);
	}
}

static struct menu_item columns_item(const struct menu *m, size_t i)
{
	const struct columns *c = &table_of(m)->columns;
	const struct field *f = column_at(c, i);

	return (struct menu_item){i < c->count ? '*' : ' ', f->name, f->help};
}

/* A new column stands before WHAT, which takes what room is left. */
static void add_column(struct columns *c, const struct field *f)
{
	size_t at = c->count;

	if (c->count == COLUMNS_MAX)
		return;
	if (at && c->fields[at - 1]->kind == KIND_WHAT)
		at--;
	memmove(c->fields + at + 1, c->fields + at, (c->count - at) * sizeof(*c->fields));
	c->fields[at] = f;
	c->count++;
}

static void columns_changed(struct sockets *t)
{
	t->first = 0;
	fit_forget(&t->fit);
}

/* The next of its kind is chosen then. */
static bool columns_choose(struct menu *m, size_t i)
{
	struct sockets *t = table_of(m);
	struct columns *c = &t->columns;

	if (i >= c->count) {
		add_column(c, column_at(c, i));
		menu_at(m, i + 1);
	} else if (c->count > 1) {
		memmove(c->fields + i, c->fields + i + 1, (c->count - i - 1) * sizeof(*c->fields));
		c->count--;
		menu_at(m, i < c->count ? i : c->count - 1);
	}
	columns_changed(t);
	return false;
}

static size_t columns_move(struct menu *m, size_t i, int by)
{
	struct sockets *t = table_of(m);
	struct columns *c = &t->columns;
	size_t to = i + (size_t)by;
	const struct field *f;

	if (i >= c->count || to >= c->count)
		return i;
	f = c->fields[i];
	c->fields[i] = c->fields[to];
	c->fields[to] = f;
	columns_changed(t);
	return to;
}

static const struct menu_choice choosing_columns = {
	.heading = N_("Columns (* is shown; F7 and F8 move it)"),
	.count = count_fields,
	.item = columns_item,
	.choose = columns_choose,
	.move = columns_move,
};

/* What sockets may be grouped by: a field, and how people call it. */
static const struct {
	const char *field, *name;
} groupings[] = {
	{NULL, N_("no groups")},     {"process", N_("process")}, {"raddr", N_("peer's address")},
	{"sport", N_("local port")}, {"state", N_("state")},     {"netns", N_("network namespace")},
};

static const struct field *grouping(size_t i)
{
	const char *name = groupings[i].field;

	return name ? field_find(name, strlen(name)) : NULL;
}

static size_t count_groupings(const struct menu *m)
{
	(void)m;
	return sizeof(groupings) / sizeof(*groupings);
}

static struct menu_item group_item(const struct menu *m, size_t i)
{
	bool now = table_of(m)->groups.field == grouping(i);

	return (struct menu_item){now ? '*' : ' ', message_translate(groupings[i].name), ""};
}

static bool group_choose(struct menu *m, size_t i)
{
	struct sockets *t = table_of(m);

	t->groups.field = grouping(i);
	t->groups.folded_count = 0;
	sockets_rebuild(t);
	return true;
}

static size_t group_first(const struct menu *m)
{
	size_t i = 0;

	while (i + 1 < count_groupings(m) && table_of(m)->groups.field != grouping(i))
		i++;
	return i;
}

static const struct menu_choice grouping_by = {
	.heading = N_("Group by"),
	.count = count_groupings,
	.item = group_item,
	.choose = group_choose,
	.first = group_first,
};

static int open_sort(struct pane *p)
{
	return menu_open((struct menu *)p, &sorting);
}

static int open_columns(struct pane *p)
{
	return menu_open((struct menu *)p, &choosing_columns);
}

static int open_group(struct pane *p)
{
	return menu_open((struct menu *)p, &grouping_by);
}

const struct pane_ops sort_menu = MENU_PANE(N_("Sort"), open_sort, 0);
const struct pane_ops columns_menu = MENU_PANE(N_("Columns"), open_columns, WHERE_ORDERED);
const struct pane_ops group_menu = MENU_PANE(N_("Group"), open_group, 0);

// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/sockets.h"

#include "render/message.h"
#include "ui/find.h"
#include "util/text.h"
#include "util/translate.h"

enum { WHEEL_LINES = 3 };

static struct sockets *self(struct pane *p)
{
	return (struct sockets *)p;
}

static size_t line_count(const struct sockets *t)
{
	return groups_lines(&t->groups, &t->order);
}

static struct live_socket *socket_at(const struct sockets *t, size_t line)
{
	return groups_socket(&t->groups, &t->order, line);
}

static struct list_id id_at(const void *owner, size_t line)
{
	const struct sockets *t = owner;
	const struct group *heading = groups_heading(&t->groups, line);

	if (heading)
		return (struct list_id){.number = heading->id, .kind = 1};
	return (struct list_id){.number = socket_at(t, line)->id};
}

static void refresh_list(struct sockets *t)
{
	if (groups_update(&t->groups, &t->order))
		app_note(t->pane.app, N_("out of memory"));
	list_changed(&t->list, line_count(t), id_at, t);
}

/* Sorted by the group before all. */
static void make_keys(struct sockets *t)
{
	t->keys.count = 0;
	if (t->groups.field) {
		t->keys.fields[0] = t->groups.field;
		t->keys.descending[0] = t->order.inverted;
		t->keys.count = 1;
	}
	for (size_t i = 0; i < t->sort.count && t->keys.count < COLUMNS_MAX; i++) {
		t->keys.fields[t->keys.count] = t->sort.fields[i];
		t->keys.descending[t->keys.count++] = t->sort.descending[i];
	}
}

void sockets_rebuild(struct sockets *t)
{
	t->order.filter = t->pane.app->filter;
	make_keys(t);
	t->failed = order_rebuild(&t->order);
	fit_forget(&t->fit);
	refresh_list(t);
}

static int open_sockets(struct pane *p)
{
	struct sockets *t = self(p);

	t->columns = p->app->options->columns;
	t->sort = p->app->options->sort;
	t->order.live = p->app->live;
	t->order.sort = &t->keys;
	t->cells = (struct cells)CELLS;
	t->groups = (struct groups)GROUPS;
	sockets_rebuild(t);
	return t->failed ? -1 : 0;
}

static void close_sockets(struct pane *p)
{
	struct sockets *t = self(p);

	order_free(&t->order);
	groups_free(&t->groups);
	cells_free(&t->cells);
}

static size_t count_tagged(const struct live *l)
{
	size_t count = 0;

	for (size_t i = 0; i < l->count; i++)
		count += l->sockets[i]->tagged && !live_is_over(l, l->sockets[i]);
	return count;
}

static void received(struct pane *p)
{
	struct sockets *t = self(p);

	if (t->failed)
		sockets_rebuild(t);
	else
		t->failed = order_update(&t->order);
	refresh_list(t);
	if (t->tagged)
		t->tagged = count_tagged(p->app->live);
	fit_calm(&t->fit, &t->columns, p->app->live->refreshes);
}

static void filtered(struct pane *p)
{
	struct sockets *t = self(p);

	if (t->failed) {
		sockets_rebuild(t);
		return;
	}
	t->failed = order_refilter(&t->order, p->app->filter);
	fit_forget(&t->fit);
	refresh_list(t);
}

bool sockets_sorted_by(const struct sockets *t, size_t column)
{
	const struct field *f = t->columns.fields[column];

	return t->sort.count ? f == t->sort.fields[0] : f->kind == KIND_STATE;
}

/* Groups stay in their order. */
static void invert(struct sockets *t)
{
	if (t->groups.field) {
		t->order.inverted = !t->order.inverted;
		sockets_rebuild(t);
	} else {
		order_invert(&t->order);
		refresh_list(t);
	}
}

void sockets_sort(struct sockets *t, const struct field *f)
{
	if (t->sort.count && t->sort.fields[0] == f) {
		invert(t);
		return;
	}
	t->sort.fields[0] = f;
	/* Of most numbers the largest are looked for. */
	t->sort.descending[0] = field_is_number(f) && f->kind != KIND_HEX;
	t->sort.count = 1;
	t->order.inverted = false;
	sockets_rebuild(t);
}

/* The shown column beside the one that is sorted by. */
static void sort_beside(struct sockets *t, int by)
{
	size_t count = t->columns.count, at = 0;

	while (at < count && !sockets_sorted_by(t, at))
		at++;
	if (at == count)
		at = by > 0 ? count - 1 : 0;
	sockets_sort(t, t->columns.fields[(at + count + (size_t)by) % count]);
}

static void scroll_columns(struct sockets *t, int by)
{
	if (by < 0 && t->first)
		t->first--;
	if (by > 0 && t->first + 1 < t->columns.count)
		t->first++;
}

static void set_tag(struct sockets *t, struct live_socket *s, bool tagged)
{
	if (s->tagged != tagged)
		t->tagged += tagged ? 1 : (size_t)-1;
	s->tagged = tagged;
}

/* The chosen one, or all of a group, and on to the next. */
static void tag(struct sockets *t)
{
	const struct group *heading;
	struct live_socket *s;

	if (!t->list.count)
		return;
	heading = groups_heading(&t->groups, t->list.at);
	s = socket_at(t, t->list.at);
	if (heading) {
		bool tagged = !s->tagged;

		for (size_t i = 0; i < heading->count; i++)
			set_tag(t, t->order.sockets[heading->first + i], tagged);
	} else {
		set_tag(t, s, !s->tagged);
	}
	list_move(&t->list, 1, id_at, t);
}

static void untag_all(struct sockets *t)
{
	const struct live *l = t->pane.app->live;

	for (size_t i = 0; i < l->count; i++)
		l->sockets[i]->tagged = false;
	t->tagged = 0;
}

/* The group that the chosen line is in. */
static void fold(struct sockets *t)
{
	size_t line = t->list.at;
	const struct group *heading;

	if (!t->groups.field || !t->list.count)
		return;
	while (!(heading = groups_heading(&t->groups, line)))
		line--;
	if (!heading->folded)
		list_choose(&t->list, line, id_at, t);
	groups_fold(&t->groups, heading);
	refresh_list(t);
}

static void fold_all(struct sockets *t)
{
	if (!t->groups.field || !t->list.count)
		return;
	while (!groups_heading(&t->groups, t->list.at))
		list_move(&t->list, -1, id_at, t);
	groups_fold_all(&t->groups);
	refresh_list(t);
}

static bool act(struct pane *p, enum action action)
{
	struct sockets *t = self(p);

	if (list_act(&t->list, action, id_at, t))
		return true;
	switch (action) {
	case ACTION_LEFT: scroll_columns(t, -1); return true;
	case ACTION_RIGHT: scroll_columns(t, 1); return true;
	case ACTION_SORT: app_open_pane(p->app, &sort_menu); return true;
	case ACTION_COLUMNS: app_open_pane(p->app, &columns_menu); return true;
	case ACTION_GROUP: app_open_pane(p->app, &group_menu); return true;
	case ACTION_SORT_LEFT: sort_beside(t, -1); return true;
	case ACTION_SORT_RIGHT: sort_beside(t, 1); return true;
	case ACTION_INVERT: invert(t); return true;
	case ACTION_FOLD: fold(t); return true;
	case ACTION_FOLD_ALL: fold_all(t); return true;
	case ACTION_TAG: tag(t); return true;
	case ACTION_UNTAG: untag_all(t); return true;
	default: return false;
	}
}

/* The column whose heading is at that column of the box; columns.count where there is none. */
static size_t column_at(const struct sockets *t, unsigned col)
{
	for (size_t i = t->first; i < t->columns.count; i++) {
		unsigned start = SOCKETS_MARKS + t->fit.columns[i].col;

		if (t->fit.columns[i].shown && col >= start &&
		    col < start + t->fit.columns[i].shown)
			return i;
	}
	return t->columns.count;
}

static void click(struct sockets *t, const struct key *k)
{
	unsigned row = k->row - t->pane.box.row;
	size_t column;

	if (row) {
		if (row <= t->list.page && t->list.top + row - 1 < t->list.count)
			list_choose(&t->list, t->list.top + row - 1, id_at, t);
		return;
	}
	column = column_at(t, k->col);
	if (column < t->columns.count)
		sockets_sort(t, t->columns.fields[column]);
}

static bool key(struct pane *p, const struct key *k)
{
	struct sockets *t = self(p);

	if (k->code == PRESS_WHEEL_UP || k->code == PRESS_WHEEL_DOWN) {
		list_move(&t->list, k->code == PRESS_WHEEL_UP ? -WHEEL_LINES : WHEEL_LINES, id_at,
			  t);
		return true;
	}
	if (k->code == PRESS_ENTER && t->list.count && groups_heading(&t->groups, t->list.at)) {
		fold(t);
		return true;
	}
	if (k->code != PRESS_CLICK || k->row < p->box.row)
		return false;
	click(t, k);
	return true;
}

/* Whether a cell of the line's socket has the text. */
static bool has_text(struct sockets *t, size_t line, const char *text)
{
	struct live_socket *s = socket_at(t, line);
	const struct row *row = &s->row;
	unsigned width;

	order_judge(s);
	for (size_t i = 0; i < t->columns.count; i++) {
		if (find_in(cells_make(&t->cells, t->columns.fields[i], row, &width), text))
			return true;
	}
	return false;
}

static bool find(struct pane *p, const char *text, bool forward, bool here)
{
	struct sockets *t = self(p);
	size_t count = t->list.count;

	for (size_t step = !here; step < count + !here; step++) {
		size_t at = (t->list.at + (forward ? step : count - step)) % count;

		if (groups_heading(&t->groups, at) || !has_text(t, at, text))
			continue;
		list_choose(&t->list, at, id_at, t);
		return true;
	}
	return false;
}

static void watch(struct pane *p, struct watch *w)
{
	struct sockets *t = self(p);

	w->want |= columns_need(&t->keys);
	for (size_t i = t->list.top; i < t->list.top + t->list.page && i < t->list.count; i++) {
		if (!groups_heading(&t->groups, i))
			app_look_at(p->app, socket_at(t, i)->id);
	}
}

static void status(struct pane *p, struct out *o)
{
	struct sockets *t = self(p);
	struct app *a = p->app;
	struct message_value values[] = {
		{.name = "at", .number = t->list.count ? t->list.at + 1 : 0},
		{.name = "count", .number = t->list.count},
		{.name = "all", .number = a->live->count, .absent = !a->filter},
		{.name = "tagged", .number = t->tagged, .absent = !t->tagged},
	};

	app_put_filter(a, o);
	message_fill(o, N_("{at}/{count}[ of {all}][, {tagged} tagged]"), values, 4);
}

static struct live_socket *chosen(struct pane *p)
{
	struct sockets *t = self(p);

	if (!t->list.count || groups_heading(&t->groups, t->list.at))
		return NULL;
	return socket_at(t, t->list.at);
}

const struct pane_ops sockets_pane = {
	.title = N_("Sockets"),
	.size = sizeof(struct sockets),
	.where = WHERE_LINES | WHERE_TABLE | WHERE_FILTERED | WHERE_SIDEWAYS | WHERE_SOCKETS |
		 WHERE_OPENS | WHERE_HOLDERS | WHERE_VIEWS,
	.open = open_sockets,
	.close = close_sockets,
	.received = received,
	.filtered = filtered,
	.draw = sockets_draw,
	.act = act,
	.key = key,
	.find = find,
	.watch = watch,
	.status = status,
	.chosen = chosen,
};

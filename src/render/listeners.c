// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/listeners.h"

#include <errno.h>
#include <stdlib.h>

#include "render/grid.h"
#include "render/listener_holders.h"
#include "render/rows.h"

static const struct grid_column columns[] = {
	{"PORT", true, 0},  {"ADDRESS", false, 0},  {"REACH", false, 0}, {"QUEUE", true, 0},
	{"DROPS", true, 0}, {"PROCESS", false, 12}, {"USER", false, 6},  {"UNIT", false, 6},
};

static const struct grid_layout layout = {
	.columns = columns,
	.count = sizeof(columns) / sizeof(columns[0]),
	.gap = 1,
	.header = true,
};

struct listeners {
	struct view view;
	struct rows rows;
};

static int put_group(struct grid *grid, const struct listener_group *g, bool brief)
{
	struct out *o = &grid->text;
	struct holders h;
	int error = holders_of(&h, g);

	if (error)
		return error;
	out_u64(o, listener_group_first(g)->local.port);
	grid_cell(grid, PAINT_BOLD);
	listener_group_put_address(o, g, false);
	grid_cell(grid, PAINT_NONE);
	listener_group_put_reach(o, g);
	grid_cell(grid, PAINT_NONE);
	listener_group_put_queue(o, g);
	grid_cell(grid, listener_group_paint(g));
	grid_cell(grid, listener_group_put_drops(o, g));
	holders_put_programs(o, &h, brief);
	grid_cell(grid, h.count ? PAINT_NONE : PAINT_DIM);
	holders_put_users(o, g, &h, brief);
	grid_cell(grid, PAINT_NONE);
	holders_put_units(o, &h, brief);
	grid_cell(grid, PAINT_NONE);
	free(h.list);
	return 0;
}

static int put_groups(struct listeners *l, const struct listener_group *groups, size_t count)
{
	const struct style *style = &l->view.options->style;
	struct grid grid = GRID(&layout);
	int error = 0;

	for (size_t i = 0; i < count && !error; i++)
		error = put_group(&grid, &groups[i], style->terminal);
	if (!error)
		error = grid_put(&grid, l->view.out, style);
	grid_free(&grid);
	return error;
}

static int end(struct view *view)
{
	struct listeners *l = (struct listeners *)view;
	const struct row **rows = malloc((l->rows.count + 1) * sizeof(*rows));
	struct listener_group *groups = NULL;
	size_t count;
	int error = rows ? 0 : -ENOMEM;

	for (size_t i = 0; i < l->rows.count && !error; i++)
		rows[i] = &l->rows.rows[i];
	if (!error)
		error = listeners_group(rows, l->rows.count, &groups, &count);
	if (!error)
		error = put_groups(l, groups, count);
	free(groups);
	free(rows);
	return error;
}

static int take(struct sink *sink, struct row *row)
{
	struct listeners *l = (struct listeners *)sink;

	if (row->socket->kernel_state != STATE_LISTEN)
		return 0;
	l->view.shown++;
	return rows_keep(&l->rows, row);
}

static void free_listeners(struct view *view)
{
	struct listeners *l = (struct listeners *)view;

	rows_free(&l->rows);
	free(l);
}

struct view *listeners_view(void)
{
	struct listeners *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	l->view.sink.take = take;
	l->view.end = end;
	l->view.free = free_listeners;
	return &l->view;
}

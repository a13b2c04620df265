// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/groups.h"

#include <errno.h>
#include <stdlib.h>

#include "render/cell.h"
#include "util/grow.h"
#include "util/hash.h"

/* What field_compare() looks at: the first holder, or why there is none. */
static void put_holder(struct out *o, const struct row *row)
{
	const struct owner_table *t = &row->snapshot->owners;
	uint32_t first = row->socket->owners;

	if (first == OWNER_NONE)
		out_u64(o, row->verdict.reason);
	else
		cell_process(o, &t->processes[t->owners[first].process]);
}

/* The same for the same value, whichever sockets have it. */
static uint64_t id_of(struct groups *g, const struct row *row)
{
	uint64_t id = 0;

	g->text.len = 0;
	if (g->field->kind == KIND_OWNERS)
		put_holder(&g->text, row);
	else
		cell_put(&g->text, g->field, row, CELL_BRIEF);
	for (size_t i = 0; i < g->text.len; i++)
		id = hash_u64(id ^ (unsigned char)g->text.data[i]);
	return id;
}

static size_t folded_at(const struct groups *g, uint64_t id)
{
	size_t i = 0;

	while (i < g->folded_count && g->folded[i] != id)
		i++;
	return i;
}

static int add_line(struct groups *g, uint32_t line)
{
	if (GROW(g->lines, g->line_cap, g->line_count + 1))
		return -ENOMEM;
	g->lines[g->line_count++] = line;
	return 0;
}

static int begin_group(struct groups *g, const struct order *o, size_t first)
{
	struct group *group;

	if (GROW(g->groups, g->cap, g->count + 1))
		return -ENOMEM;
	group = &g->groups[g->count];
	*group = (struct group){.first = first, .id = id_of(g, &o->sockets[first]->row)};
	group->folded = folded_at(g, group->id) < g->folded_count;
	return add_line(g, GROUPS_HEADING | (uint32_t)g->count++);
}

static bool begins(const struct groups *g, const struct order *o, size_t at)
{
	return !at || field_compare(g->field, &o->sockets[at - 1]->row, &o->sockets[at]->row);
}

int groups_update(struct groups *g, const struct order *o)
{
	int error = 0;

	g->count = g->line_count = 0;
	for (size_t i = 0; g->field && i < o->count && !error; i++) {
		if (begins(g, o, i))
			error = begin_group(g, o, i);
		if (!error)
			g->groups[g->count - 1].count++;
		if (!error && !g->groups[g->count - 1].folded)
			error = add_line(g, (uint32_t)i);
	}
	if (error)
		g->field = NULL;
	return error;
}

size_t groups_lines(const struct groups *g, const struct order *o)
{
	return g->field ? g->line_count : o->count;
}

struct group *groups_heading(const struct groups *g, size_t line)
{
	if (!g->field || !(g->lines[line] & GROUPS_HEADING))
		return NULL;
	return &g->groups[g->lines[line] & ~GROUPS_HEADING];
}

const char *groups_value(struct groups *g, const struct order *o, const struct group *group)
{
	const struct row *row = &o->sockets[group->first]->row;

	g->text.len = 0;
	/* The others that hold the first socket need not hold the next. */
	if (g->field->kind == KIND_OWNERS && row->socket->owners != OWNER_NONE)
		put_holder(&g->text, row);
	else
		cell_put(&g->text, g->field, row, CELL_BRIEF);
	return out_text(&g->text);
}

struct live_socket *groups_socket(const struct groups *g, const struct order *o, size_t line)
{
	const struct group *heading = groups_heading(g, line);

	if (heading)
		return o->sockets[heading->first];
	return o->sockets[g->field ? g->lines[line] : line];
}

int groups_fold(struct groups *g, const struct group *which)
{
	size_t at = folded_at(g, which->id);

	if (at < g->folded_count) {
		g->folded[at] = g->folded[--g->folded_count];
		return 0;
	}
	if (GROW(g->folded, g->folded_cap, g->folded_count + 1))
		return -ENOMEM;
	g->folded[g->folded_count++] = which->id;
	return 0;
}

int groups_fold_all(struct groups *g)
{
	bool any = false;

	for (size_t i = 0; i < g->count; i++)
		any |= g->groups[i].folded;
	g->folded_count = 0;
	for (size_t i = 0; i < g->count && !any; i++) {
		if (groups_fold(g, &g->groups[i]))
			return -ENOMEM;
	}
	return 0;
}

void groups_free(struct groups *g)
{
	free(g->groups);
	free(g->lines);
	free(g->folded);
	out_free(&g->text);
	*g = (struct groups)GROUPS;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/holder.h"

#include "render/cell.h"
#include "render/message.h"
#include "util/translate.h"

enum { PROCESSES_SHOWN = 10 };

static bool exe_deleted(const struct row *row)
{
	const struct owner_table *t = &row->snapshot->owners;

	return row->socket->owners != OWNER_NONE &&
	       t->processes[t->owners[row->socket->owners].process].exe_deleted;
}

static bool is_word(const char *name, size_t n, const char *word)
{
	return strlen(word) == n && !memcmp(name, word, n);
}

/* With blanks between, where lines can end; of many the first, and how many more there are. */
static void put_processes(struct out *o, const struct row *row)
{
	const struct owner_table *t = &row->snapshot->owners;
	uint32_t last = UINT32_MAX, count = 0;

	for (uint32_t i = row->socket->owners; i != OWNER_NONE; i = owner_table_next(t, i)) {
		if (t->owners[i].process == last)
			continue;
		last = t->owners[i].process;
		if (count++ >= PROCESSES_SHOWN)
			continue;
		if (count > 1)
			out_str(o, ", ");
		cell_process(o, &t->processes[last]);
	}
	if (count <= PROCESSES_SHOWN)
		return;
	out_char(o, ' ');
	message_fill(o, N_("and {count} more"),
		     &(struct message_value){.name = "count", .number = count - PROCESSES_SHOWN},
		     1);
}

/*
 * The fields by name, with two differences: {deleted-exe} stands in for {exe} where the file is
 * gone, and {others} takes no room and is there where others may hold the socket too.
 */
static bool put_owner_name(struct out *o, const char *name, size_t n, const void *ctx)
{
	const struct row *row = ctx;
	bool deleted = is_word(name, n, "deleted-exe");
	const struct field *f = deleted ? field_find("exe", 3) : field_find(name, n);
	struct value v;

	if (is_word(name, n, "others"))
		return row->socket->owners != OWNER_NONE &&
		       row->snapshot->missing[MISSING_OWNERS].processes;
	if (!f || ((deleted || is_word(name, n, "exe")) && deleted != exe_deleted(row)))
		return false;
	if (f->kind == KIND_OWNERS) {
		if (row->socket->owners == OWNER_NONE)
			cell_put(o, f, row, CELL_FULL);
		else
			put_processes(o, row);
		return true;
	}
	if (!field_get(f, row, &v))
		return false;
	cell_value(o, f, row, &v, CELL_FULL);
	return true;
}

void holder_put(struct out *o, const struct row *row)
{
	/* TRANSLATORS: {others} takes no room. */
	message_expand(o,
		       N_("{process}[, user {user}][, unit {unit}][, container {container}][, exe "
			  "{exe}][, exe {deleted-exe} (deleted)][; others that could not be read "
			  "may hold it too{others}]"),
		       put_owner_name, row);
}

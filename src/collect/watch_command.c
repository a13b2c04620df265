// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>

#include "collect/watcher.h"
#include "util/out.h"

enum {
	COMMAND_SIZE = 4096, /* bytes of a command line, at most */
	COMMANDS = 16,       /* holders */
};

/* The kernel ends each argument with a NUL; here they are one line. */
static void put_command(struct out *o, int proc, int32_t pid)
{
	char path[32], text[COMMAND_SIZE];
	ssize_t n;

	snprintf(path, sizeof(path), "%d/cmdline", pid);
	n = process_read_file(proc, path, text, sizeof(text));
	while (n > 0 && !text[n - 1])
		n--;
	for (ssize_t i = 0; i < n; i++)
		out_char(o, text[i] ? text[i] : ' ');
	out_char(o, '\0');
}

static bool is_repeated(const struct owner_table *t, uint32_t first, uint32_t at)
{
	for (uint32_t i = first; i != at; i = owner_table_next(t, i)) {
		if (t->owners[i].process == t->owners[at].process)
			return true;
	}
	return false;
}

char *watcher_command(const struct watcher *w, uint64_t id, size_t *len)
{
	const struct owner_table *t = &w->snapshot.owners;
	uint32_t place = watched_find(&w->table, id), first;
	struct out o = OUT_MEMORY;
	unsigned count = 0;

	if (place == WATCHED_NONE)
		return NULL;
	first = owner_table_find(t, w->table.all[place].inode);
	for (uint32_t i = first; i != OWNER_NONE && count < COMMANDS; i = owner_table_next(t, i)) {
		int32_t pid = t->processes[t->owners[i].process].pid;

		if (is_repeated(t, first, i))
			continue;
		count++;
		out_i64(&o, pid);
		out_char(&o, '\0');
		put_command(&o, w->owners.search.proc, pid);
	}
	*len = o.len;
	out_char(&o, '\0');
	if (!o.error)
		return o.data;
	out_free(&o);
	return NULL;
}

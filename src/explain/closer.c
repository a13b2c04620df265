// SPDX-License-Identifier: GPL-2.0-or-later
#include "explain/closer.h"

enum closer {
#define CLOSER(name, ...) CLOSER_##name,
#include "explain/closers.def"
#undef CLOSER
};

static const struct remedy closers[] = {
#define CLOSER(name, id, text) [CLOSER_##name] = {id, text},
#include "explain/closers.def"
#undef CLOSER
};

static bool ends_with(const char *s, const char *end)
{
	size_t n = s ? strlen(s) : 0, len = strlen(end);

	return n >= len && !strcmp(s + n - len, end);
}

/* A unit of a user's own systemd, below user@UID.service. */
static bool is_user_unit(const struct process *p)
{
	const char *at = p->cgroup ? strstr(p->cgroup, "/user@") : NULL;

	return at && strchr(at + 1, '/') && ends_with(p->unit, ".service") &&
	       strncmp(p->unit, "user@", 5) != 0;
}

static bool has_several_holders(const struct row *row)
{
	const struct owner_table *t = &row->snapshot->owners;
	uint32_t first = row->socket->owners;

	for (uint32_t i = owner_table_next(t, first); i != OWNER_NONE; i = owner_table_next(t, i)) {
		if (t->owners[i].process != t->owners[first].process)
			return true;
	}
	return false;
}

const struct remedy *closer_of(const struct row *row)
{
	const struct owner_table *t = &row->snapshot->owners;
	const struct process *p;

	if (row->socket->owners == OWNER_NONE)
		return NULL;
	p = &t->processes[t->owners[row->socket->owners].process];
	if (snapshot_socket_unit(row->snapshot, row->socket->inode))
		return &closers[CLOSER_SOCKET_UNIT];
	if (p->pid == 1)
		return &closers[strcmp(p->comm, "systemd") ? CLOSER_FIRST_PROCESS : CLOSER_SYSTEMD];
	if (p->forwards)
		return &closers[CLOSER_FORWARDER];
	if (p->container)
		return &closers[CLOSER_CONTAINER];
	if (is_user_unit(p))
		return &closers[CLOSER_USER_UNIT];
	if (ends_with(p->unit, ".service") && strncmp(p->unit, "user@", 5) != 0)
		return &closers[CLOSER_UNIT];
	if (has_several_holders(row))
		return &closers[CLOSER_SHARED];
	return &closers[p->unit ? CLOSER_JOB : CLOSER_PROCESS];
}

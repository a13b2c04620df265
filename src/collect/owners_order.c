// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/owners_walk.h"

#include <errno.h>
#include <stdlib.h>

#include "util/compare.h"
#include "util/grow.h"

/* A holder with what orders it among the holders of the same socket. */
struct holder {
	int32_t pid;
	struct owner owner;
};

static int compare_holders(const void *va, const void *vb)
{
	const struct holder *a = va, *b = vb;

	if (a->pid != b->pid)
		return COMPARE(a->pid, b->pid);
	if (a->owner.via != b->owner.via)
		return COMPARE(a->owner.via, b->owner.via);
	return COMPARE(a->owner.fd, b->owner.fd);
}

static int order_chain(struct owner_table *t, uint32_t first, struct holder **holders, size_t *cap)
{
	size_t n = 0;

	for (uint32_t i = first; i != OWNER_NONE; i = owner_table_next(t, i)) {
		if (GROW(*holders, *cap, n + 1))
			return -ENOMEM;
		(*holders)[n++] =
			(struct holder){t->processes[t->owners[i].process].pid, t->owners[i]};
	}
	qsort(*holders, n, sizeof(**holders), compare_holders);
	n = 0;
	for (uint32_t i = first; i != OWNER_NONE; i = owner_table_next(t, i)) {
		const struct owner *o = &(*holders)[n++].owner;

		t->owners[i].process = o->process;
		t->owners[i].fd = o->fd;
		t->owners[i].via = o->via;
	}
	return 0;
}

int owners_order(struct owner_table *t)
{
	struct holder *holders = NULL;
	size_t cap = 0;
	int error = 0;

	for (uint32_t i = 0; i < t->count && !error; i++) {
		if (owner_table_next(t, i) != OWNER_NONE &&
		    owner_table_find(t, t->owners[i].inode) == i)
			error = order_chain(t, i, &holders, &cap);
	}
	free(holders);
	return error;
}

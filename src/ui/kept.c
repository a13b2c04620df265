// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/kept.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "explain/classify.h"

/* Descriptors of one process come one after another. */
static int copy_owners(struct owner_table *to, const struct owner_table *from, uint32_t first)
{
	uint32_t last = UINT32_MAX;
	int error = 0;

	for (uint32_t i = first; i != OWNER_NONE && !error; i = owner_table_next(from, i)) {
		const struct owner *h = &from->owners[i];

		if (h->process != last) {
			struct process p = process_copy(&from->processes[h->process]);

			if (owner_table_process(to, &p) < 0) {
				process_clear(&p);
				return -ENOMEM;
			}
		}
		last = h->process;
		error = owner_table_insert(to, h->inode, to->process_count - 1, h->fd, h->via);
	}
	return error;
}

int kept_take(struct kept *k, const struct live_socket *s)
{
	const struct socket *sk = s->row.socket;
	struct socket *copy = malloc(sizeof(*copy));
	struct kept next = {.socket = copy};
	struct row row = s->row;

	if (!copy)
		return -ENOMEM;
	classify(&row);
	next.verdict = row.verdict;
	*copy = (struct socket){0};
	memcpy(copy, sk, socket_size(sk));
	if (copy_owners(&next.owners, &s->row.snapshot->owners, sk->owners)) {
		kept_free(&next);
		return -ENOMEM;
	}
	copy->owners = owner_table_find(&next.owners, copy->inode);
	kept_free(k);
	*k = next;
	return 0;
}

struct row kept_row(struct kept *k, const struct live *live)
{
	k->snapshot = live->snapshot;
	k->snapshot.owners = k->owners;
	k->verdict.listener = NULL;
	return (struct row){.snapshot = &k->snapshot, .socket = k->socket, .verdict = k->verdict};
}

void kept_free(struct kept *k)
{
	free(k->socket);
	owner_table_free(&k->owners);
	*k = (struct kept){0};
}

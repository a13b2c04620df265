// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/rows.h"

#include <errno.h>
#include <stdlib.h>

#include "util/grow.h"

int rows_keep(struct rows *r, const struct row *row)
{
	struct row copy = *row;

	if (GROW(r->rows, r->cap, r->count + 1))
		return -ENOMEM;
	copy.socket = socket_list_add(&r->sockets, row->socket);
	if (!copy.socket)
		return -ENOMEM;
	r->rows[r->count++] = copy;
	r->bytes += sizeof(copy) + socket_size(row->socket);
	return 0;
}

static int by_keys(const void *a, const void *b, void *keys)
{
	return columns_compare(keys, a, b);
}

void rows_sort(struct rows *r, const struct columns *keys)
{
	if (r->count)
		qsort_r(r->rows, r->count, sizeof(*r->rows), by_keys, (void *)keys);
}

void rows_free(struct rows *r)
{
	free(r->rows);
	socket_list_free(&r->sockets);
	*r = (struct rows){0};
}

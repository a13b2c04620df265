// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef RENDER_ROWS_H
#define RENDER_ROWS_H

#include "render/columns.h"

/* Rows kept for a view that needs them together: copies, with their verdicts. */
struct rows {
	struct row *rows;
	size_t count, cap;
	size_t bytes; /* of the copies */
	struct socket_list sockets;
};

/* Copies a row and its socket. -ENOMEM. */
int rows_keep(struct rows *r, const struct row *row);

void rows_sort(struct rows *r, const struct columns *keys);
void rows_free(struct rows *r);

#endif

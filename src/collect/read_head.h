// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef COLLECT_READ_HEAD_H
#define COLLECT_READ_HEAD_H

#include "collect/read_value.h"

/* The members of a document besides its sockets. Each returns r->error. */
int read_head(struct reading *r, struct snapshot *s, const char *at, const char *end);
int read_namespaces(struct reading *r, struct snapshot *s, const char *at, const char *end);

/* Also tells how many sockets were written. */
int read_tail(struct reading *r, struct snapshot *s, const char *at, const char *end,
	      uint64_t *sockets);

#endif

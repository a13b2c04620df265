// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UI_GROUPS_H
#define UI_GROUPS_H

#include "ui/order.h"

/* Neighbours in an order that have a field's value in common. */
struct group {
	size_t first, count; /* in order.sockets */
	uint64_t id;         /* of the value */
	bool folded;
};

/* The lines of a table: sockets, and where they are grouped headings too. */
struct groups {
	const struct field *field; /* NULL: not grouped, a line is a place in the order */
	struct group *groups;
	size_t count, cap;
	uint32_t *lines; /* a place in the order, or GROUPS_HEADING and that of a group */
	size_t line_count, line_cap;
	uint64_t *folded; /* their ids */
	size_t folded_count, folded_cap;
	struct out text; /* of a value */
};

#define GROUPS                     \
	{                          \
		.text = OUT_MEMORY \
	}

#define GROUPS_HEADING 0x80000000u

/* The order, which is sorted by the field first, has changed. -ENOMEM: it is grouped no more. */
int groups_update(struct groups *g, const struct order *o);

/* How many lines there are. */
size_t groups_lines(const struct groups *g, const struct order *o);

/* The group whose heading a line is; NULL: it is a socket's. */
struct group *groups_heading(const struct groups *g, size_t line);

/* The socket of a line, of a heading the first below it. */
struct live_socket *groups_socket(const struct groups *g, const struct order *o, size_t line);

/* What the sockets of a group have in common, as safe text, until the next call. */
const char *groups_value(struct groups *g, const struct order *o, const struct group *group);

/* Folds or unfolds one; groups_update() is to follow. -ENOMEM. */
int groups_fold(struct groups *g, const struct group *which);

/* Folds all, or unfolds all where any is folded. -ENOMEM. */
int groups_fold_all(struct groups *g);

void groups_free(struct groups *g);

#endif

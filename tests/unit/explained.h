// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef TESTS_UNIT_EXPLAINED_H
#define TESTS_UNIT_EXPLAINED_H

#include "render/view.h"

/* Classifies what it takes, as the program does, and hands it to a view. */
struct explained {
	struct sink sink;
	struct view *view; /* NULL: to none */
	uint64_t rows;     /* taken */
};

/* All sockets, with all that a snapshot has of them. */
extern const struct request everything;

/* Shown with the header, and else as it comes. */
extern const struct view_options plain;

/* The view, if any, is to show sockets of `s` on `o`; all of them must outlive its end. */
void explained_begin(struct explained *e, struct view *view, struct out *o,
		     const struct snapshot *s, const struct view_options *options);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef CLI_VIEWS_H
#define CLI_VIEWS_H

#include "cli/options.h"
#include "render/view.h"

/* What a view shows, and what it needs beyond its columns. */
struct view_row {
	enum view_name view;
	const char *option;  /* that asks for it; "" for the table */
	const char *columns; /* of its own, or of the table that replaces it with --columns */
	uint32_t states, want;
	bool table; /* its rows are sockets: --columns, --sort, --csv and the blocks apply */
	struct view *(*text)(void);
	struct view *(*json)(void); /* NULL: the sockets themselves */
};

/* Of any view; never NULL. */
const struct view_row *view_row(enum view_name view);

/* What the view asked for needs of the sockets (WANT_*), with these columns and sort keys. */
uint32_t view_needs(const struct options *o, const struct columns *columns,
		    const struct columns *sort);

/* A view in the form asked for; NULL without memory. */
struct view *view_make(const struct options *o);

#endif

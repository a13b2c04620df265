// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef RENDER_VIEW_H
#define RENDER_VIEW_H

#include "model/bind.h"
#include "model/pipeline.h"
#include "render/columns.h"
#include "render/style.h"

/* What a view is told; it lives as long as the view. */
struct view_options {
	struct style style;
	struct columns columns;
	struct columns sort;     /* count 0: the view's own order */
	bool in_order;           /* rows come as they are to stand: the table does not sort them */
	uint32_t block_parts;    /* BLOCK_* of render/block.h: details below each row */
	const char *subject;     /* what --explain was asked about; NULL is nothing */
	const char *filter;      /* the filter as text, NULL without one */
	bool saved;              /* it is about a saved snapshot, not about this host now */
	struct killing *killing; /* --kill's (render/kill.h); NULL: none */
	struct bind_inquiry *inquiry; /* --why's, tried before end(), which predicts; NULL: none */
};

/* A way to show rows: a sink that writes to `out`. */
struct view {
	struct sink sink; /* first: a view is its sink */
	struct out *out;
	const struct view_options *options;
	const struct snapshot *snapshot;
	/* The rows so far were a sample taken `earlier`, more are to come. NULL: takes one only. */
	void (*begin_again)(struct view *view, struct snapshot *earlier);
	/* Writes what is left once all rows came. Returns 0 or a negative errno. */
	int (*end)(struct view *view);
	void (*free)(struct view *view);
	bool alarm;     /* what it shows calls for action: exit status 1 */
	uint64_t shown; /* rows, or whatever the view shows: 0 says that nothing matched */
};

#endif

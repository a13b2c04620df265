// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UI_COLUMNS_FIT_H
#define UI_COLUMNS_FIT_H

#include "render/columns.h"

/* The widths of a table's columns: exact for what is on the screen, yet calm. */
struct fit_column {
	unsigned width;  /* as much as its cells need, or needed a moment ago */
	unsigned needed; /* the most since `width` was last looked at */
	unsigned shown;  /* columns of the screen it gets; 0: it is not on it */
	unsigned col;    /* where */
};

struct columns_fit {
	struct fit_column columns[COLUMNS_MAX];
	uint64_t looked; /* live.refreshes when the widths were last looked at */
	unsigned room;   /* columns of the screen, as of fit_lay_out() */
};

/* A cell of that column takes so many columns: it grows at once. */
void fit_need(struct columns_fit *f, size_t column, unsigned width);

/* A refresh is done: what has been too wide for a while shrinks. */
void fit_calm(struct columns_fit *f, const struct columns *c, uint64_t refreshes);

/* All widths are to be found anew: other columns, another sort key. */
void fit_forget(struct columns_fit *f);

/* Shares `room` columns out from column `first` on; WHAT and long texts give way. */
void fit_lay_out(struct columns_fit *f, const struct columns *c, size_t first, unsigned room);

#endif

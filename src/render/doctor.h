// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef RENDER_DOCTOR_H
#define RENDER_DOCTOR_H

#include "explain/diagnose.h"
#include "render/rows.h"
#include "render/view.h"

/* What the forms of --diagnose share: it keeps the rows of one sample or two, and judges them. */
struct doctor {
	struct view view;
	struct rows before, rows;
	struct snapshot *earlier; /* of `before`; NULL: one sample only */
	struct finding_list found;

	void (*put)(struct doctor *d); /* writes what was found */
};

/* A view that ends in `put`; NULL without memory. */
struct view *doctor_view(void (*put)(struct doctor *d));

/* Milliseconds between the samples. */
uint64_t doctor_interval(const struct doctor *d);

#endif

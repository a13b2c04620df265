// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef RENDER_HEALTH_H
#define RENDER_HEALTH_H

#include "explain/diagnose.h"
#include "render/rows.h"
#include "render/view.h"

enum { HEALTH_ROWS = 100000 }; /* kept at most, about 80 MB: more are left to --diagnose */

/* What --diagnose would find, for views that show something else. Starts zeroed. */
struct health {
	struct rows rows;
	bool too_many;
	struct finding_list found;
};

/* Keeps a copy of a row, up to HEALTH_ROWS. -ENOMEM. */
int health_take(struct health *h, const struct row *row);

/* Judges the rows that came to a view, of one sample. -ENOMEM. */
int health_judge(struct health *h, const struct view *view);

/* Appends one line: how many warnings and which, or that nothing calls for action. */
void health_put_line(struct out *o, const struct style *style, const struct health *h);

/* Appends the ids of the findings about these states (STATE_BIT) behind the label of a page. */
void health_put_findings(struct out *o, const struct style *style, const struct health *h,
			 uint32_t states);

void health_free(struct health *h);

#endif

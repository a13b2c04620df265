// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef RENDER_KILL_H
#define RENDER_KILL_H

#include "explain/kill.h"
#include "render/rows.h"
#include "render/view.h"

/* What became of a row, and the negative errno behind it. */
struct killed {
	enum kill_outcome outcome;
	int error;
};

/* What --kill is about: the view fills in the rows, cli what it has done. */
struct killing {
	struct rows rows;
	struct killed *done; /* of each row; NULL: nothing was tried */
	bool permitted;      /* to close sockets, as far as can be told before */
	/* Of the rows, the one over which who asks this is logged in; NULL: none, as far as known. */
	const struct socket *session;
};

void killing_free(struct killing *k);

/* The table, and below it what closing these sockets does. NULL without memory. */
struct view *kill_view(void);

/* Writes what became of each, after the view's end. */
void kill_tell(struct view *view);

/* The parts of these texts. The rows are classified. */

/* What closing them by force does, for each effect once. -ENOMEM. */
int kill_put_effects(struct out *o, const struct style *style, const struct row *rows,
		     size_t count);

/* That the row is the connection over which who asks this is logged in. */
void kill_warn_of_session(struct out *o, const struct style *style, const struct row *row);

/* That the kernel will refuse. */
void kill_warn_of_refusal(struct out *o, const struct style *style);

/* "ESTABLISHED 10.0.0.1:80 10.0.0.7:51334: " and a text, translated already: a line. */
void kill_put_told(struct out *o, const struct row *row, const char *text);

/* The same with what became of it: "closed". */
void kill_put_outcome(struct out *o, const struct row *row, const struct killed *done);

/* "closed: 3, not closed: 1" */
void kill_put_sum(struct out *o, const struct killed *done, size_t count);

/* "closed": the sockets with what became of them; ended after the deed. NULL without memory. */
struct view *kill_json_view(void);

#endif

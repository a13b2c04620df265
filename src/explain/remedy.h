// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef EXPLAIN_REMEDY_H
#define EXPLAIN_REMEDY_H

/* What helps: an id that never changes, and an English message id with {names}. */
struct remedy {
	const char *id, *text;
};

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef TESTS_UNIT_LOOK_H
#define TESTS_UNIT_LOOK_H

#include "explain/diagnose.h"

/* Two looks at a made-up host, for tests of what is found on it. */

enum { MOST_ROWS = 400, INTERVAL_S = 10 };

/* A look at a host; the rows are classified when it is judged. */
struct look {
	struct snapshot snapshot;
	struct socket sockets[MOST_ROWS];
	struct row rows[MOST_ROWS];
	size_t count;
};

/* `before` is INTERVAL_S seconds earlier; both begin empty. */
extern struct look now, before;
extern struct finding_list found; /* by the last judge() */

/* Of each test, as cmocka takes them. */
int set_up(void **state);
int tear_down(void **state);

/* The finding of this id in one look or two, NULL where it is not found. */
const struct finding *judge(const char *id, bool two);

#endif

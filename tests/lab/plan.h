// SPDX-License-Identifier: GPL-2.0-or-later
// What the command line asks for.
#ifndef LAB_PLAN_H
#define LAB_PLAN_H

#include "kinds.h"

struct wish {
	const struct kind *kind;
	unsigned families;
	unsigned count;
};

struct plan {
	struct wish *wishes;
	size_t count, capacity;
	char **command; // NULL: an interactive shell
	unsigned limit; // seconds, 0: none
};

// Exits after --list and --help; dies with EXIT_USAGE when it does not understand.
void plan_read(struct plan *plan, int argc, char **argv);

#endif

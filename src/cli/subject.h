// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef CLI_SUBJECT_H
#define CLI_SUBJECT_H

#include "cli/options.h"

/* What --explain's word may be: anything else is a filter whose sockets are explained. */
enum subject {
	SUBJECT_NONE,
	SUBJECT_FINDING,
	SUBJECT_SITUATION,
	SUBJECT_STATE,
	SUBJECT_STATES,
	SUBJECT_SOCKETS,
};

/* Of any other view: SUBJECT_NONE. */
enum subject subject_of(const struct options *o);

/*
 * Says so where --explain's word is nearly a finding or a situation, and so is meant for neither a
 * state nor a filter; 0 or the exit status.
 */
int subject_refuse_misspelt(const struct options *o);

#endif

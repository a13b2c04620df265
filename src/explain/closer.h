// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef EXPLAIN_CLOSER_H
#define EXPLAIN_CLOSER_H

#include "model/verdict.h"

/*
 * What closes a listener's port for good, in a sentence: an English message id whose {names} are
 * fields of the row. NULL where nothing is known of its owner.
 */
const char *closer_of(const struct row *row);

#endif

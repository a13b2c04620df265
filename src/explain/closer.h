// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef EXPLAIN_CLOSER_H
#define EXPLAIN_CLOSER_H

#include "explain/remedy.h"
#include "model/verdict.h"

/*
 * What closes a listener's port for good; its {names} are fields of the row. NULL where nothing is
 * known of its owner.
 */
const struct remedy *closer_of(const struct row *row);

#endif

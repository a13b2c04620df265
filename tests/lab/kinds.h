// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef LAB_KINDS_H
#define LAB_KINDS_H

#include "making.h"

// Ends with an entry without a name.
extern const struct kind kinds[];

unsigned kind_families(const struct kind *kind);

// NULL if there is none.
const struct kind *kind_find(const char *name, size_t len);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
// The processes that own the sockets.
#ifndef LAB_HOLDER_H
#define LAB_HOLDER_H

#include "making.h"

// Gives the descriptors of the rows from first on to processes of their own, in the kind's way,
// writes those into the rows as owners, and closes the lab's own descriptors.
void hold_rows(struct lab *lab, const struct kind *kind, size_t first);

#endif

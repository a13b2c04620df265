// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef COLLECT_VITALS_H
#define COLLECT_VITALS_H

#include "model/owner.h"

/*
 * Reads the limit of descriptors of process `p`, by its pid below `proc`, a descriptor of /proc, and
 * where its main thread sleeps, as `p->state` has it. What may not be read stays unknown.
 */
void vitals_read(struct process *p, int proc);

/* Whether a file stands where the executable of `p` was, as that process sees its mounts. */
bool vitals_exe_replaced(const struct process *p, int proc);

#endif

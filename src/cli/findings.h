// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef CLI_FINDINGS_H
#define CLI_FINDINGS_H

#include "model/live.h"
#include "render/doctor.h"

/*
 * What a doctor has found, in words for a live view: to be called by its put(), whose `out` is used
 * and left empty. Consequences stand in the text of what brought them about. 0 with the list, for
 * findings_forget(); else -ENOMEM, and there is none.
 */
int findings_tell(struct doctor *d, struct live_finding **list, size_t *count);

/* Frees a list and what it holds. */
void findings_forget(struct live_finding *list, size_t count);

#endif

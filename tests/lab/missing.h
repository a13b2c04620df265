// SPDX-License-Identifier: GPL-2.0-or-later
// What this machine's kernel cannot do. Each returns NULL, or the reason as part of a sentence.
#ifndef LAB_MISSING_H
#define LAB_MISSING_H

const char *ring_missing(void);
const char *mptcp_missing(void);
const char *bound_list_missing(void);

#endif

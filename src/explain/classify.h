// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef EXPLAIN_CLASSIFY_H
#define EXPLAIN_CLASSIFY_H

#include "model/verdict.h"

/*
 * Fills row->verdict: details, situation, the listener in whose queue the socket waits, and why
 * it has no owner. Reads only the row's socket and its snapshot's listeners; the snapshot need
 * not be complete otherwise.
 */
void classify(struct row *row);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef TESTS_FUZZ_REWRITE_H
#define TESTS_FUZZ_REWRITE_H

#include "model/pipeline.h"
#include "util/out.h"

/*
 * Reads a snapshot, whose source it closes, and appends what --json writes of it. Returns 0, or
 * -EBADMSG where it cannot be read and that is told.
 */
int rewrite(struct source *source, struct out *o);

/* Ends the program where what --json has written is not read and written again to the byte. */
void rewrite_same(struct out *written);

#endif

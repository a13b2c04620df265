// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef COLLECT_READ_H
#define COLLECT_READ_H

#include "model/pipeline.h"

/*
 * A snapshot that --json wrote as a source; man/tcpstate.schema.json describes it. White space and
 * the order of keys are free, keys nobody knows are passed over, and what is wrong ends the reading
 * with -EBADMSG and a complaint that names line and member. A text that stops early gives all
 * sockets that are whole, and MISSING_TRUNCATED.
 *
 * Only sockets of the request's states and families are handed on; the verdict is not read, but
 * left to explain, except for why a socket has no owner.
 */

/* Reads the file (standard input for "-") whole. NULL with a negative errno in *error. */
struct source *snapshot_source(const char *path, int *error);

/* The same of a text, which must outlive the source. NULL without memory. */
struct source *snapshot_source_text(const char *text, size_t n);

#endif

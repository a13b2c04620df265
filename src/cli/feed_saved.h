// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef CLI_FEED_SAVED_H
#define CLI_FEED_SAVED_H

#include "model/feed.h"
#include "model/pipeline.h"

/*
 * A feed over a source that is asked once, now: a saved snapshot. NULL where that fails, with a
 * negative errno in *error; the source's complaint then tells more. The source is the caller's. Findings are
 * written for `width` columns.
 */
struct feed *feed_saved(struct source *source, const struct request *request, unsigned width,
			int *error);

#endif

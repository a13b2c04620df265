// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef CLI_APART_H
#define CLI_APART_H

#include "model/feed.h"

/*
 * The feed of this host: a process of its own collects and acts (cli/collector.h). This process
 * gives up its capabilities, for good: from here on only that one has them. Therefore to be called
 * before anything that needs them, and before the terminal is set up. It begins with the first
 * watch(), or after a moment without. NULL with *error, a negative errno.
 */
struct feed *feed_apart(int *error);

#endif

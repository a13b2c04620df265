// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef COLLECT_SETTINGS_H
#define COLLECT_SETTINGS_H

#include "model/snapshot.h"

/*
 * Reads the settings of this thread's namespace, and its reserved ports. What has no file here, or
 * cannot be read, stays unknown. -ENOMEM.
 */
int settings_read(struct netns *ns);

#endif

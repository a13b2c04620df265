// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UI_FRAME_H
#define UI_FRAME_H

#include "ui/app.h"

/*
 * Draws the whole screen: tabs with host and time, counts by state, the uppermost pane, the status
 * line and the bar of keys. A low screen goes without counts, a very low one without tabs.
 */
void frame_draw(struct app *a, struct screen *s);

/* Does what a click on the tabs or the bar asks for; false where it is on neither. */
bool frame_click(struct app *a, const struct key *key);

#endif

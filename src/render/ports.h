// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef RENDER_PORTS_H
#define RENDER_PORTS_H

#include "render/view.h"

/*
 * The port map: a block a program with what it listens on, who is connected to its ports, where
 * it connects to, and its states. Processes of one name are one program where one is the parent
 * of the other or they share a socket. Needs WANT_PROCESS, WANT_OWNERS and WANT_SITUATION. Rows
 * are counted as they come; memory grows with distinct peers. A terminal shows the ten largest
 * peers of a program, a pipe and JSON all of them. NULL without memory.
 */
struct view *ports_view(void);
struct view *ports_json_view(void);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef RENDER_EXPLAIN_H
#define RENDER_EXPLAIN_H

#include "render/view.h"

/*
 * The page of one state: what it is, how one gets in and out, when to worry, and how this host
 * stands. Its JSON holds the host's numbers, no prose. NULL without memory.
 */
struct view *explain_state_view(void);
struct view *explain_state_json_view(void);

/* Appends what there is to know of a state (one that is known), nothing of this host. */
void explain_put_state(struct out *o, const struct style *style, unsigned state);

/* The page of one situation, options->subject, and how many sockets are in it here. */
struct view *explain_situation_view(void);

/* The page of one finding, options->subject, and whether it applies here. */
struct view *explain_finding_view(void);

/* The sockets that come, by situation, each with what it means and what to do. */
struct view *explain_sockets_view(void);
struct view *explain_sockets_json_view(void);

/* All states in short. */
struct view *explain_states_view(void);

#endif

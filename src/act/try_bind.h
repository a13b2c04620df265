// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef ACT_TRY_BIND_H
#define ACT_TRY_BIND_H

#include "act/as_user.h"
#include "model/bind.h"

/*
 * Asks the kernel: a child becomes the user (NULL: stays who we are), looks at each case's place and
 * binds to each in every way, each time a socket of its own that is closed at once. It never calls
 * listen(), which inside a live SO_REUSEPORT group would take clients away and reset them; so
 * nothing is left behind. While a bind holds, microseconds, another that comes is refused the port.
 *
 * Fills the cases and sets q->tried. -errno where the child could not become the user (-EPERM), or
 * did not come to its end (-ECHILD).
 */
int try_bind(struct bind_inquiry *q, const struct as_user *user);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef CLI_INQUIRY_H
#define CLI_INQUIRY_H

#include "act/as_user.h"
#include "cli/options.h"
#include "model/bind.h"

/* --why's question and for whom it is asked. */
struct inquiry {
	struct bind_inquiry bind;
	struct as_user as; /* where bind.user names one */
};

/*
 * Reads --why's [ADDRESS:]PORT and --user. A port without address is asked for as servers do, as
 * [::] that takes IPv4 too, and as 0.0.0.0. Returns 0, or the exit status after saying what is
 * wrong; `o` must outlive the inquiry.
 */
int inquiry_make(struct inquiry *q, const struct options *o);

/*
 * Has the kernel asked. Where a port was asked for alone and there is no IPv6, 0.0.0.0 decides.
 * Returns 0, or the exit status after saying what failed.
 */
int inquiry_try(struct inquiry *q);

#endif

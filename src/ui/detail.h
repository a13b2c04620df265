// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UI_DETAIL_H
#define UI_DETAIL_H

#include "ui/app.h"

/* Opens the page of one socket, over what is there. It stays with it, also once it is gone. */
void detail_open(struct app *a, struct live_socket *s);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef RENDER_HOLDER_H
#define RENDER_HOLDER_H

#include "model/verdict.h"

/*
 * Appends who holds a socket: "nginx[812], user root, unit nginx.service, exe /usr/sbin/nginx", or
 * the reason why nobody is known.
 */
void holder_put(struct out *o, const struct row *row);

#endif

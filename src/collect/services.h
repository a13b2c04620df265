// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef COLLECT_SERVICES_H
#define COLLECT_SERVICES_H

#include "model/snapshot.h"

/* Notes for every docker-proxy among the owners what it passes connections on to. -ENOMEM. */
int services_note_proxies(struct snapshot *s);

/* Notes the systemd socket unit of a listener that pid 1 holds. -ENOMEM. */
int services_note_socket_unit(struct snapshot *s, const struct socket *listener);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef COLLECT_NAMES_H
#define COLLECT_NAMES_H

#include "model/snapshot.h"

/*
 * Names from /etc/hosts, the DNS and whatever else getnameinfo() asks. Each address is asked for
 * once, in a thread of its own, so that a name server that is silent holds nothing up: after
 * NAMES_PATIENCE_MS altogether no more is asked. NULL without memory.
 */
struct resolver *names_open(bool services);

enum { NAMES_PATIENCE_MS = 5000 };

/* Addresses whose names were not waited for. */
uint64_t names_unanswered(const struct resolver *r);

void names_close(struct resolver *r);

#endif

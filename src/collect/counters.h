// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef COLLECT_COUNTERS_H
#define COLLECT_COUNTERS_H

#include "model/snapshot.h"

/*
 * Adds what the kernel counts in this thread's namespace: of net/snmp, netstat and snmp6 all about
 * TCP, IP and ICMP, but for ICMP by numbered types, and TCP's part of sockstat. A file that cannot
 * be read adds nothing. -ENOMEM.
 */
int counters_read(struct netns *ns);

#endif

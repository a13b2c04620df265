// SPDX-License-Identifier: GPL-2.0-or-later
// The network namespace the lab lives in.
#ifndef LAB_NETNS_H
#define LAB_NETNS_H

#include <stdbool.h>

#define LAB_DEVICE "lab0"

// Moves this process into a network namespace of its own, with sysctls under which states last,
// loopback up and a TUN device that has the lab's addresses. Returns the TUN descriptor, which does
// not block. Where this machine does not permit it, dies with EXIT_SKIP and the reason.
int netns_enter(void);

// The scope of link-local addresses.
unsigned netns_device_index(void);

// While slow, new sockets wait about two minutes before the first retransmission. False where
// the kernel (before 6.11) cannot do that.
bool netns_slow_retransmission(bool slow);

#endif

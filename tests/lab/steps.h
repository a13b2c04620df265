// SPDX-License-Identifier: GPL-2.0-or-later
// What the steps share among themselves.
#ifndef LAB_STEPS_H
#define LAB_STEPS_H

#include "making.h"

#include <sys/socket.h>

_Noreturn void step_failed(const struct making *m, const char *what);

void take_local_port(struct making *m);
void take_peer_port(struct making *m);

// fd -1: nobody holds it.
struct row *add_row(struct making *m, const struct expectation *expect, int fd);

// The sockaddr of an end in the making's family; returns its length.
socklen_t address_of(const struct making *m, const struct end *end,
		     struct sockaddr_storage *address);

// A new socket of the kind's protocol that does not block.
int new_socket(const struct making *m);
void bind_to(const struct making *m, int fd, const struct end *end);
void set_option(const struct making *m, int fd, int level, int option, int value);

#endif

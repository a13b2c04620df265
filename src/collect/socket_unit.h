// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef COLLECT_SOCKET_UNIT_H
#define COLLECT_SOCKET_UNIT_H

#include "model/socket.h"

/*
 * Which systemd socket unit stands behind a listener that pid 1 holds. Both ways return 0 with
 * the unit's name in *unit, for the caller to free, or NULL where none is known; or -ENOMEM.
 */

/*
 * By the cgroup (v2) the listener was created in, struct socket's `cgroup`: systemd may open it in
 * the unit's own. Looks for the directory of that inode number below `root`, or where that is NULL
 * below the mounted hierarchy. Known only where the directory's name ends in ".socket".
 */
int socket_unit_find(const char *root, uint64_t cgroup_id, char **unit);

/*
 * By the ListenStream= of unit files in `directories`, NULL-terminated, the first taking
 * precedence; NULL stands for systemd's. Drop-ins and templates are left out. Of several units
 * that fit, the one that sockets.target wants; none where that does not settle it.
 */
int socket_unit_by_port(const char *const *directories, const struct socket *listener, char **unit);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef ACT_AS_USER_H
#define ACT_AS_USER_H

#include <sys/types.h>

struct as_user {
	uid_t uid;
	gid_t gid;        /* the user's own; the number of the uid where the user has no name */
	const char *name; /* NULL has none; then no groups but gid */
};

/*
 * The user of this name or number; `name` must outlive *user. -ENOENT where no user has the name,
 * or the errno of the user database.
 */
int as_user_find(struct as_user *user, const char *name);

/*
 * Makes this process the user's for good: groups, user, and no capability unless it is root. Nothing
 * to do where it is the user's already. Takes CAP_SETUID and CAP_SETGID; -EPERM without. For a
 * child that ends soon.
 */
int as_user_become(const struct as_user *user);

#endif

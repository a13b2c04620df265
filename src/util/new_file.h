// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UTIL_NEW_FILE_H
#define UTIL_NEW_FILE_H

#include "util/out.h"

/*
 * Writes a file as a whole or not at all: what `fill` writes goes to another name in the same folder,
 * which takes the file's place once it is complete and on disk. Whatever fails, that name is removed and
 * the file is as it was.
 *
 * Without `replace` -EEXIST where the name is taken. With it, what is there must be a regular file
 * (else -EINVAL), whose permissions are kept; where it is a symbolic link, what it leads to is
 * replaced. Else returns 0 or the negative errno of what failed, `fill`'s included.
 */
int new_file_write(const char *path, bool replace, int (*fill)(struct out *o, void *ctx),
		   void *ctx);

#endif

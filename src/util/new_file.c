// SPDX-License-Identifier: GPL-2.0-or-later
#include "util/new_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAMES_TRIED = 100 };

/* Opens another name in the folder of `path`, which `name` is filled with. */
static int open_beside(const char *path, mode_t mode, char name[PATH_MAX])
{
	for (int i = 0; i < NAMES_TRIED; i++) {
		int n = snprintf(name, PATH_MAX, "%s.%d-%d.tmp", path, (int)getpid(), i);
		int fd;

		if (n >= PATH_MAX)
			return -ENAMETOOLONG;
		fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
		if (fd >= 0 || errno != EEXIST)
			return fd >= 0 ? fd : -errno;
	}
	return -EEXIST;
}

/* Without replacing where the file system can do that; another may have come meanwhile. */
static int put_in_place(const char *name, const char *path, bool replace)
{
	if (!replace && !renameat2(AT_FDCWD, name, AT_FDCWD, path, RENAME_NOREPLACE))
		return 0;
	if (!replace && errno != EINVAL && errno != ENOSYS)
		return -errno;
	return rename(name, path) ? -errno : 0;
}

static int write_beside(int fd, const struct stat *old, int (*fill)(struct out *o, void *ctx),
			void *ctx)
{
	struct out o = {.fd = fd};
	int error = fill(&o, ctx), flushed = out_flush(&o);

	out_free(&o);
	if (!error)
		error = flushed;
	if (!error && old && fchmod(fd, old->st_mode & 07777))
		error = -errno;
	if (!error && fsync(fd))
		error = -errno;
	return error;
}

static int write_as(const char *path, const struct stat *old, bool replace,
		    int (*fill)(struct out *o, void *ctx), void *ctx)
{
	char name[PATH_MAX];
	int fd = open_beside(path, 0666, name), error;

	if (fd < 0)
		return fd;
	error = write_beside(fd, old, fill, ctx);
	if (close(fd) && !error)
		error = -errno;
	if (!error)
		error = put_in_place(name, path, replace);
	if (error)
		unlink(name);
	return error;
}

int new_file_write(const char *path, bool replace, int (*fill)(struct out *o, void *ctx), void *ctx)
{
	struct stat old;
	char *real;
	int error;

	if (stat(path, &old))
		return errno == ENOENT ? write_as(path, NULL, replace, fill, ctx) : -errno;
	if (!replace)
		return -EEXIST;
	if (!S_ISREG(old.st_mode))
		return S_ISDIR(old.st_mode) ? -EISDIR : -EINVAL;
	real = realpath(path, NULL);
	if (!real)
		return -errno;
	error = write_as(real, &old, true, fill, ctx);
	free(real);
	return error;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "util/error_name.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

static const struct {
	int number;
	const char *name;
} errors[] = {
	{EPERM, "EPERM"},
	{EACCES, "EACCES"},
	{ENOENT, "ENOENT"},
	{ESRCH, "ESRCH"},
	{EIO, "EIO"},
	{EINTR, "EINTR"},
	{EAGAIN, "EAGAIN"},
	{ENOMEM, "ENOMEM"},
	{EBUSY, "EBUSY"},
	{EINVAL, "EINVAL"},
	{ENFILE, "ENFILE"},
	{EMFILE, "EMFILE"},
	{ENOSYS, "ENOSYS"},
	{EPROTO, "EPROTO"},
	{EBADMSG, "EBADMSG"},
	{EPIPE, "EPIPE"},
	{ERANGE, "ERANGE"},
	{EOPNOTSUPP, "EOPNOTSUPP"},
	{EPROTONOSUPPORT, "EPROTONOSUPPORT"},
	{EAFNOSUPPORT, "EAFNOSUPPORT"},
	{ENOBUFS, "ENOBUFS"},
	{ETIMEDOUT, "ETIMEDOUT"},
	{ECONNREFUSED, "ECONNREFUSED"},
	{EADDRINUSE, "EADDRINUSE"},
	{EADDRNOTAVAIL, "EADDRNOTAVAIL"},
	{ENODEV, "ENODEV"},
	{ENOPROTOOPT, "ENOPROTOOPT"},
};

enum { ERROR_COUNT = sizeof(errors) / sizeof(errors[0]) };

const char *error_name(int number)
{
	for (int i = 0; i < ERROR_COUNT; i++) {
		if (errors[i].number == number)
			return errors[i].name;
	}
	return NULL;
}

int error_by_name(const char *name)
{
	for (int i = 0; i < ERROR_COUNT; i++) {
		if (!strcmp(errors[i].name, name))
			return errors[i].number;
	}
	return 0;
}

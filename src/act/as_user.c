// SPDX-License-Identifier: GPL-2.0-or-later
#include "act/as_user.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The number that all of the text is; -1 for any other text. (uid_t)-1 is no user. */
static int64_t number(const char *text)
{
	char *end;
	unsigned long long n;

	if (!*text || strspn(text, "0123456789") != strlen(text))
		return -1;
	errno = 0;
	n = strtoull(text, &end, 10);
	return errno || n >= UINT32_MAX ? -1 : (int64_t)n;
}

int as_user_find(struct as_user *user, const char *name)
{
	int64_t uid = number(name);
	const struct passwd *entry;

	errno = 0;
	entry = uid < 0 ? getpwnam(name) : getpwuid((uid_t)uid);
	if (entry) {
		*user = (struct as_user){entry->pw_uid, entry->pw_gid, name};
		return 0;
	}
	if (uid >= 0) {
		*user = (struct as_user){(uid_t)uid, (gid_t)uid, NULL};
		return 0;
	}
	/* "Not found" comes as any of these (getpwnam(3)). */
	if (!errno || errno == ESRCH || errno == EBADF || errno == EPERM)
		return -ENOENT;
	return -errno;
}

static int set_groups(const struct as_user *user)
{
	const struct passwd *entry = user->name ? getpwuid(user->uid) : NULL;

	if (entry)
		return initgroups(entry->pw_name, user->gid) ? -errno : 0;
	return setgroups(0, NULL) ? -errno : 0;
}

/* setuid() drops them for a process that was root, but not for one that never was. */
static int drop_capabilities(void)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct none[2] = {0};

	return syscall(SYS_capset, &header, none) ? -errno : 0;
}

int as_user_become(const struct as_user *user)
{
	int error;

	if (user->uid == geteuid())
		return 0;
	error = set_groups(user);
	if (error)
		return error;
	if (setresgid(user->gid, user->gid, user->gid) ||
	    setresuid(user->uid, user->uid, user->uid))
		return -errno;
	return user->uid ? drop_capabilities() : 0;
}

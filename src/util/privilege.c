// SPDX-License-Identifier: GPL-2.0-or-later
#include "util/privilege.h"

#include <sys/syscall.h>
#include <unistd.h>

bool privilege_held(unsigned capability)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {0};

	if (syscall(SYS_capget, &header, data))
		return false;
	return data[capability / 32].effective >> capability % 32 & 1;
}

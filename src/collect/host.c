// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/host.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "collect/counters.h"
#include "collect/process.h"
#include "collect/settings.h"

int host_identify(struct snapshot *s)
{
	char name[256] = "";

	clock_gettime(CLOCK_REALTIME, &s->time);
	clock_gettime(CLOCK_BOOTTIME, &s->monotonic);
	gethostname(name, sizeof(name) - 1);
	s->host = strdup(name);
	return s->host ? 0 : -ENOMEM;
}

int host_add_netns(struct snapshot *s, bool details)
{
	struct netns *more = realloc(s->namespaces, (s->namespace_count + 1) * sizeof(*more));
	struct netns *ns;
	struct stat st;
	int error;

	if (!more)
		return -ENOMEM;
	s->namespaces = more;
	ns = &more[s->namespace_count++];
	*ns = (struct netns){0};
	if (!stat("/proc/thread-self/ns/net", &st))
		ns->id = st.st_ino;
	if (!details)
		return 0;
	error = settings_read(ns);
	return error ? error : counters_read(ns);
}

static bool stat_number(const char *text, const char *line, const char *name, unsigned *n)
{
	const char *at = strstr(text, line);

	at = at ? strstr(at, name) : NULL;
	return at && sscanf(at + strlen(name), "%u", n) == 1;
}

uint64_t host_count_sockets(void)
{
	char text[1024];
	unsigned used, waiting, used6 = 0;
	ssize_t n;

	if (process_read_text(AT_FDCWD, "/proc/thread-self/net/sockstat", text, sizeof(text)) < 0 ||
	    !stat_number(text, "TCP:", " inuse ", &used) ||
	    !stat_number(text, "TCP:", " tw ", &waiting))
		return UINT64_MAX;
	n = process_read_text(AT_FDCWD, "/proc/thread-self/net/sockstat6", text, sizeof(text));
	if (n != -ENOENT && (n < 0 || !stat_number(text, "TCP6:", " inuse ", &used6)))
		return UINT64_MAX;
	return (uint64_t)used + waiting + used6;
}

bool host_kernel_since(unsigned major, unsigned minor)
{
	struct utsname kernel;
	unsigned x, y;

	return !uname(&kernel) && sscanf(kernel.release, "%u.%u", &x, &y) == 2 &&
	       (x > major || (x == major && y >= minor));
}

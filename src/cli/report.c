// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/report.h"

#include <linux/capability.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cli/say.h"
#include "cli/status.h"

int report_failure(const struct source *source, int error)
{
	if (source->complaint[0])
		say("%s", source->complaint);
	else
		say("cannot read the sockets: %s", strerror(-error));
	return STATUS_FAILED;
}

/* Which of the two capabilities that owners take are not held, as text. */
static const char *missing_capabilities(void)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {0};
	bool ptrace, search;

	if (syscall(SYS_capget, &header, data))
		return "more privileges";
	ptrace = data[0].effective >> CAP_SYS_PTRACE & 1;
	search = data[0].effective >> CAP_DAC_READ_SEARCH & 1;
	if (!ptrace && !search)
		return "CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH (sudo)";
	if (!ptrace)
		return "CAP_SYS_PTRACE";
	return search ? "more rights than this user has: the processes are protected"
		      : "CAP_DAC_READ_SEARCH";
}

static void say_owners(const struct missing *m, const struct options *o)
{
	const char *sockets = m->sockets == 1 ? "socket" : "sockets";
	const char *processes = m->processes == 1 ? "process" : "processes";

	say("owner not visible for %llu %s, as %llu %s could not be read%s%s",
	    (unsigned long long)m->sockets, sockets, (unsigned long long)m->processes, processes,
	    o->read ? "" : "; that takes ", o->read ? "" : missing_capabilities());
}

static void say_missing(enum missing_name name, const struct missing *m, const struct options *o)
{
	if (name == MISSING_OWNERS)
		say_owners(m, o);
	else if (m->error)
		say("%s (%s)", missing_kinds[name].text, strerror(-m->error));
	else
		say("%s", missing_kinds[name].text);
}

int report_missing(const struct snapshot *s, const struct view *view, const struct options *o)
{
	bool sockets = false, hidden = false;

	for (int i = 0; i < MISSING_COUNT; i++) {
		const struct missing *m = &s->missing[i];

		if (!m->set || missing_kinds[i].class == MISSING_CLASS_OLD)
			continue;
		say_missing(i, m, o);
		sockets |= missing_kinds[i].class == MISSING_CLASS_SOCKETS;
		hidden |= missing_kinds[i].class == MISSING_CLASS_HIDDEN;
	}
	if (sockets || (hidden && o->strict))
		return STATUS_MISSING;
	return o->filter[0] && !view->shown ? STATUS_NO_MATCH : STATUS_DONE;
}

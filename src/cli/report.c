// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/report.h"

#include <errno.h>
#include <string.h>

#include "cli/say.h"
#include "cli/status.h"
#include "util/privilege.h"

int report_failure(const struct source *source, const struct options *o, int error)
{
	if (source->complaint[0] && o->read)
		say("%s: %s", o->read, source->complaint);
	else if (source->complaint[0])
		say("%s", source->complaint);
	else
		say("cannot read the sockets: %s", strerror(-error));
	return STATUS_FAILED;
}

/* Which of the two capabilities that owners take are not held, as text; NULL when both are. */
static const char *missing_capabilities(void)
{
	bool ptrace = privilege_held(CAP_SYS_PTRACE);
	bool search = privilege_held(CAP_DAC_READ_SEARCH);

	if (!ptrace && !search)
		return "CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH (sudo)";
	if (!ptrace)
		return "CAP_SYS_PTRACE";
	return search ? NULL : "CAP_DAC_READ_SEARCH";
}

static void say_owners(const struct missing *m, const struct options *o)
{
	const char *sockets = m->sockets == 1 ? "socket" : "sockets";
	const char *processes = m->processes == 1 ? "process" : "processes";
	const char *takes = o->read ? NULL : missing_capabilities();

	if (m->error && m->error != -EACCES && m->error != -EPERM) {
		say("owner not visible for %llu %s: %llu %s could not be read: %s",
		    (unsigned long long)m->sockets, sockets, (unsigned long long)m->processes,
		    processes, strerror(-m->error));
		return;
	}
	if (!m->processes) {
		say("owner not visible for %llu %s", (unsigned long long)m->sockets, sockets);
		return;
	}
	say("owner not visible for %llu %s: %llu %s could not be read%s%s",
	    (unsigned long long)m->sockets, sockets, (unsigned long long)m->processes, processes,
	    takes ? ", that takes " : "", takes ? takes : "");
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

int report_missing(const struct snapshot *s, const struct plan *plan, const struct options *o)
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
	if (plan->view->alarm)
		return STATUS_NO_MATCH;
	return plan->may_miss && !plan->view->shown ? STATUS_NO_MATCH : STATUS_DONE;
}

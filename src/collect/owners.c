// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/owners_walk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/privilege.h"

enum { LINK_SIZE = 64 }; /* more than "self" or a namespace takes */

void owners_name_users(struct owners *o)
{
	struct owner_table *t = &o->snapshot->owners;

	for (; (o->want & WANT_PROCESS) && o->named < t->process_count; o->named++) {
		struct process *p = &t->processes[o->named];

		if (p->have_uid)
			p->user = user_names_get(&o->users, p->uid);
	}
}

/* The number that the kernel gives its first pid namespace. */
static bool in_other_namespace(int proc)
{
	static const char initial[] = "pid:[4026531836]";
	char link[LINK_SIZE];
	ssize_t n = readlinkat(proc, "self/ns/pid", link, sizeof(link));

	return n > 0 && ((size_t)n != sizeof(initial) - 1 || memcmp(link, initial, (size_t)n));
}

static bool same_pids(int proc)
{
	char link[LINK_SIZE];
	ssize_t n = readlinkat(proc, "self", link, sizeof(link) - 1);

	if (n <= 0)
		return false;
	link[n] = '\0';
	return atol(link) == getpid();
}

int owners_open(struct owners *o, struct snapshot *s, uint32_t want, owners_still_there still_there,
		void *ctx)
{
	*o = (struct owners){.snapshot = s,
			     .want = want,
			     .still_there = still_there,
			     .ctx = ctx,
			     .proc = -1,
			     .uid = geteuid(),
			     .privileged = privilege_held(CAP_SYS_PTRACE) &&
					   privilege_held(CAP_DAC_READ_SEARCH)};
	if (!(want & (WANT_OWNERS | WANT_PROCESS)))
		return 0;
	o->proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (o->proc < 0) {
		s->missing[MISSING_PROCFS].set = true;
		s->missing[MISSING_PROCFS].error = -errno;
		return 0;
	}
	s->other_pid_namespace = in_other_namespace(o->proc);
	o->can_kcmp = same_pids(o->proc);
	return owners_walk(o, false);
}

void owners_close(struct owners *o)
{
	if (o->proc >= 0)
		close(o->proc);
	user_names_free(&o->users);
	o->proc = -1;
}

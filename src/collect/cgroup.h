// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef COLLECT_CGROUP_H
#define COLLECT_CGROUP_H

#include <stddef.h>

/* A piece of someone else's text, not terminated; `at` is NULL for none. */
struct cgroup_part {
	const char *at;
	size_t len; /* bytes */
};

/* What a process's control groups say of who runs it. */
struct cgroup_names {
	struct cgroup_part path; /* untrusted bytes */
	struct cgroup_part unit; /* systemd, as spelled in the path: only [A-Za-z0-9:_.\@-] */
	char container[128];     /* 12 hex digits or a name, untrusted bytes; "" has none */
};

/*
 * Reads the text of /proc/PID/cgroup: cgroup v2, v1 and both mixed. `path` is that of v2, or
 * systemd's own v1 hierarchy's where v2 is not in use. Of nested units the innermost is given, of
 * nested containers the outermost: the one that this host's tools know. Path and unit point into
 * `text`. Any bytes are accepted; what does not look like a group is left out.
 */
void cgroup_parse(struct cgroup_names *names, const char *text, size_t len);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/services.h"

#include <errno.h>
#include <stdlib.h>

#include "collect/docker.h"
#include "collect/socket_unit.h"

int services_note_proxies(struct snapshot *s)
{
	for (uint32_t i = 0; i < s->owners.process_count; i++) {
		struct process *p = &s->owners.processes[i];
		struct docker_target target = {0};
		int error;

		if (strcmp(p->comm, "docker-proxy"))
			continue;
		error = docker_proxy_target(NULL, p->pid, &target);
		if (!error && (target.container || target.address)) {
			p->forwards = strdup(target.container ? target.container : target.address);
			error = p->forwards ? 0 : -ENOMEM;
		}
		docker_target_free(&target);
		if (error == -ENOMEM)
			return error;
	}
	return 0;
}

static bool held_by_init(const struct snapshot *s, const struct socket *sk)
{
	const struct owner_table *t = &s->owners;

	for (uint32_t i = sk->owners; i != OWNER_NONE; i = owner_table_next(t, i)) {
		if (t->processes[t->owners[i].process].pid == 1)
			return true;
	}
	return false;
}

int services_note_socket_unit(struct snapshot *s, const struct socket *listener)
{
	char *unit = NULL;
	int error = 0;

	if (!held_by_init(s, listener))
		return 0;
	if (listener->have & HAVE_CGROUP)
		error = socket_unit_find(NULL, listener->cgroup, &unit);
	if (!error && !unit)
		error = socket_unit_by_port(NULL, listener, &unit);
	if (!error && unit)
		error = snapshot_add_socket_unit(s, listener->inode, unit);
	free(unit);
	return error;
}

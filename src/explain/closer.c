// SPDX-License-Identifier: GPL-2.0-or-later
#include "explain/closer.h"

static bool ends_with(const char *s, const char *end)
{
	size_t n = s ? strlen(s) : 0, len = strlen(end);

	return n >= len && !strcmp(s + n - len, end);
}

const char *closer_of(const struct row *row)
{
	const struct owner_table *t = &row->snapshot->owners;
	const struct process *p;

	if (row->socket->owners == OWNER_NONE)
		return NULL;
	p = &t->processes[t->owners[row->socket->owners].process];
	if (snapshot_socket_unit(row->snapshot, row->socket->inode))
		return "systemd holds the port for {socket-unit} and starts the service at the "
		       "first client: systemctl disable --now {socket-unit} closes it. Stopping "
		       "the service alone does not.";
	if (p->forwards)
		return "docker-proxy passes it on to {forwards}: stop that container, or run it "
		       "without publishing the port (docker ps shows which).";
	if (p->container)
		return "It runs in container {container}: stop it with what started it (docker "
		       "stop, podman stop, or its orchestrator, which would start it again).";
	if (ends_with(p->unit, ".service"))
		return "systemctl disable --now {unit} stops it and keeps it from starting again; "
		       "to keep the service, change the address it listens on in its "
		       "configuration.";
	if (p->unit)
		return "No service: {process} was started in {unit}, a login or a job. It closes "
		       "when that program ends: kill {pid}.";
	return "It closes when {process} ends: kill {pid}. What started it may start it again.";
}

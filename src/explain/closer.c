// SPDX-License-Identifier: GPL-2.0-or-later
#include "explain/closer.h"

#include "util/translate.h"

static bool ends_with(const char *s, const char *end)
{
	size_t n = s ? strlen(s) : 0, len = strlen(end);

	return n >= len && !strcmp(s + n - len, end);
}

/* A unit of a user's own systemd, below user@UID.service. */
static bool is_user_unit(const struct process *p)
{
	const char *at = p->cgroup ? strstr(p->cgroup, "/user@") : NULL;

	return at && strchr(at + 1, '/') && ends_with(p->unit, ".service") &&
	       strncmp(p->unit, "user@", 5) != 0;
}

static bool has_several_holders(const struct row *row)
{
	const struct owner_table *t = &row->snapshot->owners;
	uint32_t first = row->socket->owners;

	for (uint32_t i = owner_table_next(t, first); i != OWNER_NONE; i = owner_table_next(t, i)) {
		if (t->owners[i].process != t->owners[first].process)
			return true;
	}
	return false;
}

const char *closer_of(const struct row *row)
{
	const struct owner_table *t = &row->snapshot->owners;
	const struct process *p;

	if (row->socket->owners == OWNER_NONE)
		return NULL;
	p = &t->processes[t->owners[row->socket->owners].process];
	if (snapshot_socket_unit(row->snapshot, row->socket->inode))
		return N_("systemd holds the port for {socket-unit} and starts the service at the "
			  "first client: systemctl disable --now {socket-unit} closes it. Stopping "
			  "the service alone does not.");
	if (p->pid == 1 && !strcmp(p->comm, "systemd"))
		return N_(
			"systemd holds the port for a socket unit: systemctl list-sockets names it, "
			"systemctl disable --now that unit closes it.");
	if (p->pid == 1)
		return N_(
			"{process} is the first process of this system or container: the port "
			"closes when that stops, or when its configuration no longer asks for it.");
	if (p->forwards)
		return N_("docker-proxy passes it on to {forwards}: stop that container, or run it "
			  "without publishing the port (docker ps shows which).");
	if (p->container)
		return N_("It runs in container {container}: stop it with what started it (docker "
			  "stop, podman stop, or its orchestrator, which would start it again).");
	if (is_user_unit(p))
		return N_("A service of {user}'s own: as that user, systemctl --user disable --now "
			  "{unit} stops it and keeps it from starting again.");
	if (ends_with(p->unit, ".service") && strncmp(p->unit, "user@", 5) != 0)
		return N_(
			"systemctl disable --now {unit} stops it and keeps it from starting again; "
			"to keep the service, change the address it listens on in its "
			"configuration.");
	if (has_several_holders(row))
		return N_(
			"It closes only when every one of these processes has ended, or closed it; what "
			"started them may start them again.");
	if (p->unit)
		return N_(
			"No service: {process} was started in {unit}, a login or a job. It closes "
			"when that program ends: kill {pid}.");
	return N_("It closes when {process} ends: kill {pid}. What started it may start it again.");
}

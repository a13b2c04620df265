// SPDX-License-Identifier: GPL-2.0-or-later
/* Findings about what is open to whom, and run from where. */
#include "explain/diagnosis.h"

static bool is_open_to_all(const struct diagnosis *d, const struct row *row)
{
	(void)d;
	return row->socket->kernel_state == STATE_LISTEN &&
	       !strncmp(socket_reach(row->socket), "any", 3);
}

/* Each port once: a service may listen by IPv4 and IPv6, and in several workers. */
static uint64_t count_ports(const struct group *g)
{
	uint64_t seen[(UINT16_MAX + 1) / 64] = {0}, ports = 0;

	for (size_t i = 0; i < g->count; i++) {
		uint16_t port = g->rows[i]->socket->local.port;
		uint64_t bit = 1ULL << (port & 63);

		ports += !(seen[port >> 6] & bit);
		seen[port >> 6] |= bit;
	}
	return ports;
}

static void judge_exposed(struct diagnosis *d, const struct group *g)
{
	struct finding *f = diagnosis_find(d, FINDING_WILDCARD_EXPOSURE, SEVERITY_NOTE, g);

	if (f)
		finding_cite(f, EVIDENCE_PORTS, count_ports(g));
}

static bool starts_with(const char *s, const char *start)
{
	return !strncmp(s, start, strlen(start));
}

static bool is_memfd(const char *exe)
{
	return starts_with(exe, "/memfd:");
}

static bool is_temporary(const char *exe)
{
	return starts_with(exe, "/tmp/") || starts_with(exe, "/var/tmp/") ||
	       starts_with(exe, "/dev/shm/");
}

/* Programs known to run from such places by design: a copy in memory, an unpacker, a build. */
static bool is_usual(const char *exe)
{
	static const char *const usual[] = {
		"/memfd:runc_cloned:", "/tmp/.mount_",  "/tmp/_MEI",
		"/var/tmp/_MEI",       "/tmp/go-build",
	};

	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++) {
		if (starts_with(exe, usual[i]))
			return true;
	}
	return false;
}

static bool is_suspect(const struct diagnosis *d, const struct row *row)
{
	const struct process *p = row_process(row);

	(void)d;
	return p && p->exe && (p->exe_deleted || is_memfd(p->exe) || is_temporary(p->exe));
}

static void judge_executable(struct diagnosis *d, const struct group *g)
{
	const struct process *p = row_process(g->rows[0]);
	/* In a temporary folder whoever put the program there may put another in its place. */
	bool harmless =
		is_usual(p->exe) || (p->exe_replaced && !is_memfd(p->exe) && !is_temporary(p->exe));
	struct finding *f = diagnosis_find(d, FINDING_SUSPECT_EXECUTABLE,
					   harmless ? SEVERITY_NOTE : SEVERITY_WARNING, g);

	if (!f)
		return;
	if (is_memfd(p->exe))
		finding_cite(f, EVIDENCE_MEMFD, 1);
	else if (p->exe_replaced)
		finding_cite(f, EVIDENCE_REPLACED, 1);
	else if (p->exe_deleted)
		finding_cite(f, EVIDENCE_DELETED, 1);
	if (is_temporary(p->exe))
		finding_cite(f, EVIDENCE_TEMPORARY, 1);
}

void judge_exposure(struct diagnosis *d)
{
	diagnosis_groups(d, is_open_to_all, by_netns, judge_exposed);
	diagnosis_groups(d, is_suspect, by_process, judge_executable);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/vitals.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collect/process.h"

enum {
	LIMITS_SIZE = 4096,
	SYMBOL_SIZE = 512, /* of the kernel's longest */
	LINK_SIZE = 64,    /* more than a namespace takes */
};

/* "Max open files   1024   524288   files": soft and hard. */
static void read_descriptor_limit(struct process *p, int proc)
{
	static const char heading[] = "Max open files";
	char path[32], text[LIMITS_SIZE], *at, *end;

	snprintf(path, sizeof(path), "%d/limits", p->pid);
	if (process_read_text(proc, path, text, sizeof(text)) < 0)
		return;
	at = strstr(text, heading);
	if (!at)
		return;
	at += sizeof(heading) - 1;
	at += strspn(at, " ");
	p->descriptor_limit = strtoull(at, &end, 10);
	p->have_descriptor_limit = end != at;
	if (!strncmp(at, "unlimited", strlen("unlimited"))) {
		p->descriptor_limit = UINT64_MAX;
		p->have_descriptor_limit = true;
	}
}

/* The kernel says "0" for who is awake, and to whom it does not tell. */
static void read_wait_channel(struct process *p, int proc)
{
	char path[32], text[SYMBOL_SIZE];

	snprintf(path, sizeof(path), "%d/wchan", p->pid);
	if (process_read_text(proc, path, text, sizeof(text)) > 0 && strcmp(text, "0") != 0)
		snprintf(p->wait_channel, sizeof(p->wait_channel), "%.*s", (int)strcspn(text, "\n"),
			 text);
}

void vitals_read(struct process *p, int proc)
{
	read_descriptor_limit(p, proc);
	if (p->state && strchr("SDTtI", p->state))
		read_wait_channel(p, proc);
}

static bool same_mounts(const struct process *p, int proc)
{
	char name[32], own[LINK_SIZE], other[LINK_SIZE];
	ssize_t n = readlinkat(proc, "self/ns/mnt", own, sizeof(own));

	snprintf(name, sizeof(name), "%d/ns/mnt", p->pid);
	return n > 0 && readlinkat(proc, name, other, sizeof(other)) == n &&
	       !memcmp(own, other, (size_t)n);
}

bool vitals_exe_replaced(const struct process *p, int proc)
{
	const int flags = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT;
	int root = AT_FDCWD;
	char name[32];
	struct stat st;
	bool found;

	if (!p->exe || p->exe[0] != '/')
		return false;
	/* Among our own mounts the path is ours, also for who has changed its root. */
	if (same_mounts(p, proc))
		return !fstatat(root, p->exe, &st, flags) && !S_ISDIR(st.st_mode);
	snprintf(name, sizeof(name), "%d/root", p->pid);
	root = openat(proc, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return false;
	found = !fstatat(root, p->exe + strspn(p->exe, "/"), &st, flags) && !S_ISDIR(st.st_mode);
	close(root);
	return found;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/process.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collect/cgroup.h"
#include "collect/vitals.h"
#include "model/socket.h"
#include "util/grow.h"

enum {
	STAT_SIZE = 1024,
	CGROUP_SIZE = 16 * 1024,
	PASSWD_SIZE = 1024,
	PASSWD_LIMIT = 1024 * 1024,
	KERNEL_THREAD = 0x00200000, /* PF_KTHREAD in field 9 of stat */
};

struct user_name {
	uint32_t uid;
	char *name;
};

struct stat_line {
	char comm[sizeof(((struct process *)0)->comm)];
	char state;
	int32_t ppid;
	unsigned flags;
	int threads;
	uint64_t started; /* ticks since boot */
};

ssize_t process_read_file(int proc, const char *path, char *buffer, size_t cap)
{
	int fd = openat(proc, path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	size_t len = 0;
	ssize_t n;

	if (fd < 0)
		return -errno;
	do {
		n = read(fd, buffer + len, cap - len);
		if (n > 0)
			len += (size_t)n;
	} while ((n > 0 && len < cap) || (n < 0 && errno == EINTR));
	n = n < 0 ? -errno : (ssize_t)len;
	close(fd);
	return n;
}

ssize_t process_read_text(int proc, const char *path, char *text, size_t size)
{
	ssize_t n = process_read_file(proc, path, text, size - 1);

	if (n >= 0)
		text[n] = '\0';
	return n;
}

FILE *process_open_text(int proc, const char *path)
{
	int fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "r");

	if (!f && fd >= 0)
		close(fd);
	return f;
}

/* "pid (comm) state ppid ..."; comm may itself hold parentheses, blanks and newlines. */
static int read_stat(int proc, int32_t pid, struct stat_line *line)
{
	char path[32], text[STAT_SIZE], *open, *close;
	ssize_t n;
	size_t len;

	snprintf(path, sizeof(path), "%d/stat", pid);
	n = process_read_text(proc, path, text, sizeof(text));
	if (n < 0)
		return (int)n;
	open = strchr(text, '(');
	close = strrchr(text, ')');
	if (!open || !close || close < open ||
	    sscanf(close + 1,
		   " %c %d %*s %*s %*s %*s %u %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %d %*s "
		   "%" SCNu64,
		   &line->state, &line->ppid, &line->flags, &line->threads, &line->started) != 5)
		return -EINVAL;
	len = (size_t)(close - open - 1);
	if (len >= sizeof(line->comm))
		len = sizeof(line->comm) - 1;
	memcpy(line->comm, open + 1, len);
	line->comm[len] = '\0';
	return 0;
}

uint64_t process_started(int proc, int32_t pid)
{
	struct stat_line line;

	return read_stat(proc, pid, &line) ? 0 : line.started;
}

bool process_is_empty(int proc, int32_t pid)
{
	struct stat_line line;

	if (read_stat(proc, pid, &line))
		return false;
	/* A dead leader's threads may live on. */
	return line.flags & KERNEL_THREAD || (line.state == 'Z' && line.threads <= 1);
}

static int read_exe(struct process *p, int proc)
{
	static const char deleted[] = " (deleted)";
	const size_t mark = sizeof(deleted) - 1;
	char name[32], path[PATH_MAX];
	ssize_t n;

	snprintf(name, sizeof(name), "%d/exe", p->pid);
	n = readlinkat(proc, name, path, sizeof(path));
	if (n <= 0)
		return 0;
	if ((size_t)n > mark && !memcmp(path + n - mark, deleted, mark)) {
		p->exe_deleted = true;
		n -= (ssize_t)mark;
	}
	p->exe = strndup(path, (size_t)n);
	if (!p->exe)
		return -ENOMEM;
	p->exe_replaced = p->exe_deleted && vitals_exe_replaced(p, proc);
	return 0;
}

static int copy_part(char **copy, struct cgroup_part part)
{
	if (!part.at)
		return 0;
	*copy = strndup(part.at, part.len);
	return *copy ? 0 : -ENOMEM;
}

static int read_cgroup(struct process *p, int proc)
{
	char path[32], text[CGROUP_SIZE];
	struct cgroup_names names;
	ssize_t n;

	snprintf(path, sizeof(path), "%d/cgroup", p->pid);
	n = process_read_file(proc, path, text, sizeof(text));
	if (n <= 0)
		return 0;
	cgroup_parse(&names, text, (size_t)n);
	if (copy_part(&p->cgroup, names.path) || copy_part(&p->unit, names.unit))
		return -ENOMEM;
	if (names.container[0]) {
		p->container = strdup(names.container);
		if (!p->container)
			return -ENOMEM;
	}
	return 0;
}

/* The directory itself always belongs to the effective user, its files not always. */
static void read_uid(struct process *p, int proc)
{
	char path[32];
	struct stat st;

	snprintf(path, sizeof(path), "%d", p->pid);
	if (fstatat(proc, path, &st, AT_SYMLINK_NOFOLLOW))
		return;
	p->uid = st.st_uid;
	p->have_uid = true;
}

int process_read(struct process *p, int proc, int32_t pid, uint32_t want)
{
	struct stat_line line;
	int error;

	*p = (struct process){.pid = pid};
	error = read_stat(proc, pid, &line);
	if (error == -ENOENT || error == -ESRCH)
		return -ESRCH;
	if (!error) {
		memcpy(p->comm, line.comm, sizeof(p->comm));
		p->ppid = line.ppid;
		p->started = line.started;
	}
	if (!error && want & WANT_VITALS) {
		p->have_vitals = true;
		p->state = line.state;
		p->threads = line.threads > 0 ? (uint32_t)line.threads : 0;
	}
	if (want & WANT_VITALS)
		vitals_read(p, proc);
	if (!(want & WANT_PROCESS))
		return 0;
	read_uid(p, proc);
	error = read_exe(p, proc);
	if (!error)
		error = read_cgroup(p, proc);
	if (error)
		process_clear(p);
	return error;
}

/* NULL where the user has no name. */
static char *ask_name(uint32_t uid)
{
	char *buffer = NULL, *name = NULL;
	struct passwd entry, *found = NULL;
	int error = ERANGE;

	for (size_t size = PASSWD_SIZE; error == ERANGE && size <= PASSWD_LIMIT; size *= 2) {
		char *more = realloc(buffer, size);

		if (!more)
			break;
		buffer = more;
		error = getpwuid_r(uid, &entry, buffer, size, &found);
	}
	if (!error && found && entry.pw_name[0])
		name = strdup(entry.pw_name);
	free(buffer);
	return name;
}

char *user_names_get(struct user_names *users, uint32_t uid)
{
	char *name;

	for (uint32_t i = 0; i < users->count; i++) {
		if (users->names[i].uid == uid)
			return users->names[i].name ? strdup(users->names[i].name) : NULL;
	}
	if (GROW(users->names, users->cap, users->count + 1))
		return NULL;
	name = ask_name(uid);
	users->names[users->count++] = (struct user_name){uid, name};
	return name ? strdup(name) : NULL;
}

void user_names_free(struct user_names *users)
{
	for (uint32_t i = 0; i < users->count; i++)
		free(users->names[i].name);
	free(users->names);
	*users = (struct user_names){0};
}

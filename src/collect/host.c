// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/host.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int host_identify(struct snapshot *s)
{
	char name[256] = "";

	clock_gettime(CLOCK_REALTIME, &s->time);
	gethostname(name, sizeof(name) - 1);
	s->host = strdup(name);
	return s->host ? 0 : -ENOMEM;
}

/* A small file as a string; false where it cannot be read. */
static bool read_file(const char *path, char *to, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t have = 0;
	ssize_t n = -1;

	if (fd < 0)
		return false;
	while (have < size - 1 && (n = read(fd, to + have, size - 1 - have)) > 0)
		have += (size_t)n;
	close(fd);
	to[have] = '\0';
	return n >= 0;
}

static void read_sysctl(const struct sysctl *sysctl, struct sysctl_value *v)
{
	char path[96], text[96];
	int numbers;

	snprintf(path, sizeof(path), "/proc/sys/net/%s", sysctl->file);
	if (!read_file(path, text, sizeof(text)))
		return;
	numbers = sscanf(text, "%" SCNd64 " %" SCNd64 " %" SCNd64, &v->value, &v->upper, &v->third);
	v->known = numbers == sysctl->numbers;
}

/* A file of pairs of lines: "Tcp: names ..." and "Tcp: values ...". -1 is no count. */
static int add_paired(struct netns *ns, char *text)
{
	char *save = NULL, *names = strtok_r(text, "\n", &save);
	char *values = strtok_r(NULL, "\n", &save);

	for (; names && values;
	     names = strtok_r(NULL, "\n", &save), values = strtok_r(NULL, "\n", &save)) {
		char *save_name = NULL, *save_value = NULL;
		char *prefix = strtok_r(names, " ", &save_name);
		char *name, *value = strtok_r(values, " ", &save_value);

		if (!prefix || !value || strncmp(prefix, "Tcp", 3))
			continue;
		prefix[strcspn(prefix, ":")] = '\0';
		while ((name = strtok_r(NULL, " ", &save_name)) &&
		       (value = strtok_r(NULL, " ", &save_value))) {
			char full[96];
			int error;

			snprintf(full, sizeof(full), "%s.%s", prefix, name);
			error = *value == '-'
					? 0
					: netns_add_counter(ns, full, strtoull(value, NULL, 10));
			if (error)
				return error;
		}
	}
	return 0;
}

/* Lines of "TCP: inuse 5 orphan 0 ...". */
static int add_sockstat(struct netns *ns, char *text)
{
	char *save = NULL;

	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char *save_word = NULL, *prefix = strtok_r(line, " ", &save_word), *name, *value;

		if (!prefix || strncmp(prefix, "TCP", 3))
			continue;
		prefix[strcspn(prefix, ":")] = '\0';
		while ((name = strtok_r(NULL, " ", &save_word)) &&
		       (value = strtok_r(NULL, " ", &save_word))) {
			char full[96];
			int error;

			snprintf(full, sizeof(full), "sockstat.%s.%s", prefix, name);
			error = netns_add_counter(ns, full, strtoull(value, NULL, 10));
			if (error)
				return error;
		}
	}
	return 0;
}

static int add_counters(struct netns *ns)
{
	static const struct {
		const char *path;
		int (*add)(struct netns *ns, char *text);
	} files[] = {
		{"/proc/thread-self/net/snmp", add_paired},
		{"/proc/thread-self/net/netstat", add_paired},
		{"/proc/thread-self/net/sockstat", add_sockstat},
		{"/proc/thread-self/net/sockstat6", add_sockstat},
	};
	char text[16384];

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		int error =
			read_file(files[i].path, text, sizeof(text)) ? files[i].add(ns, text) : 0;

		if (error)
			return error;
	}
	return 0;
}

int host_add_netns(struct snapshot *s, bool details)
{
	struct netns *more = realloc(s->namespaces, (s->namespace_count + 1) * sizeof(*more));
	struct netns *ns;
	struct stat st;

	if (!more)
		return -ENOMEM;
	s->namespaces = more;
	ns = &more[s->namespace_count++];
	*ns = (struct netns){0};
	if (!stat("/proc/thread-self/ns/net", &st))
		ns->id = st.st_ino;
	if (!details)
		return 0;
	for (int i = 0; i < SYSCTL_COUNT; i++)
		read_sysctl(&sysctls[i], &ns->sysctls[i]);
	return add_counters(ns);
}

static bool stat_number(const char *text, const char *line, const char *name, unsigned *n)
{
	const char *at = strstr(text, line);

	at = at ? strstr(at, name) : NULL;
	return at && sscanf(at + strlen(name), "%u", n) == 1;
}

bool host_netns_is_empty(void)
{
	char text[1024];
	unsigned used, waiting, used6 = 0;

	if (!read_file("/proc/thread-self/net/sockstat", text, sizeof(text)) ||
	    !stat_number(text, "TCP:", " inuse ", &used) ||
	    !stat_number(text, "TCP:", " tw ", &waiting) || used || waiting)
		return false;
	if (!read_file("/proc/thread-self/net/sockstat6", text, sizeof(text)))
		return errno == ENOENT;
	return stat_number(text, "TCP6:", " inuse ", &used6) && !used6;
}

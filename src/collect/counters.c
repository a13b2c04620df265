// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/counters.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collect/process.h"

enum { TEXT_SIZE = 32 * 1024 };

static int add(struct netns *ns, const char *group, const char *name, const char *value)
{
	char full[96];

	/* -1 is no count. */
	if (!isdigit((unsigned char)*value))
		return 0;
	snprintf(full, sizeof(full), "%s.%s", group, name);
	return netns_add_counter(ns, full, strtoull(value, NULL, 10));
}

static bool is_wanted(const char *group)
{
	static const char *const groups[] = {"Tcp", "TcpExt", "Ip", "IpExt", "Icmp"};

	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		if (!strcmp(group, groups[i]))
			return true;
	}
	return false;
}

/* A file of pairs of lines: "Tcp: names ..." and "Tcp: values ...". */
static int add_paired(struct netns *ns, char *text)
{
	char *save = NULL, *names = strtok_r(text, "\n", &save);
	char *values = strtok_r(NULL, "\n", &save);
	int error = 0;

	for (; names && values && !error;
	     names = strtok_r(NULL, "\n", &save), values = strtok_r(NULL, "\n", &save)) {
		char *save_name = NULL, *save_value = NULL;
		char *group = strtok_r(names, ": ", &save_name);
		char *name, *value = strtok_r(values, " ", &save_value);

		if (!group || !value || !is_wanted(group))
			continue;
		while (!error && (name = strtok_r(NULL, ": ", &save_name)) &&
		       (value = strtok_r(NULL, " ", &save_value)))
			error = add(ns, group, name, value);
	}
	return error;
}

/* Lines of "Ip6InReceives   5". What is numbered (Icmp6InType1) comes and goes. */
static int add_listed(struct netns *ns, char *text)
{
	static const char *const groups[] = {"Ip6", "Icmp6"};
	char *save = NULL;
	int error = 0;

	for (char *line = strtok_r(text, "\n", &save); line && !error;
	     line = strtok_r(NULL, "\n", &save)) {
		char *save_word = NULL, *name = strtok_r(line, " \t", &save_word);
		char *value = strtok_r(NULL, " \t", &save_word);

		if (!value || strstr(name, "Type"))
			continue;
		for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
			size_t n = strlen(groups[i]);

			if (!strncmp(name, groups[i], n))
				error = add(ns, groups[i], name + n, value);
		}
	}
	return error;
}

/* Lines of "TCP: inuse 5 orphan 0 ...". */
static int add_sockstat(struct netns *ns, char *text)
{
	char *save = NULL;
	int error = 0;

	for (char *line = strtok_r(text, "\n", &save); line && !error;
	     line = strtok_r(NULL, "\n", &save)) {
		char *save_word = NULL, *protocol = strtok_r(line, ": ", &save_word);
		char group[32], *name, *value;

		if (!protocol || strncmp(protocol, "TCP", 3))
			continue;
		snprintf(group, sizeof(group), "sockstat.%s", protocol);
		while (!error && (name = strtok_r(NULL, ": ", &save_word)) &&
		       (value = strtok_r(NULL, " ", &save_word)))
			error = add(ns, group, name, value);
	}
	return error;
}

int counters_read(struct netns *ns)
{
	/* "thread-self": of a thread that entered a namespace /proc/net would be its leader's. */
	static const struct {
		const char *path;
		int (*add)(struct netns *ns, char *text);
	} files[] = {
		{"/proc/thread-self/net/snmp", add_paired},
		{"/proc/thread-self/net/netstat", add_paired},
		{"/proc/thread-self/net/snmp6", add_listed},
		{"/proc/thread-self/net/sockstat", add_sockstat},
		{"/proc/thread-self/net/sockstat6", add_sockstat},
	};
	char text[TEXT_SIZE];

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		int error = 0;

		if (process_read_text(AT_FDCWD, files[i].path, text, sizeof(text)) >= 0)
			error = files[i].add(ns, text);
		if (error)
			return error;
	}
	return 0;
}

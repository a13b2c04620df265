// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/docker.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model/address.h"

enum {
	CMDLINE_LIMIT = 4096,
	CONFIG_LIMIT = 1024 * 1024, /* bytes of a config.v2.json */
	CONTAINER_LIMIT = 4096,     /* directories looked at */
	SHORT_ID = 12,
};

static const char program[] = "docker-proxy";

/* Arguments as they follow each other in /proc/PID/cmdline. */
struct arguments {
	const char *at, *end;
};

/* The next one, always terminated; NULL behind the last. */
static const char *next_argument(struct arguments *a)
{
	const char *argument = a->at;
	const char *nul = a->at < a->end ? memchr(a->at, '\0', (size_t)(a->end - a->at)) : NULL;

	if (!nul)
		return NULL;
	a->at = nul + 1;
	return argument;
}

static bool is_program(const char *path)
{
	const char *slash = strrchr(path, '/');

	return !strcmp(slash ? slash + 1 : path, program);
}

/* "-name VALUE", "-name=VALUE", and both with two dashes, as Go's flags are spelled. */
static bool option_value(const char *argument, const char *name, struct arguments *rest,
			 const char **value)
{
	size_t n = strlen(name);

	if (*argument != '-')
		return false;
	argument += argument[1] == '-' ? 2 : 1;
	if (strncmp(argument, name, n))
		return false;
	if (argument[n] == '=')
		*value = argument + n + 1;
	else if (!argument[n])
		*value = next_argument(rest);
	else
		return false;
	return true;
}

struct address_text {
	int family; /* or a negative errno */
	struct address address;
};

static struct address_text read_address(const char *text)
{
	struct address_text a;

	a.family = address_parse(&a.address, text, strlen(text));
	return a;
}

static bool same_address(const struct address_text *a, json_t *text)
{
	struct address_text b;

	if (!json_is_string(text))
		return false;
	b = read_address(json_string_value(text));
	return a->family == b.family && !address_compare(&a->address, &b.address);
}

/* Whether a container runs with this address in one of its networks. */
static bool has_address(json_t *config, const struct address_text *a)
{
	json_t *settings = json_object_get(config, "NetworkSettings");
	json_t *running = json_object_get(json_object_get(config, "State"), "Running");
	json_t *networks = json_object_get(settings, "Networks");
	const char *name;
	json_t *network;

	if (json_is_false(running))
		return false;
	json_object_foreach(networks, name, network)
	{
		if (same_address(a, json_object_get(network, "IPAddress")) ||
		    same_address(a, json_object_get(network, "GlobalIPv6Address")))
			return true;
	}
	return false;
}

static char *container_name(json_t *config)
{
	const char *name = json_string_value(json_object_get(config, "Name"));
	const char *id = json_string_value(json_object_get(config, "ID"));

	if (name && *name == '/')
		name++;
	if (name && *name)
		return strdup(name);
	return id && *id ? strndup(id, SHORT_ID) : NULL;
}

/* NULL where it is missing, too large or no JSON. */
static json_t *load_config(int containers, const char *id)
{
	char path[NAME_MAX + sizeof("/config.v2.json")];
	size_t len = 0;
	struct stat st;
	json_t *config = NULL;
	ssize_t n;
	char *text;
	int fd;

	snprintf(path, sizeof(path), "%s/config.v2.json", id);
	fd = openat(containers, path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return NULL;
	if (!fstat(fd, &st) && S_ISREG(st.st_mode) && st.st_size <= CONFIG_LIMIT) {
		text = malloc(CONFIG_LIMIT);
		while (text && len < CONFIG_LIMIT &&
		       (n = read(fd, text + len, CONFIG_LIMIT - len)) > 0)
			len += (size_t)n;
		if (text)
			config = json_loadb(text, len, 0, NULL);
		free(text);
	}
	close(fd);
	return config;
}

static char *find_container(const char *root, const struct address_text *a)
{
	char path[PATH_MAX], *name = NULL;
	struct dirent *e;
	DIR *d;

	if (snprintf(path, sizeof(path), "%s/containers", root) >= (int)sizeof(path))
		return NULL;
	d = opendir(path);
	for (unsigned n = 0; d && !name && n < CONTAINER_LIMIT && (e = readdir(d)); n++) {
		json_t *config = e->d_name[0] == '.' ? NULL : load_config(dirfd(d), e->d_name);

		if (config && has_address(config, a))
			name = container_name(config);
		json_decref(config);
	}
	if (d)
		closedir(d);
	return name;
}

/* One to five digits. */
static bool is_port(const char *s)
{
	size_t n = strspn(s, "0123456789");

	return n && n <= 5 && !s[n];
}

int docker_proxy_parse(const char *root, const char *cmdline, size_t len,
		       struct docker_target *target)
{
	const char *argument, *ip = NULL, *port = NULL, *protocol = "tcp";
	struct arguments a = {cmdline, cmdline + len};
	struct address_text address;

	*target = (struct docker_target){0};
	argument = next_argument(&a);
	if (!argument || !is_program(argument))
		return 0;
	while ((argument = next_argument(&a))) {
		if (!option_value(argument, "container-ip", &a, &ip) &&
		    !option_value(argument, "container-port", &a, &port))
			option_value(argument, "proto", &a, &protocol);
	}
	if (!ip || !port || !protocol || strcmp(protocol, "tcp") || !is_port(port))
		return 0;
	address = read_address(ip);
	if (address.family < 0)
		return 0;
	if (asprintf(&target->address, address.family == AF_INET6 ? "[%s]:%s" : "%s:%s", ip, port) <
	    0) {
		target->address = NULL;
		return -ENOMEM;
	}
	target->container = find_container(root ? root : "/var/lib/docker", &address);
	return 0;
}

int docker_proxy_target(const char *root, int pid, struct docker_target *target)
{
	char path[48], text[CMDLINE_LIMIT];
	size_t len = 0;
	ssize_t n;
	int fd;

	*target = (struct docker_target){0};
	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	n = readlink(path, text, sizeof(text) - 1);
	if (n > 0) {
		static const char deleted[] = " (deleted)";

		text[n] = '\0';
		if ((size_t)n >= sizeof(deleted) &&
		    !strcmp(text + n - (sizeof(deleted) - 1), deleted))
			text[n - (ssize_t)(sizeof(deleted) - 1)] = '\0';
		if (!is_program(text))
			return 0;
	}
	snprintf(path, sizeof(path), "/proc/%d/cmdline", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return -errno;
	while (len < sizeof(text) && (n = read(fd, text + len, sizeof(text) - len)) > 0)
		len += (size_t)n;
	n = n < 0 ? -errno : 0;
	close(fd);
	return n < 0 ? (int)n : docker_proxy_parse(root, text, len, target);
}

void docker_target_free(struct docker_target *target)
{
	free(target->address);
	free(target->container);
	*target = (struct docker_target){0};
}

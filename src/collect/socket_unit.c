// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/socket_unit.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	DEPTH_LIMIT = 32,
	ENTRY_LIMIT = 64 * 1024, /* directory entries looked at in one search */
	FILE_LIMIT = 64 * 1024,  /* bytes of a unit file */
};

static const char suffix[] = ".socket";

static const char *const unit_directories[] = {
	"/etc/systemd/system",
	"/run/systemd/system",
	"/usr/lib/systemd/system",
	"/lib/systemd/system",
	NULL,
};

static bool is_socket_name(const char *name)
{
	size_t n = strlen(name);

	return n > sizeof(suffix) - 1 && !strcmp(name + n - (sizeof(suffix) - 1), suffix);
}

static DIR *open_directory(int at, const char *name)
{
	int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);

	if (!d && fd >= 0)
		close(fd);
	return d;
}

struct search {
	uint64_t inode;
	unsigned entries;
	char *name; /* of the directory found */
};

/* Takes over the directory. 1 found, 0 not there, -ENOMEM. */
static int search_directory(struct search *s, DIR *d, unsigned depth)
{
	struct dirent *e;
	int result = 0;

	while (!result && s->entries < ENTRY_LIMIT && (e = readdir(d))) {
		DIR *below;

		s->entries++;
		if (e->d_name[0] == '.' || e->d_type != DT_DIR)
			continue;
		if (e->d_ino == s->inode) {
			s->name = strdup(e->d_name);
			result = s->name ? 1 : -ENOMEM;
		} else if (depth < DEPTH_LIMIT) {
			below = open_directory(dirfd(d), e->d_name);
			if (below)
				result = search_directory(s, below, depth + 1);
		}
	}
	closedir(d);
	return result;
}

static DIR *open_hierarchy(const char *root)
{
	DIR *d;

	if (root)
		return open_directory(AT_FDCWD, root);
	/* Beside v1 hierarchies it has a place of its own. */
	d = open_directory(AT_FDCWD, "/sys/fs/cgroup/unified");
	return d ? d : open_directory(AT_FDCWD, "/sys/fs/cgroup");
}

int socket_unit_find(const char *root, uint64_t cgroup_id, char **unit)
{
	struct search s = {.inode = cgroup_id};
	DIR *d = cgroup_id ? open_hierarchy(root) : NULL;
	int result = d ? search_directory(&s, d, 0) : 0;

	*unit = NULL;
	if (result <= 0)
		return result;
	if (is_socket_name(s.name))
		*unit = s.name;
	else
		free(s.name);
	return 0;
}

/* A line, or a value in it: not terminated. */
struct span {
	const char *at;
	size_t len;
};

static struct span trim(struct span s)
{
	while (s.len && strchr(" \t\r", s.at[s.len - 1]))
		s.len--;
	while (s.len && strchr(" \t\r", *s.at)) {
		s.at++;
		s.len--;
	}
	return s;
}

static bool parse_port(struct span s, uint16_t *port)
{
	uint32_t v = 0;

	if (!s.len || s.len > 5)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] < '0' || s.at[i] > '9')
			return false;
		v = v * 10 + (uint32_t)(s.at[i] - '0');
	}
	*port = (uint16_t)v;
	return v && v <= UINT16_MAX;
}

/* Whether the address before the port is the listener's. */
static bool address_fits(struct span s, const struct socket *listener)
{
	struct address a;
	const char *scope;
	int family;

	if (s.len >= 2 && *s.at == '[' && s.at[s.len - 1] == ']') {
		s.at++;
		s.len -= 2;
	}
	scope = memchr(s.at, '%', s.len);
	if (scope)
		s.len = (size_t)(scope - s.at);
	family = address_parse(&a, s.at, s.len);
	return family == listener->family && !address_compare(&a, &listener->local.address);
}

/* "22" listens everywhere; "10.0.0.1:22" and "[::1]:22" do not. All else is no TCP listener. */
static bool stream_fits(struct span value, const struct socket *listener)
{
	const char *colon = memrchr(value.at, ':', value.len);
	struct span port = value;
	uint16_t number;

	if (colon) {
		port.at = colon + 1;
		port.len = (size_t)(value.at + value.len - port.at);
		value.len = (size_t)(colon - value.at);
		/* "[fe80::1]:22%eth0" */
		colon = memchr(port.at, '%', port.len);
		if (colon)
			port.len = (size_t)(colon - port.at);
	}
	if (!parse_port(port, &number) || number != listener->local.port)
		return false;
	if (port.at != value.at)
		return address_fits(value, listener);
	return address_scope(listener->family, &listener->local.address) == SCOPE_ANY;
}

/* Whether a unit file's text makes it listen where the listener does. */
static bool unit_fits(const char *text, size_t len, const struct socket *listener)
{
	static const char key[] = "ListenStream";
	const char *end = text + len;
	bool inside = false, fits = false;

	for (const char *at = text; at < end;) {
		const char *newline = memchr(at, '\n', (size_t)(end - at)), *equals;
		struct span line = {at, (size_t)((newline ? newline : end) - at)}, name, value;

		at = newline ? newline + 1 : end;
		line = trim(line);
		if (!line.len || *line.at == '#' || *line.at == ';')
			continue;
		if (*line.at == '[')
			inside = line.len == 8 && !memcmp(line.at, "[Socket]", 8);
		equals = memchr(line.at, '=', line.len);
		if (!inside || !equals)
			continue;
		name = trim((struct span){line.at, (size_t)(equals - line.at)});
		value = trim((struct span){equals + 1, (size_t)(line.at + line.len - equals - 1)});
		if (name.len != sizeof(key) - 1 || memcmp(name.at, key, name.len))
			continue;
		/* An empty value forgets those before. */
		fits = value.len && (fits || stream_fits(value, listener));
	}
	return fits;
}

/* 1 fits, 0 does not or cannot be read, -ENOMEM. */
static int file_fits(int directory, const char *name, const struct socket *listener)
{
	int fd = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat st;
	ssize_t n = 0;
	size_t len = 0;
	char *text;
	int fits;

	if (fd < 0)
		return 0;
	/* A masked unit is a link to /dev/null. */
	if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
		close(fd);
		return 0;
	}
	text = malloc(FILE_LIMIT);
	while (text && len < FILE_LIMIT && (n = read(fd, text + len, FILE_LIMIT - len)) > 0)
		len += (size_t)n;
	close(fd);
	fits = !text ? -ENOMEM : unit_fits(text, len, listener);
	free(text);
	return fits;
}

/* What the search by port has come to. */
struct choice {
	const char *const *directories;
	char *any, *wanted; /* the last of each */
	unsigned any_count, wanted_count;
};

static bool exists_at(const char *directory, const char *below, const char *name)
{
	char path[512];
	struct stat st;
	int n = snprintf(path, sizeof(path), "%s/%s%s", directory, below, name);

	return n > 0 && (size_t)n < sizeof(path) && !lstat(path, &st);
}

static bool is_wanted(const struct choice *c, const char *name)
{
	for (size_t i = 0; c->directories[i]; i++) {
		if (exists_at(c->directories[i], "sockets.target.wants/", name))
			return true;
	}
	return false;
}

/* Whether a directory of precedence has a unit of the same name. */
static bool is_overridden(const struct choice *c, size_t directory, const char *name)
{
	for (size_t i = 0; i < directory; i++) {
		if (exists_at(c->directories[i], "", name))
			return true;
	}
	return false;
}

static int keep(char **name, unsigned *count, const char *found)
{
	free(*name);
	*name = strdup(found);
	++*count;
	return *name ? 0 : -ENOMEM;
}

static int read_directory(struct choice *c, size_t directory, const struct socket *listener)
{
	DIR *d = opendir(c->directories[directory]);
	struct dirent *e;
	int error = 0;

	if (!d)
		return 0;
	for (unsigned n = 0; !error && n < ENTRY_LIMIT && (e = readdir(d)); n++) {
		if (!is_socket_name(e->d_name) || strstr(e->d_name, "@.") ||
		    is_overridden(c, directory, e->d_name))
			continue;
		error = file_fits(dirfd(d), e->d_name, listener);
		if (error <= 0)
			continue;
		error = keep(&c->any, &c->any_count, e->d_name);
		if (!error && is_wanted(c, e->d_name))
			error = keep(&c->wanted, &c->wanted_count, e->d_name);
	}
	closedir(d);
	return error;
}

int socket_unit_by_port(const char *const *directories, const struct socket *listener, char **unit)
{
	struct choice c = {.directories = directories ? directories : unit_directories};
	int error = 0;

	*unit = NULL;
	for (size_t i = 0; !error && c.directories[i]; i++)
		error = read_directory(&c, i, listener);
	if (!error && c.any_count == 1) {
		*unit = c.any;
		c.any = NULL;
	} else if (!error && c.wanted_count == 1) {
		*unit = c.wanted;
		c.wanted = NULL;
	}
	free(c.any);
	free(c.wanted);
	return error;
}

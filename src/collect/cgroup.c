// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/cgroup.h"

#include <stdbool.h>
#include <string.h>

#define LITERAL(s)               \
	{                        \
		s, sizeof(s) - 1 \
	}

enum {
	NAME_LIMIT = 255, /* of a directory's name */
	SHORT_ID = 12,
	FULL_ID = 64,
};

/* The units that have a group of their own and processes in it. */
static const struct cgroup_part unit_types[] = {
	LITERAL(".service"), LITERAL(".scope"), LITERAL(".socket"),
	LITERAL(".mount"),   LITERAL(".swap"),
};

/* What runtimes put before a container's id. */
static const struct cgroup_part id_prefixes[] = {
	LITERAL("docker-"),         LITERAL("cri-containerd-"), LITERAL("crio-"),
	LITERAL("libpod-payload-"), LITERAL("libpod-"),         LITERAL("nerdctl-"),
	LITERAL("containerd-"),     LITERAL("buildah-"),
};

/* Groups whose members are containers by name. */
static const struct cgroup_part name_parents[] = {
	LITERAL("lxc"),
	LITERAL("lxc.payload"),
	LITERAL("garden"),
};

static bool is(struct cgroup_part p, const char *s)
{
	return p.len == strlen(s) && !memcmp(p.at, s, p.len);
}

static bool drop_prefix(struct cgroup_part *p, struct cgroup_part prefix)
{
	if (p->len <= prefix.len || memcmp(p->at, prefix.at, prefix.len))
		return false;
	p->at += prefix.len;
	p->len -= prefix.len;
	return true;
}

static bool drop_suffix(struct cgroup_part *p, struct cgroup_part suffix)
{
	if (p->len <= suffix.len || memcmp(p->at + p->len - suffix.len, suffix.at, suffix.len))
		return false;
	p->len -= suffix.len;
	return true;
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_hex(struct cgroup_part p)
{
	for (size_t i = 0; i < p.len; i++) {
		if (hex_value(p.at[i]) < 0)
			return false;
	}
	return true;
}

static bool is_unit(struct cgroup_part p)
{
	for (size_t i = 0; i < p.len; i++) {
		char c = p.at[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      (c && strchr(":_.\\@-", c))))
			return false;
	}
	for (size_t i = 0; i < sizeof(unit_types) / sizeof(*unit_types); i++) {
		struct cgroup_part name = p;

		if (drop_suffix(&name, unit_types[i]))
			return true;
	}
	return false;
}

/* A name escaped by systemd: \x2d is a dash. Only what is printable is undone. */
static void put_unescaped(struct cgroup_names *names, struct cgroup_part p)
{
	size_t n = 0;

	for (size_t i = 0; i < p.len && n + 1 < sizeof(names->container); i++) {
		char c = p.at[i];

		if (c == '\\' && i + 3 < p.len && p.at[i + 1] == 'x' &&
		    hex_value(p.at[i + 2]) >= 0 && hex_value(p.at[i + 3]) >= 0) {
			int byte = hex_value(p.at[i + 2]) * 16 + hex_value(p.at[i + 3]);

			if (byte > ' ' && byte < 0x7f) {
				c = (char)byte;
				i += 3;
			}
		}
		names->container[n++] = c;
	}
	names->container[n] = '\0';
}

static void put_bytes(struct cgroup_names *names, struct cgroup_part p, size_t limit)
{
	size_t n = p.len < limit ? p.len : limit;

	memcpy(names->container, p.at, n);
	names->container[n] = '\0';
}

/* "docker-ID.scope", "ID", and "kubepods-podX.slice:cri-containerd:ID" of mismatched drivers. */
static bool container_id(struct cgroup_part *p)
{
	const char *colon = memrchr(p->at, ':', p->len);

	drop_suffix(p, (struct cgroup_part)LITERAL(".scope"));
	if (colon && colon < p->at + p->len) {
		p->len -= (size_t)(colon + 1 - p->at);
		p->at = colon + 1;
	}
	for (size_t i = 0; i < sizeof(id_prefixes) / sizeof(*id_prefixes); i++) {
		struct cgroup_part id = *p;

		if (drop_prefix(&id, id_prefixes[i]) && id.len >= SHORT_ID && id.len <= FULL_ID &&
		    is_hex(id)) {
			*p = id;
			return true;
		}
	}
	return p->len == FULL_ID && is_hex(*p);
}

/* Whether the component, a member of `parent`, is a container's group. */
static bool find_container(struct cgroup_names *names, struct cgroup_part parent,
			   struct cgroup_part component)
{
	struct cgroup_part p = component;

	if (container_id(&p)) {
		put_bytes(names, p, SHORT_ID);
		return true;
	}
	p = component;
	if ((drop_prefix(&p, (struct cgroup_part)LITERAL("machine-")) &&
	     drop_suffix(&p, (struct cgroup_part)LITERAL(".scope"))) ||
	    (drop_prefix(&p, (struct cgroup_part)LITERAL("systemd-nspawn@")) &&
	     drop_suffix(&p, (struct cgroup_part)LITERAL(".service")))) {
		put_unescaped(names, p);
		return true;
	}
	p = component;
	if (drop_prefix(&p, (struct cgroup_part)LITERAL("lxc.payload."))) {
		put_bytes(names, p, sizeof(names->container) - 1);
		return true;
	}
	for (size_t i = 0; i < sizeof(name_parents) / sizeof(*name_parents); i++) {
		if (is(parent, name_parents[i].at)) {
			put_bytes(names, component, sizeof(names->container) - 1);
			return true;
		}
	}
	return false;
}

/* Takes from a path what is not known yet. */
static void read_path(struct cgroup_names *names, struct cgroup_part path, bool units)
{
	const char *end = path.at + path.len;
	struct cgroup_part parent = {"", 0}, unit = {0};

	for (const char *at = path.at; at < end;) {
		const char *slash = memchr(at, '/', (size_t)(end - at));
		struct cgroup_part c = {at, (size_t)((slash ? slash : end) - at)};

		at = slash ? slash + 1 : end;
		if (!c.len || c.len > NAME_LIMIT)
			continue;
		if (!names->container[0])
			find_container(names, parent, c);
		/* init.scope in a unit is where a manager keeps itself. */
		if (units && is_unit(c) && !(unit.at && is(c, "init.scope")))
			unit = c;
		parent = c;
	}
	if (!names->unit.at)
		names->unit = unit;
}

enum hierarchy { UNIFIED, SYSTEMD, OTHER };

/* One line, "id:controllers:/path"; false where it is none. */
static bool read_line(struct cgroup_part line, enum hierarchy *kind, struct cgroup_part *path)
{
	const char *end = line.at + line.len, *first, *second;
	struct cgroup_part controllers;

	first = memchr(line.at, ':', line.len);
	if (!first)
		return false;
	second = memchr(first + 1, ':', (size_t)(end - first - 1));
	if (!second || second + 1 == end || second[1] != '/')
		return false;
	controllers = (struct cgroup_part){first + 1, (size_t)(second - first - 1)};
	*kind = !controllers.len ? UNIFIED : is(controllers, "name=systemd") ? SYSTEMD : OTHER;
	*path = (struct cgroup_part){second + 1, (size_t)(end - second - 1)};
	/* The kernel's mark of a group that was removed. */
	drop_suffix(path, (struct cgroup_part)LITERAL(" (deleted)"));
	return true;
}

/* The paths of one kind, in the order of their lines. */
static void read_kind(struct cgroup_names *names, const char *text, size_t len,
		      enum hierarchy wanted)
{
	const char *end = text + len;

	for (const char *at = text; at < end;) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		struct cgroup_part path, line = {at, (size_t)((newline ? newline : end) - at)};
		enum hierarchy kind;

		at = newline ? newline + 1 : end;
		if (!read_line(line, &kind, &path) || kind != wanted)
			continue;
		if (kind != OTHER && names->path.len <= 1)
			names->path = path;
		read_path(names, path, kind != OTHER);
	}
}

void cgroup_parse(struct cgroup_names *names, const char *text, size_t len)
{
	*names = (struct cgroup_names){0};
	read_kind(names, text, len, UNIFIED);
	read_kind(names, text, len, SYSTEMD);
	if (!names->container[0])
		read_kind(names, text, len, OTHER);
}

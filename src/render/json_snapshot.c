// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/json.h"
#include "render/json_writer.h"
#include "util/error_name.h"

enum {
	SCHEMA = 1,
	YEAR_MAX = 9999, /* RFC 3339 has four digits for it */
};

/* "2026-01-31T12:00:00.123Z"; nothing for a time that is unknown. */
static void put_time(struct out *o, char *sep, const struct timespec *time)
{
	struct tm tm;

	if ((!time->tv_sec && !time->tv_nsec) || !gmtime_r(&time->tv_sec, &tm) ||
	    tm.tm_year + 1900 < 0 || tm.tm_year + 1900 > YEAR_MAX)
		return;
	json_key(o, sep, "time");
	out_printf(o, "\"%04d-%02d-%02dT%02d:%02d:%02d.%03ldZ\"", tm.tm_year + 1900, tm.tm_mon + 1,
		   tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, time->tv_nsec / 1000000);
}

/* Since boot, the time asleep included: what two snapshots of one boot are apart. */
static void put_uptime(struct out *o, char *sep, const struct timespec *uptime)
{
	if (uptime->tv_sec || uptime->tv_nsec)
		json_count(o, sep, "uptime_us",
			   (uint64_t)uptime->tv_sec * 1000000 + (uint64_t)uptime->tv_nsec / 1000);
}

/* What was asked for now narrows what the snapshot was narrowed to before. */
static void put_filter(struct out *o, char *sep, const char *before, const char *now)
{
	struct out both = OUT_MEMORY;

	if (!before || !now || !strcmp(before, now)) {
		json_text(o, sep, "filter", now ? now : before);
		return;
	}
	out_printf(&both, "(%s) and (%s)", before, now);
	json_text(o, sep, "filter", out_text(&both));
	if (both.error && !o->error)
		o->error = both.error;
	out_free(&both);
}

void json_head(struct out *o, const struct snapshot *s, const struct view_options *options)
{
	char sep = '{';

	json_key(o, &sep, "tcpstate");
	sep = '{';
	json_key(o, &sep, "version");
	json_quote(o, PACKAGE_VERSION);
	json_key(o, &sep, "schema");
	json_u64(o, SCHEMA);
	json_text(o, &sep, "host", s->host);
	put_time(o, &sep, &s->time);
	put_uptime(o, &sep, &s->monotonic);
	put_filter(o, &sep, s->filter, options->filter);
	if (s->other_pid_namespace) {
		json_key(o, &sep, "other_pid_namespace");
		json_bool(o, true);
	}
	json_close(o, &sep, '}');
}

void json_setting(struct out *o, enum sysctl_name name, const struct sysctl_value *v)
{
	const int64_t values[SYSCTL_NUMBERS] = {v->value, v->upper, v->third};
	char list = '[';

	if (sysctls[name].numbers == 1) {
		json_i64(o, v->value);
		return;
	}
	for (unsigned i = 0; i < sysctls[name].numbers; i++) {
		json_item(o, &list);
		json_i64(o, values[i]);
	}
	out_char(o, ']');
}

static void put_sysctls(struct out *o, char *sep, const struct netns *ns)
{
	char inner = '{';

	for (int i = 0; i < SYSCTL_COUNT; i++) {
		const struct sysctl_value *v = &ns->sysctls[i];

		if (!v->known)
			continue;
		if (inner == '{')
			json_key(o, sep, "sysctls");
		json_key(o, &inner, sysctls[i].name);
		json_setting(o, i, v);
	}
	if (inner == ',')
		json_close(o, &inner, '}');
}

static void put_reserved(struct out *o, char *sep, const struct netns *ns)
{
	char list = '[';

	if (!ns->have_reserved)
		return;
	json_key(o, sep, "reserved_ports");
	for (size_t i = 0; i < ns->reserved_count; i++) {
		json_item(o, &list);
		out_printf(o, "[%u,%u]", ns->reserved[i].first, ns->reserved[i].last);
	}
	json_close(o, &list, ']');
}

static void put_counters(struct out *o, char *sep, const struct netns *ns)
{
	char inner = '{';

	if (!ns->counter_count)
		return;
	json_key(o, sep, "counters");
	for (size_t i = 0; i < ns->counter_count; i++) {
		json_item(o, &inner);
		json_quote(o, ns->counters[i].name);
		out_char(o, ':');
		json_u64(o, ns->counters[i].value);
	}
	json_close(o, &inner, '}');
}

static void put_namespaces(struct out *o, const struct snapshot *s)
{
	char list = '[';

	for (size_t i = 0; i < s->namespace_count; i++) {
		const struct netns *ns = &s->namespaces[i];
		char sep = '{';

		json_item(o, &list);
		if (ns->id) {
			json_key(o, &sep, "id");
			json_u64(o, ns->id);
		}
		json_text(o, &sep, "name", ns->name);
		put_sysctls(o, &sep, ns);
		put_reserved(o, &sep, ns);
		put_counters(o, &sep, ns);
		json_close(o, &sep, '}');
	}
	json_close(o, &list, ']');
}

void json_snapshot_head(struct out *o, const struct snapshot *s, const struct view_options *options)
{
	json_head(o, s, options);
	out_str(o, ",\n\"namespaces\":");
	put_namespaces(o, s);
	out_str(o, ",\n\"sockets\":[");
}

static void put_error(struct out *o, int number)
{
	const char *name = error_name(number);

	if (name)
		json_quote(o, name);
	else
		out_printf(o, "\"errno(%d)\"", number);
}

static void put_missing(struct out *o, const struct snapshot *s)
{
	static const char *const classes[] = {
		[MISSING_CLASS_SOCKETS] = "sockets",
		[MISSING_CLASS_HIDDEN] = "hidden",
		[MISSING_CLASS_OLD] = "old",
	};
	char list = '[';

	for (int i = 0; i < MISSING_COUNT; i++) {
		const struct missing *m = &s->missing[i];
		char sep = '{';

		if (!m->set)
			continue;
		json_item(o, &list);
		json_key(o, &sep, "what");
		json_quote(o, missing_kinds[i].token);
		json_key(o, &sep, "class");
		json_quote(o, classes[missing_kinds[i].class]);
		if (m->sockets) {
			json_key(o, &sep, "sockets");
			json_u64(o, m->sockets);
		}
		if (m->processes) {
			json_key(o, &sep, "processes");
			json_u64(o, m->processes);
		}
		if (m->error) {
			json_key(o, &sep, "error");
			put_error(o, -m->error);
		}
		json_close(o, &sep, '}');
	}
	json_close(o, &list, ']');
}

void json_tail(struct out *o, const struct snapshot *s, uint64_t sockets)
{
	char sep = '{';

	out_str(o, ",\n\"end\":");
	json_key(o, &sep, "complete");
	json_bool(o, !snapshot_lacks_sockets(s));
	json_key(o, &sep, "missing");
	put_missing(o, s);
	json_key(o, &sep, "sockets");
	json_u64(o, sockets);
	json_close(o, &sep, '}');
	out_str(o, "}\n");
}

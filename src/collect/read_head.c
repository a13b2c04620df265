// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/read_head.h"

#include <errno.h>
#include <stdlib.h>

#include "util/error_name.h"

enum { SCHEMA = 1, ERROR_MAX = 4095 };

/* `n` digits as a number; -1 where they are none. */
static int digits(const char *text, int n)
{
	int sum = 0;

	for (int i = 0; i < n; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		sum = sum * 10 + (text[i] - '0');
	}
	return sum;
}

/* Up to nine digits behind the point, as nanoseconds; *text moves behind them. */
static bool fraction(const char **text, long *ns)
{
	long unit = 100000000;
	const char *p = *text + 1;

	*ns = 0;
	if (**text != '.')
		return true;
	for (; *p >= '0' && *p <= '9' && unit; p++, unit /= 10)
		*ns += (*p - '0') * unit;
	if (p == *text + 1)
		return false;
	*text = p;
	return true;
}

/* "Z" or "+hh:mm" and nothing behind it. */
static bool offset(const char *text, long *seconds)
{
	int hours, minutes;

	*seconds = 0;
	if (!strcmp(text, "Z"))
		return true;
	if ((*text != '+' && *text != '-') || strlen(text) != 6 || text[3] != ':')
		return false;
	hours = digits(text + 1, 2);
	minutes = digits(text + 4, 2);
	*seconds = (hours * 60L + minutes) * (*text == '-' ? -60 : 60);
	return hours >= 0 && hours < 24 && minutes >= 0 && minutes < 60;
}

/* RFC 3339: "2026-01-31T12:00:00.123Z". */
static bool parse_time(const char *text, struct timespec *time)
{
	struct tm tm = {0}, back;
	long shift;

	if (strlen(text) < 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' ||
	    text[13] != ':' || text[16] != ':')
		return false;
	tm.tm_year = digits(text, 4) - 1900;
	tm.tm_mon = digits(text + 5, 2) - 1;
	tm.tm_mday = digits(text + 8, 2);
	tm.tm_hour = digits(text + 11, 2);
	tm.tm_min = digits(text + 14, 2);
	tm.tm_sec = digits(text + 17, 2);
	text += 19;
	if (!fraction(&text, &time->tv_nsec) || !offset(text, &shift))
		return false;
	back = tm;
	time->tv_sec = timegm(&back);
	/* A day or an hour that does not exist comes back as another. */
	if (back.tm_year != tm.tm_year || back.tm_mon != tm.tm_mon || back.tm_mday != tm.tm_mday ||
	    back.tm_hour != tm.tm_hour || back.tm_min != tm.tm_min || back.tm_sec != tm.tm_sec)
		return false;
	time->tv_sec -= shift;
	return tm.tm_year >= -1900;
}

int read_head(struct reading *r, struct snapshot *s, const char *at, const char *end)
{
	json_t *head = read_json(r, at, end, JSON_OBJECT, "tcpstate");
	const char *time;
	uint64_t schema = 0, uptime;

	if (!head)
		return r->error;
	r->path = "tcpstate.";
	if (!read_number(r, head, "schema", UINT32_MAX, &schema))
		read_complain(r, "schema", "missing");
	else if (schema != SCHEMA)
		read_complain(r, "schema", "another than 1, which is all this program reads");
	read_word(r, head, "version");
	s->host = read_copy(r, head, "host");
	s->filter = read_copy(r, head, "filter");
	s->other_pid_namespace = read_flag(r, head, "other_pid_namespace");
	time = read_word(r, head, "time");
	if (time && !parse_time(time, &s->time))
		read_complain(r, "time", "not a time as in RFC 3339");
	if (read_number(r, head, "uptime_us", INT64_MAX, &uptime))
		s->monotonic = (struct timespec){(time_t)(uptime / 1000000),
						 (long)(uptime % 1000000) * 1000};
	r->path = "";
	json_decref(head);
	return r->error;
}

static void read_sysctl(struct reading *r, const json_t *value, const struct sysctl *sysctl,
			struct sysctl_value *v)
{
	int64_t *const numbers[SYSCTL_NUMBERS] = {&v->value, &v->upper, &v->third};

	if (sysctl->numbers == 1) {
		v->known = read_signed_value(r, value, sysctl->name, &v->value);
		return;
	}
	if (json_array_size(value) != sysctl->numbers) {
		read_complain(r, sysctl->name,
			      sysctl->numbers == 2 ? "not a range of two numbers"
						   : "not three numbers");
		return;
	}
	v->known = true;
	for (unsigned i = 0; i < sysctl->numbers; i++)
		v->known &=
			read_signed_value(r, json_array_get(value, i), sysctl->name, numbers[i]);
}

/* [8080,8080] */
static void read_range(struct reading *r, const json_t *pair, struct port_range *range)
{
	uint64_t first, last;

	if (json_array_size(pair) != 2) {
		read_complain(r, "reserved_ports", "not pairs of two ports");
		return;
	}
	if (!read_number_value(r, json_array_get(pair, 0), "reserved_ports", UINT16_MAX, &first) ||
	    !read_number_value(r, json_array_get(pair, 1), "reserved_ports", UINT16_MAX, &last))
		return;
	*range = (struct port_range){(uint16_t)first, (uint16_t)last};
}

static void read_reserved(struct reading *r, const json_t *object, struct netns *ns)
{
	const json_t *list = read_member(r, object, "reserved_ports", JSON_ARRAY);
	size_t count = json_array_size(list);

	ns->have_reserved = list != NULL;
	if (!count)
		return;
	ns->reserved = calloc(count, sizeof(*ns->reserved));
	if (!ns->reserved) {
		read_no_memory(r);
		return;
	}
	ns->reserved_count = count;
	for (size_t i = 0; i < count && !r->error; i++)
		read_range(r, json_array_get(list, i), &ns->reserved[i]);
}

static void read_netns(struct reading *r, const json_t *object, struct netns *ns)
{
	const json_t *settings = read_member(r, object, "sysctls", JSON_OBJECT);
	json_t *counters = read_member(r, object, "counters", JSON_OBJECT);

	read_number(r, object, "id", UINT64_MAX, &ns->id);
	ns->name = read_copy(r, object, "name");
	read_reserved(r, object, ns);
	r->path = "namespaces.sysctls.";
	for (int i = 0; i < SYSCTL_COUNT; i++) {
		const json_t *value = json_object_get(settings, sysctls[i].name);

		if (value)
			read_sysctl(r, value, &sysctls[i], &ns->sysctls[i]);
	}
	r->path = "namespaces.";
	for (void *i = json_object_iter(counters); i && !r->error;
	     i = json_object_iter_next(counters, i)) {
		uint64_t v;

		if (read_number_value(r, json_object_iter_value(i), "counters", UINT64_MAX, &v) &&
		    netns_add_counter(ns, json_object_iter_key(i), v))
			read_no_memory(r);
	}
}

int read_namespaces(struct reading *r, struct snapshot *s, const char *at, const char *end)
{
	json_t *list = read_json(r, at, end, JSON_ARRAY, "namespaces");
	size_t count = json_array_size(list);

	if (count) {
		s->namespaces = calloc(count, sizeof(*s->namespaces));
		if (!s->namespaces)
			read_no_memory(r);
	}
	r->path = "namespaces.";
	for (size_t i = 0; i < count && !r->error; i++) {
		const json_t *object = json_array_get(list, i);

		s->namespace_count = i + 1;
		if (json_is_object(object))
			read_netns(r, object, &s->namespaces[i]);
		else
			read_complain(r, "", "not a list of objects");
	}
	r->path = "";
	json_decref(list);
	return r->error;
}

static int error_number(const char *name)
{
	uint64_t number;
	int known = error_by_name(name);

	if (known)
		return known;
	return read_numbered(name, "errno", &number) && number <= ERROR_MAX ? (int)number : 0;
}

static void read_missing(struct reading *r, const json_t *object, struct snapshot *s)
{
	const char *what = read_word(r, object, "what"), *error = read_word(r, object, "error");
	int name = 0;

	while (what && name < MISSING_COUNT && strcmp(what, missing_kinds[name].token) != 0)
		name++;
	if (!what || name == MISSING_COUNT) {
		read_complain(r, "what", what ? "a word that is not known" : "missing");
		return;
	}
	s->missing[name].set = true;
	read_number(r, object, "sockets", UINT64_MAX, &s->missing[name].sockets);
	read_number(r, object, "processes", UINT64_MAX, &s->missing[name].processes);
	if (!error)
		return;
	s->missing[name].error = -error_number(error);
	if (!s->missing[name].error)
		read_complain(r, "error", "not the name of an error");
}

int read_tail(struct reading *r, struct snapshot *s, const char *at, const char *end,
	      uint64_t *sockets)
{
	json_t *tail = read_json(r, at, end, JSON_OBJECT, "end");
	const json_t *list, *complete;

	if (!tail)
		return r->error;
	r->path = "end.";
	read_number(r, tail, "sockets", UINT64_MAX, sockets);
	complete = read_member(r, tail, "complete", JSON_TRUE);
	if (complete && !json_is_boolean(complete))
		read_complain(r, "complete", "not true or false");
	list = read_member(r, tail, "missing", JSON_ARRAY);
	r->path = "end.missing.";
	for (size_t i = 0; i < json_array_size(list) && !r->error; i++) {
		const json_t *object = json_array_get(list, i);

		if (json_is_object(object))
			read_missing(r, object, s);
		else
			read_complain(r, "", "not a list of objects");
	}
	if (json_is_false(complete) && !snapshot_lacks_sockets(s))
		s->missing[MISSING_TRUNCATED].set = true;
	r->path = "";
	json_decref(tail);
	return r->error;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <strings.h>

#include "filter/expr.h"

bool expr_glob(const char *pattern, const char *text, size_t n)
{
	const char *star = NULL; /* the last one met, and what of the text it stands for */
	size_t taken = 0, at = 0;

	while (at < n) {
		if (*pattern == '*') {
			star = ++pattern;
			taken = at;
		} else if (*pattern == '?' || (*pattern && *pattern == text[at])) {
			pattern++;
			at++;
		} else if (star) {
			pattern = star;
			at = ++taken;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return !*pattern;
}

static bool same_text(const struct expr *e, const char *text, size_t n)
{
	return expr_glob(e->pattern, text, n);
}

/* A path's last part is its name for who does not write a slash. */
static bool same_path(const struct expr *e, const char *text, size_t n)
{
	const char *slash = memrchr(text, '/', n);

	if (same_text(e, text, n))
		return true;
	if (!slash || strchr(e->pattern, '/'))
		return false;
	return same_text(e, slash + 1, n - (size_t)(slash - text) - 1);
}

/* As for systemctl, a unit without a suffix is a service. */
static bool same_unit(const struct expr *e, const char *text, size_t n)
{
	static const char suffix[] = ".service";
	size_t more = sizeof(suffix) - 1;

	if (same_text(e, text, n))
		return true;
	return !strchr(e->pattern, '.') && n > more && !memcmp(text + n - more, suffix, more) &&
	       same_text(e, text, n - more);
}

static bool match_text(const struct expr *e, const struct value *v)
{
	const char *name = e->field->name;

	if (!strcmp(name, "exe"))
		return same_path(e, v->text.bytes, v->text.len);
	if (!strcmp(name, "unit") || !strcmp(name, "socket-unit"))
		return same_unit(e, v->text.bytes, v->text.len);
	return same_text(e, v->text.bytes, v->text.len);
}

static uint64_t times(uint64_t a, uint64_t b)
{
	return a > UINT64_MAX / b ? UINT64_MAX : a * b;
}

static bool match_number(const struct expr *e, enum expr_op op, uint64_t number)
{
	switch (e->field->kind) {
	case KIND_MS: number = times(number, 1000); break;
	case KIND_RATE: number = times(number, 8); break;
	default: break;
	}
	return expr_compare(number & e->mask, op, e->number & e->mask);
}

static bool match_process(const struct expr *e, const struct process *p)
{
	if (e->test == TEST_NUMBER)
		return (uint64_t)p->pid == e->number;
	return same_text(e, p->comm, strlen(p->comm));
}

/* Whether any holder of a socket is the one named. */
static bool match_holders(const struct expr *e, const struct snapshot *s, const struct socket *sk)
{
	for (uint32_t i = sk->owners; i != OWNER_NONE; i = owner_table_next(&s->owners, i)) {
		if (match_process(e, &s->owners.processes[s->owners.owners[i].process]))
			return true;
	}
	return false;
}

/* That nobody has it must be known: an owner that cannot be seen may well be there. */
static bool held_by_nobody(const struct row *row, const struct socket *sk)
{
	if (sk->owners != OWNER_NONE)
		return false;
	switch (sk == row->socket ? row->verdict.reason : sk->absence) {
	case OWNER_KNOWN:
	case OWNER_NOT_ASKED:
	case OWNER_NO_PERMISSION:
	case OWNER_OTHER_NAMESPACE:
	case OWNER_RACED:
	case OWNER_SOUGHT: return false;
	default: return true;
	}
}

static bool match_owners(const struct expr *e, const struct row *row)
{
	struct value v;
	bool have = field_get(e->field, row, &v), held = have && v.socket->owners != OWNER_NONE;
	bool other = e->op == OP_NE;

	if (e->test == TEST_ANY)
		return held != other;
	if (e->test == TEST_NONE)
		return (have ? held_by_nobody(row, v.socket) : true) != other;
	return held && match_holders(e, row->snapshot, v.socket) != other;
}

/* What is said of holders is said of each of them. */
static bool of_holders(const struct field *f)
{
	return f->json && !strncmp(f->json, "owners.", strlen("owners."));
}

/* The values of a field, one by one. */
struct values {
	const struct field *field;
	struct row row;
	struct socket socket; /* with one holder after the other; has no tcp_info */
	uint32_t holder;
};

static void first_holder(struct values *vs, const struct field *f, const struct row *row)
{
	vs->field = f;
	vs->row = *row;
	memcpy(&vs->socket, row->socket, offsetof(struct socket, info_len));
	vs->socket.info_len = 0;
	vs->row.socket = &vs->socket;
	vs->holder = row->socket->owners;
}

static bool next_value(struct values *vs, struct value *v)
{
	const struct owner_table *owners = &vs->row.snapshot->owners;

	while (vs->holder != OWNER_NONE) {
		vs->socket.owners = vs->holder;
		vs->holder = owner_table_next(owners, vs->holder);
		if (field_get(vs->field, &vs->row, v))
			return true;
	}
	return false;
}

static bool match_value(const struct expr *e, enum expr_op op, const struct value *v)
{
	if (e->test == TEST_TEXT)
		return match_text(e, v);
	return e->test == TEST_NUMBER && match_number(e, op, v->number);
}

static bool conclude(const struct expr *e, bool have, bool holds)
{
	bool other = e->op == OP_NE;

	switch (e->test) {
	case TEST_NONE: return have == other;
	case TEST_ANY: return have != other;
	default: return have && holds != other;
	}
}

static bool match_of_holders(const struct expr *e, const struct row *row, enum expr_op op)
{
	bool have = false, holds = false;
	struct values vs;
	struct value v;

	first_holder(&vs, e->field, row);
	while (!holds && next_value(&vs, &v)) {
		have = true;
		holds = match_value(e, op, &v);
	}
	return conclude(e, have, holds);
}

/* An interface by its index, whether or not its name is known. */
static bool is_index(const struct expr *e)
{
	return e->test == TEST_NUMBER && e->field->kind == KIND_TEXT;
}

bool expr_match_field(const struct expr *e, const struct row *row)
{
	/* "Not that one" is judged of all holders together. */
	enum expr_op op = e->op == OP_NE ? OP_EQ : e->op;
	struct value v;
	bool have;

	if (e->field->kind == KIND_OWNERS)
		return match_owners(e, row);
	if (of_holders(e->field))
		return match_of_holders(e, row, op);
	if (is_index(e))
		return expr_compare(row->socket->interface, e->op, e->number);
	have = field_get(e->field, row, &v);
	return conclude(e, have, have && match_value(e, op, &v));
}

/* The part of a path below where control groups are mounted. */
static const char *below_mount(const char *path)
{
	static const char *const mounts[] = {"/sys/fs/cgroup/unified", "/sys/fs/cgroup"};

	for (size_t i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++) {
		size_t len = strlen(mounts[i]);

		if (!strncmp(path, mounts[i], len) && (path[len] == '/' || !path[len]))
			return path[len] ? path + len : "/";
	}
	return path;
}

bool expr_match_cgroup(const struct expr *e, const struct row *row)
{
	const struct snapshot *s = row->snapshot;
	const char *pattern = below_mount(e->pattern);

	if (e->number)
		return row->socket->have & HAVE_CGROUP && row->socket->cgroup == e->number;
	for (uint32_t i = row->socket->owners; i != OWNER_NONE;
	     i = owner_table_next(&s->owners, i)) {
		const char *path = s->owners.processes[s->owners.owners[i].process].cgroup;

		if (path && expr_glob(pattern, path, strlen(path)))
			return true;
	}
	return false;
}

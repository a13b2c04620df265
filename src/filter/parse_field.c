// SPDX-License-Identifier: GPL-2.0-or-later
/* Conditions on the fields of model/field.h. */
#include <linux/magic.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "explain/situation.h"
#include "filter/parser.h"
#include "filter/quantity.h"

/* Words that stand for timers, ss's own among them. */
static const struct {
	const char *word;
	enum timer_kind timer;
} timers[] = {
	{"retransmit", TIMER_RETRANSMIT}, {"keepalive", TIMER_KEEPALIVE},
	{"time-wait", TIMER_TIME_WAIT},   {"probe", TIMER_PROBE},
	{"on", TIMER_RETRANSMIT},         {"timewait", TIMER_TIME_WAIT},
	{"persist", TIMER_PROBE},
};

static const char *const families[] = {"inet", "inet6"};
static const char *const reaches[] = {"any-ipv4", "any-ipv6", "any", "loopback", "link", "address"};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *timer_word(unsigned *i)
{
	return *i < COUNT(timers) ? timers[(*i)++].word : NULL;
}

static const char *detail_word(unsigned *i)
{
	return *i < DETAIL_COUNT ? detail_tokens[(*i)++] : NULL;
}

static const char *situation_word(unsigned *i)
{
	return *i < SITUATION_COUNT ? situations[(*i)++].id : NULL;
}

static const char *family_word(unsigned *i)
{
	return *i < COUNT(families) ? families[(*i)++] : NULL;
}

static const char *reach_word(unsigned *i)
{
	return *i < COUNT(reaches) ? reaches[(*i)++] : NULL;
}

static const char *reason_word(unsigned *i)
{
	if (*i <= OWNER_NOT_ASKED)
		*i = OWNER_NOT_ASKED + 1;
	return *i < OWNER_ABSENCE_COUNT ? owner_absence_token((*i)++) : NULL;
}

/* Fields whose values are words of a list, and what to call one. */
static const struct token_field {
	const char *field;
	word_list *words;
	const char *expected;
} token_fields[] = {
	{"situation", situation_word, "a situation, like close-wait/app-must-close or '*/orphan*'"},
	{"reason", reason_word, "why no process is known: time-wait, orphan, no-permission ..."},
	{"family", family_word, "inet or inet6"},
	{"reach", reach_word, "any, any-ipv4, any-ipv6, loopback, link or address"},
};

static const struct token_field *token_field(const struct field *f)
{
	for (size_t i = 0; i < COUNT(token_fields); i++) {
		if (!strcmp(token_fields[i].field, f->name))
			return &token_fields[i];
	}
	return NULL;
}

/* An operator and where it stands. */
struct operation {
	enum expr_op op;
	const char *word;
	size_t len;
};

static struct operation take_op(struct parser *p)
{
	struct operation o = {.word = p->word, .len = p->len};

	o.op = parser_op(p);
	return o;
}

static bool in_order(const struct operation *o)
{
	return o->op != OP_EQ && o->op != OP_NE;
}

static struct expr *no_order(struct parser *p, const struct operation *o)
{
	return parser_fail_at(p, o->word, o->len, "= or !=: there is no more and less here", NULL);
}

static struct expr *field_node(struct parser *p, const struct field *f, enum expr_op op,
			       enum expr_test test)
{
	struct expr *e = parser_node(p, EXPR_FIELD);

	if (!e)
		return NULL;
	e->field = f;
	e->op = op;
	e->test = test;
	e->mask = UINT64_MAX;
	return e;
}

/* "none" and "any", which each field takes; NULL without failure if it is neither. */
static struct expr *parse_presence(struct parser *p, const struct field *f,
				   const struct operation *o)
{
	enum expr_test test;

	if (in_order(o))
		return NULL;
	if (parser_is(p, "none"))
		test = TEST_NONE;
	else if (parser_is(p, "any") && strcmp(f->name, "reach"))
		test = TEST_ANY;
	else
		return NULL;
	parser_next(p);
	return field_node(p, f, o->op, test);
}

/* A pattern: the lookahead. */
static struct expr *parse_pattern(struct parser *p, const struct field *f, enum expr_op op)
{
	struct expr *e = field_node(p, f, op, TEST_TEXT);

	if (!e)
		return NULL;
	e->pattern = parser_value(p);
	if (!e->pattern) {
		expr_free(e);
		return NULL;
	}
	parser_next(p);
	return e;
}

static bool no_value(const struct parser *p)
{
	return !p->quoted && parser_at_joint(p);
}

/* Digits only, as the number of something; false where it is not that. */
static bool read_digits(const struct parser *p, uint64_t *number)
{
	return p->len && strspn(p->word, "0123456789") >= p->len &&
	       quantity_parse(KIND_COUNT, p->word, p->len, number);
}

static struct expr *parse_number_of(struct parser *p, const struct field *f, enum expr_op op,
				    uint64_t number)
{
	struct expr *e = field_node(p, f, op, TEST_NUMBER);

	if (!e)
		return NULL;
	e->number = number;
	parser_next(p);
	return e;
}

static struct expr *parse_text(struct parser *p, const struct field *f, const struct operation *o)
{
	uint64_t index;

	if (in_order(o))
		return no_order(p, o);
	if (no_value(p) || p->open || p->len == (p->quoted ? 2 : 0))
		return parser_fail(p, "a name, where * and ? stand for any", NULL);
	if (!strcmp(f->name, "interface") && read_digits(p, &index) && index <= UINT32_MAX)
		return parse_number_of(p, f, o->op, index);
	return parse_pattern(p, f, o->op);
}

static bool in_list(word_list *words, const char *pattern)
{
	const char *word;

	for (unsigned i = 0; (word = words(&i));) {
		if (expr_glob(pattern, word, strlen(word)))
			return true;
	}
	return false;
}

/* A misspelt word of a list would match nothing, and never say why. */
static struct expr *parse_token(struct parser *p, const struct field *f, const struct operation *o)
{
	const struct token_field *t = token_field(f);
	struct parser before = *p;
	struct expr *e;

	if (in_order(o))
		return no_order(p, o);
	if (no_value(p) || p->open)
		return parser_fail(p, t ? t->expected : "a name", t ? t->words : NULL);
	e = parse_pattern(p, f, o->op);
	if (!e || !t || in_list(t->words, e->pattern))
		return e;
	expr_free(e);
	return parser_fail_at(p, before.word, before.len, t->expected, t->words);
}

static struct expr *parse_timer(struct parser *p, const struct field *f, const struct operation *o)
{
	if (in_order(o))
		return no_order(p, o);
	for (size_t i = 0; i < COUNT(timers); i++) {
		if (parser_is(p, timers[i].word))
			return parse_number_of(p, f, o->op, timers[i].timer);
	}
	return parser_fail(p, "retransmit, keepalive, time-wait or probe", timer_word);
}

static struct expr *parse_owners(struct parser *p, const struct field *f, const struct operation *o)
{
	uint64_t pid;

	if (in_order(o))
		return no_order(p, o);
	if (no_value(p) || p->open || p->len == (p->quoted ? 2 : 0))
		return parser_fail(p, "a program's name, a process id, none or any", NULL);
	if (read_digits(p, &pid))
		return parse_number_of(p, f, o->op, pid);
	return parse_pattern(p, f, o->op);
}

static struct expr *parse_detail(struct parser *p, const struct operation *o)
{
	struct expr *e;

	if (in_order(o))
		return no_order(p, o);
	for (unsigned i = 0; i < DETAIL_COUNT; i++) {
		if (!parser_is(p, detail_tokens[i]))
			continue;
		e = parser_node(p, EXPR_DETAIL);
		if (!e)
			return NULL;
		e->number = 1u << i;
		parser_next(p);
		return o->op == OP_NE ? parser_not(p, e) : e;
	}
	return parser_fail(p, "orphan, not-accepted, minisocket ...", detail_word);
}

static const char *flag_word(unsigned *i)
{
	return *i < SOCKOPT_COUNT ? sockopt_tokens[(*i)++] : NULL;
}

/* One bit of many, by its word. */
static struct expr *parse_flag(struct parser *p, const struct field *f, const struct operation *o)
{
	if (in_order(o))
		return no_order(p, o);
	for (unsigned i = 0; i < SOCKOPT_COUNT; i++) {
		struct expr *e;

		if (!parser_is(p, sockopt_tokens[i]))
			continue;
		e = parse_number_of(p, f, o->op, 1u << i);
		if (e)
			e->mask = 1u << i;
		return e;
	}
	return parser_fail(p, "an option, like freebind or transparent", flag_word);
}

/* A user by name has an id. */
static bool read_user(struct parser *p, uint64_t *uid)
{
	char *name = parser_value(p);
	struct passwd *user = name ? getpwnam(name) : NULL;

	free(name);
	if (user)
		*uid = user->pw_uid;
	return user;
}

/* VALUE or VALUE/MASK, of which only the mask's bits are compared. */
static bool read_masked(const struct parser *p, struct expr *e, const struct operation *o)
{
	const char *slash = memchr(p->word, '/', p->len), *end = p->word + p->len;
	size_t len = slash ? (size_t)(slash - p->word) : p->len;

	if (!quantity_parse(KIND_HEX, p->word, len, &e->number))
		return false;
	return !slash || (!in_order(o) &&
			  quantity_parse(KIND_HEX, slash + 1, (size_t)(end - slash) - 1, &e->mask));
}

static bool read_number(struct parser *p, struct expr *e, const struct operation *o)
{
	const struct field *f = e->field;

	if (no_value(p) || p->quoted)
		return false;
	if (!strcmp(f->name, "mark"))
		return read_masked(p, e, o);
	if (!strcmp(f->name, "uid") && !strchr("0123456789", *p->word))
		return !in_order(o) && read_user(p, &e->number);
	return quantity_parse(f->kind, p->word, p->len, &e->number);
}

static struct expr *parse_number(struct parser *p, const struct field *f, const struct operation *o)
{
	const char *expected = quantity_expected(f->kind);
	struct expr *e = field_node(p, f, o->op, TEST_NUMBER);

	if (!e)
		return NULL;
	if (read_number(p, e, o)) {
		parser_next(p);
		return e;
	}
	expr_free(e);
	if (!strcmp(f->name, "mark"))
		expected = "a mark, or MARK/MASK with = or !=, like 0x10/0xff";
	else if (!strcmp(f->name, "uid"))
		expected = "a user id, or a user's name with = or !=";
	return parser_fail(p, expected, NULL);
}

/* As in ss, another interface or mark than that one is also none. */
static bool differs_from_none(const struct field *f)
{
	return !strcmp(f->name, "interface") || !strcmp(f->name, "mark");
}

struct expr *parse_field(struct parser *p, const struct field *f)
{
	struct operation o = take_op(p);
	struct expr *e = parse_presence(p, f, &o);

	if (e || p->failure)
		return e;
	if (o.op == OP_NE && differs_from_none(f)) {
		o.op = OP_EQ;
		return parser_not(p, f->kind == KIND_TEXT ? parse_text(p, f, &o)
							  : parse_number(p, f, &o));
	}
	switch (f->kind) {
	case KIND_TOKEN: return parse_token(p, f, &o);
	case KIND_WHAT: return parse_token(p, field_find("situation", strlen("situation")), &o);
	case KIND_TEXT: return parse_text(p, f, &o);
	case KIND_TIMER: return parse_timer(p, f, &o);
	case KIND_OWNERS: return parse_owners(p, f, &o);
	case KIND_FLAGS: return parse_flag(p, f, &o);
	case KIND_DETAILS: return parse_detail(p, &o);
	default: return parse_number(p, f, &o);
	}
}

/* The id that sockets carry of a control group: the inode of its directory; 0 where it is none. */
static uint64_t cgroup_id(const char *path)
{
	struct statfs fs;
	struct stat st;

	if (*path != '/' || statfs(path, &fs) || fs.f_type != CGROUP2_SUPER_MAGIC ||
	    stat(path, &st))
		return 0;
	return st.st_ino;
}

/* As a path of the file system, or from where control groups are mounted. */
static uint64_t find_cgroup(const char *path)
{
	uint64_t id = cgroup_id(path);
	char *below = NULL;

	if (id || *path != '/')
		return id;
	if (asprintf(&below, "/sys/fs/cgroup%s", path) < 0)
		return 0;
	id = cgroup_id(below);
	free(below);
	return id;
}

struct expr *parse_cgroup(struct parser *p)
{
	struct operation o = take_op(p);
	const struct field *f = field_find("cgroup", strlen("cgroup"));
	struct expr *e = parse_presence(p, f, &o);

	if (e || p->failure)
		return e;
	if (in_order(&o))
		return no_order(p, &o);
	if (no_value(p) || p->open)
		return parser_fail(p, "the path of a control group", NULL);
	e = parse_pattern(p, f, OP_EQ);
	if (!e)
		return NULL;
	e->kind = EXPR_CGROUP;
	e->number = find_cgroup(e->pattern);
	return o.op == OP_NE ? parser_not(p, e) : e;
}

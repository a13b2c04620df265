// SPDX-License-Identifier: GPL-2.0-or-later
/* The grammar: how predicates are joined. */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>

#include "explain/situation.h"
#include "filter/parser.h"

enum { DEPTH_MAX = 200 };

static const char *const words[] = {
	"state", "exclude", "src", "dst", "fwmark", "dev", "owner", "accepted", "autobound", "not",
};

const char *filter_word(unsigned *i)
{
	enum { WORDS = sizeof(words) / sizeof(words[0]) };

	if (*i < WORDS)
		return words[(*i)++];
	if (*i < WORDS + DETAIL_COUNT)
		return detail_tokens[(*i)++ - WORDS];
	while (*i - WORDS - DETAIL_COUNT < field_count) {
		const char *name = fields[(*i)++ - WORDS - DETAIL_COUNT].name;

		if (name && strcmp(name, "state"))
			return name;
	}
	return NULL;
}

/* What may begin a predicate: states first, so that of two as near the state is offered. */
static const char *first_word(unsigned *i)
{
	enum { OTHERS = 1u << 16 };
	const char *word = *i < OTHERS ? state_word(i) : NULL;
	unsigned other;

	if (word)
		return word;
	other = *i < OTHERS ? 0 : *i - OTHERS;
	word = filter_word(&other);
	*i = OTHERS + other;
	return word;
}

static struct expr *state_predicate(struct parser *p, bool exclude)
{
	uint32_t mask = p->len && !p->quoted ? state_parse(p->word, p->len) : 0;
	struct expr *e;

	if (!mask)
		return parser_fail(p, "a TCP state or a group of states", state_word);
	/* Bound sockets are CLOSED ones that the kernel lists under a bit of their own. */
	if (mask & STATE_BIT(CLOSED))
		mask |= STATES_BOUND;
	if (mask & STATE_BIT(SYN_RECEIVED))
		mask |= STATES_REQUEST;
	e = parser_node(p, EXPR_STATES);
	if (!e)
		return NULL;
	e->states = exclude ? ~mask : mask;
	parser_next(p);
	return e;
}

/* "state X", and "state = X" as for other fields. */
static struct expr *named_state(struct parser *p)
{
	const char *word = p->word;
	size_t len = p->len;
	enum expr_op op = parser_op(p);

	if (op != OP_EQ && op != OP_NE)
		return parser_fail_at(p, word, len, "a TCP state or a group of states", NULL);
	/* Not an "exclude", which states before it would be joined with. */
	return op == OP_NE ? parser_not(p, state_predicate(p, false)) : state_predicate(p, false);
}

/* Takes over states named beside others: "exclude" narrows, all else widens. */
static void merge_states(struct parser *p, struct expr *states, struct expr *more, bool exclude)
{
	states->states = exclude ? states->states & more->states : states->states | more->states;
	states->len = (size_t)(p->behind - states->text);
	expr_free(more);
}

static struct expr *alternatives(struct parser *p);

static struct expr *group(struct parser *p)
{
	struct expr *e = alternatives(p);

	if (e && !parser_accept(p, ")")) {
		expr_free(e);
		return parser_fail(p, "')'", NULL);
	}
	return e;
}

static struct expr *single(struct parser *p, enum expr_kind kind, uint64_t number)
{
	struct expr *e = parser_node(p, kind);

	if (e)
		e->number = number;
	parser_next(p);
	return e;
}

/* A word that says all by itself; NULL without failure if it is none. */
static struct expr *lone_word(struct parser *p)
{
	if (parser_is(p, "accepted"))
		return single(p, EXPR_ACCEPTED, 0);
	if (parser_is(p, "autobound"))
		return single(p, EXPR_AUTOBOUND, 0);
	for (unsigned i = 0; i < DETAIL_COUNT; i++) {
		if (parser_is(p, detail_tokens[i]))
			return single(p, EXPR_DETAIL, 1u << i);
	}
	return NULL;
}

/* A situation's id says what it is; NULL without failure if it is none. */
static struct expr *lone_situation(struct parser *p)
{
	static const char name[] = "situation";

	for (unsigned i = 0; i < SITUATION_COUNT; i++) {
		if (parser_is(p, situations[i].id))
			return parse_field(p, field_find(name, sizeof(name) - 1));
	}
	return NULL;
}

/* Whether a word that is a field and a state too (lastack) is meant as the state. */
static bool state_is_meant(const struct parser *p)
{
	struct parser behind = *p;

	if (!state_parse(p->word, p->len))
		return false;
	parser_next(&behind);
	return !parser_at_op(&behind);
}

/* A word followed by a value; NULL without failure if it is none. */
static struct expr *named(struct parser *p)
{
	const struct field *f = field_find(p->word, p->len);
	enum expr_kind kind;
	unsigned side;

	if (parser_accept(p, "exclude"))
		return state_predicate(p, true);
	if (!f || state_is_meant(p))
		return NULL;
	if (parse_side(p, &side, &kind)) {
		parser_next(p);
		return kind == EXPR_PORT ? parse_port(p, side) : parse_address(p, side);
	}
	parser_next(p);
	if (f->kind == KIND_STATE)
		return named_state(p);
	if (!strcmp(f->name, "cgroup"))
		return parse_cgroup(p);
	return parse_field(p, f);
}

static struct expr *unnamed(struct parser *p)
{
	struct expr *e;

	if (state_parse(p->word, p->len))
		return state_predicate(p, false);
	e = lone_word(p);
	if (!e && !p->failure)
		e = lone_situation(p);
	if (!e && !p->failure)
		e = parse_endpoint(p, SIDE_EITHER);
	return e;
}

/* A lone name is most likely a service's or a program's: how to write that. */
static struct expr *no_predicate(struct parser *p)
{
	enum { LONGEST = 16 };
	char name[LONGEST + 1];
	struct filter_error *error = p->error;

	parser_fail(p, "a state, a port, an address or a word like sport, pid, rtt", first_word);
	if (error->nearest || p->quoted || !p->len || p->len > LONGEST)
		return NULL;
	memcpy(name, p->word, p->len);
	name[p->len] = '\0';
	if (getservbyname(name, "tcp"))
		snprintf(error->expected, sizeof(error->expected),
			 "a word of filters; type :%s for the port, comm %s for the program", name,
			 name);
	else if (strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_") == p->len)
		snprintf(error->expected, sizeof(error->expected),
			 "a state, an address or a word like sport; for a program type comm %s",
			 name);
	return NULL;
}

static struct expr *simple(struct parser *p)
{
	struct expr *e = NULL;

	if (p->len && !p->quoted)
		e = named(p);
	if (!e && !p->failure && p->len && !p->quoted)
		e = unnamed(p);
	if (e || p->failure)
		return e;
	if (p->len && strspn(p->word, ":0123456789") == p->len)
		return parser_fail(p, "a port from 0 to 65535", NULL);
	return no_predicate(p);
}

/* Tells the conditions where they stand in the text. */
static void place(struct expr *e, const char *text, size_t len)
{
	if (!e)
		return;
	e->text = text;
	e->len = len;
	place(e->left, text, len);
	place(e->right, text, len);
}

static struct expr *predicate(struct parser *p)
{
	const char *start = p->word;
	struct expr *e;

	if (parser_accept(p, "("))
		return group(p);
	e = simple(p);
	place(e, start, (size_t)(p->behind - start));
	return e;
}

static struct expr *negation(struct parser *p)
{
	struct expr *e;

	if (++p->depth > DEPTH_MAX)
		return parser_beyond(p, "it is nested more than 200 deep");
	if (parser_accept(p, "not") || parser_accept(p, "!"))
		e = parser_not(p, negation(p));
	else
		e = predicate(p);
	p->depth--;
	return e;
}

static bool at_or(const struct parser *p)
{
	return parser_is(p, "or") || parser_is(p, "|") || parser_is(p, "||");
}

static bool at_and(const struct parser *p)
{
	return parser_is(p, "and") || parser_is(p, "&") || parser_is(p, "&&");
}

static bool at_end_of_and(const struct parser *p)
{
	return !p->len || parser_is(p, ")") || at_or(p);
}

/*
 * Conditions side by side. States named one after the other widen the choice, as in ss: no
 * socket is in two states.
 */
static struct expr *conjunction(struct parser *p)
{
	struct expr *e = negation(p), *states = e && e->kind == EXPR_STATES ? e : NULL;

	while (e && !at_end_of_and(p)) {
		bool joined = at_and(p), exclude;
		struct expr *more;

		if (joined)
			parser_next(p);
		exclude = parser_is(p, "exclude");
		more = negation(p);
		if (more && more->kind == EXPR_STATES && states && !joined) {
			merge_states(p, states, more, exclude);
			continue;
		}
		if (more && more->kind == EXPR_STATES && !states)
			states = more;
		e = parser_join(p, EXPR_AND, e, more);
	}
	return e;
}

static struct expr *alternatives(struct parser *p)
{
	struct expr *e = conjunction(p);

	while (e && at_or(p)) {
		parser_next(p);
		e = parser_join(p, EXPR_OR, e, conjunction(p));
	}
	return e;
}

/*
 * As in ss, states named first, by "state" or "exclude", hold for all that follows; those joined to
 * it by a word of their own do not.
 */
static struct expr *leading_states(struct parser *p)
{
	struct expr *states = NULL;

	while (parser_is(p, "state") || parser_is(p, "exclude")) {
		struct parser before = *p;
		bool exclude = parser_is(p, "exclude");
		struct expr *e = predicate(p);

		if (e && (e->kind != EXPR_STATES || at_or(p) || at_and(p))) {
			expr_free(e);
			*p = before;
			return states;
		}
		if (!e || !states) {
			expr_free(e ? NULL : states);
			states = e;
		} else {
			merge_states(p, states, e, exclude);
		}
		if (!e)
			return NULL;
	}
	return states;
}

static struct expr *whole(struct parser *p)
{
	struct expr *states = leading_states(p);

	if (p->failure || (states && !p->len))
		return states;
	return states ? parser_join(p, EXPR_AND, states, alternatives(p)) : alternatives(p);
}

int filter_parse(struct expr **filter, const char *text, struct filter_error *error)
{
	struct parser p = {.text = text, .word = text, .error = error};

	*filter = NULL;
	*error = (struct filter_error){0};
	parser_next(&p);
	if (!p.len)
		return 0;
	*filter = whole(&p);
	if (*filter && p.len) {
		expr_free(*filter);
		*filter = NULL;
		parser_fail(&p, "and, or, or the end", NULL);
	}
	return *filter ? 0 : p.failure ? p.failure : -EINVAL;
}

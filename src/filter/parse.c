// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "filter/filter.h"
#include "util/nearest.h"

enum {
	DEPTH_MAX = 200,
	NODES_MAX = 10000, /* also bounds how deep matching and freeing recurse */
};

/* The expression being read: one word of lookahead. */
struct parser {
	const char *text;
	const char *word; /* the lookahead; len 0 at the end */
	size_t len;
	unsigned depth, nodes;
	struct filter_error *error;
	int failure; /* -EINVAL or -ENOMEM once reading has failed */
};

static const struct {
	const char *word;
	enum expr_op op;
} ops[] = {
	{"=", OP_EQ},  {"==", OP_EQ}, {"eq", OP_EQ}, {"!=", OP_NE},  {"ne", OP_NE},  {"neq", OP_NE},
	{"<", OP_LT},  {"lt", OP_LT}, {"<=", OP_LE}, {"le", OP_LE},  {"leq", OP_LE}, {">", OP_GT},
	{"gt", OP_GT}, {">=", OP_GE}, {"ge", OP_GE}, {"geq", OP_GE},
};

static const struct {
	const char *word;
	enum expr_kind kind;
	unsigned side;
} sides[] = {
	{"sport", EXPR_PORT, SIDE_LOCAL},
	{"dport", EXPR_PORT, SIDE_PEER},
	{"src", EXPR_ADDRESS, SIDE_LOCAL},
	{"dst", EXPR_ADDRESS, SIDE_PEER},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Words end at blanks and at operators, which are words of their own. */
static void next(struct parser *p)
{
	const char *s = p->word + p->len;

	s += strspn(s, " \t\n");
	p->word = s;
	if (strchr("()", *s))
		p->len = *s != '\0';
	else if (strchr("=!<>", *s))
		p->len = 1 + (s[1] == '=');
	else if (strchr("&|", *s))
		p->len = 1 + (s[1] == *s);
	else
		p->len = strcspn(s, " \t\n()=!<>&|");
}

static bool is(const struct parser *p, const char *word)
{
	return strlen(word) == p->len && !strncasecmp(p->word, word, p->len);
}

static bool accept_word(struct parser *p, const char *word)
{
	if (!p->len || !is(p, word))
		return false;
	next(p);
	return true;
}

static void suggest(struct parser *p)
{
	char copy[64];
	struct nearest near = {.word = copy};
	const char *word;

	if (p->len >= sizeof(copy))
		return;
	memcpy(copy, p->word, p->len);
	copy[p->len] = '\0';
	for (unsigned i = 0; (word = state_word(&i));)
		nearest_offer(&near, word);
	for (size_t i = 0; i < COUNT(sides); i++)
		nearest_offer(&near, sides[i].word);
	p->error->nearest = near.best;
}

static struct expr *fail(struct parser *p, const char *expected)
{
	if (!p->failure) {
		p->failure = -EINVAL;
		p->error->offset = (size_t)(p->word - p->text);
		p->error->len = p->len;
		snprintf(p->error->expected, sizeof(p->error->expected), "%s", expected);
		suggest(p);
	}
	return NULL;
}

static struct expr *beyond(struct parser *p, const char *limit)
{
	fail(p, limit);
	p->error->limit = true;
	return NULL;
}

static struct expr *node(struct parser *p, enum expr_kind kind)
{
	struct expr *e;

	if (++p->nodes > NODES_MAX)
		return beyond(p, "it has more than 5000 conditions");
	e = calloc(1, sizeof(*e));
	if (!e) {
		p->failure = -ENOMEM;
		return NULL;
	}
	e->kind = kind;
	return e;
}

/* Joins two conditions; both are taken over, also on failure. */
static struct expr *join(struct parser *p, enum expr_kind kind, struct expr *left,
			 struct expr *right)
{
	struct expr *e = left && right ? node(p, kind) : NULL;

	if (!e) {
		expr_free(left);
		expr_free(right);
		return NULL;
	}
	e->left = left;
	e->right = right;
	return e;
}

static bool read_port(const char *s, size_t n, uint16_t *port)
{
	char name[64], *end;
	struct servent *service;
	unsigned long number;

	if (!n || n >= sizeof(name))
		return false;
	memcpy(name, s, n);
	name[n] = '\0';
	if (strspn(name, "0123456789") == n) {
		number = strtoul(name, &end, 10);
		*port = (uint16_t)number;
		return number <= UINT16_MAX;
	}
	service = getservbyname(name, "tcp");
	if (!service)
		return false;
	*port = ntohs((uint16_t)service->s_port);
	return true;
}

/* Takes %eth0 off an address, as it is printed; false where the name is too long for one. */
static bool read_scope(const char *s, size_t *n, struct expr *e)
{
	const char *percent = memchr(s, '%', *n);
	size_t len = percent ? *n - (size_t)(percent - s) - 1 : 0;

	if (!percent)
		return true;
	if (!len || len >= sizeof(e->interface))
		return false;
	memcpy(e->interface, percent + 1, len);
	*n -= len + 1;
	return true;
}

/* ADDRESS or ADDRESS/BITS, IPv6 with or without brackets, with or without %INTERFACE. */
static bool read_address(const char *s, size_t n, struct expr *e)
{
	const char *slash = memchr(s, '/', n), *end = s + n;
	size_t len = slash ? (size_t)(slash - s) : n;
	unsigned most;

	if (len >= 2 && s[0] == '[' && s[len - 1] == ']') {
		s++;
		len -= 2;
	}
	if (!read_scope(s, &len, e))
		return false;
	e->family = address_parse(&e->address, s, len);
	if (e->family < 0)
		return false;
	most = e->family == AF_INET6 ? 128 : 32;
	e->bits = most;
	if (slash) {
		size_t digits = (size_t)(end - slash) - 1;

		if (!digits || digits > 3 || strspn(slash + 1, "0123456789") < digits)
			return false;
		e->bits = (unsigned)strtoul(slash + 1, NULL, 10);
	}
	return e->bits <= most;
}

/* Where the port of ADDRESS:PORT begins: the last colon, but inside no IPv6 address. */
static const char *port_of(const char *s, size_t n)
{
	const char *colon = memrchr(s, ':', n);

	if (!colon || (s[0] != '[' && memchr(s, ':', (size_t)(colon - s))))
		return NULL;
	if (s[0] == '[' && (colon == s || (colon[-1] != ']' && !memchr(s, ']', colon - s))))
		return NULL;
	return colon;
}

/* PORT, :PORT, ADDRESS, ADDRESS/BITS or ADDRESS:PORT; NULL without failure if it is none. */
static struct expr *try_endpoint(struct parser *p, unsigned side)
{
	const char *s = p->word, *colon = port_of(s, p->len);
	size_t address_len = colon ? (size_t)(colon - s) : p->len;
	size_t digits = strspn(s, "0123456789");
	struct expr *port = NULL, *address = NULL;

	if (colon || digits >= p->len) {
		const char *from = colon ? colon + 1 : s;

		port = node(p, EXPR_PORT);
		if (!port)
			return NULL;
		port->side = side;
		if (!read_port(from, p->len - (size_t)(from - s), &port->port)) {
			expr_free(port);
			return NULL;
		}
		if (!colon)
			address_len = 0;
	}
	if (address_len && !(address_len == 1 && *s == '*')) {
		address = node(p, EXPR_ADDRESS);
		if (address)
			address->side = side;
		if (!address || !read_address(s, address_len, address)) {
			expr_free(address);
			expr_free(port);
			return NULL;
		}
	}
	next(p);
	if (port && address)
		return join(p, EXPR_AND, address, port);
	return port ? port : address;
}

static struct expr *port_predicate(struct parser *p, unsigned side)
{
	enum expr_op op = OP_EQ;
	struct expr *e;

	for (size_t i = 0; i < COUNT(ops); i++) {
		if (accept_word(p, ops[i].word)) {
			op = ops[i].op;
			break;
		}
	}
	e = node(p, EXPR_PORT);
	if (!e)
		return NULL;
	e->side = side;
	e->op = op;
	if (p->len && *p->word == ':' ? read_port(p->word + 1, p->len - 1, &e->port)
				      : read_port(p->word, p->len, &e->port)) {
		next(p);
		return e;
	}
	expr_free(e);
	return fail(p, "a port from 0 to 65535 or a service name");
}

static struct expr *address_predicate(struct parser *p, unsigned side)
{
	bool negated = accept_word(p, "!=") || accept_word(p, "ne");
	struct expr *e, *inverse;

	if (!negated && !accept_word(p, "=") && !accept_word(p, "=="))
		accept_word(p, "eq");
	e = try_endpoint(p, side);
	if (!e)
		return fail(p, "an address, ADDRESS/BITS or ADDRESS:PORT");
	if (!negated)
		return e;
	inverse = node(p, EXPR_NOT);
	if (!inverse) {
		expr_free(e);
		return NULL;
	}
	inverse->left = e;
	return inverse;
}

static struct expr *state_predicate(struct parser *p, bool exclude)
{
	uint32_t mask = p->len ? state_parse(p->word, p->len) : 0;
	struct expr *e;

	if (!mask)
		return fail(p, "a TCP state or a group of states");
	/* Bound sockets are CLOSED ones that the kernel lists under a bit of their own. */
	if (mask & STATE_BIT(CLOSED))
		mask |= STATES_BOUND;
	if (mask & STATE_BIT(SYN_RECEIVED))
		mask |= STATES_REQUEST;
	e = node(p, EXPR_STATES);
	if (!e)
		return NULL;
	e->states = exclude ? ~mask : mask;
	next(p);
	return e;
}

static struct expr *alternatives(struct parser *p);

static struct expr *group(struct parser *p)
{
	struct expr *e = alternatives(p);

	if (e && !accept_word(p, ")")) {
		expr_free(e);
		return fail(p, "')'");
	}
	return e;
}

static struct expr *predicate(struct parser *p)
{
	struct expr *e;

	if (accept_word(p, "("))
		return group(p);
	if (accept_word(p, "state"))
		return state_predicate(p, false);
	if (accept_word(p, "exclude"))
		return state_predicate(p, true);
	for (size_t i = 0; i < COUNT(sides); i++) {
		if (!accept_word(p, sides[i].word))
			continue;
		return sides[i].kind == EXPR_PORT ? port_predicate(p, sides[i].side)
						  : address_predicate(p, sides[i].side);
	}
	if (p->len && state_parse(p->word, p->len))
		return state_predicate(p, false);
	e = p->len ? try_endpoint(p, SIDE_EITHER) : NULL;
	if (!e && p->len && strspn(p->word, ":0123456789") == p->len)
		return fail(p, "a port from 0 to 65535");
	return e ? e : fail(p, "a state, a port, an address, or sport, dport, src, dst");
}

static struct expr *negation(struct parser *p)
{
	struct expr *e, *inner;

	if (++p->depth > DEPTH_MAX)
		return beyond(p, "it is nested more than 200 deep");
	if (accept_word(p, "not") || accept_word(p, "!")) {
		inner = negation(p);
		e = inner ? node(p, EXPR_NOT) : NULL;
		if (e)
			e->left = inner;
		else
			expr_free(inner);
	} else {
		e = predicate(p);
	}
	p->depth--;
	return e;
}

static bool at_end_of_and(const struct parser *p)
{
	return !p->len || is(p, ")") || is(p, "or") || is(p, "|") || is(p, "||");
}

/*
 * Conditions side by side. States named one after the other widen the choice, as in ss: no
 * socket is in two states.
 */
static struct expr *conjunction(struct parser *p)
{
	struct expr *e = negation(p), *states = e && e->kind == EXPR_STATES ? e : NULL;

	while (e && !at_end_of_and(p)) {
		bool joined = accept_word(p, "and") || accept_word(p, "&") || accept_word(p, "&&");
		bool exclude = is(p, "exclude");
		struct expr *more = negation(p);

		if (more && more->kind == EXPR_STATES && states && !joined) {
			states->states = exclude ? states->states & more->states
						 : states->states | more->states;
			expr_free(more);
			continue;
		}
		if (more && more->kind == EXPR_STATES && !states)
			states = more;
		e = join(p, EXPR_AND, e, more);
	}
	return e;
}

static struct expr *alternatives(struct parser *p)
{
	struct expr *e = conjunction(p);

	while (e && (accept_word(p, "or") || accept_word(p, "|") || accept_word(p, "||")))
		e = join(p, EXPR_OR, e, conjunction(p));
	return e;
}

/*
 * As in ss, states named first, by "state" or "exclude", hold for all that follows; those joined to
 * it by a word of their own do not.
 */
static struct expr *leading_states(struct parser *p)
{
	struct expr *states = NULL;

	while (is(p, "state") || is(p, "exclude")) {
		struct parser before = *p;
		bool exclude = is(p, "exclude");
		struct expr *e = predicate(p);

		if (e && (is(p, "or") || is(p, "|") || is(p, "||") || is(p, "and") || is(p, "&") ||
			  is(p, "&&"))) {
			expr_free(e);
			*p = before;
			return states;
		}
		if (!e || !states) {
			expr_free(e ? NULL : states);
			states = e;
		} else {
			states->states =
				exclude ? states->states & e->states : states->states | e->states;
			expr_free(e);
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
	return states ? join(p, EXPR_AND, states, alternatives(p)) : alternatives(p);
}

int filter_parse(struct expr **filter, const char *text, struct filter_error *error)
{
	struct parser p = {.text = text, .word = text, .error = error};

	*filter = NULL;
	*error = (struct filter_error){0};
	next(&p);
	if (!p.len)
		return 0;
	*filter = whole(&p);
	if (*filter && p.len) {
		expr_free(*filter);
		*filter = NULL;
		fail(&p, "and, or, or the end");
	}
	return *filter ? 0 : p.failure ? p.failure : -EINVAL;
}

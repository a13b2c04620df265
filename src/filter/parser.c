// SPDX-License-Identifier: GPL-2.0-or-later
#include "filter/parser.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "util/nearest.h"

enum { NODES_MAX = 10000 }; /* also bounds how deep matching and freeing recurse */

static const struct {
	const char *word;
	enum expr_op op;
} ops[] = {
	{"=", OP_EQ},  {"==", OP_EQ}, {"eq", OP_EQ}, {"!=", OP_NE},  {"ne", OP_NE},  {"neq", OP_NE},
	{"<", OP_LT},  {"lt", OP_LT}, {"<=", OP_LE}, {"le", OP_LE},  {"leq", OP_LE}, {">", OP_GT},
	{"gt", OP_GT}, {">=", OP_GE}, {"ge", OP_GE}, {"geq", OP_GE},
};

static const char blanks[] = " \t\n\v\f\r";

static size_t quoted_len(struct parser *p, const char *s)
{
	const char *end = strchr(s + 1, *s);

	p->quoted = true;
	p->open = !end;
	return end ? (size_t)(end - s) + 1 : strlen(s);
}

/* Words end at blanks and at operators, which are words of their own. */
void parser_next(struct parser *p)
{
	const char *s = p->word + p->len;

	p->behind = s;
	s += strspn(s, blanks);
	p->word = s;
	p->quoted = p->open = false;
	if (strchr("()", *s))
		p->len = *s != '\0';
	else if (*s == '\'' || *s == '"')
		p->len = quoted_len(p, s);
	else if (strchr("=!<>", *s))
		p->len = 1 + (s[1] == '=');
	else if (strchr("&|", *s))
		p->len = 1 + (s[1] == *s);
	else
		p->len = strcspn(s, " \t\n\v\f\r()=!<>&|");
}

bool parser_is(const struct parser *p, const char *word)
{
	return strlen(word) == p->len && !strncasecmp(p->word, word, p->len);
}

bool parser_accept(struct parser *p, const char *word)
{
	if (!p->len || !parser_is(p, word))
		return false;
	parser_next(p);
	return true;
}

bool parser_at_joint(const struct parser *p)
{
	static const char *const joints[] = {"and", "&", "&&", "or", "|", "||", "(", ")"};

	for (size_t i = 0; i < sizeof(joints) / sizeof(joints[0]); i++) {
		if (parser_is(p, joints[i]))
			return true;
	}
	return !p->len;
}

bool parser_at_op(const struct parser *p)
{
	for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++) {
		if (parser_is(p, ops[i].word))
			return true;
	}
	return false;
}

enum expr_op parser_op(struct parser *p)
{
	for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++) {
		if (parser_accept(p, ops[i].word))
			return ops[i].op;
	}
	return OP_EQ;
}

static const char *suggest(const char *word, size_t len, word_list *words)
{
	char copy[64];
	struct nearest near = {.word = copy};
	const char *offer;

	if (!words || len >= sizeof(copy))
		return NULL;
	memcpy(copy, word, len);
	copy[len] = '\0';
	for (unsigned i = 0; (offer = words(&i));)
		nearest_offer(&near, offer);
	return near.best;
}

struct expr *parser_fail_at(struct parser *p, const char *word, size_t len, const char *expected,
			    word_list *words)
{
	if (p->failure)
		return NULL;
	p->failure = -EINVAL;
	p->error->offset = (size_t)(word - p->text);
	p->error->len = len;
	snprintf(p->error->expected, sizeof(p->error->expected), "%s", expected);
	p->error->nearest = suggest(word, len, words);
	return NULL;
}

struct expr *parser_fail(struct parser *p, const char *expected, word_list *words)
{
	if (p->open)
		expected = "closed by a second quote";
	return parser_fail_at(p, p->word, p->len, expected, p->quoted ? NULL : words);
}

struct expr *parser_beyond(struct parser *p, const char *limit)
{
	bool first = !p->failure;

	parser_fail_at(p, p->word, p->len, limit, NULL);
	p->error->limit |= first;
	return NULL;
}

struct expr *parser_node(struct parser *p, enum expr_kind kind)
{
	struct expr *e;

	if (++p->nodes > NODES_MAX)
		return parser_beyond(p, "it has more than 10000 parts (conditions, and, or, not)");
	e = calloc(1, sizeof(*e));
	if (!e) {
		p->failure = -ENOMEM;
		return NULL;
	}
	e->kind = kind;
	return e;
}

struct expr *parser_join(struct parser *p, enum expr_kind kind, struct expr *left,
			 struct expr *right)
{
	struct expr *e = left && right ? parser_node(p, kind) : NULL;

	if (!e) {
		expr_free(left);
		expr_free(right);
		return NULL;
	}
	e->left = left;
	e->right = right;
	return e;
}

struct expr *parser_not(struct parser *p, struct expr *inner)
{
	struct expr *e = inner ? parser_node(p, EXPR_NOT) : NULL;

	if (e)
		e->left = inner;
	else
		expr_free(inner);
	return e;
}

char *parser_value(struct parser *p)
{
	char *value = strndup(p->word + p->quoted, p->len - (p->quoted ? 2 : 0));

	if (!value)
		p->failure = -ENOMEM;
	return value;
}

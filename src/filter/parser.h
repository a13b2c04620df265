// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef FILTER_PARSER_H
#define FILTER_PARSER_H

#include "filter/filter.h"

/*
 * What the parts of the parser share. An expression that a function returns is the caller's; NULL is
 * a failure that has been noted, unless it says otherwise.
 */

/* The expression being read: one word of lookahead. */
struct parser {
	const char *text;
	const char *word; /* the lookahead; len 0 at the end */
	size_t len;
	const char *behind; /* where the word before it ends */
	bool quoted;        /* it stands in quotes, which `word` and `len` include */
	bool open;          /* the closing one is missing */
	unsigned depth, nodes;
	struct filter_error *error;
	int failure; /* -EINVAL or -ENOMEM once reading has failed */
};

/* The next word of a list of suggestions, from *i = 0; NULL at its end. */
typedef const char *word_list(unsigned *i);

/* Takes the next word for the lookahead. */
void parser_next(struct parser *p);

/* Whether the lookahead is this very word, in any case and not in quotes. */
bool parser_is(const struct parser *p, const char *word);

/* The same, and takes it. */
bool parser_accept(struct parser *p, const char *word);

/* Whether the lookahead joins or ends predicates, so that it is no value. */
bool parser_at_joint(const struct parser *p);

/* Whether the lookahead is an operator: =, !=, gt, ... */
bool parser_at_op(const struct parser *p);

/* Takes an operator; OP_EQ where there is none. */
enum expr_op parser_op(struct parser *p);

/* Notes that the lookahead is not what was expected; `words` may be NULL. Returns NULL. */
struct expr *parser_fail(struct parser *p, const char *expected, word_list *words);

/* The same of `len` bytes at `word`. */
struct expr *parser_fail_at(struct parser *p, const char *word, size_t len, const char *expected,
			    word_list *words);

/* Notes that the expression goes beyond a limit. Returns NULL. */
struct expr *parser_beyond(struct parser *p, const char *limit);

/* A new condition. */
struct expr *parser_node(struct parser *p, enum expr_kind kind);

/* Joins two conditions; both are taken over, also on failure. */
struct expr *parser_join(struct parser *p, enum expr_kind kind, struct expr *left,
			 struct expr *right);

/* The opposite of a condition, which is taken over, also on failure. */
struct expr *parser_not(struct parser *p, struct expr *e);

/* The lookahead without its quotes, as a string of the caller's; NULL without memory (noted). */
char *parser_value(struct parser *p);

/* sport, dport, src, dst and what fields mean the same: the side, and whether it is a port's. */
bool parse_side(const struct parser *p, unsigned *side, enum expr_kind *kind);

/* [FAMILY:][:]PORT, and an address with or without :PORT or /BITS, of those sides. */
struct expr *parse_port(struct parser *p, unsigned side);
struct expr *parse_address(struct parser *p, unsigned side);

/* HOST, :PORT or PORT; NULL without failure if it is none. */
struct expr *parse_endpoint(struct parser *p, unsigned side);

/* What follows the name of a field. */
struct expr *parse_field(struct parser *p, const struct field *f);

/* What follows "cgroup". */
struct expr *parse_cgroup(struct parser *p);

#endif

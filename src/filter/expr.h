// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef FILTER_EXPR_H
#define FILTER_EXPR_H

#include "model/field.h"

enum expr_kind {
	EXPR_AND,
	EXPR_OR,
	EXPR_NOT,
	EXPR_STATES,
	EXPR_PORT,
	EXPR_ADDRESS,
	EXPR_FIELD,
	EXPR_DETAIL,
	EXPR_CGROUP,
	EXPR_ACCEPTED,  /* a program has this connection: it has a descriptor */
	EXPR_AUTOBOUND, /* the kernel chose its local port */
};

enum expr_op { OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE };
enum { SIDE_LOCAL = 1, SIDE_PEER = 2, SIDE_EITHER = 3 };

/* What a field's value is tested for. */
enum expr_test {
	TEST_NUMBER,
	TEST_TEXT,
	TEST_NONE, /* there is no value */
	TEST_ANY,  /* there is one */
};

/* A condition on a socket. */
struct expr {
	enum expr_kind kind;
	struct expr *left, *right; /* AND, OR; NOT has left alone */
	const char *text;          /* of the others: how it stands in the filter's text */
	size_t len;
	uint32_t states; /* STATES: kernel state mask */
	unsigned side;   /* PORT, ADDRESS: SIDE_* */
	enum expr_op op; /* PORT, FIELD; CGROUP and ADDRESS know EQ only */
	uint16_t port;
	int family; /* ADDRESS: AF_INET matches IPv4-mapped addresses too, AF_UNSPEC any address */
	struct address address;
	unsigned bits;
	char interface[16]; /* ADDRESS: on that one only; "" is any */

	const struct field *field; /* FIELD */
	enum expr_test test;
	/*
	 * FIELD: microseconds for both kinds of durations, bits a second for rates, else as the field
	 * has it; of an interface its index, of owners the process id. DETAIL: DETAIL_*. CGROUP: its
	 * id, 0 where the path is none of this host.
	 */
	uint64_t number;
	uint64_t mask; /* FIELD, TEST_NUMBER: the bits of the value that count */
	char *pattern; /* TEST_TEXT, CGROUP: with * and ?; owned */
};

/* Whether a row is one of those it asks for. */
bool expr_match(const struct expr *e, const struct row *row);

/* Whether a condition on a field holds; an absent value fulfils none but TEST_NONE. */
bool expr_match_field(const struct expr *e, const struct row *row);

/* Whether any holder of the socket is in a control group of that path. */
bool expr_match_cgroup(const struct expr *e, const struct row *row);

/* Whether text is what a pattern says: * is any bytes, ? is any one. Takes time n * m at most. */
bool expr_glob(const char *pattern, const char *text, size_t n);

/* Compares as `op` says. */
bool expr_compare(uint64_t a, enum expr_op op, uint64_t b);

/* The states of which the expression can hold: what the kernel need be asked for. */
uint32_t expr_states(const struct expr *e);

/* What a row must have for the expression to be judged: WANT_*. */
uint32_t expr_needs(const struct expr *e);

/* Whether a state stands anywhere in it; NULL has none. */
bool expr_names_state(const struct expr *e);

void expr_free(struct expr *e);

#endif

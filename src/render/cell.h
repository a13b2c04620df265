// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef RENDER_CELL_H
#define RENDER_CELL_H

#include "model/field.h"

/* How much room people's eyes have. */
enum cell_form {
	CELL_FULL,  /* everything, for pipes: every holder of a socket */
	CELL_BRIEF, /* for a terminal: the first holder and how many more */
};

/* Appends a field's value as one table cell without spaces (WHAT has some); '-' when absent. */
void cell_put(struct out *o, const struct field *f, const struct row *row, enum cell_form form);

/* Appends address:port, the address in brackets where it is IPv6, with its scope. */
void cell_endpoint(struct out *o, const struct snapshot *s, const struct socket *sk,
		   const struct endpoint *e);

/* Appends the address without port. */
void cell_address(struct out *o, const struct snapshot *s, const struct socket *sk,
		  const struct endpoint *e);

/* Appends the words of set options (sockopt_bits()). */
void cell_flags(struct out *o, uint64_t flags, char separator);

/* Appends the tokens of DETAIL_* bits. */
void cell_details(struct out *o, uint64_t details, char separator);

/* Appends "nginx[812]"; the name is made safe. */
void cell_process(struct out *o, const struct process *p);

enum { CELL_QUICK = ADDRESS_TEXT + 32 };

/*
 * Writes a cell in place: a number at the right end of `width` columns, all else from `p` on, where
 * `width` and CELL_QUICK bytes are free. Returns where it ends; NULL, having written nothing of
 * meaning, where this cell takes cell_put().
 */
typedef char *cell_writer(char *p, size_t width, const struct field *f, const struct row *row);

/* The writer of a field's commonest cells (state, numbers, times, addresses); NULL has none. */
cell_writer *cell_quick(const struct field *f);

/* That of bare numbers, whatever their unit. */
cell_writer cell_quick_number;

/* Appends a value of a field that has one. */
void cell_value(struct out *o, const struct field *f, const struct row *row, const struct value *v,
		enum cell_form form);

#endif

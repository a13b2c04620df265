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

/* Appends the tokens of DETAIL_* bits. */
void cell_details(struct out *o, uint64_t details, char separator);

/* Appends "nginx[812]"; the name is made safe. */
void cell_process(struct out *o, const struct process *p);

enum { CELL_QUICK = ADDRESS_TEXT + 16 };

/*
 * The commonest cells (state, numbers, times, addresses) without the detour through a buffer:
 * writes at `p`, where CELL_QUICK bytes are free, and returns where it ends; NULL, having written
 * nothing of meaning, where the cell takes cell_put().
 */
char *cell_quick(char *p, const struct field *f, const struct row *row);

/* Appends a value of a field that has one. */
void cell_value(struct out *o, const struct field *f, const struct row *row, const struct value *v,
		enum cell_form form);

#endif

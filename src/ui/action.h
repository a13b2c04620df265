// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UI_ACTION_H
#define UI_ACTION_H

#include <stdint.h>

/* Where an action applies. */
enum {
	WHERE_ANY = 1 << 0,
	WHERE_LINES = 1 << 1,   /* lines with a chosen one, or that scroll */
	WHERE_TABLE = 1 << 2,   /* the table of sockets */
	WHERE_SOCKETS = 1 << 3, /* the chosen line is a socket's */
};

enum action {
#define ACTION(group, name, ...) ACTION_##name,
#include "ui/actions.def"
#undef ACTION
	ACTION_COUNT,
	ACTION_NONE = ACTION_COUNT,
};

struct action_row {
	const char *group, *keys;
	uint32_t where;    /* WHERE_* */
	uint8_t place;     /* in the bar; 0 none */
	const char *label; /* message id; NULL has none */
	const char *help;  /* message id */
};

extern const struct action_row action_rows[ACTION_COUNT];

/* What a key does where all of `where` applies; ACTION_NONE: nothing. */
enum action action_of(uint32_t code, uint32_t where);

/* The actions of the bar by their place, from *place = 0; ACTION_NONE at the end. */
enum action action_of_bar(unsigned *place, uint32_t where);

#endif

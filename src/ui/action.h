// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UI_ACTION_H
#define UI_ACTION_H

#include <stddef.h>
#include <stdint.h>

#include "util/translate.h"

/* Where an action applies. */
enum {
	WHERE_ANY = 1 << 0,
	WHERE_LINES = 1 << 1,     /* lines with a chosen one, or that scroll */
	WHERE_TABLE = 1 << 2,     /* the table of sockets */
	WHERE_SOCKETS = 1 << 3,   /* the chosen line, or the page, is a socket's */
	WHERE_SIDEWAYS = 1 << 4,  /* there is something at the left or right, or to fold */
	WHERE_TREE = 1 << 5,      /* lines that fold */
	WHERE_STATES = 1 << 6,    /* the chosen line is a state's */
	WHERE_RELATED = 1 << 7,   /* the chosen line stands for sockets */
	WHERE_MENU = 1 << 8,      /* one of several is to be chosen */
	WHERE_HOLDERS = 1 << 9,   /* the chosen line is a socket's or a program's */
	WHERE_VIEWS = 1 << 10,    /* a view of panes.def */
	WHERE_OPENS = 1 << 11,    /* the chosen line is a socket's, which has a page of its own */
	WHERE_ORDERED = 1 << 12,  /* lines whose order one chooses */
	WHERE_FILTERED = 1 << 13, /* lines are of sockets that match the filter */
	WHERE_SEARCHED = 1 << 14, /* there is a find(): lines in which a text is looked for */
};

/* Headings of the page of help. */
#define ACTION_GROUPS                                   \
	GROUP(MOVING, N_("Moving"))                     \
	GROUP(VIEWS, N_("Views"))                       \
	GROUP(ROWS, N_("Finding and ordering sockets")) \
	GROUP(ACTING, N_("Acting"))                     \
	GROUP(REFRESHING, N_("Refreshing"))

enum action_group {
#define GROUP(name, ...) GROUP_##name,
	ACTION_GROUPS
#undef GROUP
		GROUP_COUNT,
};

extern const char *const action_groups[GROUP_COUNT]; /* message ids */

enum action {
#define ACTION(group, name, ...) ACTION_##name,
#include "ui/actions.def"
#undef ACTION
	ACTION_COUNT,
	ACTION_NONE = ACTION_COUNT,
};

struct action_row {
	enum action_group group;
	const char *keys;
	uint32_t where;    /* WHERE_* */
	uint8_t place;     /* in the bar, from the left; 0 none */
	uint8_t stay;      /* where the bar has no room for all, the least goes first */
	const char *label; /* message id; NULL has none */
	const char *help;  /* message id */
};

extern const struct action_row action_rows[ACTION_COUNT];

/* What a key does where all of `where` applies; ACTION_NONE: nothing. */
enum action action_of(uint32_t code, uint32_t where);

enum { BAR_PLACES = 12 };

/* The actions of the bar, at most BAR_PLACES, from the left; returns how many. */
size_t actions_of_bar(enum action *list, uint32_t where);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UI_MENU_H
#define UI_MENU_H

#include "ui/app.h"
#include "ui/list.h"

struct menu_item {
	char mark; /* before the name; ' ' has none */
	const char *name;
	const char *help; /* already translated; "" has none */
};

struct menu;

/* One of several things to be chosen. */
struct menu_choice {
	const char *heading; /* message id */
	size_t (*count)(const struct menu *m);
	struct menu_item (*item)(const struct menu *m, size_t i);
	/* Does it; false: the menu stays, for another choice. */
	bool (*choose)(struct menu *m, size_t i);
	size_t (*first)(const struct menu *m); /* chosen when it is opened; NULL: the first */
	/* Gives it another place, one before or behind; returns that, or `i` where there is none. */
	size_t (*move)(struct menu *m, size_t i, int by);
};

/* The struct of a pane that is a menu. */
struct menu {
	struct pane pane;
	const struct menu_choice *choice;
	struct list list;
};

/* To be called by its `open`. */
int menu_open(struct menu *m, const struct menu_choice *choice);

/* Chooses another line. */
void menu_at(struct menu *m, size_t i);

/* The other operations of such a pane. */
void menu_draw(struct pane *p, struct screen *s, const struct box *b);
bool menu_act(struct pane *p, enum action action);
bool menu_key(struct pane *p, const struct key *key);
bool menu_find(struct pane *p, const char *text, bool forward, bool here);

#define MENU_PANE(text, open_it, more)                                                          \
	{                                                                                       \
		.title = text, .size = sizeof(struct menu),                                     \
		.where = WHERE_LINES | WHERE_MENU | (more), .open = open_it, .draw = menu_draw, \
		.act = menu_act, .key = menu_key, .find = menu_find,                            \
	}

#endif

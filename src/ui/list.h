// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UI_LIST_H
#define UI_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ui/action.h"
#include "ui/key.h"

/* What a line of a list is about, for as long as it is there. */
struct list_id {
	uint64_t number;
	uint32_t kind; /* the list's own: sockets, headings */
};

/* The id of line `at` of somebody's list. */
typedef struct list_id list_identify(const void *owner, size_t at);

/*
 * The chosen line of a list and what part of it is on the screen. Both stay with what they are
 * about, however many lines come and go before it.
 */
struct list {
	size_t count;          /* lines */
	size_t at;             /* the chosen one; 0 where there is none */
	size_t top;            /* the first on the screen */
	unsigned page;         /* lines on the screen */
	struct list_id chosen; /* that of line `at`, if there is any */
	bool stuck; /* its user has chosen: it is followed; else the first line stays chosen */
};

/* The lines have changed: finds the chosen one again, or takes the one that is there now. */
void list_changed(struct list *l, size_t count, list_identify *id, const void *owner);

/* So many lines are on the screen now. */
void list_fit(struct list *l, unsigned page);

/* Chooses another line; beyond an end, that end. */
void list_choose(struct list *l, size_t at, list_identify *id, const void *owner);
void list_move(struct list *l, int64_t by, list_identify *id, const void *owner);

/* Does what an action of moving asks for; false: it is none. */
bool list_act(struct list *l, enum action action, list_identify *id, const void *owner);

/*
 * Chooses the line that was clicked, where line `top` is in `row` of the screen, or moves with the
 * wheel; false: the key is none of these.
 */
bool list_key(struct list *l, const struct key *key, unsigned row, list_identify *id,
	      const void *owner);

/* Whether a click is on the chosen line, `row` as above. */
bool list_is_hit(const struct list *l, const struct key *key, unsigned row);

/*
 * Chooses the next line for which `has` is true, or the one before; the chosen one too where `here`.
 * Goes around at the ends; false where there is none.
 */
bool list_find(struct list *l, bool forward, bool here,
	       bool (*has)(void *owner, size_t at, const char *text), const char *text,
	       list_identify *id, void *owner);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UI_PANE_H
#define UI_PANE_H

#include "model/feed.h"
#include "ui/action.h"
#include "ui/key.h"
#include "ui/screen.h"

/*
 * A view of the interactive program. It shows what the app (ui/app.h) knows in a box of the screen
 * and does what keys ask for. Each is a file of its own with one struct pane_ops, and a row of
 * panes.def that gives it a key; one that is opened from another (help, a socket's page) has no row:
 * app_open_pane() lays it over what is there, Esc takes it away.
 *
 * No operation but open() may fail; any may be NULL but `draw`.
 */
struct app;
struct pane;

struct pane_ops {
	const char *title; /* message id, short: a tab's */
	size_t size;       /* bytes of the pane's own struct, whose first member is a struct pane */
	uint32_t where;    /* WHERE_* of the actions it may take; app_where() adds to them */
	/* The struct is zeroed but for `pane`. -ENOMEM: is freed without close(). */
	int (*open)(struct pane *p);
	void (*close)(struct pane *p);
	/*
	 * live->news holds what came, changed or went; those that live_is_over() are freed right
	 * after. `live->refreshes` tells whether a refresh was completed.
	 */
	void (*received)(struct pane *p);
	/*
	 * While it is the one that keys go to: does a part of what takes long, of a few milliseconds.
	 * Returns whether there is more.
	 */
	bool (*work)(struct pane *p);
	/* The filter (app->filter) is another. */
	void (*filtered)(struct pane *p);
	void (*draw)(struct pane *p, struct screen *s, const struct box *b);
	/* Does what an action asks for; false where it has no use for it. */
	bool (*act)(struct pane *p, enum action action);
	/* Takes a key before it becomes an action, also a click; false: it is none of its own. */
	bool (*key)(struct pane *p, const struct key *key);
	/*
	 * Chooses the next line, or the one before, with a text in it; `here`: the chosen one
	 * will do too. It goes around at the ends. False where none has it.
	 */
	bool (*find)(struct pane *p, const char *text, bool forward, bool here);
	/* Adds what it needs: `want`, `findings`, `command_id` and, by app_look_at(), sockets. */
	void (*watch)(struct pane *p, struct watch *w);
	/* Appends what stands at the right of the status line: where one is in it. */
	void (*status)(struct pane *p, struct out *o);
	/* Of a view: how much in it calls for action, shown on its tab wherever one is. */
	uint64_t (*alarms)(const struct app *a);
	/* Appends all that it shows as text, WRITTEN_COLS wide. Returns 0 or a negative errno. */
	int (*write)(struct pane *p, struct out *o);
	/* The socket that is chosen; NULL none. */
	struct live_socket *(*chosen)(struct pane *p);
};

struct pane {
	const struct pane_ops *ops;
	struct app *app;
	struct box box; /* where it was drawn last: for clicks */
};

#define PANE(name, ops) extern const struct pane_ops ops;
#include "ui/panes.def"
#undef PANE

enum pane_name {
#define PANE(name, ...) PANE_##name,
#include "ui/panes.def"
#undef PANE
	PANE_COUNT,
};

extern const struct pane_ops *const pane_kinds[PANE_COUNT];

#endif

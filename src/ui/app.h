// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UI_APP_H
#define UI_APP_H

#include "filter/filter.h"
#include "render/columns.h"
#include "ui/pane.h"
#include "ui/prompt.h"

/*
 * The interactive program without its terminal: keys and what a feed tells go in, a screen comes
 * out. It never waits, never writes and has no clock, so that tests and fuzzers drive it.
 *
 *	loop.c      waits for keys, the feed and timers, and calls what is declared here
 *	terminal.c  the only file that knows curses: reads keys, shows a screen
 *	app.c       what all views share: which is shown, refreshing, quitting
 *	frame.c     what stands around a view: tabs, counts, status line, bar of keys
 *	pane.h      the views; sockets.c is the table, help.c the page of help
 *	order.c     which sockets match, sorted; changed bit by bit as they come and go
 *	prompt.c    a line asked of the user, as for a filter
 *	list.c      the chosen line and the scroll, which stay with what they are about
 *	actions.def all that keys do
 */

/* What it starts with. */
struct app_options {
	struct columns columns, sort; /* sort.count 0: the table's own order */
	const char *filter;           /* valid; "" has none */
	uint32_t interval_ms;
	bool color;     /* otherwise findings and counts are written without paint */
	bool may_close; /* sockets by force, as far as can be told before */
	bool may_see;   /* all owners that privileges show */
	/* Whether a socket is the connection over which the user works. NULL: that is not known. */
	bool (*is_session)(const void *session, const struct socket *sk);
	const void *session;
	/* Writes a file as a whole or not at all, as util/new_file.h has it. NULL: none is written. */
	int (*write_file)(const char *path, bool replace, int (*fill)(struct out *o, void *ctx),
			  void *ctx);
};

enum { APP_PAGES = 8, APP_NOTE = 200 };

struct app {
	const struct app_options *options;
	struct feed *feed;
	struct live *live;
	unsigned rows, cols;

	struct pane *panes[PANE_COUNT]; /* NULL: not opened yet */
	enum pane_name current;
	struct pane *pages[APP_PAGES]; /* laid over it, the last is on top */
	unsigned page_count;

	struct prompt prompt; /* takes all keys while it is open */
	struct history filters, searches;
	char *filter_before; /* the prompt for another was opened */
	char *search;        /* text that n and N look for; NULL: none yet */
	char *own_filter; /* the user's, while a view has put its own in place; NULL: it has not */
	enum pane_name came_from; /* that view */

	char *filter_text; /* "" has none */
	struct expr *filter;
	uint32_t filter_needs; /* WANT_* */

	struct watch watch; /* as it is to be; what panes look at is added to it */
	struct watch told;  /* as the feed knows it, with its ids: */
	uint64_t told_ids[FEED_LOOKED_AT];
	uint64_t looked_at[FEED_LOOKED_AT]; /* collected for the next */
	size_t look_count;
	uint64_t clock;      /* milliseconds, of app_tick() */
	uint64_t heard;      /* when the feed last told something, or was paused; 0 not yet */
	uint64_t note_until; /* the note is shown until then */
	char note[APP_NOTE]; /* for the status line: already translated and safe */

	uint32_t deeds; /* numbers given out */

	/* What the loop is to do; it sets them back. */
	bool quit, suspend, redraw, beep;
	bool dirty;      /* the screen is to be drawn */
	bool pasting;    /* between PRESS_PASTE and PRESS_PASTE_END */
	uint64_t pasted; /* when its last key came */
	bool over;       /* nothing comes from the feed any more */
};

/* Starts. -ENOMEM; app_close() in any case. `options`, `feed` and `live` must outlive it. */
int app_open(struct app *a, const struct app_options *options, struct feed *feed,
	     struct live *live);
void app_close(struct app *a);

/* The screen has another size, in rows and columns. */
void app_resize(struct app *a, unsigned rows, unsigned cols);

/* Does what a key asks for. */
void app_key(struct app *a, const struct key *key);

/* The feed has told something: live->news is taken in and settled. */
void app_received(struct app *a);

/* Something came from the feed; `over`: nothing will any more, and what is there stays. */
void app_heard(struct app *a, bool over);

/* For how many milliseconds nothing came that should have; 0 where that is no wonder. */
uint64_t app_late(const struct app *a);

/*
 * Time passes: `now` in milliseconds of CLOCK_MONOTONIC. Returns when to call again, 0: never; `now`
 * where there is work left to do.
 */
uint64_t app_tick(struct app *a, uint64_t now);

/* Draws all, the cursor's place included, on a screen of any size. */
void app_draw(struct app *a, struct screen *s);

/*
 * Tells the feed what to watch, where that has changed. Returns 0 or the feed's error; that it is gone is
 * none, but for receiving.
 */
int app_watch(struct app *a);

/* The rest is for panes. */

/* The pane that keys go to. */
struct pane *app_top(const struct app *a);

/* WHERE_* of the actions that apply to it. */
uint32_t app_where(const struct app *a);

/*
 * Lays a new pane over what is there. NULL without memory or where there are too many, after
 * saying so.
 */
struct pane *app_open_pane(struct app *a, const struct pane_ops *ops);

/* Takes the uppermost page away, if there is one. */
void app_back(struct app *a);

/* Does what an action asks for, as its key would. */
void app_act(struct app *a, enum action action);

/* Shows a view of panes.def. */
void app_show(struct app *a, enum pane_name name);

/* A line for the user, on the status line for some seconds; a message id, translated here. */
void app_note(struct app *a, const char *message);
/* The same of a text already translated and made safe. */
void app_note_text(struct app *a, const char *text);

/* Takes another filter; false where it is not valid, or without memory. */
bool app_set_filter(struct app *a, const char *text);

/*
 * Shows the sockets that match a filter, which is valid, in their view; Esc there brings back the
 * filter and the view before.
 */
void app_show_matching(struct app *a, const char *filter);

/* Whether a socket matches the filter, if there is one. */
bool app_shows(const struct app *a, struct live_socket *s);

/* Appends the filter, if there is one, and a gap: for status lines. */
void app_put_filter(const struct app *a, struct out *o);

/* The filter is the user's own from now on. */
void app_keep_filter(struct app *a);

/* Numbers for so many deeds, one after another; the first. */
uint32_t app_deed_numbers(struct app *a, uint32_t count);

/* Whether this is the connection over which the user works, as far as is known. */
bool app_is_session(const struct app *a, const struct socket *sk);

/* A socket is looked at: all its numbers are wanted. */
void app_look_at(struct app *a, uint64_t id);

#endif

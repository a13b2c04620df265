// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The interactive view without its terminal: sockets, processes and findings come, change and go,
 * keys are pressed, the screen changes its size and time passes. Whatever comes, what stands on the
 * screen is sound, the table is the one that would be made anew, what is chosen stays chosen, and
 * nothing is done to anybody that was not agreed to.
 *
 * An input is the beginning (struct start), then one event after another: a byte below 0x80 is the
 * character that was typed, others are as `enum event` has them, with what belongs to them behind.
 */
#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "collect/read.h"
#include "ui/app.h"
#include "util/text.h"

#include "fuzz.h"
#include "rewrite.h"
#include "ui_news.h"
#include "ui_sound.h"

enum event {
	EVENT_KEY = 0x80,       /* and those behind: the keys of keys.def */
	EVENT_CHARACTER = 0xb0, /* any code point, in three bytes */
	EVENT_STRANGE = 0xb1,   /* one that is hard to draw */
	EVENT_RESIZE,
	EVENT_TIME,
	EVENT_OVER,        /* the feed has ended */
	EVENT_NEWS = 0xc0, /* and those behind: enum news */
};

enum {
	EVENTS_MOST = 400,
	ROWS_MOST = 64,
	COLS_MOST = 224,
	TICKS_MOST = 1000,
	START_MS = 1000000,
	NAMES = PRESS_END_OF_NAMES - PRESS_NAMED - 1, /* keys that have one */
};

static const char *const columns[] = {
	"state,recvq,sendq,local,peer,process,what",
	"state",
	"process,local,situation,rtt,netns,cookie,inode,uid,cgroup",
	"what,peer,unit,container,user,exe",
};

static const char *const sorts[] = {"", "-recvq,local", "situation", "process,-peer"};

static const char *const filters[] = {"", "state listen", "recvq > 5 or situation listen/*",
				      "not pid 3"};

struct run {
	struct app app;
	struct app_options options;
	struct feed feed;
	struct watch told; /* without ids */
	struct live live;
	struct screen shown, again;
	uint64_t now, drawn; /* when `shown` was */
	uint64_t refreshes;  /* that the app knows of */
	bool pending;        /* something came that it does not know of */
	bool ascii;
	bool agreeing;    /* the key under way is one that agrees */
	uint8_t may_fail; /* what acting and writing come to */
	uint32_t deeds;   /* asked for */
};

static struct run *of_feed(struct feed *feed)
{
	return (struct run *)((char *)feed - offsetof(struct run, feed));
}

/* ---- what the view asks for */

static int watch(struct feed *feed, const struct watch *w)
{
	struct run *r = of_feed(feed);

	for (size_t i = 0; i < w->id_count; i++)
		HOLDS(w->ids[i]);
	r->told = *w;
	r->told.ids = NULL;
	return 0;
}

static int hurry(struct feed *feed)
{
	return of_feed(feed)->may_fail & 1 ? -EPIPE : 0;
}

static bool is_signal(int number)
{
	static const int known[] = {
#define SIGNAL(name, ...) SIG##name,
#include "ui/signals.def"
#undef SIGNAL
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		if (known[i] == number)
			return true;
	}
	return false;
}

/* Nothing is done that was not agreed to, and never to anybody else. */
static int act(struct feed *feed, const struct deed *deed)
{
	static const int results[] = {0, 0, -EOPNOTSUPP, -EPIPE};
	struct run *r = of_feed(feed);

	HOLDS(r->agreeing && !r->live.saved);
	HOLDS(deed->number == r->deeds || deed->kind == DEED_CLOSE);
	HOLDS(deed->number >= r->deeds);
	r->deeds = deed->number + 1;
	if (deed->kind == DEED_CLOSE) {
		HOLDS(deed->socket.have & HAVE_COOKIE && deed->socket.cookie);
	} else {
		HOLDS(deed->pid > 0 && is_signal(deed->signal), "%d %d", deed->pid, deed->signal);
	}
	return results[r->may_fail >> 1 & 3];
}

static bool is_session(const void *session, const struct socket *sk)
{
	(void)session;
	return sk->cookie % 4 == 1;
}

static struct run *current; /* for what has no context */

static bool ends_in(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n >= m && !strcmp(text + n - m, end);
}

/* A snapshot can be read again, whatever its sockets are. */
static void check_snapshot(const struct out *written)
{
	struct out again = OUT_MEMORY;

	HOLDS(text_is_utf8(written->data, written->len));
	HOLDS(!rewrite(snapshot_source_text(written->data, written->len), &again), "%.*s",
	      (int)written->len, written->data);
	out_free(&again);
}

static int write_file(const char *path, bool replace, int (*fill)(struct out *o, void *ctx),
		      void *ctx)
{
	struct out o = OUT_MEMORY;
	int error;

	HOLDS(*path);
	HOLDS(!replace || current->agreeing);
	if (current->may_fail & 8)
		return -EACCES;
	if (current->may_fail & 16 && !replace)
		return -EEXIST;
	error = fill(&o, ctx);
	HOLDS(!error && !o.error, "%d %d", error, o.error);
	if (ends_in(path, ".json"))
		check_snapshot(&o);
	else
		sound_text(out_text(&o), o.len);
	out_free(&o);
	return 0;
}

/* ---- what happens to it */

/* As ui/loop.c has it. */
static void receive(struct run *r)
{
	struct before before = sound_before(&r->app);

	if (!r->pending)
		return;
	r->pending = false;
	if (r->live.refreshes != r->refreshes || r->live.news_count || r->live.outcome_count) {
		app_received(&r->app);
		sound_chosen(&r->app, &before);
		sound_table(&r->app);
	}
	r->refreshes = r->live.refreshes;
	app_heard(&r->app, false);
}

static void press(struct run *r, uint32_t code, struct bytes *b)
{
	struct key key = {.code = code};

	if (code == PRESS_CLICK || code == PRESS_WHEEL_UP || code == PRESS_WHEEL_DOWN) {
		key.row = take_byte(b);
		key.col = take_byte(b);
	}
	r->agreeing = code == 'y' || code == 'Y';
	app_key(&r->app, &key);
	r->agreeing = false;
	if (code >= 0x80 && code < PRESS_NAMED)
		r->ascii = false;
}

static uint32_t strange_character(uint8_t choice)
{
	static const uint32_t strange[] = {
		0x80,   0x9b,   0xa0,    0xad,    0x301,   0x300,    0x5d0,  0x200b,
		0x200d, 0x202e, 0x2028,  0x3000,  0x4e2d,  0xd800,   0xdfff, 0xfeff,
		0xfffd, 0xffff, 0x1f468, 0x1f3fd, 0xe0001, 0x10ffff, 0x3099, 0x1160,
	};

	return strange[choice % (sizeof(strange) / sizeof(*strange))];
}

static void resize(struct run *r, struct bytes *b)
{
	unsigned rows = take_byte(b) % ROWS_MOST, cols = take_byte(b) % COLS_MOST;

	app_resize(&r->app, rows, cols);
	HOLDS(!screen_resize(&r->shown, rows, cols));
	HOLDS(!screen_resize(&r->again, rows, cols));
}

static void pass_time(struct run *r, uint8_t how_long)
{
	r->now += how_long & 0x80 ? (how_long & 0x7f) * 1000 : how_long * 10;
}

static void happen(struct run *r, struct bytes *b)
{
	uint8_t event = take_byte(b);

	if (event >= EVENT_NEWS && event < EVENT_NEWS + NEWS_COUNT) {
		if (r->app.over || (r->live.saved && r->live.refreshes))
			return;
		news_tell(&r->live, event - EVENT_NEWS, b);
		r->pending = true;
		return;
	}
	receive(r);
	if (event < EVENT_KEY)
		press(r, event, b);
	else if (event < EVENT_CHARACTER)
		press(r, PRESS_NAMED + 1 + (event - EVENT_KEY) % NAMES, b);
	else if (event == EVENT_CHARACTER)
		press(r, take_number(b, 3) % PRESS_NAMED, b);
	else if (event == EVENT_STRANGE)
		press(r, strange_character(take_byte(b)), b);
	else if (event == EVENT_RESIZE)
		resize(r, b);
	else if (event == EVENT_TIME)
		pass_time(r, take_byte(b));
	else if (event == EVENT_OVER)
		app_heard(&r->app, true);
}

/* What is not to be drawn anew looks as it did, but for the time that has passed. */
static void draw(struct run *r)
{
	bool anew = r->app.dirty;

	app_draw(&r->app, anew ? &r->shown : &r->again);
	HOLDS(!r->app.dirty);
	if (anew)
		r->drawn = r->now;
	else if (r->drawn == r->now)
		sound_same(&r->shown, &r->again);
	sound_screen(anew ? &r->shown : &r->again, r->ascii);
}

static void turn(struct run *r)
{
	uint64_t next;

	if (r->now < r->live.now)
		r->now = r->live.now;
	next = app_tick(&r->app, r->now);
	HOLDS(!next || next >= r->now);
	HOLDS(!app_watch(&r->app));
	draw(r);
	sound_app(&r->app, &r->told);
	r->app.quit = r->app.suspend = r->app.redraw = r->app.beep = false;
}

/* What it does by itself comes to an end. */
static void come_to_rest(struct run *r)
{
	unsigned ticks = 0;

	receive(r);
	while (app_tick(&r->app, r->now) == r->now)
		HOLDS(++ticks < TICKS_MOST);
	r->app.dirty = true;
	turn(r);
	turn(r);
}

static void begin(struct run *r, struct bytes *b)
{
	uint8_t flags = take_byte(b), choice = take_byte(b);
	const char *word;
	size_t len;

	text_set_utf8(!(flags & 1));
	r->ascii = flags & 1;
	r->now = START_MS;
	r->feed = (struct feed){.fd = -1, .watch = watch};
	if (flags & 2)
		r->feed.hurry = hurry;
	if (!(flags & 4))
		r->feed.act = act;
	r->may_fail = take_byte(b);
	r->options = (struct app_options){.filter = filters[choice & 3],
					  .interval_ms = 1000,
					  .color = flags & 8,
					  .may_close = flags & 16};
	if (flags & 32)
		r->options.is_session = is_session;
	if (!(flags & 64))
		r->options.write_file = write_file;
	HOLDS(!columns_parse(&r->options.columns, columns[choice >> 2 & 3], &word, &len));
	if (*sorts[choice >> 4 & 3])
		HOLDS(!columns_parse_sort(&r->options.sort, sorts[choice >> 4 & 3], &word, &len));
	HOLDS(!app_open(&r->app, &r->options, &r->feed, &r->live));
	r->live.saved = flags & 128;
	live_begin(&r->live, r->now);
	HOLDS(!live_netns(&r->live, 0, &(struct netns){.id = 4026531840}));
	if (!(choice & 0x40) && !r->live.saved)
		news_first(&r->live);
	r->pending = true;
	resize(r, b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes b = {data, data + size};
	struct run r = {0};

	HOLDS(setlocale(LC_CTYPE, "C.UTF-8"));
	setenv("TZ", "UTC", 1);
	current = &r;
	begin(&r, &b);
	receive(&r);
	turn(&r);
	for (unsigned i = 0; b.at < b.end && i < EVENTS_MOST; i++) {
		happen(&r, &b);
		if (!r.pending)
			turn(&r);
	}
	come_to_rest(&r);
	app_close(&r.app);
	live_free(&r.live);
	screen_free(&r.shown);
	screen_free(&r.again);
	return 0;
}

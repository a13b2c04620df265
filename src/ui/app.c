// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/app.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "render/message.h"
#include "ui/closing.h"
#include "ui/detail.h"
#include "ui/find.h"
#include "ui/frame.h"
#include "ui/help.h"
#include "ui/order.h"
#include "ui/signalling.h"
#include "ui/writing.h"
#include "util/text.h"
#include "util/translate.h"

enum {
	NOTE_MS = 5000,
	JUDGE_MS = 60000,
	LATE_MS = 5000, /* beyond the interval */
	LATE_STEP_MS = 1000,
	PASTE_MS = 1000, /* after so long without a key a paste is over, its end lost */
	INTERVAL_MOST = 3600 * 1000,
};

/* The intervals that keys step through. */
static const uint32_t intervals[] = {100,   200,   500,   1000,  2000,   3000,   5000,
				     10000, 20000, 30000, 60000, 300000, 600000, INTERVAL_MOST};

const struct pane_ops *const pane_kinds[PANE_COUNT] = {
#define PANE(name, ops) [PANE_##name] = &ops,
#include "ui/panes.def"
#undef PANE
};

static struct pane *make_pane(struct app *a, const struct pane_ops *ops)
{
	struct pane *p = calloc(1, ops->size);

	if (!p)
		return NULL;
	p->ops = ops;
	p->app = a;
	if (ops->open && ops->open(p)) {
		free(p);
		return NULL;
	}
	return p;
}

static void free_pane(struct pane *p)
{
	if (p && p->ops->close)
		p->ops->close(p);
	free(p);
}

struct pane *app_top(const struct app *a)
{
	return a->page_count ? a->pages[a->page_count - 1] : a->panes[a->current];
}

uint32_t app_where(const struct app *a)
{
	const struct pane_ops *ops = app_top(a)->ops;

	return ops->where | WHERE_ANY | (ops->find ? (uint32_t)WHERE_SEARCHED : 0);
}

int app_open(struct app *a, const struct app_options *options, struct feed *feed, struct live *live)
{
	*a = (struct app){.options = options, .feed = feed, .live = live, .dirty = true};
	a->watch.interval_ms = options->interval_ms;
	if (!app_set_filter(a, options->filter))
		return -ENOMEM;
	a->panes[0] = make_pane(a, pane_kinds[0]);
	return a->panes[0] ? 0 : -ENOMEM;
}

void app_close(struct app *a)
{
	while (a->page_count)
		free_pane(a->pages[--a->page_count]);
	for (int i = 0; i < PANE_COUNT; i++)
		free_pane(a->panes[i]);
	expr_free(a->filter);
	free(a->filter_text);
	free(a->filter_before);
	free(a->own_filter);
	free(a->search);
	history_free(&a->filters);
	history_free(&a->searches);
	*a = (struct app){0};
}

void app_resize(struct app *a, unsigned rows, unsigned cols)
{
	a->rows = rows;
	a->cols = cols;
	a->dirty = true;
}

void app_note_text(struct app *a, const char *text)
{
	snprintf(a->note, sizeof(a->note), "%s", text);
	a->note_until = a->clock + NOTE_MS;
	a->dirty = true;
}

void app_note(struct app *a, const char *message)
{
	app_note_text(a, message_translate(message));
}

struct pane *app_open_pane(struct app *a, const struct pane_ops *ops)
{
	struct pane *p = a->page_count < APP_PAGES ? make_pane(a, ops) : NULL;

	if (p)
		a->pages[a->page_count++] = p;
	else
		app_note(a, N_("no room for another page"));
	a->dirty = true;
	return p;
}

void app_back(struct app *a)
{
	if (a->page_count)
		free_pane(a->pages[--a->page_count]);
	a->dirty = true;
}

/* That of a view, which is for Sockets alone, gives way to the user's. */
static void bring_back_filter(struct app *a)
{
	if (!a->own_filter)
		return;
	app_set_filter(a, a->own_filter);
	app_keep_filter(a);
}

void app_show(struct app *a, enum pane_name name)
{
	if (!a->panes[name])
		a->panes[name] = make_pane(a, pane_kinds[name]);
	if (!a->panes[name]) {
		app_note(a, N_("out of memory"));
		return;
	}
	while (a->page_count)
		app_back(a);
	if (name != PANE_SOCKETS)
		bring_back_filter(a);
	a->current = name;
	a->dirty = true;
}

/* Calls what every pane may want to know. */
static void tell_panes(struct app *a, void (*tell)(struct pane *p))
{
	for (int i = 0; i < PANE_COUNT; i++) {
		if (a->panes[i])
			tell(a->panes[i]);
	}
	for (unsigned i = 0; i < a->page_count; i++)
		tell(a->pages[i]);
}

static void tell_filtered(struct pane *p)
{
	if (p->ops->filtered)
		p->ops->filtered(p);
}

static void tell_received(struct pane *p)
{
	if (p->ops->received)
		p->ops->received(p);
}

bool app_set_filter(struct app *a, const char *text)
{
	struct filter_error error;
	struct expr *filter = NULL;
	char *copy = strdup(text);

	if (!copy || filter_parse(&filter, copy, &error)) {
		free(copy);
		return false;
	}
	expr_free(a->filter);
	free(a->filter_text);
	a->filter = filter;
	a->filter_text = copy;
	a->filter_needs = filter ? expr_needs(filter) : 0;
	a->dirty = true;
	tell_panes(a, tell_filtered);
	return true;
}

void app_show_matching(struct app *a, const char *filter)
{
	char *own = a->own_filter ? a->own_filter : strdup(a->filter_text);

	a->own_filter = own;
	if (!own || !app_set_filter(a, filter)) {
		app_note(a, N_("out of memory"));
		return;
	}
	a->came_from = a->current;
	app_show(a, PANE_SOCKETS);
}

bool app_shows(const struct app *a, struct live_socket *s)
{
	if (a->filter_needs & WANT_SITUATION)
		order_judge(s);
	return !a->filter || expr_match(a->filter, &s->row);
}

void app_put_filter(const struct app *a, struct out *o)
{
	if (!a->filter)
		return;
	out_char(o, '/');
	text_safe(o, a->filter_text, strlen(a->filter_text), TEXT_LINE);
	out_str(o, "  ");
}

void app_keep_filter(struct app *a)
{
	free(a->own_filter);
	a->own_filter = NULL;
}

/* From what a view has shown, and at last from the filter. */
static void leave_filter(struct app *a)
{
	if (!a->own_filter) {
		app_set_filter(a, "");
		return;
	}
	app_show(a, a->came_from);
}

void app_received(struct app *a)
{
	tell_panes(a, tell_received);
	a->live->outcome_count = 0; /* whose page was left is no longer asked about */
	live_settle(a->live);
	a->dirty = true;
}

void app_heard(struct app *a, bool over)
{
	a->heard = a->clock;
	a->over |= over;
	a->dirty = true;
}

static uint64_t interval_now(const struct app *a)
{
	uint64_t asked = a->watch.interval_ms, taken = a->live->tick.interval_ms;

	return taken > asked ? taken : asked;
}

uint64_t app_late(const struct app *a)
{
	uint64_t silent = a->clock - a->heard;

	return !a->heard || a->over || silent < interval_now(a) + LATE_MS ? 0 : silent;
}

/* When to say next for how long nothing came; 0 never. */
static uint64_t tick_late(struct app *a)
{
	if (a->live->saved || a->over)
		return 0;
	if (!a->heard || a->watch.paused)
		a->heard = a->clock;
	if (a->watch.paused)
		return 0;
	if (!app_late(a))
		return a->heard + interval_now(a) + LATE_MS;
	a->dirty = true;
	return a->clock + LATE_STEP_MS;
}

static void end_paste(struct app *a)
{
	a->pasting = false;
	if (a->prompt.ops)
		prompt_pasted(a);
}

uint64_t app_tick(struct app *a, uint64_t now)
{
	struct pane *top = app_top(a);
	uint64_t next;

	a->clock = now;
	if (a->pasting && now - a->pasted >= PASTE_MS)
		end_paste(a);
	next = tick_late(a);
	if (a->pasting && (!next || a->pasted + PASTE_MS < next))
		next = a->pasted + PASTE_MS;
	if (a->note[0] && now >= a->note_until) {
		a->note[0] = '\0';
		a->dirty = true;
	}
	if (top->ops->work && top->ops->work(top))
		return now;
	return a->note[0] && (!next || a->note_until < next) ? a->note_until : next;
}

void app_draw(struct app *a, struct screen *s)
{
	screen_clear(s);
	frame_draw(a, s);
	a->dirty = false;
}

void app_look_at(struct app *a, uint64_t id)
{
	if (a->look_count < FEED_LOOKED_AT)
		a->looked_at[a->look_count++] = id;
}

uint32_t app_deed_numbers(struct app *a, uint32_t count)
{
	uint32_t first = a->deeds;

	a->deeds += count;
	return first;
}

bool app_is_session(const struct app *a, const struct socket *sk)
{
	return a->options->is_session && a->options->is_session(a->options->session, sk);
}

static bool same_watch(const struct watch *a, const struct watch *b)
{
	return a->interval_ms == b->interval_ms && a->paused == b->paused && a->want == b->want &&
	       a->findings == b->findings && a->width == b->width && a->id_count == b->id_count &&
	       a->command_id == b->command_id &&
	       !memcmp(a->ids, b->ids, a->id_count * sizeof(*a->ids));
}

/* The host is judged now and then whatever is shown, for how much there is to look at. */
static bool findings_are_old(const struct live *l)
{
	return !l->findings_time || l->now - l->findings_time > JUDGE_MS;
}

int app_watch(struct app *a)
{
	struct pane *top = app_top(a), *below = a->panes[a->current];
	struct watch w = a->watch;
	int error;

	a->look_count = 0;
	w.want = a->filter_needs;
	w.findings = findings_are_old(a->live);
	w.command_id = 0;
	w.width = a->cols;
	if (below->ops->watch)
		below->ops->watch(below, &w);
	if (top != below && top->ops->watch)
		top->ops->watch(top, &w);
	w.ids = a->looked_at;
	w.id_count = a->look_count;
	if (a->told.ids && same_watch(&w, &a->told))
		return 0;
	memcpy(a->told_ids, a->looked_at, sizeof(a->told_ids));
	w.ids = a->told_ids;
	a->told = w;
	error = a->feed->watch && !a->over ? a->feed->watch(a->feed, &a->told) : 0;
	return error == -EPIPE ? 0 : error;
}

static void step_interval(struct app *a, int by)
{
	size_t count = sizeof(intervals) / sizeof(*intervals), i = 0;

	if (by > 0) {
		while (i + 1 < count && intervals[i] <= a->watch.interval_ms)
			i++;
	} else {
		i = count - 1;
		while (i && intervals[i] >= a->watch.interval_ms)
			i--;
	}
	a->watch.interval_ms = intervals[i];
}

static void hurry(struct app *a)
{
	if (a->feed->hurry)
		a->feed->hurry(a->feed);
}

static void step_pane(struct app *a, unsigned by)
{
	app_show(a, (a->current + by) % PANE_COUNT);
}

static void open_chosen(struct app *a)
{
	struct pane *top = app_top(a);
	struct live_socket *s = top->ops->chosen ? top->ops->chosen(top) : NULL;

	if (s)
		detail_open(a, s);
}

/* What no pane has a use of its own for. */
static void act(struct app *a, enum action action, uint32_t code)
{
	switch (action) {
	case ACTION_SHOW:
		if (code - '1' < PANE_COUNT)
			app_show(a, code - '1');
		break;
	case ACTION_NEXT_PANE: step_pane(a, 1); break;
	case ACTION_PREVIOUS_PANE: step_pane(a, PANE_COUNT - 1); break;
	case ACTION_BACK:
		if (a->page_count)
			app_back(a);
		else if (a->filter)
			leave_filter(a);
		break;
	case ACTION_FILTER: find_filter(a); break;
	case ACTION_FIND: find_text(a); break;
	case ACTION_FIND_NEXT: find_again(a, true); break;
	case ACTION_FIND_PREVIOUS: find_again(a, false); break;
	case ACTION_HELP: app_open_pane(a, &help_pane); break;
	case ACTION_QUIT:
		if (a->page_count && code == 'q')
			app_back(a);
		else
			a->quit = true;
		break;
	case ACTION_OPEN: open_chosen(a); break;
	case ACTION_CLOSE: closing_open(a); break;
	case ACTION_SIGNAL: signalling_open(a); break;
	case ACTION_WRITE: writing_open(a); break;
	case ACTION_PAUSE: a->watch.paused = !a->watch.paused; break;
	case ACTION_HURRY: hurry(a); break;
	case ACTION_FASTER: step_interval(a, -1); break;
	case ACTION_SLOWER: step_interval(a, 1); break;
	case ACTION_REDRAW: a->redraw = true; break;
	case ACTION_SUSPEND: a->suspend = true; break;
	default: break;
	}
}

void app_act(struct app *a, enum action action)
{
	struct pane *top = app_top(a);

	a->note[0] = '\0';
	if (!top->ops->act || !top->ops->act(top, action))
		act(a, action, 0);
}

/* What was not typed is text for a prompt, and never does anything. */
static void take_pasted(struct app *a, const struct key *key)
{
	a->pasted = a->clock;
	if (key->code == PRESS_PASTE_END)
		end_paste(a);
	else if (!a->prompt.ops || !prompt_paste(a, key->code))
		a->beep = true;
}

void app_key(struct app *a, const struct key *key)
{
	struct pane *top = app_top(a);
	enum action action;

	a->dirty = true;
	if (key->code == PRESS_PASTE) {
		a->pasting = true;
		a->pasted = a->clock;
		return;
	}
	if (a->pasting) {
		take_pasted(a, key);
		return;
	}
	if (a->prompt.ops) {
		prompt_key(a, key);
		return;
	}
	if (key->code == PRESS_CLICK && frame_click(a, key))
		return;
	if (top->ops->key && top->ops->key(top, key))
		return;
	action = action_of(key->code, app_where(a));
	if (action == ACTION_NONE)
		return;
	a->note[0] = '\0';
	if (!top->ops->act || !top->ops->act(top, action))
		act(a, action, key->code);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* What is wrong with the host's connections, as the feed has found it: the worst first. */
#include "ui/app.h"
#include "ui/find.h"
#include "ui/fold.h"
#include "ui/list.h"
#include "ui/mark.h"
#include "ui/written.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "render/finding_text.h"
#include "render/message.h"
#include "render/units.h"
#include "util/grow.h"
#include "util/text.h"
#include "util/translate.h"

enum {
	MARKS = 2,        /* columns before the severity */
	COLS_FOR_ID = 70, /* from here on the id is shown */
	TEXT_INDENT = 1,
};

/* A line of the list: a finding's headline, or a line of its text. */
struct place {
	size_t finding;
	size_t line; /* 0: the headline; else from 1 */
	size_t start, len;
};

struct findings {
	struct pane pane;
	struct list list;
	struct fold fold;
	struct place *places;
	size_t count, cap;
	bool stale;
	uint64_t time;                    /* live.findings_time as of `places`, */
	const struct live_finding *first; /* and whose they were */
};

static struct findings *self(struct pane *p)
{
	return (struct findings *)p;
}

/* Of two findings of one kind the order tells them apart. */
static uint64_t id_of(const struct live *l, size_t finding)
{
	const char *id = l->findings[finding].id;
	uint64_t nth = 0;

	for (size_t i = 0; i < finding; i++)
		nth += !strcmp(l->findings[i].id, id);
	return fold_hash(nth, id, strlen(id));
}

static struct list_id id_at(const void *owner, size_t at)
{
	const struct findings *t = owner;
	const struct place *p = &t->places[at];

	return (struct list_id){id_of(t->pane.app->live, p->finding), (uint32_t)p->line};
}

static int add_place(struct findings *t, struct place place)
{
	if (GROW(t->places, t->cap, t->count + 1))
		return -ENOMEM;
	t->places[t->count++] = place;
	return 0;
}

static int add_text(struct findings *t, size_t finding)
{
	const char *text = t->pane.app->live->findings[finding].text, *p = text;
	int error = 0;

	for (size_t line = 1, len; *p && !error; p += len + (p[len] == '\n')) {
		len = strcspn(p, "\n");
		error = add_place(t, (struct place){finding, line++, (size_t)(p - text), len});
	}
	return error;
}

static void make_places(struct findings *t)
{
	const struct live *l = t->pane.app->live;
	int error = 0;

	t->count = 0;
	for (size_t i = 0; i < l->finding_count && !error; i++) {
		error = add_place(t, (struct place){.finding = i});
		if (!error && fold_is_open(&t->fold, id_of(l, i)))
			error = add_text(t, i);
	}
	if (error)
		t->count = 0;
	t->stale = error;
	t->first = l->findings;
	t->time = l->findings_time;
	list_changed(&t->list, t->count, id_at, t);
}

/* To be called before the places are looked at: they point into texts that the feed replaces. */
static void refresh(struct findings *t)
{
	const struct live *l = t->pane.app->live;

	if (t->stale || t->time != l->findings_time || t->first != l->findings)
		make_places(t);
}

static int open_findings(struct pane *p)
{
	self(p)->stale = true;
	return 0;
}

static void close_findings(struct pane *p)
{
	struct findings *t = self(p);

	fold_free(&t->fold);
	free(t->places);
}

static void received(struct pane *p)
{
	self(p)->stale = true;
}

/* Drawing. */

static enum paint paint_of(unsigned severity)
{
	return severity == SEVERITY_CRITICAL  ? PAINT_BAD
	       : severity == SEVERITY_WARNING ? PAINT_NOTICE
					      : PAINT_NONE;
}

static const char *word_of(const struct live_finding *f)
{
	return finding_severity(f->severity <= SEVERITY_CRITICAL ? f->severity : SEVERITY_CRITICAL);
}

/* The columns that severities and ids take. */
static void measure(const struct live *l, unsigned cols, unsigned *severity, unsigned *id)
{
	*severity = *id = 0;
	for (size_t i = 0; i < l->finding_count; i++) {
		const char *word = word_of(&l->findings[i]);
		unsigned width = (unsigned)text_width(word, strlen(word));
		unsigned id_width = (unsigned)strlen(l->findings[i].id);

		*severity = width > *severity ? width : *severity;
		*id = id_width > *id ? id_width : *id;
	}
	if (cols < COLS_FOR_ID)
		*id = 0;
}

static void draw_headline(struct findings *t, struct screen *s, const struct box *b, unsigned row,
			  size_t finding)
{
	const struct live *l = t->pane.app->live;
	const struct live_finding *f = &l->findings[finding];
	struct look look = {.paint = (uint8_t)paint_of(f->severity)};
	bool open = fold_is_open(&t->fold, id_of(l, finding));
	unsigned severity, id, col = MARKS;

	measure(l, b->cols, &severity, &id);
	screen_str(s, b, row, 0, (struct look){0}, mark_text(open ? MARK_UNFOLDED : MARK_FOLDED));
	screen_str(s, b, row, col, look, word_of(f));
	col += severity + 2;
	if (id)
		screen_str(s, b, row, col, (struct look){.paint = PAINT_BOLD}, f->id);
	col += id ? id + 2 : 0;
	screen_str(s, b, row, col, (struct look){0}, f->line);
}

static void draw_place(struct findings *t, struct screen *s, const struct box *b, unsigned row,
		       const struct place *p)
{
	struct box line = {b->row + row, b->col + TEXT_INDENT, 1,
			   b->cols > TEXT_INDENT ? b->cols - TEXT_INDENT : 0};

	if (!p->line)
		draw_headline(t, s, b, row, p->finding);
	else
		screen_lines(s, &line, 0, t->pane.app->live->findings[p->finding].text + p->start,
			     p->len);
}

/* How many of each severity, and how old that is. */
static void put_summary(struct out *o, const struct live *l)
{
	uint64_t counts[SEVERITY_CRITICAL + 1] = {0};
	struct out age = OUT_MEMORY;

	for (size_t i = 0; i < l->finding_count; i++)
		counts[l->findings[i].severity <= SEVERITY_CRITICAL ? l->findings[i].severity
								    : SEVERITY_CRITICAL]++;
	/* No finer than seconds: it is to stand still. */
	units_ms(&age, (l->now - l->findings_time) / 1000 * 1000);
	message_fill(o,
		     N_("critical {criticals}, warnings {warnings}, notes {notes}[; judged {age} "
			"ago]"),
		     (struct message_value[]){
			     {.name = "criticals", .number = counts[SEVERITY_CRITICAL]},
			     {.name = "warnings", .number = counts[SEVERITY_WARNING]},
			     {.name = "notes", .number = counts[SEVERITY_NOTE]},
			     {.name = "age",
			      .text = out_text(&age),
			      .absent = l->saved || l->now - l->findings_time < 1000},
		     },
		     4);
	out_free(&age);
}

static void draw_summary(const struct live *l, struct screen *s, const struct box *b)
{
	static const struct look look = {.paint = PAINT_HEADER, .bits = LOOK_UNDERLINE};
	struct out o = OUT_MEMORY;

	screen_paint(s, b, 0, 0, b->cols, look);
	if (!l->findings_time)
		out_str(&o, message_translate(N_("judging this host")));
	else
		put_summary(&o, l);
	screen_str(s, b, 0, MARKS, look, out_text(&o));
	if (l->findings_time && !l->finding_count)
		screen_str(s, b, 2, MARKS, (struct look){.paint = PAINT_GOOD},
			   message_translate(N_("nothing found that calls for action")));
	out_free(&o);
}

static void draw(struct pane *p, struct screen *s, const struct box *b)
{
	struct findings *t = self(p);
	struct box body = {b->row + 1, b->col, b->rows ? b->rows - 1 : 0, b->cols};
	size_t end;

	refresh(t);
	list_fit(&t->list, body.rows ? body.rows : 1);
	draw_summary(p->app->live, s, b);
	end = t->list.top + body.rows < t->count ? t->list.top + body.rows : t->count;
	for (size_t i = t->list.top; i < end; i++)
		draw_place(t, s, &body, (unsigned)(i - t->list.top), &t->places[i]);
	if (t->count)
		screen_mark(s, &body, (unsigned)(t->list.at - t->list.top), 0, b->cols,
			    LOOK_REVERSE);
}

/* Keys. */

static void set_open(struct findings *t, size_t finding, bool open)
{
	if (!fold_set(&t->fold, id_of(t->pane.app->live, finding), open))
		app_note(t->pane.app, N_("out of memory"));
	make_places(t);
}

/* As much of the chosen finding as there is room for comes onto the screen. */
static void reveal(struct findings *t)
{
	size_t end = t->list.at + 1;

	while (end < t->count && t->places[end].line)
		end++;
	if (end > t->list.top + t->list.page)
		t->list.top = end - t->list.page < t->list.at ? end - t->list.page : t->list.at;
}

/* The headline of the chosen finding becomes the chosen line. */
static void go_to_headline(struct findings *t)
{
	const struct place *p = &t->places[t->list.at];

	list_choose(&t->list, t->list.at - p->line, id_at, t);
}

static void toggle(struct findings *t)
{
	size_t finding;

	go_to_headline(t);
	finding = t->places[t->list.at].finding;
	set_open(t, finding, !fold_is_open(&t->fold, id_of(t->pane.app->live, finding)));
	reveal(t);
}

static void toggle_all(struct findings *t)
{
	const struct live *l = t->pane.app->live;
	bool any = t->fold.count;

	go_to_headline(t);
	fold_close_all(&t->fold);
	for (size_t i = 0; i < l->finding_count && !any; i++)
		fold_set(&t->fold, id_of(l, i), true);
	make_places(t);
}

static bool act(struct pane *p, enum action action)
{
	struct findings *t = self(p);

	refresh(t);
	if (list_act(&t->list, action, id_at, t))
		return true;
	if (!t->count)
		return false;
	switch (action) {
	case ACTION_TOGGLE:
	case ACTION_ENTER: toggle(t); return true;
	case ACTION_TOGGLE_ALL: toggle_all(t); return true;
	case ACTION_RIGHT:
		set_open(t, t->places[t->list.at].finding, true);
		reveal(t);
		return true;
	case ACTION_LEFT:
		go_to_headline(t);
		set_open(t, t->places[t->list.at].finding, false);
		return true;
	default: return false;
	}
}

/* Another click on the chosen line folds or unfolds it. */
static bool key(struct pane *p, const struct key *k)
{
	struct findings *t = self(p);

	refresh(t);
	if (list_is_hit(&t->list, k, p->box.row + 1)) {
		toggle(t);
		return true;
	}
	return list_key(&t->list, k, p->box.row + 1, id_at, t);
}

/* Also in a text that is folded away. */
static bool has_text(void *owner, size_t at, const char *text)
{
	const struct findings *t = owner;
	const struct place *p = &t->places[at];
	const struct live_finding *f = &t->pane.app->live->findings[p->finding];

	return !p->line &&
	       (find_in(f->id, text) || find_in(f->line, text) || find_in(f->text, text));
}

static bool find(struct pane *p, const char *text, bool forward, bool here)
{
	struct findings *t = self(p);

	refresh(t);
	return list_find(&t->list, forward, here, has_text, text, id_at, t);
}

static void watch(struct pane *p, struct watch *w)
{
	(void)p;
	w->findings = true;
}

static void status(struct pane *p, struct out *o)
{
	struct findings *t = self(p);

	out_printf(o, "%zu/%zu", t->count ? t->places[t->list.at].finding + 1 : 0,
		   p->app->live->finding_count);
}

static uint64_t alarms(const struct app *a)
{
	uint64_t count = 0;

	for (size_t i = 0; i < a->live->finding_count; i++)
		count += a->live->findings[i].severity > SEVERITY_NOTE;
	return count;
}

static int write_text(struct pane *p, struct out *o)
{
	refresh(self(p));
	return written_put(p, &self(p)->list, o);
}

const struct pane_ops findings_pane = {
	.title = N_("Findings"),
	.size = sizeof(struct findings),
	.where = WHERE_LINES | WHERE_SIDEWAYS | WHERE_TREE | WHERE_VIEWS,
	.open = open_findings,
	.close = close_findings,
	.received = received,
	.draw = draw,
	.act = act,
	.key = key,
	.find = find,
	.watch = watch,
	.write = write_text,
	.status = status,
	.alarms = alarms,
};

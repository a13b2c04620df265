// SPDX-License-Identifier: GPL-2.0-or-later
/* Signalling the holders of sockets: a signal is chosen, shown, asked about, sent, told. */
#include "ui/signalling.h"

#include <errno.h>
#include <signal.h>

#include "render/message.h"
#include "render/page.h"
#include "ui/ask.h"
#include "ui/victims.h"
#include "util/translate.h"

static const struct signal_row {
	int number;
	const char *name; /* "SIGTERM" */
	const char *help; /* message id */
} signal_rows[] = {
#define SIGNAL(name, help) {SIG##name, "SIG" #name, help},
#include "ui/signals.def"
#undef SIGNAL
};

enum { SIGNAL_COUNT = sizeof(signal_rows) / sizeof(signal_rows[0]) };

struct signalling {
	struct ask ask; /* first: it is its pane */
	struct victims victims;
	unsigned at; /* in the list of signals */
	bool chosen; /* and asked about */
	uint32_t first_deed;
	size_t over_count;
};

static struct signalling *self(struct pane *p)
{
	return (struct signalling *)p;
}

static void settle(struct signalling *g, size_t i, int error)
{
	struct victim *v = &g->victims.list[i];

	if (v->over)
		return;
	v->over = true;
	v->error = error;
	g->over_count++;
}

static void send_all(struct pane *p)
{
	struct signalling *g = self(p);
	struct feed *feed = p->app->feed;

	g->first_deed = app_deed_numbers(p->app, (uint32_t)g->victims.count);
	for (size_t i = 0; i < g->victims.count; i++) {
		const struct process *to = &g->victims.list[i].process;
		const struct deed deed = {
			.number = g->first_deed + (uint32_t)i,
			.kind = DEED_SIGNAL,
			.pid = to->pid,
			.started = to->started,
			.signal = signal_rows[g->at].number,
		};
		int error = feed->act(feed, &deed);

		if (error)
			settle(g, i, error);
	}
}

static void received(struct pane *p)
{
	struct signalling *g = self(p);
	const struct live *l = p->app->live;

	for (size_t i = 0; g->ask.agreed && i < l->outcome_count; i++) {
		uint32_t at = l->outcomes[i].deed - g->first_deed;

		if (at < g->victims.count)
			settle(g, at, l->outcomes[i].error);
	}
}

static void put_victims(struct signalling *g, struct out *o, const struct style *style)
{
	for (size_t i = 0; i < g->victims.count; i++)
		victim_put(o, style, &g->victims.list[i]);
	out_char(o, '\n');
}

/* "> SIGTERM  asks the program to end ..." */
static void put_signals(const struct signalling *g, struct out *o, const struct style *style)
{
	for (unsigned i = 0; i < SIGNAL_COUNT; i++) {
		enum paint paint = i == g->at ? PAINT_BOLD : PAINT_NONE;

		paint_on(o, style, paint);
		out_printf(o, "%c %u %-8s ", i == g->at ? '>' : ' ', i + 1, signal_rows[i].name);
		out_str(o, message_translate(signal_rows[i].help));
		paint_off(o, style, paint);
		out_char(o, '\n');
	}
}

static void put_waiting(const struct signalling *g, struct out *o)
{
	message_fill(o, N_("waiting for {count} more"),
		     &(struct message_value){.name = "count",
					     .number = g->victims.count - g->over_count},
		     1);
	out_char(o, '\n');
}

static void put_outcome(const struct signalling *g, struct out *o, const struct style *style,
			const struct victim *v)
{
	struct out line = OUT_MEMORY;

	if (v->over && v->error == -EPIPE)
		victim_put_told(&line, v, ask_unsent());
	else if (v->over)
		victim_put_outcome(&line, v);
	else if (g->ask.page.pane.app->over)
		victim_put_told(&line, v, ask_unanswered());
	ask_put_line(o, style, &line);
}

static void put_outcomes(const struct signalling *g, struct out *o, const struct style *style)
{
	for (size_t i = 0; i < g->victims.count; i++)
		put_outcome(g, o, style, &g->victims.list[i]);
	if (g->ask.page.pane.app->over)
		ask_put_over(o, style);
	else if (g->over_count < g->victims.count)
		put_waiting(g, o);
}

static void put_question(struct signalling *g)
{
	const struct signal_row *row = &signal_rows[g->at];
	const struct message_value values[] = {
		{.name = "signal", .text = row->name},
		{.name = "count", .number = g->victims.count},
	};

	if (!g->chosen)
		out_str(&g->ask.question,
			message_translate(N_("Up, Down or a digit chooses, Enter takes it, Esc: "
					     "none")));
	else
		message_fill(&g->ask.question,
			     g->victims.count == 1
				     ? N_("Send {signal} to this process?")
				     : N_("Send {signal} to these {count} processes?"),
			     values, 2);
}

static void draw(struct pane *p, struct screen *s, const struct box *b)
{
	struct signalling *g = self(p);
	const struct style style = {.color = true, .terminal = true, .width = b->cols};
	struct out *o = ask_begin(&g->ask);

	g->ask.choosing = !g->chosen;
	if (g->ask.agreed) {
		put_outcomes(g, o, &style);
	} else {
		put_victims(g, o, &style);
		if (g->chosen)
			page_line(o, &style, message_translate(signal_rows[g->at].help),
				  PAINT_BOLD);
		else
			put_signals(g, o, &style);
		put_question(g);
	}
	ask_draw(&g->ask, s, b);
}

/* While one chooses: a digit and Enter. */
static bool choose(struct signalling *g, const struct key *key)
{
	if (key->code > '0' && key->code <= '0' + SIGNAL_COUNT)
		g->at = key->code - '1';
	else if (key->code == PRESS_ENTER)
		g->chosen = true;
	else
		return false;
	return true;
}

static bool key(struct pane *p, const struct key *key)
{
	struct signalling *g = self(p);
	enum ask_answer answer;

	if (!g->chosen && choose(g, key))
		return true;
	if (!g->chosen && (key->code == 'y' || key->code == 'Y'))
		return true;
	answer = ask_key(p, key, N_("no signal was sent"));
	if (answer == ASK_AGREED)
		send_all(p);
	return answer != ASK_NOTHING;
}

static bool act(struct pane *p, enum action action)
{
	struct signalling *g = self(p);

	if (!g->chosen && action == ACTION_UP) {
		g->at -= g->at > 0;
		return true;
	}
	if (!g->chosen && action == ACTION_DOWN) {
		g->at += g->at + 1 < SIGNAL_COUNT;
		return true;
	}
	return text_page_act(p, action);
}

static void close_page(struct pane *p)
{
	victims_free(&self(p)->victims);
	ask_close(p);
}

static void watch(struct pane *p, struct watch *w)
{
	struct signalling *g = self(p);

	victims_take_commands(&g->victims, p->app->live);
	w->command_id = victims_ask(&g->victims);
}

static const struct pane_ops signalling_pane = {
	.title = N_("Signal"),
	.size = sizeof(struct signalling),
	.where = WHERE_LINES,
	.close = close_page,
	.received = received,
	.draw = draw,
	.act = act,
	.key = key,
	.watch = watch,
	.status = text_page_status,
};

/* Takes over the victims. */
static void open_page(struct app *a, struct victims *v)
{
	struct signalling *g = NULL;

	if (!v->count)
		app_note(a, N_("no process is known that holds it"));
	else
		g = (struct signalling *)app_open_pane(a, &signalling_pane);
	if (!g) {
		victims_free(v);
		return;
	}
	ask_open(&g->ask);
	g->victims = *v;
}

void signalling_open(struct app *a)
{
	struct targets targets = {0};
	struct victims victims = {0};
	int error;

	if (!targets_allowed(a))
		return;
	error = targets_gather(&targets, a);
	if (!error)
		error = victims_of(&victims, &targets, a);
	if (!error && targets.count) {
		open_page(a, &victims);
	} else {
		victims_free(&victims);
		if (error)
			app_note(a, N_("out of memory"));
	}
	targets_free(&targets);
}

void signalling_open_process(struct app *a, uint32_t process)
{
	struct victims victims = {0};

	if (!targets_allowed(a))
		return;
	if (!victims_one(&victims, &a->live->snapshot.owners.processes[process], a))
		open_page(a, &victims);
	else
		app_note(a, N_("out of memory"));
}

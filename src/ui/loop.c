// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/loop.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <time.h>

#include "ui/terminal.h"

enum { KEYS_MS = 20 }; /* as long keys are handled before the screen is drawn */

struct loop {
	struct app app;
	struct screen screen;
	int in;
	bool anew;  /* all of the screen is to be drawn */
	int signal; /* that ends it */
	bool over;  /* the terminal is gone */
};

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static int resize(struct loop *l)
{
	unsigned rows, cols;

	terminal_size(&rows, &cols);
	app_resize(&l->app, rows, cols);
	return screen_resize(&l->screen, rows, cols);
}

static int draw(struct loop *l)
{
	int error;

	if (l->app.beep)
		terminal_beep();
	l->app.beep = false;
	app_draw(&l->app, &l->screen);
	error = terminal_show(&l->screen, l->anew);
	l->anew = false;
	return error;
}

static int take_signals(struct loop *l)
{
	int number, error = 0;

	while ((number = terminal_signal())) {
		if (number == SIGWINCH || number == SIGCONT)
			error = resize(l);
		else
			l->signal = number;
		l->anew |= number == SIGCONT;
	}
	return error;
}

static void take_keys(struct loop *l)
{
	uint64_t until = now_ms() + KEYS_MS;
	struct key key;

	while (!l->app.quit && now_ms() < until && terminal_key(&key)) {
		app_key(&l->app, &key);
		if (l->app.suspend) {
			l->app.suspend = false;
			terminal_suspend();
			l->anew = true;
		}
	}
}

static void receive(struct loop *l)
{
	uint64_t refreshes = l->app.live->refreshes;
	int error = l->app.feed->receive(l->app.feed, l->app.live);

	if (l->app.live->refreshes != refreshes || l->app.live->news_count ||
	    l->app.live->outcome_count)
		app_received(&l->app);
	app_heard(&l->app, error);
}

/* Until when to wait, in milliseconds from now; -1: until something happens. */
static int time_left(uint64_t until, uint64_t now)
{
	if (!until)
		return -1;
	return until > now ? (int)(until - now) : 0;
}

static int turn(struct loop *l)
{
	struct pollfd wait[] = {
		{.fd = l->in, .events = POLLIN},
		{.fd = terminal_signal_fd(), .events = POLLIN},
		{.fd = l->app.over ? -1 : l->app.feed->fd, .events = POLLIN},
	};
	uint64_t now = now_ms();
	int error = app_watch(&l->app);
	int left = time_left(app_tick(&l->app, now), now);

	if (!error && l->app.dirty)
		error = draw(l);
	if (!error && poll(wait, 3, left) < 0 && errno != EINTR)
		error = -errno;
	app_tick(&l->app, now_ms());
	if (!error)
		error = take_signals(l);
	l->over = wait[0].revents & (POLLHUP | POLLERR | POLLNVAL);
	if (!error && wait[0].revents & POLLIN)
		take_keys(l);
	if (!error && wait[2].revents)
		receive(l);
	l->anew |= l->app.redraw;
	l->app.redraw = false;
	return error;
}

static int run(struct loop *l)
{
	int error = resize(l);

	if (!error)
		receive(l);
	while (!error && !l->app.quit && !l->signal && !l->over)
		error = turn(l);
	return error;
}

int loop_run(const struct app_options *options, struct feed *feed, struct live *live, int in,
	     int out)
{
	struct loop l = {.in = in};
	int error = terminal_open(in, out, options->color);

	if (!error)
		error = app_open(&l.app, options, feed, live);
	if (!error)
		error = run(&l);
	if (l.app.feed)
		app_close(&l.app);
	screen_free(&l.screen);
	terminal_close();
	return error ? error : l.signal;
}

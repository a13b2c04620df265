// SPDX-License-Identifier: GPL-2.0-or-later
#include "stage.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

static int watch(struct feed *feed, const struct watch *w)
{
	struct stage *s = (struct stage *)((char *)feed - offsetof(struct stage, feed));

	s->watch = *w;
	s->watch.ids = NULL;
	return 0;
}

static void must(int error)
{
	if (error)
		abort();
}

void stage_open(struct stage *s, unsigned rows, unsigned cols, const char *filter)
{
	const char *word;
	size_t len;

	*s = (struct stage){.feed = {.fd = -1, .watch = watch}, .text = OUT_MEMORY, .now = 1000000};
	s->options.filter = filter;
	s->options.interval_ms = 1000;
	must(columns_parse(&s->options.columns, "state,recvq,sendq,local,peer,process,what", &word,
			   &len));
	must(app_open(&s->app, &s->options, &s->feed, &s->live));
	stage_resize(s, rows, cols);
}

void stage_close(struct stage *s)
{
	app_close(&s->app);
	live_free(&s->live);
	screen_free(&s->screen);
	out_free(&s->text);
}

void stage_resize(struct stage *s, unsigned rows, unsigned cols)
{
	must(screen_resize(&s->screen, rows, cols));
	app_resize(&s->app, rows, cols);
}

void stage_begin(struct stage *s, unsigned ms)
{
	s->now += ms;
	live_begin(&s->live, s->now);
}

void stage_end(struct stage *s)
{
	must(live_end(&s->live, &(struct live_tick){.took_ms = 5, .interval_ms = 1000}));
	app_received(&s->app);
	app_tick(&s->app, s->now);
}

void stage_put(struct stage *s, uint64_t id, uint8_t state, uint16_t sport, uint16_t dport,
	       uint32_t recv_queue)
{
	struct socket sk = {
		.family = AF_INET,
		.kernel_state = state,
		.local = {.address = {.bytes = {127, 0, 0, 1}}, .port = sport},
		.peer = {.address = {.bytes = {127, 0, 0, 2}}, .port = dport},
		.recv_queue = recv_queue,
		.cookie = id,
		.have = HAVE_COOKIE | HAVE_QUEUES,
		.owners = OWNER_NONE,
		.absence = OWNER_NOT_ASKED,
	};

	must(live_put(&s->live, id, &sk));
}

static void press(struct stage *s, struct key key)
{
	app_key(&s->app, &key);
	app_tick(&s->app, s->now);
	must(app_watch(&s->app));
}

void stage_keys(struct stage *s, const char *names)
{
	for (size_t n; *names; names += n + strspn(names + n, " ")) {
		n = strcspn(names, " ");
		if (!key_named(names, n))
			abort();
		press(s, (struct key){.code = key_named(names, n)});
	}
}

void stage_type(struct stage *s, const char *text)
{
	while (*text)
		press(s, (struct key){.code = (unsigned char)*text++});
}

void stage_click(struct stage *s, unsigned row, unsigned col)
{
	stage_screen(s);
	press(s, (struct key){.code = PRESS_CLICK, .row = row, .col = col});
}

const char *stage_screen(struct stage *s)
{
	app_draw(&s->app, &s->screen);
	s->text.len = 0;
	for (unsigned row = 0; row < s->screen.rows; row++) {
		screen_text(&s->screen, row, &s->text);
		out_char(&s->text, '\n');
	}
	return out_text(&s->text);
}

const char *stage_line(struct stage *s, unsigned row)
{
	app_draw(&s->app, &s->screen);
	s->text.len = 0;
	screen_text(&s->screen, row, &s->text);
	return out_text(&s->text);
}

uint64_t stage_chosen(const struct stage *s)
{
	struct pane *top = app_top(&s->app);
	struct live_socket *chosen = top->ops->chosen ? top->ops->chosen(top) : NULL;

	return chosen ? chosen->id : 0;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "scripted.h"
#include "util/text.h"

static int take_watch(struct feed *feed, const struct watch *watch)
{
	struct scripted *s = (struct scripted *)((char *)feed - offsetof(struct scripted, feed));

	s->watch = *watch;
	s->watch.ids = NULL;
	return 0;
}

void scripted_open(struct scripted *s, unsigned rows, unsigned cols)
{
	const char *word;
	size_t len;

	assert_non_null(setlocale(LC_ALL, "C.UTF-8"));
	text_set_utf8(true);
	*s = (struct scripted){
		.options = {.filter = "", .interval_ms = 1000, .color = true},
		.feed = {.fd = -1, .watch = take_watch},
	};
	assert_int_equal(
		columns_parse(&s->options.columns, "state,local,peer,process", &word, &len), 0);
	s->live.snapshot.host = strdup("host");
	assert_int_equal(app_open(&s->app, &s->options, &s->feed, &s->live), 0);
	scripted_resize(s, rows, cols);
}

void scripted_close(struct scripted *s)
{
	app_close(&s->app);
	screen_free(&s->screen);
	live_free(&s->live);
}

void scripted_resize(struct scripted *s, unsigned rows, unsigned cols)
{
	app_resize(&s->app, rows, cols);
	assert_int_equal(screen_resize(&s->screen, rows, cols), 0);
}

void scripted_begin(struct scripted *s, uint64_t now)
{
	live_begin(&s->live, now);
}

void scripted_end(struct scripted *s)
{
	assert_int_equal(live_end(&s->live, &(struct live_tick){.interval_ms = 1000}), 0);
	app_received(&s->app);
	scripted_idle(s);
}

uint32_t scripted_process(struct scripted *s, int32_t pid, int32_t ppid, const char *comm,
			  const char *user, const char *unit)
{
	struct process p = {.pid = pid, .ppid = ppid};
	uint32_t index = s->live.snapshot.owners.process_count;

	snprintf(p.comm, sizeof(p.comm), "%s", comm);
	p.user = strdup(user);
	p.unit = unit ? strdup(unit) : NULL;
	assert_int_equal(live_process(&s->live, index, &p), 0);
	return index;
}

static void parse_end(struct socket *sk, struct endpoint *e, const char *address, unsigned port)
{
	int family = address_parse(&e->address, address, strlen(address));

	assert_true(family > 0);
	sk->family = (uint8_t)family;
	e->port = (uint16_t)port;
}

uint64_t scripted_put(struct scripted *s, const char *words, uint32_t process)
{
	char state[32], local[64], peer[64];
	unsigned port, peer_port;
	struct socket sk = {.have = HAVE_QUEUES | HAVE_COOKIE, .owners = OWNER_NONE};
	int n = sscanf(words, "%31s %63s %u %63s %u", state, local, &port, peer, &peer_port);

	assert_true(n == 3 || n == 5);
	sk.kernel_state = (uint8_t)__builtin_ctz(state_parse(state, strlen(state)));
	parse_end(&sk, &sk.local, local, port);
	if (n == 5)
		parse_end(&sk, &sk.peer, peer, peer_port);
	if (sk.kernel_state == STATE_LISTEN) {
		sk.have |= HAVE_BACKLOG | HAVE_MEMORY | HAVE_V6ONLY;
		sk.send_queue = 128;
		sk.v6only = 1;
	}
	sk.cookie = ++s->ids;
	if (process != NOBODY) {
		sk.inode = ++s->inode;
		assert_int_equal(live_holders(&s->live, sk.inode,
					      &(struct owner){.process = process, .fd = 3}, 1),
				 0);
	}
	assert_int_equal(live_put(&s->live, s->ids, &sk), 0);
	return s->ids;
}

static struct socket copy_of(struct scripted *s, uint64_t id)
{
	struct live_socket *found = live_find(&s->live, id);
	struct socket sk = {0};

	assert_non_null(found);
	memcpy(&sk, found->row.socket, socket_size(found->row.socket));
	return sk;
}

void scripted_state(struct scripted *s, uint64_t id, unsigned state)
{
	struct socket sk = copy_of(s, id);

	sk.kernel_state = (uint8_t)state;
	assert_int_equal(live_put(&s->live, id, &sk), 0);
}

void scripted_queues(struct scripted *s, uint64_t id, uint32_t recv, uint32_t send)
{
	struct socket sk = copy_of(s, id);

	sk.recv_queue = recv;
	sk.send_queue = send;
	assert_int_equal(live_put(&s->live, id, &sk), 0);
}

static void draw(struct scripted *s)
{
	assert_int_equal(app_watch(&s->app), 0);
	app_draw(&s->app, &s->screen);
}

void scripted_idle(struct scripted *s)
{
	uint64_t now = s->live.now;

	for (int i = 0; i < 1000 && app_tick(&s->app, now) == now && now; i++)
		;
	draw(s);
}

void scripted_keys(struct scripted *s, const char *keys)
{
	for (size_t n; *keys; keys += n + strspn(keys + n, " ")) {
		struct key key = {0};

		n = strcspn(keys, " ");
		key.code = key_named(keys, n);
		assert_int_not_equal(key.code, 0);
		app_key(&s->app, &key);
		draw(s);
	}
	scripted_idle(s);
}

void scripted_click(struct scripted *s, unsigned row, unsigned col)
{
	app_key(&s->app, &(struct key){.code = PRESS_CLICK, .row = row, .col = col});
	scripted_idle(s);
}

/* Nothing but lines: what is wrong is seen best side by side. */
void scripted_expect(struct scripted *s, unsigned first, const char *text)
{
	struct out o = OUT_MEMORY;
	size_t lines = 0;

	for (const char *p = text; (p = strchr(p, '\n')); p++)
		lines++;
	app_draw(&s->app, &s->screen);
	for (unsigned row = first; row < s->screen.rows && row - first < lines; row++) {
		screen_text(&s->screen, row, &o);
		out_char(&o, '\n');
	}
	assert_string_equal(out_text(&o), text);
	out_free(&o);
}

void scripted_expect_look(struct scripted *s, unsigned row, uint8_t bits, const char *text)
{
	struct screen line = {.rows = 1, .cols = s->screen.cols};
	struct out o = OUT_MEMORY;

	app_draw(&s->app, &s->screen);
	line.cells = calloc(line.cols, sizeof(*line.cells));
	assert_non_null(line.cells);
	for (unsigned i = 0; i < line.cols; i++) {
		const struct screen_cell *c = &s->screen.cells[(size_t)row * line.cols + i];

		line.cells[i] = (struct screen_cell){.cp = ' ', .width = 1};
		if ((c->look.bits & bits) == bits)
			line.cells[i] = *c;
	}
	screen_text(&line, 0, &o);
	assert_string_equal(out_text(&o), text);
	free(line.cells);
	out_free(&o);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The store of a live view under random churn, against a reference that keeps all in plain arrays:
 * what is there, what lingers, the counts by state, the holders and the news.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "model/live.h"

enum {
	SOCKETS = 500, /* ids 1 to this */
	ROUNDS = 400,
	STEP_MS = 700,
	PROCESSES = 40,
	HOLDERS = 4,
};

static uint64_t random_state = 88172645463325252ULL;

/* xorshift64: the same numbers in each run. */
static uint32_t random_below(uint32_t n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t)(random_state >> 16) % n;
}

/* What the store must know of a socket. */
struct expected {
	bool known, there, told;
	uint8_t state, before;
	uint32_t inode, queue;
	uint64_t went, came;
	bool with_info;
	struct owner holders[HOLDERS];
	unsigned holder_count;
};

static struct expected all[SOCKETS + 1];
static uint32_t next_inode = 1000;

static struct socket socket_of(uint64_t id)
{
	const struct expected *e = &all[id];
	struct socket sk;

	memset(&sk, 0, sizeof(sk));
	sk.family = AF_INET;
	sk.kernel_state = e->state;
	sk.local.port = (uint16_t)id;
	sk.inode = e->inode;
	sk.cookie = id;
	sk.have = HAVE_COOKIE | HAVE_QUEUES;
	sk.recv_queue = e->queue;
	sk.owners = 77; /* ignored */
	sk.info_len = e->with_info ? sizeof(sk.info) : 0;
	sk.info.rtt = (uint32_t)id;
	return sk;
}

static void tell_holders(struct live *l, struct expected *e)
{
	e->holder_count = random_below(HOLDERS + 1);
	for (unsigned i = 0; i < e->holder_count; i++)
		e->holders[i] = (struct owner){.process = random_below(PROCESSES), .fd = i + 3};
	assert_int_equal(live_holders(l, e->inode, e->holders, e->holder_count), 0);
}

/* Comes, or changes; a changed inode is a changed set of holders. */
static void put(struct live *l, uint64_t id)
{
	static const uint8_t states[] = {STATE_ESTABLISHED, STATE_LISTEN,     STATE_TIME_WAIT,
					 STATE_CLOSE_WAIT,  STATE_FIN_WAIT_2, 14};
	struct expected *e = &all[id];
	struct socket sk;

	if (!e->known)
		*e = (struct expected){.known = true, .came = l->refreshes ? l->now : 0};
	e->before = e->there ? e->state : 0;
	e->there = true;
	e->told = true;
	e->went = 0;
	e->state = states[random_below(sizeof(states))];
	e->queue = random_below(10);
	e->with_info = random_below(2);
	if (!e->inode || !random_below(3)) {
		e->inode = random_below(4) ? next_inode++ : 0;
		e->holder_count = 0;
	}
	if (e->inode && random_below(2))
		tell_holders(l, e);
	sk = socket_of(id);
	assert_int_equal(live_put(l, id, &sk), 0);
}

static void gone(struct live *l, uint64_t id)
{
	struct expected *e = &all[id];

	live_gone(l, id);
	if (!e->there)
		return;
	e->there = false;
	e->told = true;
	e->went = l->now;
}

static void settle(struct live *l)
{
	live_settle(l);
	for (uint64_t id = 1; id <= SOCKETS; id++) {
		struct expected *e = &all[id];

		e->told = e->known && !e->there;
		if (e->told && l->now - e->went >= LIVE_LINGER_MS)
			*e = (struct expected){0};
	}
}

static void check_holders(const struct live *l, const struct live_socket *s,
			  const struct expected *e)
{
	const struct owner_table *t = &l->snapshot.owners;
	uint32_t i = owner_table_find(t, e->inode);

	assert_true(s->row.socket->owners == OWNER_NONE || i != OWNER_NONE);
	for (unsigned n = 0; n < e->holder_count; n++, i = owner_table_next(t, i)) {
		assert_true(i != OWNER_NONE);
		assert_int_equal(t->owners[i].inode, e->inode);
		assert_int_equal(t->owners[i].process, e->holders[n].process);
		assert_int_equal(t->owners[i].fd, e->holders[n].fd);
	}
	assert_int_equal(i, OWNER_NONE);
}

static void check_socket(const struct live *l, uint64_t id)
{
	const struct live_socket *s = live_find(l, id);
	const struct expected *e = &all[id];
	struct socket wanted = socket_of(id);

	assert_int_equal(s != NULL, e->known);
	if (!s)
		return;
	assert_int_equal(s->id, id);
	assert_ptr_equal(l->sockets[s->place], s);
	assert_int_equal(s->went == 0, e->there);
	assert_int_equal(s->went, e->went);
	assert_int_equal(s->came, e->came);
	assert_int_equal(s->told, e->told);
	wanted.owners = s->row.socket->owners;
	assert_memory_equal(s->row.socket, &wanted, socket_size(&wanted));
	if (e->there && e->before && e->before != e->state)
		assert_int_equal(s->was[0], e->before);
	check_holders(l, s, e);
}

static void check(const struct live *l)
{
	uint32_t states[LIVE_STATES] = {0};
	size_t known = 0, news = 0, listeners = 0;

	for (uint64_t id = 1; id <= SOCKETS; id++) {
		check_socket(l, id);
		known += all[id].known;
		news += all[id].told;
		listeners += all[id].there && all[id].state == STATE_LISTEN;
		states[all[id].state] += all[id].there;
	}
	assert_int_equal(l->count, known);
	assert_int_equal(l->news_count, news);
	assert_int_equal(l->snapshot.listeners.count, listeners);
	assert_memory_equal(l->states, states, sizeof(states));
}

static void tell_processes(struct live *l)
{
	for (uint32_t i = 0; i < PROCESSES; i++) {
		struct process p = {.pid = (int32_t)(i + random_below(5)), .user = strdup("user")};

		if (random_below(3) && i < l->snapshot.owners.process_count)
			process_clear(&p);
		else
			assert_int_equal(live_process(l, i, &p), 0);
	}
}

static void test_churn(void **state)
{
	struct live l = {0};
	uint64_t now = 1000;

	(void)state;
	memset(all, 0, sizeof(all));
	for (unsigned round = 0; round < ROUNDS; round++, now += STEP_MS) {
		/* Some rounds change much, some little. */
		unsigned changes = random_below(round % 10 ? 60 : 800);

		live_begin(&l, now);
		tell_processes(&l);
		for (unsigned i = 0; i < changes; i++) {
			uint64_t id = 1 + random_below(SOCKETS);

			if (random_below(2))
				put(&l, id);
			else
				gone(&l, id);
		}
		assert_int_equal(live_end(&l, &(struct live_tick){.interval_ms = STEP_MS}), 0);
		check(&l);
		if (random_below(3)) {
			settle(&l);
			check(&l);
		}
	}
	assert_int_equal(l.refreshes, ROUNDS);
	assert_int_equal(l.history_count, LIVE_HISTORY);
	live_free(&l);
}

/* Sockets that come and go for ever take no more room than those that are there. */
static void test_memory_stays(void **state)
{
	struct live l = {0};
	uint64_t id = 1;
	size_t cap = 0, owners = 0;

	(void)state;
	for (unsigned round = 0; round < 300; round++) {
		live_begin(&l, round * 1000 + 1);
		for (unsigned i = 0; i < 200; i++, id++) {
			struct socket sk = {.family = AF_INET,
					    .kernel_state = STATE_ESTABLISHED,
					    .inode = (uint32_t)id};
			struct owner holder = {.process = 0, .fd = 3};

			assert_int_equal(live_holders(&l, sk.inode, &holder, 1), 0);
			assert_int_equal(live_put(&l, id, &sk), 0);
			if (id > 1000)
				live_gone(&l, id - 1000);
		}
		assert_int_equal(live_end(&l, &(struct live_tick){0}), 0);
		live_settle(&l);
		if (round == 50) {
			cap = l.cap;
			owners = l.snapshot.owners.cap;
		}
	}
	assert_int_equal(l.cap, cap);
	assert_int_equal(l.snapshot.owners.cap, owners);
	live_free(&l);
}

static void test_failed_refresh_counts_not(void **state)
{
	struct live_tick tick = {.error = -1, .complaint = "no"};
	struct live l = {0};

	(void)state;
	live_begin(&l, 5);
	live_end(&l, &tick);
	assert_int_equal(l.refreshes, 0);
	assert_int_equal(l.history_count, 0);
	assert_string_equal(l.tick.complaint, "no");
	live_free(&l);
}

static void test_trail(void **state)
{
	struct socket sk = {.family = AF_INET, .kernel_state = STATE_ESTABLISHED};
	struct live l = {0};
	struct live_socket *s;

	(void)state;
	live_begin(&l, 1);
	assert_int_equal(live_put(&l, 9, &sk), 0);
	live_end(&l, &(struct live_tick){0});
	s = live_find(&l, 9);
	assert_int_equal(live_follow(s), 0);
	assert_int_equal(live_follow(s), 0);
	for (unsigned i = 0; i < TRAIL_SAMPLES + 10; i++) {
		live_now(&l, 10 + i);
		sk.recv_queue = i;
		assert_int_equal(live_put(&l, 9, &sk), 0);
	}
	assert_int_equal(s->trail->count, TRAIL_SAMPLES);
	assert_int_equal(s->trail->samples[s->trail->next].recv_queue, 10);
	assert_int_equal(s->trail->samples[s->trail->next].time, 20);
	live_free(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_churn),
		cmocka_unit_test(test_memory_stays),
		cmocka_unit_test(test_failed_refresh_counts_not),
		cmocka_unit_test(test_trail),
	};

	return cmocka_run_group_tests_name("live", tests, NULL, NULL);
}

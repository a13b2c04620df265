// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "explain/classify.h"
#include "ui/order_sort.h"

enum { SOCKETS = 3000, PROCESSES = 8 };

/* Names of all lengths around what one number holds, with one another's beginnings. */
static const char *const names[PROCESSES] = {"a",         "nginx",          "postgre", "postgres",
					     "postgresq", "postgresql-wal", "",        "\xff\xfe"};

static struct snapshot snapshot;
static struct socket sockets[SOCKETS];
static struct live_socket live[SOCKETS], *order[SOCKETS];
static unsigned seed = 1;

/* 0 .. n - 1 */
static unsigned any(unsigned n)
{
	seed = seed * 1103515245 + 12345;
	return (seed >> 8) % n;
}

static void make_owners(void)
{
	for (uint32_t i = 0; i < PROCESSES; i++) {
		struct process p = {.pid = (int32_t)(i * 7919 % 100), .unit = strdup(names[i])};

		snprintf(p.comm, sizeof(p.comm), "%s", names[i / 2 * 2]);
		assert_true(owner_table_process(&snapshot.owners, &p) >= 0);
		assert_int_equal(
			owner_table_insert(&snapshot.owners, 1000 + i, i, i, VIA_DESCRIPTOR), 0);
	}
}

static void make_end(struct endpoint *e, int family)
{
	unsigned last = family == AF_INET ? 3 : 15;

	e->address.bytes[any(last)] = (uint8_t)any(3);
	e->address.bytes[last] = (uint8_t)(any(3) * 127);
	e->port = (uint16_t)(any(3) * 30001);
}

/* Few values of each, so that all is needed to tell them apart; now and then the largest. */
static void make(struct socket *sk)
{
	static const uint8_t states[] = {1, 1, 1, 8, 10, 6, 0, 14, 243, 255};

	sk->family = any(2) ? AF_INET : AF_INET6;
	sk->kernel_state = states[any(sizeof(states))];
	make_end(&sk->local, sk->family);
	make_end(&sk->peer, sk->family);
	sk->recv_queue = any(4) * 255;
	sk->send_queue = any(2) * UINT32_MAX;
	sk->inode = any(3) ? 1000 + any(PROCESSES + 2) : 0;
	sk->cookie = any(4) ? any(3) : UINT64_MAX - any(3);
	sk->cgroup = UINT64_MAX - any(4);
	sk->have = any(8) ? UINT32_MAX : 0;
	sk->timer = (uint8_t)any(7);
	sk->owners = owner_table_find(&snapshot.owners, sk->inode);
	sk->absence = (uint8_t)any(OWNER_ABSENCE_COUNT);
	snprintf(sk->cong, sizeof(sk->cong), "%s", any(2) ? "cubic" : "bbr");
	if (any(3)) {
		sk->info_len = sizeof(sk->info);
		sk->info.rtt = any(5) * 1000;
		sk->info.bytes_acked = UINT64_MAX - any(4);
	}
}

static int set_up(void **state)
{
	(void)state;
	make_owners();
	for (size_t i = 0; i < SOCKETS; i++) {
		make(&sockets[i]);
		live[i].id = i;
		live[i].row = (struct row){.snapshot = &snapshot, .socket = &sockets[i]};
		classify(&live[i].row);
		order[i] = &live[i];
	}
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	owner_table_free(&snapshot.owners);
	return 0;
}

static void shuffle(void)
{
	for (unsigned i = SOCKETS; i > 1; i--) {
		unsigned k = any(i);
		struct live_socket *s = order[i - 1];

		order[i - 1] = order[k];
		order[k] = s;
	}
}

static void expect_sorted(const struct columns *keys)
{
	assert_int_equal(order_sort(keys, order, SOCKETS), 0);
	for (size_t i = 1; i < SOCKETS; i++) {
		int c = columns_compare(keys, &order[i - 1]->row, &order[i]->row);

		if (c > 0 || (!c && order[i - 1]->id >= order[i]->id))
			fail_msg("%s: wrong at %zu of %d",
				 keys->count ? keys->fields[0]->name : "none", i, SOCKETS);
	}
}

/* By every field either way, it is what comparing makes of them. */
static void test_every_key_sorts(void **state)
{
	struct columns keys = {0};

	(void)state;
	expect_sorted(&keys);
	keys.count = 1;
	for (size_t f = 0; f < 2 * field_count; f++) {
		if (!fields[f / 2].name)
			continue;
		keys.fields[0] = &fields[f / 2];
		keys.descending[0] = f % 2;
		shuffle();
		expect_sorted(&keys);
	}
}

static void test_keys_follow_one_another(void **state)
{
	static const char *const lists[] = {"unit,-recvq,local", "-process,-state,rtt",
					    "family,-raddr,bytes-acked,-cookie"};
	struct columns keys;
	const char *word;
	size_t len;

	(void)state;
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		assert_int_equal(columns_parse_sort(&keys, lists[i], &word, &len), 0);
		shuffle();
		expect_sorted(&keys);
	}
}

/* What is the same in everything is told apart by its number. */
static void test_the_same_are_told_apart(void **state)
{
	struct columns keys = {0};

	(void)state;
	for (size_t i = 0; i < SOCKETS; i++)
		live[i].row.socket = &sockets[i % 3];
	shuffle();
	expect_sorted(&keys);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_key_sorts),
		cmocka_unit_test(test_keys_follow_one_another),
		cmocka_unit_test(test_the_same_are_told_apart),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}

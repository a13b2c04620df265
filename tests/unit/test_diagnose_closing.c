// SPDX-License-Identifier: GPL-2.0-or-later
/* The edges of thresholds, and what is absent, on made-up sockets; and the join of ends. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "explain/classify.h"
#include "explain/diagnose.h"
#include "explain/ends.h"

enum { MOST = 4096, SEND = 1000 };

/* A host in the making. */
struct host {
	struct snapshot snapshot;
	struct netns netns[3];
	struct process processes[3];
	struct owner owners[3]; /* one descriptor stands for all of a process */
	struct socket sockets[MOST];
	struct row rows[MOST];
	size_t count;
	struct sample sample;
	struct finding_list found;
};

static struct host *host_make(void)
{
	struct host *h = calloc(1, sizeof(*h));

	assert_non_null(h);
	h->snapshot.namespaces = h->netns;
	h->snapshot.namespace_count = 3;
	h->snapshot.owners.processes = h->processes;
	h->snapshot.owners.process_count = 3;
	h->snapshot.owners.owners = h->owners;
	h->snapshot.owners.count = 3;
	for (uint32_t i = 0; i < 3; i++) {
		h->processes[i].pid = (int32_t)i + 100;
		h->owners[i] = (struct owner){.inode = i + 1, .process = i, .next = OWNER_NONE};
	}
	return h;
}

static void host_free(struct host *h)
{
	for (size_t i = 0; i < 3; i++) {
		for (size_t c = 0; c < h->netns[i].counter_count; c++)
			free(h->netns[i].counters[c].name);
		free(h->netns[i].counters);
	}
	finding_list_free(&h->found);
	free(h);
}

/* A whole socket of a process (-1: of none), its times all `ms` ago. */
static struct socket *add(struct host *h, unsigned state, int process, uint32_t ms)
{
	struct socket *sk = &h->sockets[h->count];

	assert_true(h->count < MOST);
	*sk = (struct socket){
		.family = AF_INET,
		.kernel_state = (uint8_t)state,
		.local = {{{192, 0, 2, 1}}, (uint16_t)(10000 + h->count)},
		.peer = {{{192, 0, 2, 2}}, 443},
		.have = HAVE_COOKIE | HAVE_QUEUES | HAVE_TIMER | HAVE_SHUTDOWN,
		.cookie = h->count + 1,
		.inode = process < 0 ? 0 : (uint32_t)process + 1,
		.owners = process < 0 ? OWNER_NONE : (uint32_t)process,
		.info_len = sizeof(struct tcp_metrics),
		.info = {.last_ack_recv = ms,
			 .last_data_recv = ms,
			 .last_data_sent = ms,
			 .snd_wnd = 65535},
	};
	h->rows[h->count] = (struct row){.snapshot = &h->snapshot, .socket = sk};
	h->count++;
	return sk;
}

static void add_many(struct host *h, size_t count, unsigned state, int process, uint32_t ms)
{
	while (count--)
		add(h, state, process, ms);
}

static void limit(struct host *h, int process, uint32_t open, uint64_t most)
{
	struct process *p = &h->processes[process];

	p->have_descriptors = p->have_descriptor_limit = true;
	p->descriptors = open;
	p->descriptor_limit = most;
}

static void set(struct host *h, unsigned netns, enum sysctl_name name, int64_t value)
{
	h->netns[netns].sysctls[name] = (struct sysctl_value){.known = true, .value = value};
}

static void judge_with(struct host *h, const struct host *before)
{
	finding_list_free(&h->found);
	for (size_t i = 0; i < h->count; i++)
		classify(&h->rows[i]);
	h->sample = (struct sample){.snapshot = &h->snapshot, .rows = h->rows, .count = h->count};
	assert_int_equal(diagnose(&h->sample, before ? &before->sample : NULL, &h->found), 0);
}

static const struct finding *find(const struct host *h, enum finding_name name)
{
	const struct finding *found = NULL;

	for (size_t i = 0; i < h->found.count; i++) {
		if (h->found.findings[i]->kind != &finding_kinds[name])
			continue;
		assert_null(found);
		found = h->found.findings[i];
	}
	return found;
}

/* The severity of the one finding of this kind; -1 where there is none. */
static int judged(struct host *h, enum finding_name name)
{
	const struct finding *f;

	judge_with(h, NULL);
	f = find(h, name);
	return f ? (int)f->severity : -1;
}

static uint64_t evidence(const struct host *h, enum finding_name name, const char *key)
{
	const struct finding *f = find(h, name);
	struct evidence e = {0};

	assert_non_null(f);
	assert_true(finding_evidence(f, key, strlen(key), &e));
	return e.value;
}

static void half_closed_by_number_and_age(void **state)
{
	static const struct {
		size_t count;
		uint32_t ms;
		int severity;
	} cases[] = {
		{20, 60000, SEVERITY_WARNING},
		{20, 59999, -1},
		{19, 60000, -1},
		{1000, 59999, -1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct host *h = host_make();

		add_many(h, cases[i].count, STATE_CLOSE_WAIT, 0, cases[i].ms);
		assert_int_equal(judged(h, FINDING_CLOSE_WAIT_LEAK), cases[i].severity);
		h->count = 0;
		add_many(h, cases[i].count, STATE_FIN_WAIT_2, 0, cases[i].ms);
		assert_int_equal(judged(h, FINDING_FIN_WAIT_2_HELD), cases[i].severity);
		/* Of two programs, or of nobody. */
		h->count = 0;
		add_many(h, cases[i].count - 1, STATE_CLOSE_WAIT, 0, cases[i].ms);
		add(h, STATE_CLOSE_WAIT, 1, cases[i].ms);
		add_many(h, cases[i].count, STATE_CLOSE_WAIT, -1, cases[i].ms);
		add_many(h, cases[i].count, STATE_FIN_WAIT_2, -1, cases[i].ms);
		assert_int_equal(judged(h, FINDING_CLOSE_WAIT_LEAK), -1);
		assert_int_equal(judged(h, FINDING_FIN_WAIT_2_HELD), -1);
		host_free(h);
	}
}

static void half_closed_by_tenth(void **state)
{
	struct host *h = host_make();

	(void)state;
	add_many(h, 7, STATE_CLOSE_WAIT, 0, 60000);
	limit(h, 0, 10, 69);
	assert_int_equal(judged(h, FINDING_CLOSE_WAIT_LEAK), SEVERITY_WARNING);
	limit(h, 0, 10, 70);
	assert_int_equal(judged(h, FINDING_CLOSE_WAIT_LEAK), -1);
	limit(h, 0, 10, UINT64_MAX);
	assert_int_equal(judged(h, FINDING_CLOSE_WAIT_LEAK), -1);
	h->processes[0].descriptor_limit = 0;
	h->processes[0].have_descriptor_limit = false;
	assert_int_equal(judged(h, FINDING_CLOSE_WAIT_LEAK), -1);
	host_free(h);
}

static void half_closed_of_unknown_age(void **state)
{
	struct host *h = host_make();

	(void)state;
	add_many(h, 100, STATE_CLOSE_WAIT, 0, 60000);
	for (size_t i = 0; i < h->count; i++)
		h->sockets[i].info_len = 0;
	assert_int_equal(judged(h, FINDING_CLOSE_WAIT_LEAK), -1);
	/* An answered keepalive probe sets back what tells the age: a note. */
	for (size_t i = 0; i < h->count; i++) {
		h->sockets[i].info_len = sizeof(struct tcp_metrics);
		h->sockets[i].info.last_ack_recv = 3000;
		h->sockets[i].timer = TIMER_KEEPALIVE;
	}
	assert_int_equal(judged(h, FINDING_CLOSE_WAIT_LEAK), SEVERITY_NOTE);
	assert_int_equal(evidence(h, FINDING_CLOSE_WAIT_LEAK, "age_hidden"), 100);
	for (size_t i = 0; i < h->count; i++)
		h->sockets[i].info.last_data_recv = 59999;
	assert_int_equal(judged(h, FINDING_CLOSE_WAIT_LEAK), -1);
	host_free(h);
}

static void half_closed_that_grow(void **state)
{
	struct host *before = host_make(), *now = host_make();

	(void)state;
	add_many(before, 2, STATE_CLOSE_WAIT, 0, 70000);
	add(before, STATE_CLOSE_WAIT, 0, 55000);
	judge_with(before, NULL);

	add_many(now, 2, STATE_CLOSE_WAIT, 0, 80000);
	add(now, STATE_CLOSE_WAIT, 0, 65000);
	judge_with(now, before);
	assert_non_null(find(now, FINDING_CLOSE_WAIT_LEAK));
	assert_int_equal(evidence(now, FINDING_CLOSE_WAIT_LEAK, "growth"), 1);

	/* One of the earlier two has been closed since. */
	now->sockets[0].kernel_state = STATE_LAST_ACK;
	add(now, STATE_CLOSE_WAIT, 0, 65000);
	judge_with(now, before);
	assert_null(find(now, FINDING_CLOSE_WAIT_LEAK));

	/* More of them, and none of the newcomers old. */
	now->sockets[0].kernel_state = STATE_CLOSE_WAIT;
	now->sockets[2].info.last_ack_recv = now->sockets[3].info.last_ack_recv = 59999;
	judge_with(now, before);
	assert_null(find(now, FINDING_CLOSE_WAIT_LEAK));
	host_free(before);
	host_free(now);
}

static void fin_wait_1(void **state)
{
	static const struct {
		size_t count;
		uint32_t bytes;
		unsigned backoff;
		uint32_t rto_us;
		int severity;
	} cases[] = {
		/* 200 ms doubled 8 times: 51 s; 7 times: 25.4 s; from 237 ms on: 30.1 s. */
		{1, 1 << 20, 8, 200000, SEVERITY_WARNING},
		{1, 1 << 20, 7, 200000, SEVERITY_NOTE},
		{1, 1 << 20, 7, 237000, SEVERITY_WARNING},
		{1, 1 << 20, 3, 200000, SEVERITY_NOTE},
		{1, 1 << 20, 2, 200000, -1},
		{1, (1 << 20) - 1, 8, 200000, -1},
		{20, SEND, 8, 200000, SEVERITY_WARNING},
		{20, SEND, 7, 200000, SEVERITY_NOTE},
		{19, SEND, 8, 200000, -1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct host *h = host_make();

		for (size_t n = 0; n < cases[i].count; n++) {
			struct socket *sk = add(h, STATE_FIN_WAIT_1, -1, 1000);

			sk->send_queue = cases[i].bytes;
			sk->timer = TIMER_PROBE;
			sk->info.backoff = (uint8_t)cases[i].backoff;
			sk->info.rto = cases[i].rto_us;
			sk->info.snd_wnd = 0;
		}
		assert_int_equal(judged(h, FINDING_FIN_WAIT_1_PINNED), cases[i].severity);
		/* A window that is open, or not known: no more than a note. */
		for (size_t n = 0; n < h->count; n++)
			h->sockets[n].info.snd_wnd = 1;
		assert_true(judged(h, FINDING_FIN_WAIT_1_PINNED) < SEVERITY_WARNING);
		for (size_t n = 0; n < h->count; n++)
			h->sockets[n].info_len = 0;
		assert_int_equal(judged(h, FINDING_FIN_WAIT_1_PINNED), -1);
		host_free(h);
	}
}

static void last_acks(void **state)
{
	struct host *h = host_make();

	(void)state;
	for (size_t i = 0; i < 20; i++) {
		struct socket *sk = add(h, i % 2 ? STATE_LAST_ACK : STATE_CLOSING, -1, 1000);

		sk->timer = TIMER_RETRANSMIT;
		sk->retrans = 3;
	}
	assert_int_equal(judged(h, FINDING_LAST_ACK_STUCK), SEVERITY_WARNING);
	/* To several addresses: a note. */
	h->sockets[0].peer.address.bytes[3] = 77;
	assert_int_equal(judged(h, FINDING_LAST_ACK_STUCK), SEVERITY_NOTE);
	h->sockets[0].retrans = 2;
	assert_int_equal(judged(h, FINDING_LAST_ACK_STUCK), -1);
	host_free(h);
}

static void orphans(void **state)
{
	static const struct {
		int64_t limit;
		int severity;
	} cases[] = {{1000, SEVERITY_CRITICAL},
		     {1001, SEVERITY_WARNING},
		     {1111, SEVERITY_WARNING},
		     {1112, SEVERITY_NOTE},
		     {2000, SEVERITY_NOTE},
		     {2001, -1},
		     {0, -1}};
	struct host *h = host_make();

	(void)state;
	set(h, 1, SYSCTL_tcp_max_orphans, 1000);
	assert_int_equal(judged(h, FINDING_ORPHANS_NEAR_LIMIT), -1);
	assert_int_equal(netns_add_counter(&h->netns[0], "sockstat.TCP.orphan", 1000), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		/* The host's, found in whichever namespace has it. */
		set(h, 1, SYSCTL_tcp_max_orphans, cases[i].limit);
		assert_int_equal(judged(h, FINDING_ORPHANS_NEAR_LIMIT), cases[i].severity);
	}
	h->netns[1].sysctls[SYSCTL_tcp_max_orphans].known = false;
	assert_int_equal(judged(h, FINDING_ORPHANS_NEAR_LIMIT), -1);
	host_free(h);
}

static void time_wait(void **state)
{
	struct host *h = host_make(), *before = host_make();

	(void)state;
	add_many(h, 1000, STATE_TIME_WAIT, -1, 0);
	assert_int_equal(judged(h, FINDING_TIME_WAIT_NORMAL), SEVERITY_NOTE);
	assert_int_equal(judged(h, FINDING_TIME_WAIT_OVERFLOW), -1);
	netns_add_counter(&h->netns[0], "sockstat.TCP.tw", 1000);
	set(h, 0, SYSCTL_tcp_max_tw_buckets, 1112);
	assert_int_equal(judged(h, FINDING_TIME_WAIT_OVERFLOW), -1);
	set(h, 0, SYSCTL_tcp_max_tw_buckets, 1111);
	assert_int_equal(judged(h, FINDING_TIME_WAIT_OVERFLOW), SEVERITY_NOTE);
	assert_null(find(h, FINDING_TIME_WAIT_NORMAL));
	set(h, 0, SYSCTL_tcp_max_tw_buckets, 1000);
	assert_int_equal(judged(h, FINDING_TIME_WAIT_OVERFLOW), SEVERITY_WARNING);

	/* A counter alone is a note; what it grew by between two samples is more. */
	set(h, 0, SYSCTL_tcp_max_tw_buckets, 5000);
	netns_add_counter(&h->netns[0], "TcpExt.TCPTimeWaitOverflow", 7);
	assert_int_equal(judged(h, FINDING_TIME_WAIT_OVERFLOW), SEVERITY_NOTE);
	netns_add_counter(&before->netns[0], "TcpExt.TCPTimeWaitOverflow", 7);
	judge_with(before, NULL);
	judge_with(h, before);
	assert_null(find(h, FINDING_TIME_WAIT_OVERFLOW));
	assert_non_null(find(h, FINDING_TIME_WAIT_NORMAL));
	before->netns[0].counters[0].value = 6;
	judge_with(h, before);
	assert_int_equal(find(h, FINDING_TIME_WAIT_OVERFLOW)->severity, SEVERITY_WARNING);
	assert_int_equal(evidence(h, FINDING_TIME_WAIT_OVERFLOW, "time_wait_overflows"), 1);

	/* Of these ports none is left: that says more. */
	h->netns[0].sysctls[SYSCTL_ip_local_port_range] =
		(struct sysctl_value){.known = true, .value = 10000, .upper = 10999};
	judge_with(h, NULL);
	assert_non_null(find(h, FINDING_EPHEMERAL_PORT_EXHAUSTION));
	assert_null(find(h, FINDING_TIME_WAIT_NORMAL));
	h->netns[0].sysctls[SYSCTL_ip_local_port_range].known = false;

	h->count = 999;
	judge_with(h, NULL);
	assert_null(find(h, FINDING_TIME_WAIT_NORMAL));
	host_free(before);
	host_free(h);
}

static void descriptors(void **state)
{
	static const struct {
		uint32_t open;
		uint64_t limit;
		int severity;
	} cases[] = {
		{89, 100, -1},
		{90, 100, SEVERITY_WARNING},
		{97, 100, SEVERITY_WARNING},
		{98, 100, SEVERITY_CRITICAL},
		{100, 100, SEVERITY_CRITICAL},
		{101, 100, SEVERITY_NOTE},
		{62, 64, SEVERITY_WARNING},
		{63, 64, SEVERITY_CRITICAL},
		{5, 0, -1},
		{4000000000, UINT64_MAX, -1},
		{4000000000, 4000000000, SEVERITY_CRITICAL},
	};
	struct host *h = host_make();

	(void)state;
	add(h, STATE_ESTABLISHED, 0, 0);
	add(h, STATE_LISTEN, 0, 0);
	assert_int_equal(judged(h, FINDING_DESCRIPTOR_LIMIT_NEAR), -1);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		limit(h, 0, cases[i].open, cases[i].limit);
		assert_int_equal(judged(h, FINDING_DESCRIPTOR_LIMIT_NEAR), cases[i].severity);
	}
	assert_ptr_equal(find(h, FINDING_DESCRIPTOR_LIMIT_NEAR)->examples[0], &h->rows[1]);
	h->processes[0].have_descriptors = false;
	assert_int_equal(judged(h, FINDING_DESCRIPTOR_LIMIT_NEAR), -1);
	/* A process without a TCP socket is none of ours. */
	limit(h, 1, 100, 100);
	assert_int_equal(judged(h, FINDING_DESCRIPTOR_LIMIT_NEAR), -1);
	host_free(h);
}

/* A leak is the cause only where the process would be well off without it. */
static void leak_and_limit(void **state)
{
	struct host *h = host_make();

	(void)state;
	add_many(h, 20, STATE_CLOSE_WAIT, 0, 60000);
	limit(h, 0, 100, 100);
	judge_with(h, NULL);
	assert_ptr_equal(find(h, FINDING_DESCRIPTOR_LIMIT_NEAR)->cause,
			 find(h, FINDING_CLOSE_WAIT_LEAK));
	assert_int_equal(find(h, FINDING_CLOSE_WAIT_LEAK)->severity, SEVERITY_CRITICAL);
	limit(h, 0, 1000, 1000);
	judge_with(h, NULL);
	assert_null(find(h, FINDING_DESCRIPTOR_LIMIT_NEAR)->cause);
	assert_int_equal(find(h, FINDING_CLOSE_WAIT_LEAK)->severity, SEVERITY_WARNING);
	host_free(h);
}

static void bound(void **state)
{
	struct host *h = host_make(), *before = host_make();

	(void)state;
	add(h, STATE_CLOSED, 0, 0)->peer = (struct endpoint){0};
	add(h, STATE_CLOSED, 0, 0); /* a refused connect(): has a peer */
	assert_int_equal(judged(h, FINDING_BOUND_NOT_LISTENING), SEVERITY_NOTE);
	assert_int_equal(evidence(h, FINDING_BOUND_NOT_LISTENING, "sockets"), 1);
	/* It was not there at the first sample. */
	judge_with(before, NULL);
	judge_with(h, before);
	assert_null(find(h, FINDING_BOUND_NOT_LISTENING));
	add(before, STATE_CLOSED, 0, 0)->peer = (struct endpoint){0};
	judge_with(before, NULL);
	judge_with(h, before);
	assert_non_null(find(h, FINDING_BOUND_NOT_LISTENING));
	host_free(before);
	host_free(h);
}

/* Gives a socket these ends: the last byte of 127.0.0.x or 192.0.2.x and the port. */
static struct socket *ends(struct socket *sk, bool loopback, int local, uint16_t port, int peer,
			   uint16_t peer_port)
{
	static const struct address bases[] = {{{192, 0, 2}}, {{127}}};

	sk->local = (struct endpoint){bases[loopback], port};
	sk->peer = (struct endpoint){bases[loopback], peer_port};
	sk->local.address.bytes[3] = (uint8_t)local;
	sk->peer.address.bytes[3] = (uint8_t)peer;
	return sk;
}

static void map(struct endpoint *p)
{
	uint8_t quad[4];

	memcpy(quad, p->address.bytes, 4);
	memset(p->address.bytes, 0, 10);
	memset(p->address.bytes + 10, 0xff, 2);
	memcpy(p->address.bytes + 12, quad, 4);
}

static void joined_ends(void **state)
{
	struct host *h = host_make();
	struct ends e = {0};
	struct socket *sk;

	(void)state;
	/* 0 and 1: both here, one of them as IPv6. */
	ends(add(h, STATE_ESTABLISHED, 0, 0), true, 1, 4000, 1, 80);
	sk = ends(add(h, STATE_ESTABLISHED, 0, 0), true, 1, 80, 1, 4000);
	sk->family = AF_INET6;
	map(&sk->local);
	map(&sk->peer);
	/* 2 and 3: loopback of two namespaces. */
	ends(add(h, STATE_ESTABLISHED, 0, 0), true, 1, 4001, 1, 80);
	ends(add(h, STATE_ESTABLISHED, 0, 0), true, 1, 80, 1, 4001)->netns = 1;
	/* 4 and 5: unique addresses of two namespaces. */
	ends(add(h, STATE_ESTABLISHED, 0, 0), false, 1, 4002, 2, 80);
	ends(add(h, STATE_CLOSE_WAIT, 0, 0), false, 2, 80, 1, 4002)->netns = 1;
	/* 6 and 7, and 8: who of the two is it? */
	ends(add(h, STATE_ESTABLISHED, 0, 0), false, 1, 4003, 2, 80);
	ends(add(h, STATE_ESTABLISHED, 0, 0), false, 2, 80, 1, 4003)->netns = 1;
	ends(add(h, STATE_ESTABLISHED, 0, 0), false, 2, 80, 1, 4003)->netns = 2;
	/* 9 to itself; 10 without an end; 11 a listener, 12 a refused connect(). */
	ends(add(h, STATE_ESTABLISHED, 0, 0), true, 1, 4004, 1, 4004);
	ends(add(h, STATE_ESTABLISHED, 0, 0), true, 1, 4005, 1, 80);
	ends(add(h, STATE_LISTEN, 0, 0), true, 1, 80, 1, 4005);
	ends(add(h, STATE_CLOSED, 0, 0), true, 1, 80, 1, 4005);
	/* 13, its remains 14 and its living end 15. */
	ends(add(h, STATE_ESTABLISHED, 0, 0), true, 1, 4006, 1, 80);
	ends(add(h, STATE_TIME_WAIT, -1, 0), true, 1, 80, 1, 4006);
	ends(add(h, STATE_ESTABLISHED, 0, 0), true, 1, 80, 1, 4006);
	{
		static const int others[] = {1,  0, -1, -1, 5,  4,  -1, -1,
					     -1, 9, -1, -1, -1, 15, 13, 13};

		assert_int_equal(ends_join(&e, h->rows, h->count), 0);
		for (size_t i = 0; i < h->count; i++) {
			const struct row *other = ends_other(&e, &h->rows[i]);

			assert_int_equal(other ? (int)(other - h->rows) : -1, others[i]);
		}
	}
	ends_free(&e);
	assert_int_equal(ends_join(&e, NULL, 0), 0);
	assert_null(ends_other(&e, &h->rows[0]));
	ends_free(&e);
	host_free(h);
}

static void ends_that_disagree(void **state)
{
	struct host *h = host_make();

	(void)state;
	for (uint16_t i = 0; i < 20; i++) {
		ends(add(h, STATE_CLOSE_WAIT, 0, 60000), true, 1, 80, 1, 4000 + i);
		ends(add(h, STATE_FIN_WAIT_2, 1, 60000), true, 1, 4000 + i, 1, 80);
	}
	assert_int_equal(judged(h, FINDING_ENDS_DISAGREE), SEVERITY_WARNING);
	assert_ptr_equal(find(h, FINDING_ENDS_DISAGREE)->process, &h->processes[0]);
	assert_ptr_equal(find(h, FINDING_ENDS_DISAGREE)->cause, find(h, FINDING_CLOSE_WAIT_LEAK));
	assert_ptr_equal(find(h, FINDING_FIN_WAIT_2_HELD)->cause, find(h, FINDING_ENDS_DISAGREE));
	h->sockets[0].info.last_ack_recv = 59999;
	assert_int_equal(judged(h, FINDING_ENDS_DISAGREE), -1);
	host_free(h);
}

static void lost_ends(void **state)
{
	struct host *h = host_make();

	(void)state;
	ends(add(h, STATE_ESTABLISHED, 0, 60000), true, 1, 80, 1, 4000);
	assert_int_equal(judged(h, FINDING_ENDS_DISAGREE), SEVERITY_NOTE);
	assert_int_equal(evidence(h, FINDING_ENDS_DISAGREE, "quiet_ms"), 60000);
	h->sockets[0].info.last_ack_recv = 59999;
	assert_int_equal(judged(h, FINDING_ENDS_DISAGREE), -1);
	h->sockets[0].info.last_ack_recv = 60000;
	/* Rows may be missing. */
	h->snapshot.missing[MISSING_OVERRUN].set = true;
	assert_int_equal(judged(h, FINDING_ENDS_DISAGREE), -1);
	h->snapshot.missing[MISSING_OVERRUN].set = false;
	/* Elsewhere the other end may be on another host. */
	ends(&h->sockets[0], false, 1, 80, 2, 4000);
	assert_int_equal(judged(h, FINDING_ENDS_DISAGREE), -1);
	/* An address of this host, to itself. */
	ends(&h->sockets[0], false, 1, 80, 1, 4000);
	assert_int_equal(judged(h, FINDING_ENDS_DISAGREE), SEVERITY_NOTE);
	/* Redirected: the client connected to port 81. */
	ends(add(h, STATE_ESTABLISHED, 1, 60000), false, 1, 4000, 1, 81);
	assert_int_equal(judged(h, FINDING_ENDS_DISAGREE), -1);
	host_free(h);
}

static void half_closed_of_unknown_processes(void **state)
{
	struct host *h = host_make();

	(void)state;
	add_many(h, 20, STATE_CLOSE_WAIT, -1, 60000);
	for (size_t i = 0; i < h->count; i++) {
		h->sockets[i].inode = 500 + (uint32_t)i;
		h->sockets[i].uid = i & 1;
	}
	assert_int_equal(judged(h, FINDING_CLOSE_WAIT_LEAK), -1);
	for (size_t i = 0; i < h->count; i++)
		h->sockets[i].uid = 1;
	assert_int_equal(judged(h, FINDING_CLOSE_WAIT_LEAK), SEVERITY_WARNING);
	host_free(h);
}

static void half_closed_where_more_is_forbidden(void **state)
{
	struct host *h = host_make();

	(void)state;
	add(h, STATE_CLOSE_WAIT, 0, 60000);
	limit(h, 0, 5, 0);
	assert_int_equal(judged(h, FINDING_CLOSE_WAIT_LEAK), -1);
	limit(h, 0, 5, 9);
	assert_int_equal(judged(h, FINDING_CLOSE_WAIT_LEAK), SEVERITY_WARNING);
	host_free(h);
}

static void a_note_is_no_cause(void **state)
{
	struct host *h = host_make();
	struct socket *alone;

	(void)state;
	add_many(h, 20, STATE_FIN_WAIT_2, 0, 60000);
	alone = add(h, STATE_ESTABLISHED, 0, 60000);
	alone->peer.address = alone->local.address;
	assert_int_equal(judged(h, FINDING_ENDS_DISAGREE), SEVERITY_NOTE);
	assert_int_equal(find(h, FINDING_FIN_WAIT_2_HELD)->severity, SEVERITY_WARNING);
	assert_null(find(h, FINDING_FIN_WAIT_2_HELD)->cause);
	host_free(h);
}

static void stopped(void **state)
{
	struct host *h = host_make(), *before = host_make();
	struct socket *sk;

	(void)state;
	sk = add(h, STATE_LISTEN, 0, 0);
	sk->recv_queue = 3;
	h->processes[0].state = 'T';
	h->processes[1].state = 'S';
	assert_int_equal(judged(h, FINDING_PROCESS_STOPPED), SEVERITY_WARNING);
	/* Beside one that takes what comes. */
	h->owners[0].next = 1;
	h->owners[1].inode = h->owners[0].inode;
	assert_int_equal(judged(h, FINDING_PROCESS_STOPPED), SEVERITY_NOTE);
	assert_int_equal(evidence(h, FINDING_PROCESS_STOPPED, "waiting"), 0);
	h->processes[1].state = 't';
	assert_int_equal(judged(h, FINDING_PROCESS_STOPPED), SEVERITY_WARNING);
	/* It ran a moment ago, or nobody knows. */
	judge_with(before, NULL);
	judge_with(h, before);
	assert_non_null(find(h, FINDING_PROCESS_STOPPED));
	before->processes[0].have_vitals = true;
	before->processes[0].state = 'S';
	judge_with(h, before);
	assert_null(find(h, FINDING_PROCESS_STOPPED));
	host_free(before);
	host_free(h);
}

static void executable_in_another_s_place(void **state)
{
	static char upgraded[] = "/usr/sbin/sshd", temporary[] = "/tmp/sshd";
	struct host *h = host_make();
	struct process *p = &h->processes[0];

	(void)state;
	add(h, STATE_LISTEN, 0, 0);
	p->exe_deleted = p->exe_replaced = true;
	p->exe = upgraded;
	assert_int_equal(judged(h, FINDING_SUSPECT_EXECUTABLE), SEVERITY_NOTE);
	p->exe = temporary;
	assert_int_equal(judged(h, FINDING_SUSPECT_EXECUTABLE), SEVERITY_WARNING);
	host_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(half_closed_by_number_and_age),
		cmocka_unit_test(half_closed_by_tenth),
		cmocka_unit_test(half_closed_of_unknown_age),
		cmocka_unit_test(half_closed_that_grow),
		cmocka_unit_test(fin_wait_1),
		cmocka_unit_test(last_acks),
		cmocka_unit_test(orphans),
		cmocka_unit_test(time_wait),
		cmocka_unit_test(descriptors),
		cmocka_unit_test(leak_and_limit),
		cmocka_unit_test(bound),
		cmocka_unit_test(joined_ends),
		cmocka_unit_test(ends_that_disagree),
		cmocka_unit_test(lost_ends),
		cmocka_unit_test(half_closed_of_unknown_processes),
		cmocka_unit_test(half_closed_where_more_is_forbidden),
		cmocka_unit_test(a_note_is_no_cause),
		cmocka_unit_test(stopped),
		cmocka_unit_test(executable_in_another_s_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* Made-up hosts at the edges of what is found of queues, handshakes, connects and local ports. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "look.h"

static struct socket *add(struct look *look, unsigned state)
{
	struct socket *sk = &look->sockets[look->count++];

	*sk = (struct socket){
		.family = AF_INET,
		.kernel_state = (uint8_t)state,
		.local = {.address = {{10, 0, 0, 1}}, .port = 80},
		.peer = {.address = {{192, 0, 2, 1}}, .port = 443},
		.have = HAVE_COOKIE | HAVE_QUEUES | HAVE_TIMER | HAVE_BACKLOG | HAVE_MEMORY,
		.inode = 1000 + (uint32_t)look->count,
		.cookie = look->count,
		.owners = OWNER_NONE,
	};
	if (state == STATE_LISTEN)
		sk->peer = (struct endpoint){0};
	return sk;
}

static struct socket *add_listener(struct look *look, uint32_t queue, uint32_t backlog)
{
	struct socket *sk = add(look, STATE_LISTEN);

	sk->recv_queue = queue;
	sk->send_queue = backlog;
	return sk;
}

static void add_counter(struct look *look, const char *name, uint64_t value)
{
	assert_int_equal(netns_add_counter(look->snapshot.namespaces, name, value), 0);
}

/* It had 1,000 of them in the earlier sample. */
static void grow(const char *name, uint64_t by)
{
	add_counter(&before, name, 1000);
	add_counter(&now, name, 1000 + by);
}

static void set(enum sysctl_name name, int64_t value, int64_t upper)
{
	now.snapshot.namespaces->sysctls[name] = (struct sysctl_value){true, value, upper, 0};
}

static uint64_t cited(const struct finding *f, const char *key)
{
	struct evidence e;

	assert_non_null(f);
	assert_true(finding_evidence(f, key, strlen(key), &e));
	return e.value;
}

static bool cites(const struct finding *f, const char *key)
{
	struct evidence e;

	return finding_evidence(f, key, strlen(key), &e);
}

static void full_queue(void **state)
{
	const struct finding *f;

	(void)state;
	add_listener(&now, 9, 8);
	f = judge("accept-queue-full", false);
	assert_non_null(f);
	assert_int_equal(f->severity, SEVERITY_CRITICAL);
	assert_int_equal(cited(f, "accept_queue"), 9);
	assert_false(cites(f, "stopped"));
	assert_false(cites(f, "descriptors"));
}

static void full_queue_of_a_burst(void **state)
{
	struct socket *earlier = add_listener(&before, 2, 8);
	const struct finding *f;

	(void)state;
	add_listener(&now, 9, 8);
	f = judge("accept-queue-full", true);
	assert_non_null(f);
	assert_int_equal(f->severity, SEVERITY_WARNING);
	earlier->recv_queue = 9;
	f = judge("accept-queue-full", true);
	assert_non_null(f);
	assert_int_equal(f->severity, SEVERITY_CRITICAL);
}

static void queue_as_long_as_the_backlog(void **state)
{
	(void)state;
	add_listener(&now, 8, 8);
	assert_null(judge("accept-queue-full", false));
}

static void queue_of_unknown_backlog(void **state)
{
	(void)state;
	add_listener(&now, 500, 0)->have = HAVE_QUEUES;
	assert_null(judge("accept-queue-full", false));
}

static void overflow_of_two_samples(void **state)
{
	const struct finding *f;

	(void)state;
	grow("TcpExt.ListenOverflows", 3);
	add_listener(&before, 0, 8)->memory.drops = UINT32_MAX - 1; /* goes round */
	add_listener(&now, 0, 8)->memory.drops = 5;
	f = judge("accept-queue-overflow", true);
	assert_non_null(f);
	assert_int_equal(f->severity, SEVERITY_WARNING);
	assert_int_equal(cited(f, "listen_overflows"), 3);
	assert_int_equal(cited(f, "packets_dropped"), 7);
	assert_int_equal(cited(f, "interval_ms"), INTERVAL_S * 1000);
	assert_false(cites(f, "listen_drops"));
}

static void overflow_of_nobody(void **state)
{
	const struct finding *f;

	(void)state;
	grow("TcpExt.ListenOverflows", 3);
	f = judge("accept-queue-overflow", true);
	assert_non_null(f);
	assert_int_equal(f->severity, SEVERITY_WARNING);
	assert_int_equal(f->example_count, 0);
}

static void overflow_before_both_samples(void **state)
{
	(void)state;
	grow("TcpExt.ListenOverflows", 0);
	add_listener(&before, 0, 8)->memory.drops = 1;
	add_listener(&now, 0, 8)->memory.drops = 5; /* SYNs, for another reason */
	assert_null(judge("accept-queue-overflow", true));
}

static void overflow_of_one_sample(void **state)
{
	const struct finding *f;

	(void)state;
	add_counter(&now, "TcpExt.ListenOverflows", 1);
	add_listener(&now, 0, 8)->memory.drops = 5;
	f = judge("accept-queue-overflow", false);
	assert_non_null(f);
	assert_int_equal(f->severity, SEVERITY_NOTE);
	assert_int_equal(cited(f, "listen_overflows_total"), 1);
	assert_int_equal(cited(f, "packets_dropped_total"), 5);
	assert_false(cites(f, "interval_ms"));
}

static void overflow_of_a_listener_gone(void **state)
{
	(void)state;
	add_counter(&now, "TcpExt.ListenOverflows", 1);
	add_listener(&now, 0, 8);
	assert_null(judge("accept-queue-overflow", false));
}

static void overflow_without_counters(void **state)
{
	(void)state;
	add_listener(&now, 0, 8)->memory.drops = 5;
	assert_null(judge("accept-queue-overflow", false));
}

static void add_half_open(unsigned count, unsigned sources, unsigned retrans, uint32_t expires)
{
	for (unsigned i = 0; i < count; i++) {
		struct socket *sk = add(&now, STATE_SYN_RECEIVED);

		sk->inode = 0;
		sk->peer.address.bytes[2] = (uint8_t)(i % sources / 250);
		sk->peer.address.bytes[3] = (uint8_t)(i % sources % 250);
		sk->peer.port = (uint16_t)(1024 + i);
		sk->timer = TIMER_RETRANSMIT;
		sk->retrans = (uint8_t)retrans;
		sk->expires = expires;
		sk->have = HAVE_COOKIE | HAVE_QUEUES | HAVE_TIMER;
	}
}

static void flood_by_rows(void **state)
{
	const struct finding *f;

	(void)state;
	add_listener(&now, 0, 511);
	add_half_open(64, 32, 1, 900);
	f = judge("syn-flood-suspect", false);
	assert_non_null(f);
	assert_int_equal(f->severity, SEVERITY_WARNING);
	assert_int_equal(cited(f, "sources"), 32);
	assert_int_equal(cited(f, "unanswered"), 64);
	assert_int_equal(cited(f, "backlog"), 511);
}

static void not_enough_rows(void **state)
{
	(void)state;
	add_listener(&now, 0, 511);
	add_half_open(63, 63, 1, 900);
	assert_null(judge("syn-flood-suspect", false));
}

static void rows_of_few_sources(void **state)
{
	(void)state;
	add_listener(&now, 0, 511);
	add_half_open(200, 31, 1, 900);
	assert_null(judge("syn-flood-suspect", false));
}

static void rows_within_their_first_second(void **state)
{
	(void)state;
	add_listener(&now, 0, 511);
	add_half_open(200, 200, 0, 900);
	assert_null(judge("syn-flood-suspect", false));
}

static void rows_at_a_full_accept_queue(void **state)
{
	(void)state;
	add_listener(&now, 512, 511);
	add_half_open(200, 200, 1, 900);
	assert_null(judge("syn-flood-suspect", false));
}

static void flood_counters(uint64_t sent, uint64_t answered, uint64_t dropped)
{
	set(SYSCTL_tcp_syncookies, 1, 0);
	grow("TcpExt.SyncookiesSent", sent);
	grow("TcpExt.SyncookiesRecv", answered);
	grow("TcpExt.TCPReqQFullDrop", dropped);
}

static const struct finding *flood_of(uint64_t sent, uint64_t answered, uint64_t dropped)
{
	flood_counters(sent, answered, dropped);
	add_listener(&now, 0, 8);
	add_half_open(4, 4, 0, 900);
	return judge("syn-flood-suspect", true);
}

static void flood_by_counters(void **state)
{
	const struct finding *f = flood_of(100, 49, 0);

	(void)state;
	assert_non_null(f);
	assert_int_equal(f->severity, SEVERITY_WARNING);
	assert_int_equal(cited(f, "sockets"), 4);
	assert_int_equal(cited(f, "syncookies_sent"), 100);
}

static void clients_that_answer(void **state)
{
	const struct finding *f = flood_of(100, 50, 0);

	(void)state;
	assert_non_null(f);
	assert_int_equal(f->severity, SEVERITY_NOTE);
}

static void flood_without_cookies(void **state)
{
	const struct finding *f = flood_of(0, 0, 100);

	(void)state;
	assert_non_null(f);
	assert_int_equal(f->severity, SEVERITY_CRITICAL);
}

static void not_enough_syns(void **state)
{
	(void)state;
	assert_null(flood_of(99, 0, 0));
}

static void too_slow_for_a_flood(void **state)
{
	(void)state;
	now.snapshot.monotonic.tv_sec = 100 + 11;
	assert_null(flood_of(100, 0, 0));
}

static void acknowledged_rows_only(void **state)
{
	const struct finding *f;

	(void)state;
	flood_counters(100, 0, 0);
	add_listener(&now, 0, 8);
	add_half_open(9, 9, 0, 30000);
	f = judge("syn-flood-suspect", true);
	assert_non_null(f); /* the counters tell, of no listener */
	assert_int_equal(f->example_count, 0);
}

static void cookies_for_every_syn(void **state)
{
	(void)state;
	flood_counters(100000, 0, 0);
	set(SYSCTL_tcp_syncookies, 2, 0);
	assert_null(judge("syn-flood-suspect", true));
}

static void cookies_of_unknown_setting(void **state)
{
	(void)state;
	flood_counters(100000, 0, 0);
	now.snapshot.namespaces->sysctls[SYSCTL_tcp_syncookies].known = false;
	assert_null(judge("syn-flood-suspect", true));
}

static void past_flood(void **state)
{
	const struct finding *f;

	(void)state;
	set(SYSCTL_tcp_syncookies, 1, 0);
	add_counter(&now, "TcpExt.SyncookiesSent", 1000);
	add_counter(&now, "TcpExt.TCPReqQFullDrop", 0);
	f = judge("syn-flood-suspect", false);
	assert_non_null(f);
	assert_int_equal(f->severity, SEVERITY_NOTE);
	assert_int_equal(cited(f, "syncookies_sent_total"), 1000);
}

static void dropped_elsewhere(void **state)
{
	const struct finding *f;

	(void)state;
	grow("TcpExt.IPReversePathFilter", 9);
	grow("TcpExt.PAWSActive", 4);
	grow("TcpExt.TSEcrRejected", 6);
	grow("TcpExt.TCPMD5Failure", 10);
	f = judge("syn-dropped-elsewhere", true);
	assert_non_null(f);
	assert_false(cites(f, "reverse_path_drops"));
	assert_int_equal(cited(f, "paws_drops"), 10);
	assert_int_equal(cited(f, "signature_drops"), 10);
}

static void dropped_late_duplicates(void **state)
{
	const struct finding *f;

	(void)state;
	grow("TcpExt.PAWSTimewait", 49);
	grow("Tcp.PassiveOpens", 1000);
	assert_null(judge("syn-dropped-elsewhere", true));
	grow("TcpExt.PAWSActive", 1);
	f = judge("syn-dropped-elsewhere", true);
	assert_non_null(f);
	assert_int_equal(cited(f, "paws_drops"), 50);
}

static void dropped_before(void **state)
{
	(void)state;
	add_counter(&now, "TcpExt.IPReversePathFilter", 100000);
	assert_null(judge("syn-dropped-elsewhere", false));
}

static const struct finding *conntrack(int64_t count, int64_t max)
{
	set(SYSCTL_nf_conntrack_count, count, 0);
	set(SYSCTL_nf_conntrack_max, max, 0);
	return judge("conntrack-near-full", false);
}

static void conntrack_near_full(void **state)
{
	const struct finding *f = conntrack(90, 100);

	(void)state;
	assert_non_null(f);
	assert_int_equal(f->severity, SEVERITY_WARNING);
}

/* The second of two namespaces is named; a single one goes without saying. */
static void conntrack_of_another_namespace(void **state)
{
	struct netns *two = realloc(now.snapshot.namespaces, 2 * sizeof(*two));
	const struct finding *f;

	(void)state;
	assert_non_null(two);
	now.snapshot.namespaces = two;
	now.snapshot.namespace_count = 2;
	two[1] = (struct netns){.id = 4026};
	two[1].sysctls[SYSCTL_nf_conntrack_count] = (struct sysctl_value){true, 9, 0, 0};
	two[1].sysctls[SYSCTL_nf_conntrack_max] = (struct sysctl_value){true, 10, 0, 0};
	f = judge("conntrack-near-full", false);
	assert_int_equal(found.count, 1);
	assert_int_equal(f->netns, 1);
	assert_int_equal(cited(f, "netns"), 4026);
}

static void conntrack_full(void **state)
{
	const struct finding *f = conntrack(100, 100);

	(void)state;
	assert_non_null(f);
	assert_int_equal(f->severity, SEVERITY_CRITICAL);
}

static void conntrack_of_the_largest_numbers(void **state)
{
	(void)state;
	set(SYSCTL_nf_conntrack_count, INT64_MAX, 0);
	set(SYSCTL_nf_conntrack_max, INT64_MAX, 0);
	assert_int_equal(cited(judge("conntrack-near-full", false), "percent"), 100);
}

static void conntrack_fine(void **state)
{
	(void)state;
	assert_null(conntrack(89, 100));
}

static void conntrack_without_limit(void **state)
{
	(void)state;
	assert_null(conntrack(89, 0));
}

static void conntrack_unknown(void **state)
{
	(void)state;
	set(SYSCTL_nf_conntrack_count, 5, 0);
	assert_null(judge("conntrack-near-full", false));
}

/* Who holds them is not known: two users. */
static void fan_out_of_unknown_processes(void **state)
{
	const struct finding *f;

	(void)state;
	for (unsigned i = 0; i < 50 + 9; i++) {
		struct socket *sk = add(&now, STATE_SYN_SENT);

		sk->uid = i < 50 ? 1000 : 1001;
		sk->peer.port = (uint16_t)(i + 1);
		sk->timer = TIMER_RETRANSMIT;
		sk->retrans = 1;
	}
	f = judge("syn-sent-fan-out", false);
	assert_non_null(f);
	assert_null(f->process);
	assert_int_equal(found.count, 1);
	assert_int_equal(cited(f, "destinations"), 50);
	assert_int_equal(cited(f, "hosts"), 1);
	assert_false(cites(f, "active_opens"));
}

static void add_unanswered(unsigned count, unsigned retrans)
{
	for (unsigned i = 0; i < count; i++) {
		struct socket *sk = add(&now, STATE_SYN_SENT);

		sk->timer = TIMER_RETRANSMIT;
		sk->retrans = (uint8_t)retrans;
	}
}

static void unanswered(void **state)
{
	const struct finding *f;

	(void)state;
	add_unanswered(5, 3);
	f = judge("syn-sent-unanswered", false);
	assert_non_null(f);
	assert_int_equal(f->severity, SEVERITY_WARNING);
	assert_false(cites(f, "syn_retransmit_limit"));
}

static void unanswered_for_a_short_while(void **state)
{
	(void)state;
	add_unanswered(200, 2);
	assert_null(judge("syn-sent-unanswered", false));
}

/* Counters alone fan out, of nobody's rows. */
static void unanswered_beside_failed_attempts(void **state)
{
	const struct finding *f;

	(void)state;
	grow("Tcp.ActiveOpens", 100);
	grow("Tcp.AttemptFails", 100);
	add_unanswered(4, 3);
	f = judge("syn-sent-unanswered", true);
	assert_non_null(f);
	assert_int_equal(f->severity, SEVERITY_NOTE);
	assert_int_equal(found.count, 2);
}

static void attempts_that_failed(void **state)
{
	(void)state;
	grow("Tcp.ActiveOpens", 201);
	grow("Tcp.AttemptFails", 100);
	assert_null(judge("syn-sent-fan-out", true)); /* less than half */
}

/* Of ten ports from 40000 on: eight connections, one port reserved and one bound, or not. */
static const struct finding *ports(bool reserved, bool bound, unsigned state)
{
	struct netns *ns = now.snapshot.namespaces;

	set(SYSCTL_ip_local_port_range, 40000, 40010);
	ns->reserved = calloc(1, sizeof(*ns->reserved));
	assert_non_null(ns->reserved);
	*ns->reserved = (struct port_range){39000, 40000};
	ns->reserved_count = reserved;
	if (bound)
		add_listener(&now, 0, 8)->local.port = 40010;
	for (uint16_t i = 0; i < 8; i++) {
		struct socket *sk = add(&now, state);

		sk->local.port = 40001 + i;
		sk->expires = 30000;
		sk->timer = state == STATE_TIME_WAIT ? TIMER_TIME_WAIT : TIMER_NONE;
	}
	return judge("ephemeral-port-exhaustion", false);
}

static void ports_near_the_end(void **state)
{
	const struct finding *f = ports(true, false, STATE_ESTABLISHED);

	(void)state;
	assert_non_null(f);
	assert_int_equal(f->severity, SEVERITY_WARNING);
	assert_int_equal(cited(f, "ports_used"), 8);
	assert_int_equal(cited(f, "ports_usable"), 10);
}

static void ports_bound(void **state)
{
	(void)state;
	assert_int_equal(cited(ports(true, true, STATE_ESTABLISHED), "ports_usable"), 9);
}

static void ports_in_plenty(void **state)
{
	(void)state;
	assert_null(ports(false, false, STATE_ESTABLISHED)); /* 8 of 11 */
}

static void ports_reusable_on_loopback_only(void **state)
{
	(void)state;
	set(SYSCTL_tcp_tw_reuse, 2, 0);
	assert_int_equal(cited(ports(true, false, STATE_TIME_WAIT), "ports_time_wait"), 8);
}

static void ports_reusable(void **state)
{
	(void)state;
	set(SYSCTL_tcp_tw_reuse, 1, 0);
	assert_null(ports(true, false, STATE_TIME_WAIT));
}

static void ports_without_timestamps(void **state)
{
	(void)state;
	set(SYSCTL_tcp_tw_reuse, 1, 0);
	set(SYSCTL_tcp_timestamps, 0, 0);
	assert_non_null(ports(true, false, STATE_TIME_WAIT));
}

static void ports_of_unknown_range(void **state)
{
	(void)state;
	for (uint16_t i = 0; i < 300; i++)
		add(&now, STATE_ESTABLISHED)->local.port = 40001 + i;
	assert_null(judge("ephemeral-port-exhaustion", false));
}

static void shared_port(uint32_t first, uint32_t second, uint32_t interface)
{
	add_listener(&now, first, 4);
	add_listener(&now, second, 4)->interface = interface;
}

static void stuck_worker(void **state)
{
	(void)state;
	shared_port(0, 5, 0);
	assert_int_equal(cited(judge("reuseport-worker-stuck", false), "accept_queue"), 5);
	assert_int_equal(found.count, 2);
	assert_ptr_equal(found.findings[1]->cause, found.findings[0]);
}

static void worker_with_room(void **state)
{
	(void)state;
	shared_port(0, 4, 0);
	assert_null(judge("reuseport-worker-stuck", false));
}

static void all_workers_busy(void **state)
{
	(void)state;
	shared_port(1, 5, 0);
	assert_null(judge("reuseport-worker-stuck", false));
}

/* One that has waited for `ms` in a queue with room. */
static const struct finding *worker_asleep(uint32_t ms)
{
	struct socket *client;

	shared_port(0, 1, 0);
	client = add(&now, STATE_ESTABLISHED);
	client->inode = 0;
	client->info_len = sizeof(struct tcp_metrics);
	client->info.last_ack_recv = client->info.last_data_recv = ms;
	client->info.last_data_sent = ms;
	return judge("reuseport-worker-stuck", false);
}

static void worker_with_an_old_client(void **state)
{
	(void)state;
	assert_int_equal(cited(worker_asleep(60000), "oldest_ms"), 60000);
}

static void worker_with_a_new_client(void **state)
{
	(void)state;
	assert_null(worker_asleep(59999));
}

static void not_shared(void **state)
{
	(void)state;
	shared_port(0, 5, 3);
	assert_null(judge("reuseport-worker-stuck", false));
}

/* Listeners without a cookie, as of a kernel without netlink, are told apart by their ends. */
static void consequence_of_its_own_listener(void **state)
{
	const struct finding *f;

	(void)state;
	add_counter(&now, "TcpExt.ListenOverflows", 5);
	add_listener(&now, 9, 8)->have &= ~HAVE_COOKIE;
	add_listener(&now, 0, 8)->have &= ~HAVE_COOKIE;
	for (size_t i = 0; i < now.count; i++)
		now.sockets[i].cookie = 0;
	now.sockets[1].local.port = 81;
	now.sockets[1].memory.drops = 7;
	f = judge("accept-queue-overflow", false);
	assert_non_null(f);
	assert_null(f->cause);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(full_queue),
		TEST(full_queue_of_a_burst),
		TEST(queue_as_long_as_the_backlog),
		TEST(queue_of_unknown_backlog),
		TEST(overflow_of_two_samples),
		TEST(overflow_of_nobody),
		TEST(overflow_before_both_samples),
		TEST(overflow_of_one_sample),
		TEST(overflow_of_a_listener_gone),
		TEST(overflow_without_counters),
		TEST(flood_by_rows),
		TEST(not_enough_rows),
		TEST(rows_of_few_sources),
		TEST(rows_within_their_first_second),
		TEST(rows_at_a_full_accept_queue),
		TEST(flood_by_counters),
		TEST(clients_that_answer),
		TEST(flood_without_cookies),
		TEST(not_enough_syns),
		TEST(too_slow_for_a_flood),
		TEST(acknowledged_rows_only),
		TEST(cookies_for_every_syn),
		TEST(cookies_of_unknown_setting),
		TEST(past_flood),
		TEST(dropped_elsewhere),
		TEST(dropped_before),
		TEST(dropped_late_duplicates),
		TEST(conntrack_near_full),
		TEST(conntrack_of_another_namespace),
		TEST(conntrack_full),
		TEST(conntrack_of_the_largest_numbers),
		TEST(conntrack_fine),
		TEST(conntrack_without_limit),
		TEST(conntrack_unknown),
		TEST(fan_out_of_unknown_processes),
		TEST(unanswered),
		TEST(unanswered_for_a_short_while),
		TEST(unanswered_beside_failed_attempts),
		TEST(attempts_that_failed),
		TEST(ports_near_the_end),
		TEST(ports_bound),
		TEST(ports_in_plenty),
		TEST(ports_reusable_on_loopback_only),
		TEST(ports_reusable),
		TEST(ports_without_timestamps),
		TEST(ports_of_unknown_range),
		TEST(stuck_worker),
		TEST(worker_with_room),
		TEST(all_workers_busy),
		TEST(worker_with_an_old_client),
		TEST(worker_with_a_new_client),
		TEST(not_shared),
		TEST(consequence_of_its_own_listener),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

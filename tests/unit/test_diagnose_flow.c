// SPDX-License-Identifier: GPL-2.0-or-later
/* Made-up hosts at the edges of what is found of data that does not flow, of peers, and of losses. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "look.h"

enum { MINUTE = 60000, HOUR = 60 * MINUTE, MSS = 1448 };

/* A connection, idle: all that it ever did was `quiet` milliseconds ago. */
static struct socket *add(struct look *look, uint32_t quiet)
{
	struct socket *sk = &look->sockets[look->count++];

	*sk = (struct socket){
		.family = AF_INET,
		.kernel_state = STATE_ESTABLISHED,
		.local = {.address = {{10, 0, 0, 1}}, .port = 80},
		.peer = {.address = {{192, 0, 2, 1}}, .port = (uint16_t)(50000 + look->count)},
		.have = HAVE_COOKIE | HAVE_QUEUES | HAVE_TIMER | HAVE_MEMORY,
		.inode = 1000 + (uint32_t)look->count,
		.cookie = look->count,
		.owners = OWNER_NONE,
		.memory = {.rcvbuf = 131072},
		.info_len = sizeof(struct tcp_metrics),
		.info = {.last_data_sent = quiet,
			 .last_data_recv = quiet,
			 .last_ack_recv = quiet,
			 .snd_mss = MSS,
			 .snd_wnd = 65535,
			 .rto = 200000},
	};
	return sk;
}

static void assert_found(const char *id, bool two, enum severity severity)
{
	const struct finding *f = judge(id, two);

	assert_non_null(f);
	assert_int_equal(f->severity, severity);
}

static void assert_none(const char *id, bool two)
{
	assert_null(judge(id, two));
}

static uint64_t cited(const char *id, bool two, const char *key)
{
	const struct finding *f = judge(id, two);
	struct evidence e;

	assert_non_null(f);
	assert_true(finding_evidence(f, key, strlen(key), &e));
	return e.value;
}

/* It had 5,000 of them in the earlier sample. */
static void grow(const char *name, uint64_t by)
{
	assert_int_equal(netns_add_counter(before.snapshot.namespaces, name, 5000), 0);
	assert_int_equal(netns_add_counter(now.snapshot.namespaces, name, 5000 + by), 0);
}

static void have(const char *name, uint64_t value)
{
	assert_int_equal(netns_add_counter(now.snapshot.namespaces, name, value), 0);
}

static void unanswered(void **state)
{
	struct socket *sk = add(&now, MINUTE);

	(void)state;
	sk->timer = TIMER_RETRANSMIT;
	sk->send_queue = 100;
	sk->retrans = 2;
	assert_none("half-open-suspect", false);
	sk->retrans = 3;
	assert_found("half-open-suspect", false, SEVERITY_WARNING);
	sk->info.last_ack_recv = MINUTE - 1;
	assert_found("half-open-suspect", false, SEVERITY_NOTE);
	sk->info.last_ack_recv = 10000;
	assert_found("half-open-suspect", false, SEVERITY_NOTE);
	sk->info.last_ack_recv = 9999;
	assert_none("half-open-suspect", false);
	sk->info.last_ack_recv = 10 * MINUTE;
	assert_int_equal(cited("half-open-suspect", false, "last_ack_ms"), 10 * MINUTE);
	sk->timer = TIMER_KEEPALIVE;
	assert_found("half-open-suspect", false, SEVERITY_WARNING);
	/* Nothing leaves this host: no word about the peer. */
	sk->timer = TIMER_PROBE;
	assert_none("half-open-suspect", false);
}

/* /proc/net/tcp tells of timeouts, and not when the peer was heard. */
static void unanswered_without_info(void **state)
{
	struct socket *sk = add(&now, MINUTE);

	(void)state;
	sk->timer = TIMER_RETRANSMIT;
	sk->retrans = 9;
	sk->send_queue = 100;
	sk->info_len = 0;
	assert_none("half-open-suspect", false);
	assert_none("superseded-established", false);
	assert_none("keepalive-off-idle", false);
}

static void superseded(void **state)
{
	struct socket *silent[3];

	(void)state;
	for (int i = 0; i < 3; i++)
		silent[i] = add(&now, MINUTE);
	assert_none("superseded-established", false);
	add(&now, MINUTE - 1);
	assert_found("superseded-established", false, SEVERITY_NOTE);
	assert_int_equal(cited("superseded-established", false, "sockets"), 3);
	silent[0]->info.last_ack_recv = MINUTE - 1;
	assert_none("superseded-established", false);
	silent[0]->info.last_ack_recv = 10 * MINUTE;
	silent[0]->info.last_data_recv = 10 * MINUTE;
	silent[1]->local.port = silent[2]->local.port = 81;
	assert_int_equal(cited("superseded-established", false, "sockets"), 1);
	silent[0]->info.last_ack_recv = 10 * MINUTE - 1;
	assert_none("superseded-established", false);
}

/* With two samples it can be known which connection is the newer. */
static void superseded_by_newer(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		add(&now, MINUTE);
		add(&before, MINUTE);
	}
	add(&now, 0);
	assert_int_equal(cited("superseded-established", true, "newer"), 1);
	add(&before, 0);
	assert_int_equal(cited("superseded-established", true, "newer"), 0);
}

static void superseded_on_loopback(void **state)
{
	(void)state;
	for (int i = 0; i < 4; i++)
		add(&now, i ? HOUR : 0)->peer.address.bytes[0] = 127;
	assert_none("superseded-established", false);
}

static void idle_for_hours(void **state)
{
	struct socket *sk = add(&now, 2 * HOUR - 1);

	(void)state;
	assert_none("keepalive-off-idle", false);
	sk->info.last_data_sent = sk->info.last_data_recv = 2 * HOUR;
	assert_found("keepalive-off-idle", false, SEVERITY_NOTE);
	assert_int_equal(cited("keepalive-off-idle", false, "quiet_ms"), 2 * HOUR);
	sk->timer = TIMER_KEEPALIVE;
	assert_none("keepalive-off-idle", false);
	sk->timer = TIMER_NONE;
	sk->have &= ~(uint32_t)HAVE_TIMER;
	assert_none("keepalive-off-idle", false);
	sk->have |= HAVE_TIMER;
	sk->peer.address.bytes[0] = 127;
	assert_none("keepalive-off-idle", false);
}

static void many_idle(void **state)
{
	(void)state;
	for (int i = 0; i < 99; i++)
		add(&now, 10 * MINUTE);
	add(&now, 10 * MINUTE - 1);
	assert_none("keepalive-off-idle", false);
	add(&now, 10 * MINUTE);
	assert_found("keepalive-off-idle", false, SEVERITY_NOTE);
	assert_int_equal(cited("keepalive-off-idle", false, "sockets"), 100);
	assert_int_equal(cited("keepalive-off-idle", false, "idle_2h"), 0);
}

static void window_closed(void **state)
{
	struct socket *sk = add(&now, 5000);

	(void)state;
	sk->timer = TIMER_PROBE;
	sk->send_queue = 5000;
	sk->info.snd_wnd = 0;
	sk->info.backoff = 2;
	assert_none("peer-window-closed", false);
	sk->info.backoff = 3;
	assert_found("peer-window-closed", false, SEVERITY_WARNING);
	assert_int_equal(cited("peer-window-closed", false, "queued_bytes"), 5000);
	assert_int_equal(cited("peer-window-closed", false, "unanswered_probes"), 0);
	sk->info.backoff = 0;
	sk->info.probes = 3;
	assert_found("peer-window-closed", false, SEVERITY_WARNING);
	sk->info.snd_wnd = 1;
	assert_none("peer-window-closed", false);
	sk->info.snd_wnd = 0;
	sk->send_queue = 0;
	assert_none("peer-window-closed", false);
	sk->send_queue = 5000;
	sk->info_len = 0;
	assert_none("peer-window-closed", false);
}

/* So much has come and so much of it waits, in both samples. */
static void receive(struct socket *sk, uint64_t came, uint32_t waits)
{
	sk->info.bytes_received = came;
	sk->recv_queue = waits;
}

static void not_reading(void **state)
{
	struct socket *sk = add(&now, 0), *then = add(&before, 0);

	(void)state;
	receive(then, 100000, 65536);
	receive(sk, 120000, 85536);
	assert_found("app-not-reading", true, SEVERITY_WARNING);
	assert_int_equal(cited("app-not-reading", true, "unread_bytes"), 85536);
	assert_int_equal(cited("app-not-reading", true, "stalled_ms"), INTERVAL_S * 1000);
	receive(sk, 120000, 85535); /* a byte was read */
	assert_none("app-not-reading", true);
	receive(then, 100000, 65535); /* not much at first */
	receive(sk, 120000, 85535);
	assert_none("app-not-reading", true);
	then->memory.rmem_alloc = sk->memory.rmem_alloc = 65536; /* half of the buffer */
	assert_found("app-not-reading", true, SEVERITY_WARNING);
	now.snapshot.monotonic = before.snapshot.monotonic; /* no time at all */
	assert_none("app-not-reading", true);
}

static void not_reading_at_a_look(void **state)
{
	struct socket *sk = add(&now, 999);

	(void)state;
	receive(sk, 100000, 65536);
	assert_none("app-not-reading", false);
	sk->info.last_data_recv = 1000;
	assert_found("app-not-reading", false, SEVERITY_NOTE);
	receive(sk, 100000, 65535);
	assert_none("app-not-reading", false);
	sk->info.last_data_recv = MINUTE;
	receive(sk, 100000, 2);
	assert_found("app-not-reading", false, SEVERITY_NOTE);
	receive(sk, 100000, 1);
	sk->kernel_state = STATE_CLOSE_WAIT; /* nothing but the FIN */
	assert_none("app-not-reading", false);
}

static void stick(struct socket *sk)
{
	sk->timer = TIMER_RETRANSMIT;
	sk->retrans = 3;
	sk->send_queue = 3 * MSS;
	sk->info.rto = 1600000;
	sk->info.delivered = 2;
	sk->info.bytes_acked = 200;
	sk->info.pmtu = 1500;
}

static void only_small_pass(void **state)
{
	const char *id = "pmtu-blackhole-suspect";
	struct socket *sk = add(&now, 5000), *other;

	(void)state;
	stick(sk);
	assert_none(id, false); /* nothing tells that anything passes */
	sk->info.sacked = 1;
	assert_found(id, false, SEVERITY_WARNING);
	assert_int_equal(cited(id, false, "mss_bytes"), MSS);
	sk->retrans = 2;
	assert_none(id, false);
	sk->retrans = 3;
	sk->send_queue = MSS - 1;
	assert_none(id, false);
	sk->send_queue = MSS;
	sk->info.bytes_acked = MSS + 1; /* of 2 segments: one was as large */
	assert_none(id, false);
	sk->info.bytes_acked = MSS;
	assert_found(id, false, SEVERITY_WARNING);
	sk->info.sacked = 0;
	sk->info.last_ack_recv = 699; /* stuck for 1400 ms at least */
	assert_found(id, false, SEVERITY_WARNING);
	sk->info.last_ack_recv = 700;
	assert_none(id, false);
	other = add(&now, 600); /* another connection hears the peer */
	assert_found(id, false, SEVERITY_WARNING);
	other->info.delivered = 10;
	other->info.bytes_acked = 10 * MSS; /* which takes large ones */
	assert_none(id, false);
}

/* What is lost by its size is not half open. */
static void small_pass_is_no_silence(void **state)
{
	struct socket *sk = add(&now, MINUTE);

	(void)state;
	stick(sk);
	assert_found("half-open-suspect", false, SEVERITY_WARNING);
	sk->info.sacked = 1;
	assert_none("half-open-suspect", false);
}

static void drops(void **state)
{
	(void)state;
	grow("TcpExt.TCPRcvQDrop", 60);
	grow("TcpExt.RcvPruned", 39);
	assert_found("receive-drops", true, SEVERITY_NOTE);
	assert_found("receive-drops", false, SEVERITY_NOTE); /* 10,099 by now */
	grow("TcpExt.TCPBacklogDrop", 1);
	assert_found("receive-drops", true, SEVERITY_WARNING);
	assert_int_equal(cited("receive-drops", true, "dropped"), 100);
	assert_int_equal(cited("receive-drops", true, "pruned_drops"), 39);
}

static void few_drops(void **state)
{
	(void)state;
	grow("TcpExt.TCPRcvQDrop", 0);
	assert_none("receive-drops", true);
	have("TcpExt.RcvPruned", 999);
	now.snapshot.namespaces->counters[0].value = 0;
	assert_none("receive-drops", false);
	now.snapshot.namespaces->counters[0].value = 1;
	assert_found("receive-drops", false, SEVERITY_NOTE);
}

static void retransmissions(void **state)
{
	const char *id = "retransmission-high";
	struct socket *sk = add(&now, 0), *then = add(&before, 0);

	(void)state;
	grow("Tcp.OutSegs", 1000);
	grow("Tcp.RetransSegs", 20);
	then->info.total_retrans = 5;
	sk->info.total_retrans = 20;
	assert_found(id, true, SEVERITY_WARNING);
	assert_int_equal(cited(id, true, "retransmitted_percent"), 2);
	assert_int_equal(cited(id, true, "peer_retransmitted"), 15);
	assert_found(id, false, SEVERITY_NOTE);
	now.snapshot.namespaces->counters[1].value--;
	assert_none(id, true);
	now.snapshot.namespaces->counters[1].value++;
	now.snapshot.namespaces->counters[0].value--;
	assert_none(id, true);
}

static void resets(void **state)
{
	(void)state;
	grow("Tcp.EstabResets", 100);
	grow("Tcp.ActiveOpens", 400);
	grow("Tcp.PassiveOpens", 600);
	grow("TcpExt.TCPAbortOnClose", 70);
	assert_found("resets-high", true, SEVERITY_WARNING);
	assert_int_equal(cited("resets-high", true, "closed_unread"), 70);
	assert_found("resets-high", false, SEVERITY_NOTE);
	now.snapshot.namespaces->counters[2].value++;
	assert_none("resets-high", true);
	now.snapshot.namespaces->counters[2].value--;
	now.snapshot.namespaces->counters[0].value--;
	assert_none("resets-high", true);
}

static void memory(void **state)
{
	const char *id = "tcp-memory-pressure";

	(void)state;
	have("sockstat.TCP.mem", 199);
	now.snapshot.namespaces->sysctls[SYSCTL_tcp_mem] =
		(struct sysctl_value){true, 100, 200, 300};
	assert_none(id, false);
	now.snapshot.namespaces->counters[0].value = 200;
	assert_found(id, false, SEVERITY_WARNING);
	assert_int_equal(cited(id, false, "tcp_pages"), 200);
	now.snapshot.namespaces->counters[0].value = 299;
	assert_found(id, false, SEVERITY_WARNING);
	now.snapshot.namespaces->counters[0].value = 300;
	assert_found(id, false, SEVERITY_CRITICAL);
	/* Outside the initial namespace there is no limit to read. */
	now.snapshot.namespaces->sysctls[SYSCTL_tcp_mem].known = false;
	assert_none(id, false);
}

static void memory_by_counter(void **state)
{
	const char *id = "tcp-memory-pressure";

	(void)state;
	grow("TcpExt.TCPMemoryPressures", 0);
	assert_none(id, true);
	assert_found(id, false, SEVERITY_NOTE);
	now.snapshot.namespaces->counters[0].value++;
	assert_found(id, true, SEVERITY_WARNING);
	assert_int_equal(cited(id, true, "memory_pressures"), 1);
}

/* A host of which no counter and no setting could be read. */
static void nothing_known(void **state)
{
	(void)state;
	add(&now, 0);
	add(&before, 0);
	assert_null(judge("", true));
	assert_int_equal(found.count, 0);
	assert_null(judge("", false));
	assert_int_equal(found.count, 0);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(unanswered),
		TEST(unanswered_without_info),
		TEST(superseded),
		TEST(superseded_by_newer),
		TEST(superseded_on_loopback),
		TEST(idle_for_hours),
		TEST(many_idle),
		TEST(window_closed),
		TEST(not_reading),
		TEST(not_reading_at_a_look),
		TEST(only_small_pass),
		TEST(small_pass_is_no_silence),
		TEST(drops),
		TEST(few_drops),
		TEST(retransmissions),
		TEST(resets),
		TEST(memory),
		TEST(memory_by_counter),
		TEST(nothing_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

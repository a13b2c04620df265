// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The messages between a live view and its collector: each comes out as it went in; cut at every
 * length and with every byte changed it is refused or harmless.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "cli/wire.h"

static struct socket sample_socket(bool info)
{
	struct socket sk;

	memset(&sk, 0, sizeof(sk));
	sk.family = AF_INET6;
	sk.kernel_state = STATE_LISTEN;
	sk.local.port = 443;
	sk.inode = 4711;
	sk.cookie = 99;
	sk.have = HAVE_COOKIE;
	sk.info_len = info ? 200 : 0;
	memcpy(sk.cong, "cubic", 6);
	return sk;
}

static void put_all(struct out *o)
{
	struct process p = {.pid = 812,
			    .ppid = 1,
			    .started = 123456789,
			    .uid = 33,
			    .have_uid = true,
			    .comm = "nginx",
			    .user = "www-data",
			    .exe = "/usr/sbin/nginx",
			    .unit = "nginx.service",
			    .have_vitals = true,
			    .state = 'S',
			    .wait_channel = "ep_poll",
			    .descriptors = 12};
	struct owner holders[] = {{.inode = 4711, .process = 3, .fd = 7},
				  {.inode = 4711, .process = 3, .fd = 8, .via = VIA_THREAD}};
	struct counter counters[] = {{"Tcp.CurrEstab", 5}, {"TcpExt.ListenDrops", 7}};
	struct port_range reserved[] = {{80, 90}};
	struct netns ns = {.id = 4026531840,
			   .counters = counters,
			   .counter_count = 2,
			   .reserved = reserved,
			   .reserved_count = 1,
			   .have_reserved = true};
	struct snapshot about = {.host = "host", .time = {5, 6}, .asked = 7};
	struct live_tick tick = {.took_ms = 3, .interval_ms = 100, .error = -5, .complaint = "no"};
	struct live_finding finding = {"leak", 2, "it leaks", "means: it leaks\n"};
	struct live_outcome outcome = {.deed = 4, .error = -1, .remains = true};
	struct socket plain = sample_socket(false), full = sample_socket(true);

	ns.sysctls[0] = (struct sysctl_value){true, 1, 2, 3};
	about.missing[MISSING_NETLINK] = (struct missing){true, 1, 2, -3};
	wire_begin(o, 1000);
	wire_process(o, 3, &p);
	wire_holders(o, 4711, holders, 2);
	wire_netns(o, 0, &ns);
	wire_interface(o, 2, "eth0");
	wire_socket_unit(o, 4711, "a.socket");
	wire_put(o, 99, &plain);
	wire_put(o, 98, &full);
	wire_gone(o, 98);
	wire_about(o, &about);
	wire_end(o, &tick);
	wire_now(o, 2000);
	wire_findings(o, &finding, 1);
	wire_command(o, 99, "812\0nginx\0", 10);
	wire_outcome(o, &outcome);
	assert_int_equal(o->error, 0);
}

static int apply_all(struct live *l, const struct out *o)
{
	size_t at = 0;

	while (at < o->len) {
		ssize_t n = wire_length(o->data + at, o->len - at);
		int error;

		assert_true(n > 0);
		error = wire_apply(l, o->data + at, (size_t)n);
		if (error)
			return error;
		at += (size_t)n;
	}
	return 0;
}

static void test_all_arrives(void **state)
{
	struct out o = OUT_MEMORY;
	struct live l = {0};
	const struct live_socket *s;
	const struct process *p;
	uint64_t value;

	(void)state;
	put_all(&o);
	assert_int_equal(apply_all(&l, &o), 0);
	assert_int_equal(l.now, 2000);
	assert_int_equal(l.count, 2);
	s = live_find(&l, 99);
	assert_non_null(s);
	assert_string_equal(s->row.socket->cong, "cubic");
	assert_int_equal(s->row.socket->info_len, 0);
	assert_true(live_find(&l, 98)->went);
	assert_true(s->row.socket->owners != OWNER_NONE);
	p = &l.snapshot.owners.processes[l.snapshot.owners.owners[s->row.socket->owners].process];
	assert_int_equal(p->pid, 812);
	assert_int_equal(p->started, 123456789);
	assert_true(p->have_uid && p->have_vitals && !p->exe_deleted);
	assert_string_equal(p->comm, "nginx");
	assert_string_equal(p->user, "www-data");
	assert_null(p->container);
	assert_string_equal(p->wait_channel, "ep_poll");
	assert_true(netns_counter(&l.snapshot.namespaces[0], "TcpExt.ListenDrops", &value));
	assert_int_equal(value, 7);
	assert_int_equal(l.snapshot.namespaces[0].sysctls[0].upper, 2);
	assert_int_equal(l.snapshot.namespaces[0].reserved[0].last, 90);
	assert_string_equal(snapshot_interface(&l.snapshot, 2), "eth0");
	assert_string_equal(snapshot_socket_unit(&l.snapshot, 4711), "a.socket");
	assert_string_equal(l.snapshot.host, "host");
	assert_int_equal(l.snapshot.missing[MISSING_NETLINK].error, -3);
	assert_string_equal(l.tick.complaint, "no");
	assert_int_equal(l.tick.error, -5);
	assert_int_equal(l.finding_count, 1);
	assert_string_equal(l.findings[0].text, "means: it leaks\n");
	assert_memory_equal(l.command, "812\0nginx\0", 10);
	assert_int_equal(l.outcome_count, 1);
	assert_true(l.outcomes[0].remains);
	live_free(&l);
	out_free(&o);
}

/* Its bytes at the end of a block of their own, so that reading on is seen. */
static int apply_copy(struct live *l, const char *message, size_t n, bool to_view)
{
	static struct wanted wanted;
	static struct deed deed;
	char *copy = malloc(n);
	int result = 0;

	assert_non_null(copy);
	memcpy(copy, message, n);
	if (wire_length(copy, n) == (ssize_t)n)
		result = to_view ? wire_apply(l, copy, n) : wire_read(copy, n, &wanted, &deed);
	free(copy);
	return result;
}

/* A message that is cut says so: its length does not fit; with one that does, it lacks something. */
static void cut_everywhere(struct live *l, const char *message, size_t n, bool to_view)
{
	for (size_t cut = 0; cut < n; cut++) {
		char *copy = malloc(n);
		uint32_t len = (uint32_t)cut;

		memcpy(copy, message, n);
		assert_true(wire_length(copy, cut) <= 0);
		memcpy(copy, &len, sizeof(len));
		if (cut >= WIRE_HEAD)
			apply_copy(l, copy, cut, to_view);
		free(copy);
	}
}

static void change_everywhere(struct live *l, const char *message, size_t n, bool to_view)
{
	static const uint8_t values[] = {0, 1, 2, 0x7f, 0x80, 0xff};

	for (size_t at = 0; at < n; at++) {
		for (size_t v = 0; v < sizeof(values); v++) {
			char *copy = malloc(n);

			memcpy(copy, message, n);
			copy[at] = (char)values[v];
			apply_copy(l, copy, n, to_view);
			free(copy);
		}
	}
}

static void each_message(const struct out *o, bool to_view,
			 void (*abuse)(struct live *l, const char *message, size_t n, bool to_view))
{
	for (size_t at = 0; at < o->len;) {
		ssize_t n = wire_length(o->data + at, o->len - at);
		struct live l = {0};

		assert_true(n > 0);
		if (to_view)
			assert_int_equal(apply_all(&l, o), 0);
		abuse(&l, o->data + at, (size_t)n, to_view);
		live_free(&l);
		at += (size_t)n;
	}
}

static void put_wishes(struct out *o)
{
	const uint64_t ids[] = {5, 6, 7};
	struct watch watch = {.interval_ms = 500,
			      .paused = true,
			      .want = WANT_INFO,
			      .findings = true,
			      .width = 80,
			      .ids = ids,
			      .id_count = 3,
			      .command_id = 6};
	struct deed deed = {.number = 9, .kind = DEED_CLOSE, .socket = sample_socket(true)};

	wire_watch(o, &watch);
	wire_hurry(o);
	wire_deed(o, &deed);
	deed = (struct deed){
		.number = 10, .kind = DEED_SIGNAL, .pid = 5, .started = 6, .signal = 15};
	wire_deed(o, &deed);
	assert_int_equal(o->error, 0);
}

static void test_wishes_arrive(void **state)
{
	static struct wanted wanted;
	struct out o = OUT_MEMORY;
	struct deed deed;
	const char *at;

	(void)state;
	put_wishes(&o);
	at = o.data;
	assert_int_equal(wire_read(at, (size_t)wire_length(at, o.len), &wanted, &deed), WIRE_WATCH);
	assert_int_equal(wanted.watch.interval_ms, 500);
	assert_true(wanted.watch.paused && wanted.watch.findings);
	assert_int_equal(wanted.watch.id_count, 3);
	assert_int_equal(wanted.watch.ids[2], 7);
	assert_int_equal(wanted.watch.command_id, 6);
	at += wire_length(at, o.len);
	assert_int_equal(wire_read(at, WIRE_HEAD, &wanted, &deed), WIRE_HURRY);
	at += WIRE_HEAD;
	assert_int_equal(wire_read(at, (size_t)wire_length(at, o.len), &wanted, &deed), WIRE_DEED);
	assert_int_equal(deed.socket.cookie, 99);
	at += wire_length(at, o.len);
	assert_int_equal(wire_read(at, (size_t)wire_length(at, o.len), &wanted, &deed), WIRE_DEED);
	assert_int_equal(deed.kind, DEED_SIGNAL);
	assert_int_equal(deed.started, 6);
	assert_int_equal(deed.signal, 15);
	out_free(&o);
}

static void test_cut(void **state)
{
	struct out o = OUT_MEMORY, wishes = OUT_MEMORY;

	(void)state;
	put_all(&o);
	each_message(&o, true, cut_everywhere);
	put_wishes(&wishes);
	each_message(&wishes, false, cut_everywhere);
	out_free(&o);
	out_free(&wishes);
}

static void test_changed(void **state)
{
	struct out o = OUT_MEMORY, wishes = OUT_MEMORY;

	(void)state;
	put_all(&o);
	each_message(&o, true, change_everywhere);
	put_wishes(&wishes);
	each_message(&wishes, false, change_everywhere);
	out_free(&o);
	out_free(&wishes);
}

static void assert_refused(uint32_t len, uint32_t kind)
{
	const uint32_t head[] = {len, kind};

	assert_int_equal(wire_length(head, sizeof(head)), -EBADMSG);
}

static void test_lengths(void **state)
{
	const uint32_t whole[] = {WIRE_HEAD, WIRE_HURRY}, longer[] = {WIRE_LONGEST, WIRE_PUT};
	static struct wanted wanted;
	struct out o = OUT_MEMORY;
	struct live l = {0};
	struct deed deed;
	uint64_t ids[FEED_LOOKED_AT + 1] = {0};

	(void)state;
	assert_refused(0, WIRE_PUT);
	assert_refused(WIRE_HEAD - 1, WIRE_PUT);
	assert_refused(WIRE_LONGEST + 1, WIRE_PUT);
	assert_refused(UINT32_MAX, WIRE_PUT);
	assert_refused(WIRE_HEAD, WIRE_KINDS);
	assert_int_equal(wire_length(whole, sizeof(whole)), WIRE_HEAD);
	assert_int_equal(wire_length(longer, sizeof(longer)), 0);
	assert_int_equal(wire_apply(&l, whole, sizeof(whole)), -EBADMSG);
	wire_watch(&o, &(struct watch){.ids = ids, .id_count = FEED_LOOKED_AT + 1});
	assert_int_equal(wire_read(o.data, o.len, &wanted, &deed), -EBADMSG);
	o.len = 0;
	wire_watch(&o, &(struct watch){.ids = ids, .id_count = FEED_LOOKED_AT});
	assert_int_equal(wire_read(o.data, o.len, &wanted, &deed), WIRE_WATCH);
	assert_int_equal(wanted.watch.interval_ms, FEED_INTERVAL);
	out_free(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_arrives), cmocka_unit_test(test_wishes_arrive),
		cmocka_unit_test(test_cut),         cmocka_unit_test(test_changed),
		cmocka_unit_test(test_lengths),
	};

	return cmocka_run_group_tests_name("wire", tests, NULL, NULL);
}

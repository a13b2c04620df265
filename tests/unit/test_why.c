// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The pure part of --why: what is in the way, what it does to each attempt, remedies, notes and the
 * answer that follows. That the rules are the kernel's is held by tests/why.test.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <sys/socket.h>

#include "explain/classify.h"
#include "explain/why.h"

enum { PORT = 8080, EPHEMERAL = 40000, INODE = 4711, ME = 0, OTHER = 1000 };
enum { DUAL = 0, V6ONLY = 1, V6UNKNOWN = 2 };
enum { UNREAD = -1 };

struct host {
	struct snapshot snapshot;
	struct netns netns;
	struct port_range reserved;
	struct bind_inquiry inquiry;
	struct socket sk;
	struct row row;
	struct blocker blocker;
};

static struct address address(const char *text, uint8_t *family)
{
	struct address a;
	int f = address_parse(&a, text, strlen(text));

	assert_true(f > 0);
	*family = (uint8_t)f;
	return a;
}

static void ask(struct host *h, const char *text, uint16_t port)
{
	struct bind_case *c = &h->inquiry.cases[h->inquiry.count++];

	c->local.address = address(text, &c->family);
	c->local.port = port;
	c->place = (struct bind_place){.known = true, .low_ports = true};
}

static void set_up(struct host *h, const char *text)
{
	*h = (struct host){.inquiry = {.uid = ME, .live = true}};
	h->snapshot.namespaces = &h->netns;
	h->snapshot.namespace_count = 1;
	h->netns.sysctls[SYSCTL_ip_local_port_range] =
		(struct sysctl_value){.known = true, .value = 32768, .upper = 60999};
	h->netns.sysctls[SYSCTL_ip_unprivileged_port_start] =
		(struct sysctl_value){.known = true, .value = 1024};
	ask(h, text, PORT);
}

static void set_socket(struct host *h, unsigned state, const char *text, int v6only, int reuse)
{
	h->sk = (struct socket){.kernel_state = (uint8_t)state,
				.inode = INODE,
				.uid = ME,
				.owners = OWNER_NONE,
				.have = HAVE_SHUTDOWN | HAVE_TIMER};
	h->sk.local.address = address(text, &h->sk.family);
	h->sk.local.port = h->inquiry.cases[0].local.port;
	if (state != STATE_LISTEN && state != STATE_CLOSED)
		h->sk.peer = (struct endpoint){.address = {{192, 0, 2, 1}}, .port = 50000};
	if (h->sk.family == AF_INET6 && v6only != V6UNKNOWN) {
		h->sk.have |= HAVE_V6ONLY;
		h->sk.v6only = (uint8_t)v6only;
	}
	if (reuse != UNREAD) {
		h->sk.have |= HAVE_REUSE;
		h->sk.reuse = (uint8_t)reuse;
	}
}

static bool blocks(struct host *h)
{
	h->row = (struct row){.snapshot = &h->snapshot, .socket = &h->sk};
	classify(&h->row);
	return why_blocks(&h->inquiry, &h->inquiry.cases[0], &h->row, &h->blocker);
}

static void check(struct host *h, enum blocker_name name, int plain, int reuseaddr, int reuseport)
{
	assert_true(blocks(h));
	assert_string_equal(blocker_kinds[h->blocker.name].id, blocker_kinds[name].id);
	assert_int_equal(h->blocker.blocks.of[BIND_PLAIN], plain);
	assert_int_equal(h->blocker.blocks.of[BIND_REUSEADDR], reuseaddr);
	assert_int_equal(h->blocker.blocks.of[BIND_REUSEPORT], reuseport);
}

static const char *remedy(struct host *h)
{
	return why_remedy(&h->inquiry, &h->inquiry.cases[0], &h->blocker)->id;
}

enum { USED = EADDRINUSE, OPEN = BIND_UNKNOWN, PAST = BIND_WORKS };

static void test_listener(void **state)
{
	struct host h;

	(void)state;
	set_up(&h, "0.0.0.0");
	set_socket(&h, STATE_LISTEN, "0.0.0.0", DUAL, REUSE_ADDRESS);
	check(&h, BLOCKER_LISTENER, USED, USED, USED);
	assert_string_equal(remedy(&h), "find-holder");
	set_socket(&h, STATE_LISTEN, "0.0.0.0", DUAL, REUSE_PORT);
	check(&h, BLOCKER_LISTENER, USED, USED, PAST);
	h.sk.uid = OTHER;
	check(&h, BLOCKER_LISTENER, USED, USED, USED);
	set_socket(&h, STATE_LISTEN, "0.0.0.0", DUAL, UNREAD);
	check(&h, BLOCKER_LISTENER, USED, USED, OPEN);
	h.sk.uid = OTHER;
	check(&h, BLOCKER_LISTENER, USED, USED, USED);
	set_socket(&h, STATE_LISTEN, "::", DUAL, 0);
	check(&h, BLOCKER_DUAL_STACK, USED, USED, USED);
	set_socket(&h, STATE_LISTEN, "::", V6ONLY, 0);
	assert_false(blocks(&h));
	set_socket(&h, STATE_LISTEN, "::", V6UNKNOWN, 0);
	check(&h, BLOCKER_DUAL_STACK, OPEN, OPEN, OPEN);
}

static void test_connections(void **state)
{
	struct host h;

	(void)state;
	set_up(&h, "10.0.0.1");
	set_socket(&h, STATE_ESTABLISHED, "10.0.0.1", DUAL, REUSE_ADDRESS);
	check(&h, BLOCKER_CONNECTION, USED, PAST, USED);
	assert_string_equal(remedy(&h), "set-reuseaddr");
	set_socket(&h, STATE_ESTABLISHED, "::ffff:10.0.0.1", DUAL, 0);
	check(&h, BLOCKER_CONNECTION, USED, USED, USED);
	assert_string_equal(remedy(&h), "find-holder");
	set_socket(&h, STATE_CLOSE_WAIT, "10.0.0.1", DUAL, UNREAD);
	check(&h, BLOCKER_CONNECTION, USED, OPEN, OPEN);
	assert_string_equal(remedy(&h), "set-reuseaddr-or-end");
	set_socket(&h, STATE_ESTABLISHED, "10.0.0.2", DUAL, 0);
	assert_false(blocks(&h));
	set_socket(&h, STATE_SYN_SENT, "10.0.0.1", DUAL, 0);
	check(&h, BLOCKER_OUTGOING, USED, USED, USED);
	assert_string_equal(remedy(&h), "reserve-port");
	set_socket(&h, STATE_CLOSED, "10.0.0.1", DUAL, REUSE_ADDRESS | REUSE_PORT);
	check(&h, BLOCKER_BOUND_ONLY, USED, PAST, PAST);
	set_socket(&h, STATE_ESTABLISHED, "10.0.0.1", DUAL, UNREAD);
	h.sk.inode = 0;
	check(&h, BLOCKER_NOT_ACCEPTED, USED, OPEN, OPEN);
	assert_null(why_pass(&h.inquiry, h.inquiry.cases, &h.blocker));
	set_socket(&h, STATE_SYN_RECEIVED, "10.0.0.1", DUAL, UNREAD);
	h.sk.inode = 0;
	h.sk.have = HAVE_TIMER; /* a handshake in a small structure: its listener has the port */
	assert_false(blocks(&h));
	set_socket(&h, STATE_ESTABLISHED, "10.0.0.1", DUAL, 0);
	h.sk.local.port++;
	assert_false(blocks(&h));
}

static void test_remains(void **state)
{
	struct host h;

	(void)state;
	set_up(&h, "0.0.0.0");
	set_socket(&h, STATE_TIME_WAIT, "10.0.0.1", DUAL, UNREAD);
	h.sk.inode = 0;
	h.sk.uid = OTHER; /* no matter in TIME_WAIT */
	check(&h, BLOCKER_TIME_WAIT, USED, OPEN, OPEN);
	assert_string_equal(remedy(&h), "set-reuseaddr-or-wait");
	h.inquiry.tried = true;
	h.inquiry.cases[0].kernel = (struct bind_answers){{USED, PAST, USED}};
	assert_string_equal(remedy(&h), "set-reuseaddr");
	assert_non_null(strstr(why_pass(&h.inquiry, h.inquiry.cases, &h.blocker), "attempt"));
	h.inquiry.tried = false;
	assert_non_null(
		strstr(why_pass(&h.inquiry, h.inquiry.cases, &h.blocker), "cannot be known"));
	set_socket(&h, STATE_FIN_WAIT_2, "10.0.0.1", DUAL, UNREAD);
	h.sk.inode = 0;
	h.sk.uid = OTHER;
	check(&h, BLOCKER_ORPHAN, USED, OPEN, USED);
	h.sk.timer = TIMER_TIME_WAIT;
	check(&h, BLOCKER_ORPHAN, USED, OPEN, OPEN);
	h.sk.timer = TIMER_NONE;
	h.inquiry.live = false; /* a snapshot does not say whose it was */
	check(&h, BLOCKER_ORPHAN, USED, OPEN, OPEN);
	/* Whether it was IPv6-only cannot be known: then neither can the plain answer. */
	set_socket(&h, STATE_TIME_WAIT, "2001:db8::1", V6UNKNOWN, UNREAD);
	check(&h, BLOCKER_TIME_WAIT, OPEN, OPEN, OPEN);
}

static void test_addresses(void **state)
{
	static const struct {
		const char *asked, *held;
		int v6only;
		bool meet;
	} cases[] = {
		{"::", "0.0.0.0", DUAL, true},
		{"::", "::1", V6ONLY, true},
		{"::", "10.0.0.1", DUAL, true},
		{"::1", "::", V6ONLY, true},
		{"::1", "::1", V6ONLY, true},
		{"::1", "::2", V6ONLY, false},
		{"::1", "0.0.0.0", DUAL, false},
		{"::1", "::ffff:0.0.0.0", DUAL, false},
		{"0.0.0.0", "::1", DUAL, true}, /* so it is: see explain/why.c */
		{"0.0.0.0", "::1", V6ONLY, false},
		{"0.0.0.0", "::ffff:10.0.0.1", DUAL, true},
		{"::ffff:0.0.0.0", "::1", DUAL, false},
		{"::ffff:0.0.0.0", "::", DUAL, true},
		{"::ffff:0.0.0.0", "::", V6ONLY, false},
		{"::ffff:10.0.0.1", "10.0.0.1", DUAL, true},
		{"::ffff:10.0.0.1", "0.0.0.0", DUAL, true},
		{"10.0.0.1", "::ffff:10.0.0.1", DUAL, true},
		{"10.0.0.1", "::ffff:0.0.0.0", DUAL, true},
		{"10.0.0.1", "::", DUAL, true},
		{"10.0.0.1", "::", V6ONLY, false},
		{"127.0.0.6", "::1", DUAL, false},
	};
	struct host h;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		set_up(&h, cases[i].asked);
		set_socket(&h, STATE_CLOSED, cases[i].held, cases[i].v6only, 0);
		if (blocks(&h) != cases[i].meet)
			fail_msg("%s and %s", cases[i].asked, cases[i].held);
	}
}

static void test_interfaces(void **state)
{
	struct host h;

	(void)state;
	set_up(&h, "0.0.0.0");
	set_socket(&h, STATE_CLOSED, "0.0.0.0", DUAL, 0);
	h.sk.interface = 2;
	assert_true(blocks(&h));
	h.inquiry.cases[0].interface = 3;
	assert_false(blocks(&h));
	h.inquiry.cases[0].interface = 2;
	assert_true(blocks(&h));
	h.sk.interface = 0;
	assert_true(blocks(&h));
}

static void test_outgoing(void **state)
{
	struct host h;

	(void)state;
	set_up(&h, "0.0.0.0");
	h.inquiry.cases[0].local.port = EPHEMERAL;
	set_socket(&h, STATE_ESTABLISHED, "10.0.0.1", DUAL, REUSE_ADDRESS);
	check(&h, BLOCKER_OUTGOING, USED, PAST, USED);
	h.netns.sysctls[SYSCTL_ip_local_port_range].known = false;
	check(&h, BLOCKER_CONNECTION, USED, PAST, USED);
}

static void test_refusals(void **state)
{
	struct blocker r[WHY_REFUSALS];
	struct bind_case *c;
	struct host h;

	(void)state;
	set_up(&h, "10.0.0.1");
	c = &h.inquiry.cases[0];
	assert_int_equal(why_refusals(&h.inquiry, c, &h.snapshot, r), 0);
	c->local.port = 80;
	c->place = (struct bind_place){.known = true, .address_error = EADDRNOTAVAIL};
	assert_int_equal(why_refusals(&h.inquiry, c, &h.snapshot, r), 2);
	assert_int_equal(r[0].name, BLOCKER_NOT_LOCAL); /* IPv4 looks at the address first */
	assert_int_equal(r[1].name, BLOCKER_PRIVILEGED);
	assert_int_equal(why_predict(&h.snapshot, r, 2).of[BIND_PLAIN], EADDRNOTAVAIL);
	c->local.address = address("2001:db8::1", &c->family);
	c->place.tentative = true;
	assert_int_equal(why_refusals(&h.inquiry, c, &h.snapshot, r), 2);
	assert_int_equal(r[0].name, BLOCKER_PRIVILEGED);
	assert_int_equal(r[1].name, BLOCKER_TENTATIVE);
	assert_int_equal(why_predict(&h.snapshot, r, 2).of[BIND_REUSEPORT], EACCES);
	c->place = (struct bind_place){.known = true, .socket_error = EAFNOSUPPORT};
	assert_int_equal(why_refusals(&h.inquiry, c, &h.snapshot, r), 2);
	assert_int_equal(r[0].name, BLOCKER_NO_FAMILY);
	/* Of a snapshot's host only the user is known. */
	c->place = (struct bind_place){0};
	assert_int_equal(why_refusals(&h.inquiry, c, &h.snapshot, r), 0);
	h.inquiry.uid = OTHER;
	assert_int_equal(why_refusals(&h.inquiry, c, &h.snapshot, r), 1);
	h.netns.sysctls[SYSCTL_ip_unprivileged_port_start].value = 80;
	assert_int_equal(why_refusals(&h.inquiry, c, &h.snapshot, r), 0);
}

static void test_prediction(void **state)
{
	struct row row = {0};
	struct blocker b[2] = {{.row = &row, .blocks = {{USED, OPEN, PAST}}},
			       {.row = &row, .blocks = {{OPEN, USED, OPEN}}}};
	struct bind_answers all;
	struct host h;

	(void)state;
	set_up(&h, "::");
	for (int i = 0; i < 2; i++) {
		struct blocker first = b[0];

		all = why_predict(&h.snapshot, b, 2);
		assert_int_equal(all.of[BIND_PLAIN], USED);
		assert_int_equal(all.of[BIND_REUSEADDR], USED);
		assert_int_equal(all.of[BIND_REUSEPORT], OPEN);
		b[0] = b[1]; /* the order of sockets is no matter */
		b[1] = first;
	}
	assert_int_equal(why_predict(&h.snapshot, NULL, 0).of[BIND_PLAIN], PAST);
	h.snapshot.missing[MISSING_BOUND].set = true;
	assert_int_equal(why_predict(&h.snapshot, NULL, 0).of[BIND_PLAIN], OPEN);
	assert_int_equal(why_predict(&h.snapshot, b, 2).of[BIND_PLAIN], USED);
}

static void test_unaccounted(void **state)
{
	struct row row = {0};
	struct blocker socket = {.row = &row, .blocks = {{USED, USED, USED}}}, b;
	struct bind_case *c;
	struct host h;

	(void)state;
	set_up(&h, "::");
	c = &h.inquiry.cases[0];
	c->kernel = (struct bind_answers){{USED, USED, PAST}};
	assert_false(why_unaccounted(&h.inquiry, c, NULL, 0, &b)); /* nobody has tried */
	h.inquiry.tried = true;
	assert_true(why_unaccounted(&h.inquiry, c, NULL, 0, &b));
	assert_int_equal(b.name, BLOCKER_UNSEEN);
	assert_int_equal(b.blocks.of[BIND_REUSEPORT], PAST);
	assert_string_equal(why_remedy(&h.inquiry, c, &b)->id, "look-again");
	assert_false(why_unaccounted(&h.inquiry, c, &socket, 1, &b));
	c->kernel.of[BIND_PLAIN] = EACCES; /* by a rule that outweighs the socket */
	assert_true(why_unaccounted(&h.inquiry, c, &socket, 1, &b));
	assert_int_equal(b.name, BLOCKER_REFUSED);
	assert_string_equal(why_remedy(&h.inquiry, c, &b)->id, "check-policy");
	c->kernel.of[BIND_PLAIN] = PAST;
	assert_false(why_unaccounted(&h.inquiry, c, NULL, 0, &b));
}

static void check_notes(struct host *h, const char *wanted)
{
	const struct remedy *note;
	char all[256] = "";
	unsigned i = 0;

	while ((note = why_note(&h->inquiry, &h->snapshot, &i))) {
		strcat(all, note->id);
		strcat(all, " ");
	}
	assert_string_equal(all, wanted);
}

static void test_notes(void **state)
{
	struct host h;

	(void)state;
	set_up(&h, "::");
	check_notes(&h, "not-tried ");
	h.inquiry.tried = true;
	check_notes(&h, "");
	ask(&h, "0.0.0.0", PORT);
	h.inquiry.cases[0].kernel.of[BIND_PLAIN] = USED;
	h.inquiry.cases[0].predicted.of[BIND_PLAIN] = USED;
	check_notes(&h, "dual-stack ");
	h.inquiry.cases[1].kernel.of[BIND_PLAIN] = USED;
	check_notes(&h, "differs ");
	h.inquiry.cases[1].predicted.of[BIND_PLAIN] = OPEN;
	check_notes(&h, "");
	h.inquiry.cases[0].local.port = EPHEMERAL;
	check_notes(&h, "in-ephemeral-range ");
	h.reserved = (struct port_range){EPHEMERAL - 5, EPHEMERAL};
	h.netns.reserved = &h.reserved;
	h.netns.reserved_count = 1;
	check_notes(&h, "reserved ");
	h.snapshot.missing[MISSING_INTERRUPTED].set = true;
	check_notes(&h, "reserved incomplete ");
}

/* Every answer has its line, in both moods. */
static void test_answers(void **state)
{
	static const int answers[] = {PAST, USED, EACCES, EADDRNOTAVAIL, EPERM, OPEN};
	struct bind_inquiry q = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		q.tried = false;
		assert_non_null(strstr(why_answer(&q, answers[i]), "would"));
		q.tried = true;
		assert_null(strstr(why_answer(&q, answers[i]), "would"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_listener),    cmocka_unit_test(test_connections),
		cmocka_unit_test(test_remains),     cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_interfaces),  cmocka_unit_test(test_outgoing),
		cmocka_unit_test(test_refusals),    cmocka_unit_test(test_prediction),
		cmocka_unit_test(test_unaccounted), cmocka_unit_test(test_notes),
		cmocka_unit_test(test_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

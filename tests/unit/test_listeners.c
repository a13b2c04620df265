// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "render/listener_group.h"
#include "render/listeners.h"
#include "util/text.h"

enum { DUAL = 0, V6ONLY = 1, V6UNKNOWN = 2 };

/* A host with a few processes, and the view under test. */
struct host {
	struct snapshot snapshot;
	struct view_options options;
	struct view *view;
	struct out out;
	uint32_t inode;
};

static uint32_t add_process(struct host *h, int32_t pid, const char *comm, const char *user,
			    const char *unit, const char *container)
{
	struct process p = {.pid = pid, .uid = 1000 + (uint32_t)pid, .have_uid = true};

	strncpy(p.comm, comm, sizeof(p.comm) - 1);
	p.user = user ? strdup(user) : NULL;
	p.unit = unit ? strdup(unit) : NULL;
	p.container = container ? strdup(container) : NULL;
	return (uint32_t)owner_table_process(&h->snapshot.owners, &p);
}

static struct socket listener(struct host *h, const char *address, uint16_t port, int v6only)
{
	struct socket sk = {
		.kernel_state = STATE_LISTEN,
		.inode = ++h->inode,
		.send_queue = 128,
		.have = HAVE_QUEUES | HAVE_BACKLOG | HAVE_MEMORY,
		.owners = OWNER_NONE,
	};
	int family = address_parse(&sk.local.address, address, strlen(address));

	assert_true(family > 0);
	sk.family = (uint8_t)family;
	sk.local.port = port;
	if (family == AF_INET6 && v6only != V6UNKNOWN) {
		sk.have |= HAVE_V6ONLY;
		sk.v6only = (uint8_t)v6only;
	}
	return sk;
}

static void hold(struct host *h, struct socket *sk, uint32_t process)
{
	struct owner_table *t = &h->snapshot.owners;

	assert_int_equal(owner_table_add(t, sk->inode, process, 3, VIA_DESCRIPTOR), 0);
	assert_int_equal(owner_table_index(t), 0);
	sk->owners = owner_table_find(t, sk->inode);
}

static void take(struct host *h, const struct socket *sk, enum owner_absence reason)
{
	struct row row = {.snapshot = &h->snapshot, .socket = sk};

	row.verdict.reason = (uint8_t)reason;
	assert_int_equal(h->view->sink.take(&h->view->sink, &row), 0);
}

/* A listener of one process. */
static void take_held(struct host *h, const char *address, uint16_t port, int v6only,
		      uint32_t process)
{
	struct socket sk = listener(h, address, port, v6only);

	hold(h, &sk, process);
	take(h, &sk, OWNER_KNOWN);
}

static int setup(void **state)
{
	struct host *h = calloc(1, sizeof(*h));

	if (!h)
		return -1;
	h->out = (struct out)OUT_MEMORY;
	h->options.style = (struct style){.width = 80};
	h->view = listeners_view();
	if (!h->view)
		return -1;
	h->view->out = &h->out;
	h->view->options = &h->options;
	h->view->snapshot = &h->snapshot;
	snapshot_add_interface(&h->snapshot, 2, "eth0");
	*state = h;
	return 0;
}

static int teardown(void **state)
{
	struct host *h = *state;

	h->view->free(h->view);
	out_free(&h->out);
	snapshot_free(&h->snapshot);
	free(h);
	return 0;
}

/* Compares what the view writes with runs of spaces as one: widths are the grid's own test. */
static void expect(struct host *h, const char *text)
{
	struct out squeezed = OUT_MEMORY;
	const char *p;

	assert_int_equal(h->view->end(h->view), 0);
	p = out_text(&h->out);
	for (bool start = true; *p; p++) {
		if (*p == ' ' && (start || p[1] == ' '))
			continue;
		start = *p == '\n';
		out_char(&squeezed, *p);
	}
	assert_string_equal(out_text(&squeezed), text);
	out_free(&squeezed);
}

static void test_reach(void **state)
{
	struct host *h = *state;
	uint32_t p = add_process(h, 7, "a", "root", NULL, NULL);
	struct socket sk;

	take_held(h, "0.0.0.0", 1, 0, p);
	take_held(h, "::", 2, DUAL, p);
	take_held(h, "::", 3, V6ONLY, p);
	take_held(h, "::", 4, V6UNKNOWN, p);
	take_held(h, "127.8.9.1", 5, 0, p);
	take_held(h, "::1", 6, DUAL, p);
	take_held(h, "::ffff:127.0.0.1", 7, DUAL, p);
	take_held(h, "::ffff:0.0.0.0", 8, DUAL, p);
	take_held(h, "169.254.1.1", 9, 0, p);
	take_held(h, "192.0.2.1", 10, 0, p);
	take_held(h, "2001:db8::1", 11, DUAL, p);
	sk = listener(h, "fe80::1", 12, DUAL);
	sk.interface = 2;
	hold(h, &sk, p);
	take(h, &sk, OWNER_KNOWN);
	sk = listener(h, "0.0.0.0", 13, 0);
	sk.interface = 9;
	hold(h, &sk, p);
	take(h, &sk, OWNER_KNOWN);
	expect(h, "1 0.0.0.0 any-ipv4 0/128 0 a[7] root -\n"
		  "2 [::] any 0/128 0 a[7] root -\n"
		  "3 [::] any-ipv6 0/128 0 a[7] root -\n"
		  "4 [::] any 0/128 0 a[7] root -\n"
		  "5 127.8.9.1 loopback 0/128 0 a[7] root -\n"
		  "6 [::1] loopback 0/128 0 a[7] root -\n"
		  "7 [::ffff:127.0.0.1] loopback 0/128 0 a[7] root -\n"
		  "8 [::ffff:0.0.0.0] any-ipv4 0/128 0 a[7] root -\n"
		  "9 169.254.1.1 link 0/128 0 a[7] root -\n"
		  "10 192.0.2.1 address 0/128 0 a[7] root -\n"
		  "11 [2001:db8::1] address 0/128 0 a[7] root -\n"
		  "12 [fe80::1%eth0] link%eth0 0/128 0 a[7] root -\n"
		  "13 0.0.0.0%9 any-ipv4%9 0/128 0 a[7] root -\n");
	assert_int_equal(h->view->shown, 13);
}

static void test_reuseport_group(void **state)
{
	struct host *h = *state;
	uint32_t root = add_process(h, 900, "nginx", "root", "nginx.service", NULL);
	struct socket sk;

	for (int i = 3; i > 0; i--) {
		uint32_t p = add_process(h, 900 + i, "nginx", "www-data", "nginx.service", NULL);

		sk = listener(h, "0.0.0.0", 443, 0);
		sk.recv_queue = i == 2 ? 5 : 0;
		sk.memory.drops = 10;
		hold(h, &sk, root);
		hold(h, &sk, p);
		take(h, &sk, OWNER_KNOWN);
	}
	/* Another interface is another group. */
	sk = listener(h, "0.0.0.0", 443, 0);
	sk.interface = 2;
	sk.have &= ~(HAVE_MEMORY | HAVE_BACKLOG);
	hold(h, &sk, root);
	take(h, &sk, OWNER_KNOWN);
	expect(h, "443 0.0.0.0 any-ipv4 5/128x3 30 nginx[900,901,902,903] root,www-data "
		  "nginx.service\n"
		  "443 0.0.0.0%eth0 any-ipv4%eth0 0/- - nginx[900] root nginx.service\n");
}

static void test_pair(void **state)
{
	struct host *h = *state;
	uint32_t a = add_process(h, 1, "sshd", "root", "ssh.service", NULL);
	uint32_t a2 = add_process(h, 2, "sshd", "root", "ssh.service", NULL);
	uint32_t b = add_process(h, 3, "other", NULL, NULL, "web");

	/* Joined by name, whatever came between. */
	take_held(h, "::", 22, V6ONLY, a2);
	take_held(h, "10.0.0.1", 22, 0, b);
	take_held(h, "0.0.0.0", 22, 0, a);
	/* Not joined: another program, or [::] takes IPv4 itself. */
	take_held(h, "0.0.0.0", 80, 0, a);
	take_held(h, "::", 80, V6ONLY, b);
	take_held(h, "0.0.0.0", 81, 0, a);
	take_held(h, "::", 81, DUAL, a);
	expect(h, "22 0.0.0.0,[::] any 0/128 0 sshd[1,2] root ssh.service\n"
		  "22 10.0.0.1 address 0/128 0 other[3] 1003 container:web\n"
		  "80 0.0.0.0 any-ipv4 0/128 0 sshd[1] root ssh.service\n"
		  "80 [::] any-ipv6 0/128 0 other[3] 1003 container:web\n"
		  "81 0.0.0.0 any-ipv4 0/128 0 sshd[1] root ssh.service\n"
		  "81 [::] any 0/128 0 sshd[1] root ssh.service\n");
}

static void test_pair_of_groups(void **state)
{
	struct host *h = *state;
	uint32_t p = add_process(h, 1, "a", "root", NULL, NULL);

	for (int i = 0; i < 2; i++) {
		take_held(h, "0.0.0.0", 22, 0, p);
		take_held(h, "::", 22, V6ONLY, p);
	}
	expect(h, "22 0.0.0.0,[::] any 0/128x4 0 a[1] root -\n");
}

static void test_without_process(void **state)
{
	struct host *h = *state;
	uint32_t p = add_process(h, 1, "a", "root", NULL, NULL);
	struct socket sk = listener(h, "0.0.0.0", 22, 0);

	sk.uid = 33;
	take(h, &sk, OWNER_NO_PERMISSION);
	sk = listener(h, "::", 22, V6ONLY);
	sk.uid = 33;
	take(h, &sk, OWNER_NO_PERMISSION);
	/* The same port of another user is not the same service. */
	sk = listener(h, "0.0.0.0", 23, 0);
	sk.uid = 1;
	take(h, &sk, OWNER_NO_PERMISSION);
	sk = listener(h, "::", 23, V6ONLY);
	sk.uid = 2;
	take(h, &sk, OWNER_NO_PERMISSION);
	/* No inode: uid 0 means nothing. */
	sk = listener(h, "0.0.0.0", 24, 0);
	sk.inode = 0;
	take(h, &sk, OWNER_NOT_ASKED);
	/* One member of the group is hidden. */
	sk = listener(h, "0.0.0.0", 25, 0);
	take(h, &sk, OWNER_NO_PERMISSION);
	take_held(h, "0.0.0.0", 25, 0, p);
	expect(h, "22 0.0.0.0,[::] any 0/128 0 (no-permission) 33 -\n"
		  "23 0.0.0.0 any-ipv4 0/128 0 (no-permission) 1 -\n"
		  "23 [::] any-ipv6 0/128 0 (no-permission) 2 -\n"
		  "24 0.0.0.0 any-ipv4 0/128 0 - - -\n"
		  "25 0.0.0.0 any-ipv4 0/128x2 0 a[1],(no-permission) root -\n");
}

static void test_terminal_is_brief(void **state)
{
	struct host *h = *state;
	uint32_t a = add_process(h, 5, "init", "root", "init.scope", NULL);
	uint32_t b = add_process(h, 6, "web", "www", "web.service", NULL);
	uint32_t c = add_process(h, 7, "web", "www", "web.service", NULL);
	struct socket sk = listener(h, "0.0.0.0", 80, 0);

	hold(h, &sk, a);
	hold(h, &sk, b);
	hold(h, &sk, c);
	take(h, &sk, OWNER_KNOWN);
	h->options.style.terminal = true;
	expect(h, "80 0.0.0.0 any-ipv4 0/128 0 init[5],web[6]+1 root+1 init.scope+1\n");
}

static void test_untrusted_text(void **state)
{
	struct host *h = *state;
	uint32_t p = add_process(h, 5, "a b\033[2J\n", "u\tv", "\377.service", NULL);

	take_held(h, "0.0.0.0", 80, 0, p);
	expect(h, "80 0.0.0.0 any-ipv4 0/128 0 a\\x20b\\x1b[2J\\x0a[5] u\\x09v \\xff.service\n");
}

static enum paint paint_of_queue(uint32_t length, uint32_t backlog)
{
	struct socket sk = {.recv_queue = length, .send_queue = backlog, .have = HAVE_BACKLOG};
	struct row row = {.socket = &sk};
	const struct row *rows[] = {&row};
	struct listener_group *groups;
	enum paint paint;
	size_t count;

	assert_int_equal(listeners_group(rows, 1, &groups, &count), 0);
	assert_int_equal(count, 1);
	paint = listener_group_paint(groups);
	free(groups);
	return paint;
}

static void test_queue_paint(void **state)
{
	(void)state;
	assert_int_equal(paint_of_queue(0, 0), PAINT_NONE);
	assert_int_equal(paint_of_queue(1, 0), PAINT_BAD);
	assert_int_equal(paint_of_queue(64, 128), PAINT_NONE);
	assert_int_equal(paint_of_queue(65, 128), PAINT_NOTICE);
	assert_int_equal(paint_of_queue(128, 128), PAINT_NOTICE);
	assert_int_equal(paint_of_queue(129, 128), PAINT_BAD);
}

static void test_others_are_passed_over(void **state)
{
	struct host *h = *state;
	struct socket sk = listener(h, "0.0.0.0", 80, 0);

	sk.kernel_state = STATE_ESTABLISHED;
	take(h, &sk, OWNER_KNOWN);
	expect(h, "");
	assert_int_equal(h->view->shown, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_reach),
		TEST(test_reuseport_group),
		TEST(test_pair),
		TEST(test_pair_of_groups),
		TEST(test_without_process),
		TEST(test_terminal_is_brief),
		TEST(test_untrusted_text),
		TEST(test_others_are_passed_over),
		cmocka_unit_test(test_queue_paint),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	text_set_utf8(true);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

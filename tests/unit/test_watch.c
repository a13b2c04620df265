// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The watcher against a kernel that is made up here: dumps that leave sockets out, and lookups that
 * overlook them or fail. libmnl's calls are answered by this file's own.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collect/watch.h"

enum {
	COOKIE = 4711,
	QUEUE = 4096,
	LOST = -1,  /* answer: the acknowledgement alone */
	OTHER = -2, /* answer: another socket */
	TRIES = 64, /* refreshes after which nothing more is expected */
};

/* Opaque to others; what was asked is answered when it is read. */
struct mnl_socket {
	_Alignas(8) char queue[QUEUE];
	size_t len;
};

/* The kernel: one connection, which dumps and lookups show or not. */
static struct {
	bool dumped;
	int answers[TRIES]; /* to the next lookups: 0, an errno, LOST or OTHER; then 0 */
	unsigned answered, asked;
} kernel;

/* What the sink was told. */
static struct {
	unsigned puts, gone;
} told;

static struct nlmsghdr *answer(struct mnl_socket *nl, const struct nlmsghdr *to, uint16_t type,
			       const void *data, size_t n)
{
	struct nlmsghdr *h = mnl_nlmsg_put_header(nl->queue + nl->len);

	assert_true(nl->len + NLMSG_SPACE(n) <= QUEUE);
	h->nlmsg_type = type;
	h->nlmsg_seq = to->nlmsg_seq;
	memcpy(mnl_nlmsg_put_extra_header(h, n), data, n);
	nl->len += NLMSG_ALIGN(h->nlmsg_len);
	return h;
}

static void answer_socket(struct mnl_socket *nl, const struct nlmsghdr *to, uint32_t cookie)
{
	const struct inet_diag_msg m = {
		.idiag_family = AF_INET,
		.idiag_state = STATE_ESTABLISHED,
		.id = {.idiag_sport = htons(80),
		       .idiag_dport = htons(5000),
		       .idiag_src = {htonl(INADDR_LOOPBACK)},
		       .idiag_dst = {htonl(INADDR_LOOPBACK)},
		       .idiag_cookie = {cookie}},
	};

	answer(nl, to, SOCK_DIAG_BY_FAMILY, &m, sizeof(m));
}

static void answer_status(struct mnl_socket *nl, const struct nlmsghdr *to, uint16_t type,
			  int error)
{
	const struct nlmsgerr e = {.error = -error};

	answer(nl, to, type, &e, type == NLMSG_DONE ? sizeof(e.error) : sizeof(e));
}

static void dump(struct mnl_socket *nl, const struct nlmsghdr *to)
{
	const struct inet_diag_req *req = mnl_nlmsg_get_payload(to);

	if (kernel.dumped && req->idiag_states & STATE_BIT(ESTABLISHED))
		answer_socket(nl, to, COOKIE);
	answer_status(nl, to, NLMSG_DONE, 0);
}

static void look_up(struct mnl_socket *nl, const struct nlmsghdr *to)
{
	int what = kernel.answered < TRIES ? kernel.answers[kernel.answered++] : 0;

	kernel.asked++;
	if (what == 0 || what == OTHER)
		answer_socket(nl, to, what ? COOKIE + 1 : COOKIE);
	answer_status(nl, to, NLMSG_ERROR, what > 0 ? what : 0);
}

struct mnl_socket *mnl_socket_open2(int bus, int flags)
{
	(void)flags;
	assert_int_equal(bus, NETLINK_SOCK_DIAG);
	return calloc(1, sizeof(struct mnl_socket));
}

int mnl_socket_bind(struct mnl_socket *nl, unsigned int groups, pid_t pid)
{
	(void)nl;
	(void)groups;
	(void)pid;
	return 0;
}

int mnl_socket_close(struct mnl_socket *nl)
{
	free(nl);
	return 0;
}

ssize_t mnl_socket_sendto(const struct mnl_socket *nl, const void *req, size_t n)
{
	const struct nlmsghdr *h = req;

	if (h->nlmsg_flags & NLM_F_DUMP)
		dump((struct mnl_socket *)nl, h);
	else
		look_up((struct mnl_socket *)nl, h);
	return (ssize_t)n;
}

ssize_t mnl_socket_recvfrom(const struct mnl_socket *nl, void *buffer, size_t size)
{
	struct mnl_socket *own = (struct mnl_socket *)nl;
	size_t n = own->len;

	assert_true(n > 0 && n <= size);
	memcpy(buffer, own->queue, n);
	own->len = 0;
	return (ssize_t)n;
}

static int on_number(void *ctx, uint64_t number)
{
	(void)ctx;
	(void)number;
	return 0;
}

static int on_process(void *ctx, uint32_t index, const struct process *p)
{
	(void)ctx;
	(void)index;
	(void)p;
	return 0;
}

static int on_holders(void *ctx, uint32_t inode, const struct owner *holders, size_t count)
{
	(void)ctx;
	(void)inode;
	(void)holders;
	(void)count;
	return 0;
}

static int on_netns(void *ctx, uint32_t index, const struct netns *ns)
{
	(void)ctx;
	(void)index;
	(void)ns;
	return 0;
}

static int on_name(void *ctx, uint32_t number, const char *name)
{
	(void)ctx;
	(void)number;
	(void)name;
	return 0;
}

static int on_put(void *ctx, uint64_t id, const struct socket *sk)
{
	(void)ctx;
	(void)sk;
	assert_int_equal(id, COOKIE);
	told.puts++;
	return 0;
}

static int on_gone(void *ctx, uint64_t id)
{
	(void)ctx;
	assert_int_equal(id, COOKIE);
	told.gone++;
	return 0;
}

static int on_about(void *ctx, const struct snapshot *about)
{
	(void)ctx;
	(void)about;
	return 0;
}

static const struct watch_sink sink = {
	.begin = on_number,
	.now = on_number,
	.process = on_process,
	.holders = on_holders,
	.netns = on_netns,
	.interface = on_name,
	.socket_unit = on_name,
	.put = on_put,
	.gone = on_gone,
	.about = on_about,
};

static const struct watch watch = {.interval_ms = 100};

/* A watcher that has met the connection; and a listener, so that there is something to walk. */
struct stage {
	struct watcher *watcher;
	int listener;
};

static void refresh(struct stage *s)
{
	char complaint[160];

	kernel.asked = 0;
	assert_int_equal(watcher_refresh(s->watcher, &watch, complaint), 0);
}

static int set_up(void **state)
{
	static struct stage s;
	struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

	memset(&kernel, 0, sizeof(kernel));
	memset(&told, 0, sizeof(told));
	s.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (s.listener < 0 || bind(s.listener, (struct sockaddr *)&any, sizeof(any)) ||
	    listen(s.listener, 1))
		return -1;
	s.watcher = watcher_new(&sink);
	kernel.dumped = true;
	refresh(&s);
	assert_int_equal(told.puts, 1);
	kernel.dumped = false;
	*state = &s;
	return 0;
}

static int tear_down(void **state)
{
	struct stage *s = *state;

	watcher_free(s->watcher);
	close(s->listener);
	return 0;
}

static void script(const int *answers, size_t count)
{
	memset(kernel.answers, 0, sizeof(kernel.answers));
	memcpy(kernel.answers, answers, count * sizeof(*answers));
	kernel.answered = 0;
}

#define SCRIPT(...) \
	script((const int[]){__VA_ARGS__}, sizeof((const int[]){__VA_ARGS__}) / sizeof(int))

static void a_missed_one_is_asked_for(void **state)
{
	struct stage *s = *state;

	for (int i = 0; i < TRIES; i++) {
		refresh(s);
		assert_int_equal(kernel.asked, 1);
	}
	assert_int_equal(told.gone, 0);
}

static void one_that_is_overlooked_once_stays(void **state)
{
	struct stage *s = *state;

	for (int i = 0; i < TRIES; i++) {
		SCRIPT(i % 2 ? ENOENT : ESTALE, 0);
		refresh(s);
		assert_int_equal(kernel.asked, 2);
	}
	assert_int_equal(told.gone, 0);
}

static void one_that_is_not_there_goes_at_once(void **state)
{
	struct stage *s = *state;

	SCRIPT(ENOENT, ENOENT);
	refresh(s);
	assert_int_equal(told.gone, 1);
	refresh(s);
	assert_int_equal(kernel.asked, 0);
	assert_int_equal(told.gone, 1);
}

static void one_whose_addresses_are_anothers_goes(void **state)
{
	struct stage *s = *state;

	SCRIPT(OTHER, ESTALE);
	refresh(s);
	assert_int_equal(told.gone, 1);
}

/* What cannot be known is no end. */
static void one_whose_lookup_fails_stays(void **state)
{
	static const int errors[] = {ENOMEM, ENOBUFS, EPERM, EINTR, EMSGSIZE, LOST};
	struct stage *s = *state;

	for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++) {
		SCRIPT(errors[i]);
		refresh(s);
		assert_int_equal(told.gone, 0);
	}
	refresh(s);
	assert_int_equal(told.gone, 0);
}

static void one_whose_lookups_always_fail_goes_in_the_end(void **state)
{
	struct stage *s = *state;
	int errors[TRIES], i;

	for (i = 0; i < TRIES; i++)
		errors[i] = EPERM;
	script(errors, TRIES);
	for (i = 0; i < TRIES && !told.gone; i++)
		refresh(s);
	assert_int_equal(told.gone, 1);
	assert_true(i > 5);
}

static void one_that_is_dumped_again_is_not_new(void **state)
{
	struct stage *s = *state;

	SCRIPT(EPERM);
	refresh(s);
	kernel.dumped = true;
	refresh(s);
	assert_int_equal(told.puts, 1);
	assert_int_equal(told.gone, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_missed_one_is_asked_for),
		TEST(one_that_is_overlooked_once_stays),
		TEST(one_that_is_not_there_goes_at_once),
		TEST(one_whose_addresses_are_anothers_goes),
		TEST(one_whose_lookup_fails_stays),
		TEST(one_whose_lookups_always_fail_goes_in_the_end),
		TEST(one_that_is_dumped_again_is_not_new),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

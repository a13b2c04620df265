// SPDX-License-Identifier: GPL-2.0-or-later
// The steps that have to do with a listener and its queue.
#include "steps.h"

#include "util.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <unistd.h>

enum { BACKLOG = 128, SHORT_BACKLOG = 1, DEFER_SECONDS = 3600, FAST_OPEN_QUEUE = 16 };

static void judge_queue(struct expectation *expect)
{
	expect->situation = expect->recv_queue == 0                   ? "listen/ready"
			    : expect->recv_queue > expect->send_queue ? "listen/queue-full"
								      : "listen/clients-waiting";
}

// The accept queue of the listener has grown or shrunk.
static void count_queue(struct making *m, int change)
{
	struct expectation *expect = &m->lab->manifest.rows[m->listener_row].expect;

	expect->recv_queue += change;
	judge_queue(expect);
}

static int listener_socket(struct making *m)
{
	int fd = new_socket(m);

	bind_to(m, fd, &m->local);
	return fd;
}

// Makes a bound socket listen and adds its row.
static void begin_listening(struct making *m, int fd, int backlog)
{
	struct expectation expect = {.state = TCP_LISTEN,
				     .detail = m->kind->protocol ? MPTCP_SUBFLOW : 0,
				     .send_queue = backlog,
				     .timers = TIMER_NONE};

	if (listen(fd, backlog) < 0)
		step_failed(m, "listen");
	judge_queue(&expect);
	add_row(m, &expect, fd);
	m->listener = fd;
	m->listener_row = m->lab->manifest.count - 1;
}

void listen_here(struct making *m)
{
	take_local_port(m);
	begin_listening(m, listener_socket(m), BACKLOG);
}

void listen_short(struct making *m)
{
	take_local_port(m);
	begin_listening(m, listener_socket(m), SHORT_BACKLOG);
}

// A connection becomes one only by its first data.
void listen_deferring(struct making *m)
{
	int fd;

	take_local_port(m);
	fd = listener_socket(m);
	set_option(m, fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, DEFER_SECONDS);
	begin_listening(m, fd, BACKLOG);
}

void listen_fast_open(struct making *m)
{
	int fd;

	take_local_port(m);
	fd = listener_socket(m);
	set_option(m, fd, IPPROTO_TCP, TCP_FASTOPEN, FAST_OPEN_QUEUE);
	begin_listening(m, fd, BACKLOG);
}

static void forget_address(struct making *m)
{
	size_t bytes = m->family->domain == AF_INET ? 4 : 16;

	for (size_t i = 16 - bytes; i < 16; i++)
		m->local.address.s6_addr[i] = 0;
}

void listen_everywhere(struct making *m)
{
	forget_address(m);
	listen_here(m);
}

void listen_everywhere_v6only(struct making *m)
{
	int fd;

	forget_address(m);
	take_local_port(m);
	fd = new_socket(m);
	set_option(m, fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
	bind_to(m, fd, &m->local);
	begin_listening(m, fd, BACKLOG);
}

void listen_as_group(struct making *m)
{
	take_local_port(m);
	for (int i = 0; i < 3; i++) {
		int fd = new_socket(m);

		set_option(m, fd, SOL_SOCKET, SO_REUSEPORT, 1);
		bind_to(m, fd, &m->local);
		begin_listening(m, fd, BACKLOG);
	}
}

static void knock_with(struct making *m, unsigned habits, const char *data)
{
	take_peer_port(m);
	m->with = peer_knock(m->lab->peer, m->local, m->peer, habits, data);
	for (int i = 0; habits & PEER_ACCEPTS && !m->with->open; i++) {
		if (i == 1000) {
			errno = ETIMEDOUT;
			step_failed(m, "no SYN-ACK");
		}
		peer_pump(m->lab->peer, 1);
	}
}

// Under TCP_DEFER_ACCEPT, and as long as the handshake is not over, the client is a request socket
// and not in the accept queue.
void knock(struct making *m)
{
	knock_with(m, m->kind->habits, NULL);
	if (m->with->open && !(m->kind->expect.detail & REQUEST_SOCKET))
		count_queue(m, 1);
}

void knock_with_data(struct making *m)
{
	knock_with(m, m->kind->habits, "hello");
	count_queue(m, 1);
}

void queue_client(struct making *m)
{
	static const struct expectation expect = {.state = TCP_ESTABLISHED,
						  .detail = NOT_ACCEPTED,
						  .situation = "established/not-accepted",
						  .timers = TIMER_NONE,
						  .owner_reason = "accept-queue"};

	knock_with(m, PEER_ACCEPTS | PEER_ACKS, NULL);
	count_queue(m, 1);
	add_row(m, &expect, -1);
}

void accept_it(struct making *m)
{
	for (int i = 0; i < 1000; i++) {
		m->fd = accept4(m->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (m->fd >= 0) {
			count_queue(m, -1);
			return;
		}
		peer_pump(m->lab->peer, 1);
	}
	step_failed(m, "accept");
}

static void swap_ends(struct making *m)
{
	struct end local = m->local;

	m->local = m->peer;
	m->peer = local;
}

// Both ends are real: a client here of the listener here. The server's end is left for the main
// row, the client's gets one of its own.
void connect_to_myself(struct making *m)
{
	struct sockaddr_storage address;
	socklen_t len;
	int client;

	m->peer = m->local;
	take_local_port(m);
	swap_ends(m);
	client = new_socket(m);
	bind_to(m, client, &m->peer);
	len = address_of(m, &m->local, &address);
	if (connect(client, (struct sockaddr *)&address, len) < 0 && errno != EINPROGRESS)
		step_failed(m, "connect");
	count_queue(m, 1);
	accept_it(m);
	swap_ends(m);
	add_row(m, &m->kind->expect, client);
	swap_ends(m);
}

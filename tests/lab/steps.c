// SPDX-License-Identifier: GPL-2.0-or-later
#include "steps.h"

#include "netns.h"
#include "util.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

enum { PATIENCE_MS = 10000, DATA_SIZE = 1000 };

void step_failed(const struct making *m, const char *what)
{
	die(EXIT_LAB, "%s:%s: %s: %s", m->kind->name, m->family->name, what, strerror(errno));
}

socklen_t address_of(const struct making *m, const struct end *end,
		     struct sockaddr_storage *address)
{
	struct sockaddr_in *in = (struct sockaddr_in *)address;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)address;

	memset(address, 0, sizeof(*address));
	if (m->family->domain == AF_INET) {
		in->sin_family = AF_INET;
		in->sin_port = htons(end->port);
		memcpy(&in->sin_addr, &end->address.s6_addr[12], 4);
		return sizeof(*in);
	}
	in6->sin6_family = AF_INET6;
	in6->sin6_port = htons(end->port);
	in6->sin6_addr = end->address;
	if (IN6_IS_ADDR_LINKLOCAL(&end->address))
		in6->sin6_scope_id = netns_device_index();
	return sizeof(*in6);
}

int new_socket(const struct making *m)
{
	int fd = socket(m->family->domain, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
			m->kind->protocol);

	if (fd < 0)
		step_failed(m, "socket");
	return fd;
}

void bind_to(const struct making *m, int fd, const struct end *end)
{
	struct sockaddr_storage address;
	socklen_t len = address_of(m, end, &address);

	if (bind(fd, (struct sockaddr *)&address, len) < 0)
		step_failed(m, "bind");
}

void set_option(const struct making *m, int fd, int level, int option, int value)
{
	if (setsockopt(fd, level, option, &value, sizeof(value)) < 0)
		step_failed(m, "setsockopt");
}

static int state_of(const struct making *m, int fd)
{
	struct tcp_info info;
	socklen_t len = sizeof(info);

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) < 0)
		step_failed(m, "TCP_INFO");
	return info.tcpi_state;
}

// Lets the peer work until the socket is in the state.
static void await_state(const struct making *m, int fd, int state)
{
	int64_t deadline = now_ms() + PATIENCE_MS;
	int seen;

	while ((seen = state_of(m, fd)) != state) {
		if (now_ms() > deadline)
			die(EXIT_LAB, "%s:%s: wanted %s on the way, saw %s", m->kind->name,
			    m->family->name, state_name(state), state_name(seen));
		peer_pump(m->lab->peer, 1);
	}
}

// Begins a connection to the peer, which has the kind's habits.
void dial(struct making *m)
{
	struct sockaddr_storage address;
	socklen_t len;

	take_local_port(m);
	take_peer_port(m);
	m->with = peer_expect(m->lab->peer, m->local, m->peer, m->kind->habits);
	m->fd = new_socket(m);
	bind_to(m, m->fd, &m->local);
	len = address_of(m, &m->peer, &address);
	if (connect(m->fd, (struct sockaddr *)&address, len) < 0 && errno != EINPROGRESS)
		step_failed(m, "connect");
}

void connect_to_peer(struct making *m)
{
	dial(m);
	await_state(m, m->fd, TCP_ESTABLISHED);
}

void dial_refused(struct making *m)
{
	int error = 0;
	socklen_t len = sizeof(error);

	dial(m);
	await_state(m, m->fd, TCP_CLOSE);
	// The program has taken note of the failure.
	if (getsockopt(m->fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
		step_failed(m, "SO_ERROR");
}

void bind_only(struct making *m)
{
	take_local_port(m);
	m->fd = new_socket(m);
	bind_to(m, m->fd, &m->local);
}

void peer_sends(struct making *m)
{
	struct pollfd arrived = {.fd = m->fd, .events = POLLIN};

	peer_send(m->lab->peer, m->with, "hello");
	while (m->fd >= 0 && poll(&arrived, 1, 0) == 0)
		peer_pump(m->lab->peer, 1);
}

void peer_fins(struct making *m)
{
	int before = m->fd < 0 ? TCP_CLOSE : state_of(m, m->fd);

	peer_fin(m->lab->peer, m->with);
	if (before == TCP_ESTABLISHED)
		await_state(m, m->fd, TCP_CLOSE_WAIT);
	else if (before == TCP_FIN_WAIT1)
		await_state(m, m->fd, TCP_CLOSING);
}

void send_data(struct making *m)
{
	char data[DATA_SIZE] = {0};

	if (send(m->fd, data, sizeof(data), MSG_NOSIGNAL) != sizeof(data))
		step_failed(m, "send");
}

// Up to the end of file, if the peer has sent one.
void read_everything(struct making *m)
{
	char data[DATA_SIZE];
	ssize_t got;

	while ((got = recv(m->fd, data, sizeof(data), 0)) > 0)
		;
	if (got < 0 && errno != EAGAIN)
		step_failed(m, "recv");
}

void shut_down(struct making *m)
{
	if (shutdown(m->fd, SHUT_WR) < 0)
		step_failed(m, "shutdown");
}

void close_it(struct making *m)
{
	close(m->fd);
	m->fd = -1;
}

// With the usual patience of two hours.
void keep_alive(struct making *m)
{
	set_option(m, m->fd, SOL_SOCKET, SO_KEEPALIVE, 1);
}

// The first probe comes after a second; the last one so late that no test sees it.
void keep_alive_impatiently(struct making *m)
{
	set_option(m, m->fd, IPPROTO_TCP, TCP_KEEPIDLE, 1);
	set_option(m, m->fd, IPPROTO_TCP, TCP_KEEPINTVL, 120);
	set_option(m, m->fd, IPPROTO_TCP, TCP_KEEPCNT, 100);
	keep_alive(m);
}

void linger_a_minute(struct making *m)
{
	set_option(m, m->fd, IPPROTO_TCP, TCP_LINGER2, 60);
}

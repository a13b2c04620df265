// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/ssh.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "collect/process.h"

enum {
	ANCESTORS = 32,
	ENVIRONMENT_SIZE = 64 * 1024,
	INTERFACE_SIZE = 16, /* IFNAMSIZ */
};

static const char variable[] = "SSH_CONNECTION=";

/* The family, or a negative number. A link-local address has its interface behind it. */
static int read_end(struct endpoint *e, const char *address, unsigned port)
{
	if (!port || port > UINT16_MAX)
		return -1;
	e->port = (uint16_t)port;
	return address_parse(&e->address, address, strcspn(address, "%"));
}

/* What sshd leaves in SSH_CONNECTION: client's address and port, server's address and port. */
static bool parse(struct ssh_connection *c, const char *text)
{
	char client[ADDRESS_TEXT + INTERFACE_SIZE], server[ADDRESS_TEXT + INTERFACE_SIZE];
	unsigned client_port, server_port;

	if (sscanf(text, "%61s %u %61s %u", client, &client_port, server, &server_port) != 4)
		return false;
	c->family = read_end(&c->client, client, client_port);
	return c->family >= 0 && read_end(&c->server, server, server_port) == c->family;
}

/* The variable's value among others, each ended by a NUL; NULL where it is not set. */
static const char *find_variable(const char *environment, size_t n)
{
	const char *at = environment, *end = environment + n;

	while (at < end) {
		if (!strncmp(at, variable, sizeof(variable) - 1))
			return at + sizeof(variable) - 1;
		at += strlen(at) + 1;
	}
	return NULL;
}

static bool read_environment(struct ssh_connection *c, int proc, int32_t pid)
{
	char path[32], *text = malloc(ENVIRONMENT_SIZE);
	const char *value;
	ssize_t n;
	bool found;

	if (!text)
		return false;
	snprintf(path, sizeof(path), "%d/environ", pid);
	n = process_read_text(proc, path, text, ENVIRONMENT_SIZE);
	value = n > 0 ? find_variable(text, (size_t)n) : NULL;
	found = value && parse(c, value);
	free(text);
	return found;
}

static int32_t parent_of(int proc, int32_t pid)
{
	struct process p;
	int32_t parent;

	if (process_read(&p, proc, pid, WANT_OWNERS))
		return 0;
	parent = p.ppid;
	process_clear(&p);
	return parent;
}

bool ssh_connection_find(struct ssh_connection *c)
{
	const char *own = getenv("SSH_CONNECTION");
	int32_t pid = getpid();
	bool found = false;
	int proc;

	if (own && *own)
		return parse(c, own);
	proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (proc < 0)
		return false;
	for (int i = 0; i < ANCESTORS && !found; i++) {
		pid = parent_of(proc, pid);
		if (pid <= 0)
			break;
		found = read_environment(c, proc, pid);
	}
	close(proc);
	return found;
}

static bool is_end(const struct ssh_connection *c, const struct socket *sk,
		   const struct endpoint *end, const struct endpoint *is)
{
	return end->port == is->port &&
	       address_in_prefix(sk->family, &end->address, c->family, &is->address,
				 c->family == AF_INET6 ? 128 : 32);
}

bool ssh_connection_is(const struct ssh_connection *c, const struct socket *sk)
{
	return (is_end(c, sk, &sk->local, &c->server) && is_end(c, sk, &sk->peer, &c->client)) ||
	       (is_end(c, sk, &sk->local, &c->client) && is_end(c, sk, &sk->peer, &c->server));
}

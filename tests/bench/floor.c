// SPDX-License-Identifier: GPL-2.0-or-later
// floor: asks sock_diag for TCP sockets and discards the answer. No tool that lists the same
// sockets through sock_diag in one walk can be faster, so it is what listings are measured against.
//
// One legacy TCPDIAG_GETSOCK request walks the table once for both families. Where the kernel
// refuses it, or with -f, two SOCK_DIAG_BY_FAMILY requests do the same in two walks.

#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define RECEIVE_SIZE (32 * 1024) // a dump's datagram is never larger

struct wanted {
	uint32_t states;
	uint8_t ext;
	int sport; // -1: every port
};

struct seen {
	unsigned long messages;
	unsigned long bytes;
};

struct port_filter {
	struct nlattr attribute;
	struct inet_diag_bc_op op;
	struct inet_diag_bc_op port;
};

struct legacy_request {
	struct nlmsghdr header;
	struct inet_diag_req body;
	struct port_filter filter;
};

struct family_request {
	struct nlmsghdr header;
	struct inet_diag_req_v2 body;
	struct port_filter filter;
};

// Fills in the bytecode "sport == N" and returns the bytes to append: 0 without a port. A jump
// to the end of the program accepts, one four bytes beyond it rejects.
static size_t fill_filter(struct port_filter *f, int sport)
{
	if (sport < 0)
		return 0;
	*f = (struct port_filter){
		.attribute = {.nla_len = sizeof(*f), .nla_type = INET_DIAG_REQ_BYTECODE},
		.op = {.code = INET_DIAG_BC_S_EQ, .yes = 8, .no = 12},
		.port = {.no = (uint16_t)sport},
	};
	return sizeof(*f);
}

static void fill_header(struct nlmsghdr *h, uint16_t type, size_t length)
{
	h->nlmsg_len = (uint32_t)length;
	h->nlmsg_type = type;
	h->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	h->nlmsg_seq = 1;
}

// Looks at the messages of one datagram: 1 the dump is complete, 0 more follows, or a negative errno.
static int walk_messages(const char *data, size_t length, struct seen *seen)
{
	const struct nlmsghdr *h = (const void *)data;

	for (; NLMSG_OK(h, length); h = NLMSG_NEXT(h, length)) {
		if (h->nlmsg_type == NLMSG_DONE || h->nlmsg_type == NLMSG_ERROR) {
			int status = 0;

			if (h->nlmsg_len >= NLMSG_LENGTH(sizeof(status)))
				memcpy(&status, NLMSG_DATA(h), sizeof(status));
			if (status < 0)
				return status;
			return h->nlmsg_type == NLMSG_DONE ? 1 : -EPROTO;
		}
		seen->messages++;
	}
	return 0;
}

static int discard_answer(int fd, struct seen *seen)
{
	static char buffer[RECEIVE_SIZE] __attribute__((aligned(NLMSG_ALIGNTO)));

	for (;;) {
		ssize_t n = recv(fd, buffer, sizeof(buffer), MSG_TRUNC);
		int end;

		if (n < 0) {
			if (errno == EINTR)
				continue;
			return -errno;
		}
		if (n == 0 || (size_t)n > sizeof(buffer))
			return -EMSGSIZE;
		seen->bytes += (unsigned long)n;
		end = walk_messages(buffer, (size_t)n, seen);
		if (end)
			return end < 0 ? end : 0;
	}
}

static int exchange(const void *request, size_t length, struct seen *seen)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	int error;

	if (fd < 0)
		return -errno;
	if (send(fd, request, length, 0) < 0)
		error = -errno;
	else
		error = discard_answer(fd, seen);
	close(fd);
	return error;
}

static int walk_legacy(const struct wanted *w, struct seen *seen)
{
	struct legacy_request q = {
		.body = {.idiag_family = AF_UNSPEC, .idiag_states = w->states, .idiag_ext = w->ext},
	};
	size_t length = NLMSG_LENGTH(sizeof(q.body)) + fill_filter(&q.filter, w->sport);

	fill_header(&q.header, TCPDIAG_GETSOCK, length);
	return exchange(&q, length, seen);
}

static int walk_family(const struct wanted *w, uint8_t family, struct seen *seen)
{
	struct family_request q = {
		.body = {.sdiag_family = family,
			 .sdiag_protocol = IPPROTO_TCP,
			 .idiag_states = w->states,
			 .idiag_ext = w->ext},
	};
	size_t length = NLMSG_LENGTH(sizeof(q.body)) + fill_filter(&q.filter, w->sport);

	fill_header(&q.header, SOCK_DIAG_BY_FAMILY, length);
	return exchange(&q, length, seen);
}

static int walk_families(const struct wanted *w, struct seen *seen)
{
	int error = walk_family(w, AF_INET, seen);

	return error ? error : walk_family(w, AF_INET6, seen);
}

static unsigned long number(const char *text, unsigned long max)
{
	char *end;
	unsigned long value;

	errno = 0;
	value = strtoul(text, &end, 0);
	if (errno || end == text || *end || value > max) {
		fprintf(stderr, "floor: %s: not a number from 0 to %lu\n", text, max);
		exit(2);
	}
	return value;
}

static void usage(void)
{
	fputs("usage: floor [-s STATES] [-e EXT] [-p PORT] [-f] [-v]\n"
	      "  -s  mask of states (0xfff)   -e  mask of attributes, idiag_ext (0; 2 is tcp_info)\n"
	      "  -p  only this local port, by bytecode   -f  by family, in two walks\n"
	      "  -v  print the walk used, messages and bytes\n",
	      stderr);
	exit(2);
}

int main(int argc, char **argv)
{
	struct wanted w = {.states = 0xfff, .sport = -1};
	struct seen seen = {0};
	bool families = false;
	bool verbose = false;
	int error = 0;
	int option;

	while ((option = getopt(argc, argv, "s:e:p:fv")) != -1) {
		switch (option) {
		case 's': w.states = (uint32_t)number(optarg, UINT32_MAX); break;
		case 'e': w.ext = (uint8_t)number(optarg, UINT8_MAX); break;
		case 'p': w.sport = (int)number(optarg, UINT16_MAX); break;
		case 'f': families = true; break;
		case 'v': verbose = true; break;
		default: usage();
		}
	}
	if (optind != argc)
		usage();

	if (!families) {
		error = walk_legacy(&w, &seen);
		families = error && !seen.messages;
	}
	if (families)
		error = walk_families(&w, &seen);
	if (error) {
		fprintf(stderr, "floor: sock_diag: %s\n", strerror(-error));
		return 1;
	}
	if (verbose)
		printf("walk=%s messages=%lu bytes=%lu\n", families ? "families" : "legacy",
		       seen.messages, seen.bytes);
	return 0;
}

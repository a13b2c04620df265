// SPDX-License-Identifier: GPL-2.0-or-later
#include "diag.h"

#include "util.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

// Bits 1 to 12, and 13: bound only (kernel 6.8 and later; older ones ignore it).
enum { EVERY_STATE = (1 << 14) - 2 };

static void read_end(struct end *end, sa_family_t family, const __be32 address[4], __be16 port)
{
	memset(end, 0, sizeof(*end));
	end->port = ntohs(port);
	if (family == AF_INET) {
		end->address.s6_addr[10] = end->address.s6_addr[11] = 0xff;
		memcpy(&end->address.s6_addr[12], address, 4);
	} else {
		memcpy(&end->address, address, 16);
	}
}

static bool has_attribute(const struct nlmsghdr *header, int type)
{
	size_t left = header->nlmsg_len - NLMSG_LENGTH(sizeof(struct inet_diag_msg));
	const struct inet_diag_msg *message = NLMSG_DATA(header);

	for (const struct rtattr *a = (const struct rtattr *)(message + 1); RTA_OK(a, left);
	     a = RTA_NEXT(a, left))
		if (a->rta_type == type)
			return true;
	return false;
}

static void add_found(struct found_list *list, const struct nlmsghdr *header)
{
	const struct inet_diag_msg *message = NLMSG_DATA(header);
	struct found *found;

	list->items = xgrow(list->items, &list->capacity, list->count + 1, sizeof(*list->items));
	found = &list->items[list->count++];
	memset(found, 0, sizeof(*found));
	found->family = message->idiag_family;
	found->state = message->idiag_state;
	read_end(&found->local, message->idiag_family, message->id.idiag_src,
		 message->id.idiag_sport);
	if (message->id.idiag_dport)
		read_end(&found->peer, message->idiag_family, message->id.idiag_dst,
			 message->id.idiag_dport);
	found->interface = message->id.idiag_if;
	found->inode = message->idiag_inode;
	found->recv_queue = message->idiag_rqueue;
	found->send_queue = message->idiag_wqueue;
	found->timer = message->idiag_timer;
	found->retransmits = message->idiag_retrans;
	found->full = has_attribute(header, INET_DIAG_INFO);
}

static void ask(int diag, int family)
{
	struct {
		struct nlmsghdr header;
		struct inet_diag_req_v2 body;
	} request = {
		.header = {.nlmsg_len = sizeof(request),
			   .nlmsg_type = SOCK_DIAG_BY_FAMILY,
			   .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
		.body = {.sdiag_family = (__u8)family,
			 .sdiag_protocol = IPPROTO_TCP,
			 .idiag_ext = 1 << (INET_DIAG_INFO - 1),
			 .idiag_states = EVERY_STATE},
	};

	if (send(diag, &request, sizeof(request), 0) < 0)
		die(EXIT_SKIP, "no sock_diag here: %s", strerror(errno));
}

static void read_answer(int diag, struct found_list *list)
{
	static union {
		struct nlmsghdr header;
		char bytes[32768];
	} buffer;

	for (;;) {
		ssize_t got = recv(diag, &buffer, sizeof(buffer), 0);
		size_t left = got > 0 ? (size_t)got : 0;

		if (got <= 0)
			die(EXIT_LAB, "sock_diag: %s", strerror(errno));
		for (const struct nlmsghdr *h = &buffer.header; NLMSG_OK(h, left);
		     h = NLMSG_NEXT(h, left)) {
			if (h->nlmsg_type == NLMSG_DONE)
				return;
			if (h->nlmsg_type == NLMSG_ERROR)
				die(EXIT_SKIP, "no sock_diag for TCP here: %s",
				    strerror(-((const struct nlmsgerr *)NLMSG_DATA(h))->error));
			add_found(list, h);
		}
	}
}

void diag_dump(struct found_list *list)
{
	int diag = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);

	if (diag < 0)
		die(EXIT_SKIP, "no sock_diag here: %s", strerror(errno));
	list->count = 0;
	ask(diag, AF_INET);
	read_answer(diag, list);
	ask(diag, AF_INET6);
	read_answer(diag, list);
	close(diag);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "act/destroy.h"

#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "collect/diag_decode.h"

/* Of newer headers than some that this builds with. */
#ifndef SOCK_DESTROY
#define SOCK_DESTROY 21
#endif

enum {
	REQUEST_ROOM = 256,
	ANSWER_ROOM = 8192,
	GROUP_TRIES = 2048, /* of a SO_REUSEPORT group's members a try finds one, by hash */
};

int destroy_open(struct destroyer *d)
{
	*d = (struct destroyer){.nl = mnl_socket_open2(NETLINK_SOCK_DIAG, SOCK_CLOEXEC)};
	if (!d->nl || mnl_socket_bind(d->nl, 0, MNL_SOCKET_AUTOPID))
		return -errno;
	return 0;
}

void destroy_close(struct destroyer *d)
{
	if (d->nl)
		mnl_socket_close(d->nl);
	*d = (struct destroyer){0};
}

static void name_socket(struct inet_diag_req_v2 *req, const struct socket *sk, uint16_t peer_port)
{
	size_t len = sk->family == AF_INET6 ? 16 : 4;

	req->sdiag_family = sk->family;
	req->sdiag_protocol = IPPROTO_TCP;
	req->idiag_states = UINT32_MAX;
	req->id.idiag_sport = htons(sk->local.port);
	req->id.idiag_dport = htons(peer_port);
	memcpy(req->id.idiag_src, sk->local.address.bytes, len);
	memcpy(req->id.idiag_dst, sk->peer.address.bytes, len);
	req->id.idiag_if = sk->interface;
	req->id.idiag_cookie[0] = (uint32_t)sk->cookie;
	req->id.idiag_cookie[1] = (uint32_t)(sk->cookie >> 32);
}

/* Reads one datagram of the answer; true once the acknowledgement, or an error, has come. */
static bool take_answer(const char *data, size_t n, uint32_t seq, struct socket *found, int *error)
{
	int left = (int)n;

	for (const struct nlmsghdr *h = (const void *)data; mnl_nlmsg_ok(h, left);
	     h = mnl_nlmsg_next(h, &left)) {
		if (h->nlmsg_seq != seq)
			continue;
		if (h->nlmsg_type == NLMSG_ERROR) {
			const struct nlmsgerr *e = mnl_nlmsg_get_payload(h);

			*error = mnl_nlmsg_get_payload_len(h) < sizeof(e->error) ? -EBADMSG
										 : e->error;
			return true;
		}
		if (found && h->nlmsg_type >= NLMSG_MIN_TYPE && diag_decode(h, found))
			*found = (struct socket){0};
	}
	return false;
}

/* Asks about one socket by its addresses and cookie; 0 or what the kernel says. */
static int ask(struct destroyer *d, uint16_t type, const struct socket *sk, uint16_t peer_port,
	       struct socket *found)
{
	char request[REQUEST_ROOM], answer[ANSWER_ROOM] __attribute__((aligned(8)));
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(request);
	int error = 0;

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	nlh->nlmsg_seq = ++d->seq;
	name_socket(mnl_nlmsg_put_extra_header(nlh, sizeof(struct inet_diag_req_v2)), sk,
		    peer_port);
	if (mnl_socket_sendto(d->nl, nlh, nlh->nlmsg_len) < 0)
		return -errno;
	for (;;) {
		ssize_t n = mnl_socket_recvfrom(d->nl, answer, sizeof(answer));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -EPROTO;
		if (take_answer(answer, (size_t)n, d->seq, found, &error))
			return error;
	}
}

static bool is_there(struct destroyer *d, const struct socket *sk)
{
	struct socket now = {0};

	return !ask(d, SOCK_DIAG_BY_FAMILY, sk, sk->peer.port, &now) && now.cookie == sk->cookie &&
	       now.kernel_state != STATE_CLOSED;
}

int destroy_socket(struct destroyer *d, const struct socket *sk, bool *remains)
{
	uint16_t tries = sk->kernel_state == STATE_LISTEN ? GROUP_TRIES : 1;
	int error = -ENOENT;

	*remains = false;
	/* Which member of a group is found depends on the port that asks; the cookie says if it is it. */
	for (uint16_t i = 0; i < tries && error == -ENOENT; i++)
		error = ask(d, SOCK_DESTROY, sk, (uint16_t)(sk->peer.port + i), NULL);
	if (!error)
		*remains = is_there(d, sk);
	return error;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/diag.h"

#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdlib.h>

#include "collect/diag_decode.h"
#include "collect/halves.h"

enum {
	RECEIVE_SIZE = 32 * 1024, /* the kernel never sends more at once */
	INTERRUPTIONS = 1000,     /* EINTR, ENOBUFS and cut datagrams borne in one walk */
	AHEAD_FROM = 16,          /* datagrams after which a walk is worth a second thread */
};

int diag_open(struct diag *d)
{
	*d = (struct diag){0};
	d->buffer = malloc(RECEIVE_SIZE);
	if (!d->buffer)
		return -ENOMEM;
	d->nl = mnl_socket_open2(NETLINK_SOCK_DIAG, SOCK_CLOEXEC);
	if (!d->nl || mnl_socket_bind(d->nl, 0, MNL_SOCKET_AUTOPID)) {
		int error = -errno;

		diag_close(d);
		return error;
	}
	return 0;
}

void diag_close(struct diag *d)
{
	ahead_close(&d->ahead);
	if (d->nl)
		mnl_socket_close(d->nl);
	free(d->buffer);
	*d = (struct diag){0};
}

struct walk {
	const struct diag_handler *handler;
	uint32_t seq;       /* of the question; answers to earlier ones are passed over */
	int answers;        /* that have not ended */
	int flags;          /* DIAG_* */
	int kernel_error;   /* of NLMSG_ERROR, or carried by NLMSG_DONE */
	int sink_error;     /* of the handler's message() */
	unsigned datagrams; /* of this answer */
	bool rows;
	bool over; /* nothing follows, or nothing more is wanted */
};

/* What NLMSG_DONE and NLMSG_ERROR carry: 0, or a negative errno. */
static int status_of(const struct nlmsghdr *nlh)
{
	int status;

	if (nlh->nlmsg_len < NLMSG_LENGTH(sizeof(status)))
		return nlh->nlmsg_type == NLMSG_DONE ? 0 : -EBADMSG;
	memcpy(&status, NLMSG_DATA(nlh), sizeof(status));
	return status < 0 ? status : 0;
}

/* The message at `at`, or NULL where none fits whole into `left` bytes. */
static const struct nlmsghdr *message_at(const void *at, size_t left)
{
	const struct nlmsghdr *h = at;

	return left >= sizeof(*h) && h->nlmsg_len >= sizeof(*h) && h->nlmsg_len <= left ? h : NULL;
}

/* The message behind `h`, `*left` bytes counting from `h` on. */
static const struct nlmsghdr *message_next(const struct nlmsghdr *h, size_t *left)
{
	size_t step = NLMSG_ALIGN((size_t)h->nlmsg_len);

	if (step >= *left)
		return NULL;
	*left -= step;
	return message_at((const char *)h + step, *left);
}

static bool is_end(const struct nlmsghdr *h)
{
	return h->nlmsg_type == NLMSG_DONE || h->nlmsg_type == NLMSG_ERROR;
}

static void take_message(struct walk *w, const struct nlmsghdr *h)
{
	if (h->nlmsg_seq != w->seq)
		return;
	if (h->nlmsg_flags & NLM_F_DUMP_INTR)
		w->flags |= DIAG_INTERRUPTED;
	if (is_end(h)) {
		if (!w->kernel_error)
			w->kernel_error = status_of(h);
		w->over = !--w->answers;
	} else if (h->nlmsg_type >= NLMSG_MIN_TYPE) {
		w->rows = true;
		w->sink_error = w->handler->message(h, w->handler->ctx);
		w->over = w->sink_error;
	}
}

static void take_datagram(struct walk *w, const void *data, size_t n)
{
	for (const struct nlmsghdr *h = message_at(data, n); h && !w->over; h = message_next(h, &n))
		take_message(w, h);
}

/* ENOSPC is libmnl's word for a datagram that was cut. */
static bool is_interruption(ssize_t received)
{
	return received == -EINTR || received == -ENOBUFS || received == -ENOSPC;
}

/* A question is asked where its answer is received: the kernel begins to walk while it is sent. */
static ssize_t send_question(struct diag *d)
{
	if (d->question && mnl_socket_sendto(d->nl, d->question, d->question->nlmsg_len) < 0)
		return -errno;
	d->question = NULL;
	return 0;
}

static ssize_t receive_datagram(void *ctx, void *buffer, size_t size)
{
	struct diag *d = ctx;
	ssize_t n = send_question(d);

	if (n < 0)
		return n;
	n = mnl_socket_recvfrom(d->nl, buffer, size);
	return n < 0 ? -errno : n;
}

/* Whether the answer ends with this datagram, as take_datagram() will see it. */
static bool is_last_datagram(void *ctx, const void *data, ssize_t received)
{
	const struct diag *d = ctx;
	size_t left = (size_t)received;

	if (received <= 0)
		return !is_interruption(received);
	for (const struct nlmsghdr *h = message_at(data, left); h; h = message_next(h, &left)) {
		if (h->nlmsg_seq == d->seq && is_end(h))
			return true;
	}
	return false;
}

static bool receive_ahead(struct diag *d)
{
	d->source = (struct ahead_source){receive_datagram, is_last_datagram, d, RECEIVE_SIZE};
	return ahead_open(&d->ahead, &d->source, 1);
}

/* With a second thread once the answer has shown to be long. */
static ssize_t next_datagram(struct diag *d, struct walk *w, const void **data)
{
	if (w->datagrams++ == AHEAD_FROM && !d->alone && !ahead_is_open(&d->ahead))
		receive_ahead(d);
	if (ahead_is_open(&d->ahead))
		return ahead_next(&d->ahead, data);
	*data = d->buffer;
	return receive_datagram(d, d->buffer, RECEIVE_SIZE);
}

static int take_answer(struct diag *d, struct walk *w)
{
	int interruptions = 0;

	while (!w->over) {
		const void *data;
		ssize_t n = next_datagram(d, w, &data);

		if (is_interruption(n)) {
			if (n != -EINTR)
				w->flags |= DIAG_OVERRUN;
			if (++interruptions > INTERRUPTIONS)
				return w->flags | DIAG_INTERRUPTED;
			continue;
		}
		if (n <= 0)
			return w->rows ? w->flags | DIAG_INTERRUPTED : n < 0 ? (int)n : -EPROTO;
		if (w->handler->received)
			w->handler->received(w->handler->ctx);
		take_datagram(w, data, (size_t)n);
	}
	if (w->sink_error)
		return w->sink_error;
	if (!w->kernel_error)
		return w->flags;
	return w->rows ? w->flags | DIAG_INTERRUPTED : w->kernel_error;
}

/* Takes the answer to the question last put, or both where `ahead` receives from two. */
static int receive(struct diag *d, struct walk *w, int answers)
{
	int result;

	w->seq = d->seq;
	w->answers = answers;
	w->flags = 0;
	w->kernel_error = 0;
	w->datagrams = 0;
	w->over = false;
	result = take_answer(d, w);
	ahead_close(&d->ahead);
	return result;
}

static void put_bytecode(struct nlmsghdr *nlh, const struct diag_query *q)
{
	if (q->bytecode)
		mnl_attr_put(nlh, INET_DIAG_REQ_BYTECODE, q->bytecode_len, q->bytecode);
}

static struct nlmsghdr *new_question(struct diag *d, uint16_t type, uint16_t flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(d->buffer);

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	nlh->nlmsg_seq = ++d->seq;
	d->question = nlh;
	return nlh;
}

/* Both families in one walk, by the older request. */
static void put_both(struct diag *d, const struct diag_query *q)
{
	struct nlmsghdr *nlh = new_question(d, TCPDIAG_GETSOCK, NLM_F_DUMP);
	struct inet_diag_req *req = mnl_nlmsg_put_extra_header(nlh, sizeof(*req));

	req->idiag_family = AF_UNSPEC;
	req->idiag_ext = (uint8_t)q->attributes;
	req->idiag_states = q->states;
	put_bytecode(nlh, q);
}

static void put_family(struct diag *d, const struct diag_query *q, uint8_t family)
{
	struct nlmsghdr *nlh = new_question(d, SOCK_DIAG_BY_FAMILY, NLM_F_DUMP);
	struct inet_diag_req_v2 *req = mnl_nlmsg_put_extra_header(nlh, sizeof(*req));

	req->sdiag_family = family;
	req->sdiag_protocol = IPPROTO_TCP;
	req->idiag_ext = (uint8_t)q->attributes;
	req->idiag_states = q->states;
	put_bytecode(nlh, q);
}

static int walk_both(struct diag *d, const struct diag_query *q, struct walk *w)
{
	/* diag_begin() may have put the question. */
	if (!ahead_is_open(&d->ahead))
		put_both(d, q);
	return receive(d, w, 1);
}

/*
 * Two questions side by side, each about one half of the sockets; `second` is open. Most of the time
 * goes into what the kernel tells of a socket, so that passing over the other half costs little.
 */
static int walk_both_halves(struct diag *d, struct diag *second, const struct diag_query *q,
			    struct walk *w)
{
	struct inet_diag_bc_op program[HALVES_OPS];
	struct ahead_source sources[] = {
		{receive_datagram, is_last_datagram, d, RECEIVE_SIZE},
		{receive_datagram, is_last_datagram, second, RECEIVE_SIZE},
	};
	struct diag_query half = *q;

	half.bytecode = program;
	half.bytecode_len = sizeof(program);
	halves_program(program, false);
	put_both(d, &half);
	halves_program(program, true);
	second->seq = d->seq - 1; /* so that both questions have the same */
	put_both(second, &half);
	if (!ahead_open(&d->ahead, sources, 2))
		return -EAGAIN;
	return receive(d, w, 2);
}

static int walk_halves(struct diag *d, const struct diag_query *q, struct walk *w)
{
	struct diag second;
	int result = diag_open(&second);

	if (result)
		return result;
	result = walk_both_halves(d, &second, q, w);
	diag_close(&second);
	return result;
}

static int walk_family(struct diag *d, const struct diag_query *q, uint8_t family, struct walk *w)
{
	put_family(d, q, family);
	return receive(d, w, 1);
}

bool diag_begin(struct diag *d, const struct diag_query *q)
{
	if (q->families != FAMILY_BOTH)
		return false;
	put_both(d, q);
	return receive_ahead(d);
}

int diag_walk(struct diag *d, const struct diag_query *q, const struct diag_handler *handler)
{
	struct walk w = {.handler = handler};
	int result = 0, first;

	if (q->families == FAMILY_BOTH && q->halves && !q->bytecode && !d->alone) {
		result = walk_halves(d, q, &w);
		if (result >= 0 || w.rows || w.sink_error)
			return result;
	}
	if (q->families == FAMILY_BOTH) {
		result = walk_both(d, q, &w);
		if (result >= 0 || w.rows || w.sink_error)
			return result;
	}
	first = q->families & FAMILY_INET ? walk_family(d, q, AF_INET, &w) : 0;
	if (first < 0 && (w.rows || w.sink_error || !(q->families & FAMILY_INET6)))
		return first;
	result = q->families & FAMILY_INET6 ? walk_family(d, q, AF_INET6, &w) : 0;
	if (first < 0 && result < 0)
		return first;
	if (result < 0 && w.sink_error)
		return result;
	if (first < 0 || result < 0)
		return DIAG_FAMILY | (first < 0 ? result : first);
	return first | result;
}

struct lookup {
	const struct socket *wanted;
	struct socket *now;
	int error; /* while none has answered: the answer was lost */
};

static int on_lookup(const struct nlmsghdr *nlh, void *ctx)
{
	struct lookup *l = ctx;

	if (diag_decode(nlh, l->now))
		l->error = -EBADMSG;
	else
		l->error = l->now->cookie == l->wanted->cookie ? 0 : -ENOENT;
	return 0;
}

/* ESTALE: another socket has these addresses now. */
static int lookup_error(int result, const struct lookup *l)
{
	if (result == -ESTALE)
		return -ENOENT;
	return result < 0 ? result : l->error;
}

/* A single answer comes with no NLMSG_DONE behind it: the acknowledgement ends it. */
int diag_get(struct diag *d, const struct socket *sk, uint32_t attributes, struct socket *now)
{
	struct nlmsghdr *nlh = new_question(d, SOCK_DIAG_BY_FAMILY, NLM_F_ACK);
	struct inet_diag_req_v2 *req = mnl_nlmsg_put_extra_header(nlh, sizeof(*req));
	struct lookup l = {.wanted = sk, .now = now, .error = -ENOBUFS};
	struct diag_handler handler = {.message = on_lookup, .ctx = &l};
	struct walk w = {.handler = &handler};
	size_t len = sk->family == AF_INET6 ? 16 : 4;

	req->sdiag_family = sk->family;
	req->sdiag_protocol = IPPROTO_TCP;
	req->idiag_ext = (uint8_t)attributes;
	req->idiag_states = UINT32_MAX;
	req->id.idiag_sport = htons(sk->local.port);
	req->id.idiag_dport = htons(sk->peer.port);
	memcpy(req->id.idiag_src, sk->local.address.bytes, len);
	memcpy(req->id.idiag_dst, sk->peer.address.bytes, len);
	req->id.idiag_if = sk->interface;
	req->id.idiag_cookie[0] = (uint32_t)sk->cookie;
	req->id.idiag_cookie[1] = (uint32_t)(sk->cookie >> 32);
	return lookup_error(receive(d, &w, 1), &l);
}

bool diag_still_there(struct diag *d, const struct socket *sk)
{
	struct socket now;

	return !diag_get(d, sk, 0, &now) && now.inode == sk->inode &&
	       now.kernel_state == sk->kernel_state;
}

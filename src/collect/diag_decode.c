// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/diag_decode.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <sys/socket.h>

/* Of newer headers than some that this builds with (linux/inet_diag.h). */
enum {
	ATTR_BBRINFO = 16,
	ATTR_CLASS_ID = 17,
	ATTR_MD5SIG = 18,
	ATTR_ULP_INFO = 19,
	ATTR_SK_BPF_STORAGES = 20,
	ATTR_CGROUP_ID = 21,
	ATTR_SOCKOPT = 22,
	ULP_NAME = 1, /* INET_ULP_INFO_NAME */
	ULP_MPTCP = 3,
};

static size_t at_most(size_t n, size_t limit)
{
	return n < limit ? n : limit;
}

/* Copies a fixed-size payload; 0 where the attribute is too short for it, else the flag. */
static uint32_t fixed(void *to, size_t size, const void *payload, size_t len, uint32_t flag)
{
	if (len < size)
		return 0;
	memcpy(to, payload, size);
	return flag;
}

static uint32_t name(char *to, size_t size, const void *payload, size_t len, uint32_t flag)
{
	size_t n = strnlen(payload, at_most(len, size - 1));

	if (!n)
		return 0;
	memcpy(to, payload, n);
	to[n] = '\0';
	return flag;
}

/* The attribute at `at`, or NULL where none fits whole into `len` bytes. */
static const struct nlattr *attr_at(const void *at, size_t len)
{
	const struct nlattr *a = at;

	return len >= sizeof(*a) && a->nla_len >= sizeof(*a) && a->nla_len <= len ? a : NULL;
}

/* The attribute behind `a`, `*left` bytes counting from `a` on. */
static const struct nlattr *attr_next(const struct nlattr *a, size_t *left)
{
	size_t step = NLA_ALIGN(a->nla_len);

	if (step >= *left)
		return NULL;
	*left -= step;
	return attr_at((const char *)a + step, *left);
}

static const void *attr_payload(const struct nlattr *a)
{
	return (const char *)a + NLA_HDRLEN;
}

static size_t attr_len(const struct nlattr *a)
{
	return a->nla_len - NLA_HDRLEN;
}

static uint16_t attr_type(const struct nlattr *a)
{
	return a->nla_type & NLA_TYPE_MASK;
}

static uint32_t decode_ulp(struct socket *sk, const void *payload, size_t len)
{
	uint32_t have = 0;

	for (const struct nlattr *a = attr_at(payload, len); a; a = attr_next(a, &len)) {
		const void *inner = attr_payload(a);

		if (attr_type(a) == ULP_NAME)
			have |= name(sk->ulp, sizeof(sk->ulp), inner, attr_len(a), HAVE_ULP);
		if (attr_type(a) == ULP_MPTCP)
			have |= HAVE_MPTCP;
	}
	return have & HAVE_ULP && !strcmp(sk->ulp, "mptcp") ? have | HAVE_MPTCP : have;
}

/* One member of struct cong_info, where the payload is long enough for it. */
static uint32_t decode_cong(struct socket *sk, int kind, void *member, size_t size,
			    const void *payload, size_t len)
{
	if (len >= size)
		sk->cong_info.kind = kind;
	return fixed(member, size, payload, len, HAVE_CONG_INFO);
}

static uint32_t decode_bbr(struct socket *sk, const void *payload, size_t len)
{
	struct tcp_bbr_info bbr;

	if (!fixed(&bbr, sizeof(bbr), payload, len, HAVE_CONG_INFO))
		return 0;
	sk->cong_info.kind = CONG_INFO_BBR;
	sk->cong_info.bbr.bandwidth = (uint64_t)bbr.bbr_bw_hi << 32 | bbr.bbr_bw_lo;
	sk->cong_info.bbr.min_rtt = bbr.bbr_min_rtt;
	sk->cong_info.bbr.pacing_gain = bbr.bbr_pacing_gain;
	sk->cong_info.bbr.cwnd_gain = bbr.bbr_cwnd_gain;
	return HAVE_CONG_INFO;
}

/* Returns the HAVE_ flags of what the attribute brought. */
static inline uint32_t decode_attribute(struct socket *sk, const struct nlattr *a)
{
	const void *payload = attr_payload(a);
	size_t len = attr_len(a);
	uint16_t type = attr_type(a);

	switch (type) {
	case INET_DIAG_INFO:
		sk->info_len = (uint16_t)at_most(len, sizeof(sk->info));
		memcpy(&sk->info, payload, sk->info_len);
		return 0;
	case INET_DIAG_SKMEMINFO:
		return fixed(&sk->memory, sizeof(sk->memory), payload, len, HAVE_MEMORY);
	case INET_DIAG_CONG: return name(sk->cong, sizeof(sk->cong), payload, len, HAVE_CONG);
	case INET_DIAG_TOS: return fixed(&sk->tos, sizeof(sk->tos), payload, len, HAVE_TOS);
	case INET_DIAG_TCLASS:
		return fixed(&sk->tclass, sizeof(sk->tclass), payload, len, HAVE_TCLASS);
	case INET_DIAG_SHUTDOWN:
		return fixed(&sk->shutdown, sizeof(sk->shutdown), payload, len, HAVE_SHUTDOWN);
	case INET_DIAG_SKV6ONLY:
		return fixed(&sk->v6only, sizeof(sk->v6only), payload, len, HAVE_V6ONLY);
	case INET_DIAG_PROTOCOL:
		return fixed(&sk->protocol, sizeof(sk->protocol), payload, len, HAVE_PROTOCOL);
	case INET_DIAG_MARK: return fixed(&sk->mark, sizeof(sk->mark), payload, len, HAVE_MARK);
	case ATTR_CLASS_ID:
		return fixed(&sk->class_id, sizeof(sk->class_id), payload, len, HAVE_CLASS_ID);
	case ATTR_CGROUP_ID:
		return fixed(&sk->cgroup, sizeof(sk->cgroup), payload, len, HAVE_CGROUP);
	case ATTR_SOCKOPT:
		return fixed(&sk->sockopt, sizeof(sk->sockopt), payload, len, HAVE_SOCKOPT);
	case INET_DIAG_VEGASINFO:
		return decode_cong(sk, CONG_INFO_VEGAS, &sk->cong_info.vegas,
				   sizeof(sk->cong_info.vegas), payload, len);
	case INET_DIAG_DCTCPINFO:
		return decode_cong(sk, CONG_INFO_DCTCP, &sk->cong_info.dctcp,
				   sizeof(sk->cong_info.dctcp), payload, len);
	case ATTR_BBRINFO: return decode_bbr(sk, payload, len);
	case ATTR_ULP_INFO: return decode_ulp(sk, payload, len);
	case ATTR_MD5SIG: return HAVE_MD5;
	case INET_DIAG_NONE:
	case INET_DIAG_MEMINFO:
	case INET_DIAG_LOCALS:
	case INET_DIAG_PEERS:
	case INET_DIAG_PAD:
	case ATTR_SK_BPF_STORAGES: return 0;
	default: sk->unknown_attributes |= 1ULL << at_most(type, 63); return 0;
	}
}

static void decode_end(struct endpoint *e, int family, const void *address, uint16_t port)
{
	memcpy(e->address.bytes, address, sizeof(e->address.bytes));
	if (family == AF_INET)
		memset(e->address.bytes + 4, 0, sizeof(e->address.bytes) - 4);
	e->port = ntohs(port);
}

/* Two numbers of the kernel's own (include/net/tcp_states.h) stand for states of the RFC. */
static uint8_t known_state(uint8_t number)
{
	enum { NEW_SYN_RECV = 12, BOUND_INACTIVE = 13 };

	if (number == NEW_SYN_RECV)
		return STATE_SYN_RECEIVED;
	return number == BOUND_INACTIVE ? STATE_CLOSED : number;
}

/* All that the message itself holds; what attributes bring is absent. */
static void decode_message(struct socket *sk, const struct inet_diag_msg *m)
{
	sk->family = m->idiag_family;
	sk->kernel_state = known_state(m->idiag_state);
	sk->timer = m->idiag_timer;
	/* Of a timer that is not armed nothing is said. */
	sk->retrans = sk->timer ? m->idiag_retrans : 0;
	sk->expires = sk->timer ? m->idiag_expires : 0;
	decode_end(&sk->local, sk->family, m->id.idiag_src, m->id.idiag_sport);
	decode_end(&sk->peer, sk->family, m->id.idiag_dst, m->id.idiag_dport);
	sk->interface = m->id.idiag_if;
	sk->recv_queue = m->idiag_rqueue;
	sk->send_queue = m->idiag_wqueue;
	sk->uid = m->idiag_uid;
	sk->inode = m->idiag_inode;
	sk->cookie = (uint64_t)m->id.idiag_cookie[1] << 32 | m->id.idiag_cookie[0];
	sk->netns = 0;
	sk->owners = OWNER_NONE;
	sk->absence = OWNER_NOT_ASKED;
	memset(&sk->shutdown, 0, offsetof(struct socket, cong) - offsetof(struct socket, shutdown));
	sk->info_len = 0;
}

int diag_decode(const struct nlmsghdr *nlh, struct socket *sk)
{
	const struct inet_diag_msg *m = NLMSG_DATA(nlh);
	uint32_t have = HAVE_COOKIE | HAVE_QUEUES | HAVE_TIMER | HAVE_BACKLOG;
	size_t left = nlh->nlmsg_len;

	if (left < NLMSG_LENGTH(sizeof(*m)))
		return -EBADMSG;
	if (m->idiag_family != AF_INET && m->idiag_family != AF_INET6)
		return -EBADMSG;
	decode_message(sk, m);
	left -= NLMSG_LENGTH(sizeof(*m));
	for (const struct nlattr *a = attr_at(m + 1, left); a; a = attr_next(a, &left))
		have |= decode_attribute(sk, a);
	sk->have = have;
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Messages of sock_diag as bytes that end where the memory ends: whole, cut at every length, with
 * attributes of every length and lengths that lie.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "collect/diag_decode.h"

#ifndef __has_feature
#define __has_feature(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(p, n)   ((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#endif

/* The wire's own numbers, linux/inet_diag.h, whatever headers this is built with. */
enum {
	A_MEMINFO = 1,
	A_INFO = 2,
	A_VEGASINFO = 3,
	A_CONG = 4,
	A_TOS = 5,
	A_TCLASS = 6,
	A_SKMEMINFO = 7,
	A_SHUTDOWN = 8,
	A_DCTCPINFO = 9,
	A_PROTOCOL = 10,
	A_SKV6ONLY = 11,
	A_LOCALS = 12,
	A_PEERS = 13,
	A_PAD = 14,
	A_MARK = 15,
	A_BBRINFO = 16,
	A_CLASS_ID = 17,
	A_MD5SIG = 18,
	A_ULP_INFO = 19,
	A_SK_BPF_STORAGES = 20,
	A_CGROUP_ID = 21,
	A_SOCKOPT = 22,
	FIRST_UNKNOWN = 23,
	HEAD = 16 + 72, /* nlmsghdr and inet_diag_msg */
	BASIC = HAVE_COOKIE | HAVE_QUEUES | HAVE_TIMER | HAVE_BACKLOG,
	MOST = 2048, /* bytes of a message here */
	INFO_NEW = 400,
};

/* ---- messages */

struct message {
	_Alignas(8) uint8_t bytes[MOST];
	size_t len;
	size_t start[24], end[24]; /* of each attribute, padding not counted */
	size_t count;
};

static void set_length(struct message *m)
{
	uint32_t len = (uint32_t)m->len;

	memcpy(m->bytes, &len, sizeof(len));
}

static struct message begin(const struct inet_diag_msg *head)
{
	struct nlmsghdr nlh = {.nlmsg_type = 20, .nlmsg_flags = NLM_F_MULTI, .nlmsg_seq = 1};
	struct message m = {.len = HEAD};

	memcpy(m.bytes, &nlh, sizeof(nlh));
	memcpy(m.bytes + sizeof(nlh), head, sizeof(*head));
	set_length(&m);
	return m;
}

static void put(struct message *m, uint16_t type, const void *payload, size_t n)
{
	struct nlattr a = {.nla_len = (uint16_t)(NLA_HDRLEN + n), .nla_type = type};

	assert_true(m->len + NLA_HDRLEN + NLA_ALIGN(n) <= MOST);
	m->start[m->count] = m->len;
	memcpy(m->bytes + m->len, &a, sizeof(a));
	if (n)
		memcpy(m->bytes + m->len + NLA_HDRLEN, payload, n);
	m->end[m->count++] = m->len + NLA_HDRLEN + n;
	m->len += NLA_HDRLEN + NLA_ALIGN(n);
	set_length(m);
}

static void put_u8(struct message *m, uint16_t type, uint8_t v)
{
	put(m, type, &v, sizeof(v));
}

static void put_u32(struct message *m, uint16_t type, uint32_t v)
{
	put(m, type, &v, sizeof(v));
}

/* ---- memory that ends */

static uint8_t *edge; /* the first byte that cannot be touched */

static int make_edge(void **state)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	uint8_t *two =
		mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)state;
	if (two == MAP_FAILED || mprotect(two + page, page, PROT_NONE))
		return -1;
	edge = two + page;
	return 0;
}

/*
 * Decodes `n` bytes whose first is as aligned as the kernel's are. They end at the edge, but for up
 * to three bytes of `slack` where n is no multiple of four.
 */
static int decode_at_edge(const uint8_t *bytes, size_t n, uint8_t slack, struct socket *sk)
{
	size_t room = (n + 3) & ~(size_t)3;
	uint8_t *at = edge - room;
	int result;

	memset(at, slack, room);
	memcpy(at, bytes, n);
	memset(sk, 0xa5, sizeof(*sk));
	ASAN_POISON_MEMORY_REGION(at + n, room - n);
	result = diag_decode((const struct nlmsghdr *)at, sk);
	ASAN_UNPOISON_MEMORY_REGION(at + n, room - n);
	return result;
}

/* What holds of a socket whatever the bytes were. */
static void assert_sane(const struct socket *sk)
{
	assert_true(sk->family == AF_INET || sk->family == AF_INET6);
	assert_int_equal(sk->have & BASIC, BASIC);
	assert_int_equal(sk->have & ~(HAVE_BACKLOG * 2 - 1), 0);
	assert_int_equal(sk->owners, OWNER_NONE);
	assert_int_equal(sk->absence, OWNER_NOT_ASKED);
	assert_int_equal(sk->netns, 0);
	assert_true(sk->info_len <= sizeof(sk->info));
	if (sk->have & HAVE_CONG)
		assert_in_range(strnlen(sk->cong, sizeof(sk->cong)), 1, sizeof(sk->cong) - 1);
	if (sk->have & HAVE_ULP)
		assert_in_range(strnlen(sk->ulp, sizeof(sk->ulp)), 1, sizeof(sk->ulp) - 1);
	if (sk->have & HAVE_CONG_INFO)
		assert_in_range(sk->cong_info.kind, CONG_INFO_BBR, CONG_INFO_DCTCP);
}

/*
 * Decodes a message cut to `n` bytes. The result must not depend on what follows: neither on the
 * slack, nor on the rest of the message where that still stands behind.
 */
static int decode_cut(const struct message *m, size_t n, struct socket *sk)
{
	struct socket other;
	uint8_t bytes[MOST];
	uint32_t len = (uint32_t)n;
	size_t least = n < sizeof(len) ? sizeof(len) : n;
	int result;

	memcpy(bytes, m->bytes, m->len);
	memcpy(bytes, &len, sizeof(len));
	result = decode_at_edge(bytes, least, 0x00, sk);
	assert_int_equal(decode_at_edge(bytes, least, 0xff, &other), result);
	assert_memory_equal(sk, &other, sizeof(*sk));
	assert_int_equal(decode_at_edge(bytes, m->len, 0, &other), result);
	assert_memory_equal(sk, &other, sizeof(*sk));
	if (!result)
		assert_sane(sk);
	return result;
}

static struct socket decode(const struct message *m)
{
	struct socket sk;

	assert_int_equal(decode_cut(m, m->len, &sk), 0);
	return sk;
}

/* ---- what a kernel sends */

/* struct tcp_info on the wire, linux/tcp.h: MEMBER(name, offset, bytes). */
#define MEMBERS                              \
	MEMBER(state, 0, 1)                  \
	MEMBER(ca_state, 1, 1)               \
	MEMBER(retransmits, 2, 1)            \
	MEMBER(probes, 3, 1)                 \
	MEMBER(backoff, 4, 1)                \
	MEMBER(options, 5, 1)                \
	MEMBER(wscales, 6, 1)                \
	MEMBER(flags, 7, 1)                  \
	MEMBER(rto, 8, 4)                    \
	MEMBER(ato, 12, 4)                   \
	MEMBER(snd_mss, 16, 4)               \
	MEMBER(rcv_mss, 20, 4)               \
	MEMBER(unacked, 24, 4)               \
	MEMBER(sacked, 28, 4)                \
	MEMBER(lost, 32, 4)                  \
	MEMBER(retrans, 36, 4)               \
	MEMBER(fackets, 40, 4)               \
	MEMBER(last_data_sent, 44, 4)        \
	MEMBER(last_ack_sent, 48, 4)         \
	MEMBER(last_data_recv, 52, 4)        \
	MEMBER(last_ack_recv, 56, 4)         \
	MEMBER(pmtu, 60, 4)                  \
	MEMBER(rcv_ssthresh, 64, 4)          \
	MEMBER(rtt, 68, 4)                   \
	MEMBER(rttvar, 72, 4)                \
	MEMBER(snd_ssthresh, 76, 4)          \
	MEMBER(snd_cwnd, 80, 4)              \
	MEMBER(advmss, 84, 4)                \
	MEMBER(reordering, 88, 4)            \
	MEMBER(rcv_rtt, 92, 4)               \
	MEMBER(rcv_space, 96, 4)             \
	MEMBER(total_retrans, 100, 4)        \
	MEMBER(pacing_rate, 104, 8)          \
	MEMBER(max_pacing_rate, 112, 8)      \
	MEMBER(bytes_acked, 120, 8)          \
	MEMBER(bytes_received, 128, 8)       \
	MEMBER(segs_out, 136, 4)             \
	MEMBER(segs_in, 140, 4)              \
	MEMBER(notsent_bytes, 144, 4)        \
	MEMBER(min_rtt, 148, 4)              \
	MEMBER(data_segs_in, 152, 4)         \
	MEMBER(data_segs_out, 156, 4)        \
	MEMBER(delivery_rate, 160, 8)        \
	MEMBER(busy_time, 168, 8)            \
	MEMBER(rwnd_limited, 176, 8)         \
	MEMBER(sndbuf_limited, 184, 8)       \
	MEMBER(delivered, 192, 4)            \
	MEMBER(delivered_ce, 196, 4)         \
	MEMBER(bytes_sent, 200, 8)           \
	MEMBER(bytes_retrans, 208, 8)        \
	MEMBER(dsack_dups, 216, 4)           \
	MEMBER(reord_seen, 220, 4)           \
	MEMBER(rcv_ooopack, 224, 4)          \
	MEMBER(snd_wnd, 228, 4)              \
	MEMBER(rcv_wnd, 232, 4)              \
	MEMBER(rehash, 236, 4)               \
	MEMBER(total_rto, 240, 2)            \
	MEMBER(total_rto_recoveries, 242, 2) \
	MEMBER(total_rto_time, 244, 4)       \
	MEMBER(received_ce, 248, 4)          \
	MEMBER(delivered_e1_bytes, 252, 4)   \
	MEMBER(delivered_e0_bytes, 256, 4)   \
	MEMBER(delivered_ce_bytes, 260, 4)   \
	MEMBER(received_e1_bytes, 264, 4)    \
	MEMBER(received_e0_bytes, 268, 4)    \
	MEMBER(received_ce_bytes, 272, 4)

/* The byte at `i` of a tcp_info: no two members hold the same. */
static uint8_t info_byte(size_t i)
{
	return (uint8_t)(i * 37 + 11 + (i >> 8));
}

static uint64_t info_value(size_t offset, size_t size)
{
	uint64_t v = 0;

	for (size_t i = 0; i < size; i++) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
		v |= (uint64_t)info_byte(offset + i) << 8 * i;
#else
		v = v << 8 | info_byte(offset + i);
#endif
	}
	return v;
}

static void put_info(struct message *m, size_t len)
{
	uint8_t info[INFO_NEW];

	for (size_t i = 0; i < len; i++)
		info[i] = info_byte(i);
	put(m, A_INFO, info, len);
}

/* Each member is there exactly where `len` reaches beyond it, with its own value. */
static void assert_info(const struct socket *sk, size_t len)
{
#define MEMBER(name, offset, size)                                        \
	assert_int_equal(socket_has(sk, name), len >= (offset) + (size)); \
	if (len >= (offset) + (size))                                     \
		assert_true(sk->info.name == info_value(offset, size));   \
	else                                                              \
		assert_int_equal(socket_info(sk, name, 77), 77);
	MEMBERS
#undef MEMBER
}

static const uint32_t memory_words[9] = {0x101, 0x202, 0x303, 0x404, 0x505,
					 0x606, 0x707, 0x808, 0x909};
static const uint32_t bbr_words[5] = {0x89abcdef, 0x01234567, 25000, 739, 512};
static const uint32_t vegas_words[4] = {1, 17, 40000, 30000};

static struct inet_diag_msg head4(uint8_t state)
{
	struct inet_diag_msg h = {
		.idiag_family = AF_INET,
		.idiag_state = state,
		.idiag_timer = 1,
		.idiag_retrans = 3,
		.id = {.idiag_sport = htons(443),
		       .idiag_dport = htons(50123),
		       .idiag_cookie = {0xdeadbeef, 0x12}},
		.idiag_expires = 204,
		.idiag_rqueue = 4097,
		.idiag_wqueue = 65537,
		.idiag_uid = 33,
		.idiag_inode = 123456,
	};

	inet_pton(AF_INET, "192.0.2.7", h.id.idiag_src);
	inet_pton(AF_INET, "198.51.100.9", h.id.idiag_dst);
	return h;
}

static struct inet_diag_msg head6(uint8_t state, const char *local, const char *peer)
{
	struct inet_diag_msg h = head4(state);

	h.idiag_family = AF_INET6;
	inet_pton(AF_INET6, local, h.id.idiag_src);
	inet_pton(AF_INET6, peer, h.id.idiag_dst);
	return h;
}

/* An established socket with all that a kernel of today sends for it. */
static struct message established(bool v6)
{
	struct inet_diag_msg h = v6 ? head6(1, "2001:db8::7", "2001:db8::9") : head4(1);
	struct message m = begin(&h);
	const uint64_t cgroup = 0x123456789abcULL;
	const uint8_t sockopt[2] = {0x5a, 0x03};

	put_info(&m, 280);
	put(&m, A_SKMEMINFO, memory_words, sizeof(memory_words));
	put(&m, A_CONG, "bbr", 4);
	put(&m, A_BBRINFO, bbr_words, sizeof(bbr_words));
	put_u8(&m, A_TOS, 0x10);
	if (v6)
		put_u8(&m, A_TCLASS, 0xb8);
	put_u32(&m, A_CLASS_ID, 0x10002);
	put_u8(&m, A_SHUTDOWN, 2);
	put_u32(&m, A_MARK, 0xcafe);
	put(&m, A_CGROUP_ID, &cgroup, sizeof(cgroup));
	put(&m, A_SOCKOPT, sockopt, sizeof(sockopt));
	return m;
}

static struct message request_socket(void)
{
	struct inet_diag_msg h = head4(3);
	struct message m;

	h.idiag_uid = h.idiag_inode = h.idiag_rqueue = h.idiag_wqueue = 0;
	h.idiag_expires = 700;
	h.idiag_retrans = 1;
	m = begin(&h);
	put_u32(&m, A_MARK, 0);
	return m;
}

static struct message time_wait(void)
{
	struct inet_diag_msg h = head6(6, "::ffff:192.0.2.7", "::ffff:198.51.100.9");
	struct message m;

	h.idiag_uid = h.idiag_inode = h.idiag_rqueue = h.idiag_wqueue = h.idiag_retrans = 0;
	h.idiag_timer = 3;
	h.idiag_expires = 59876;
	m = begin(&h);
	put_u32(&m, A_MARK, 9);
	return m;
}

static struct message listening(bool v6)
{
	struct inet_diag_msg h = v6 ? head6(10, "::", "::") : head4(10);
	const uint64_t cgroup = 77;
	struct message m;

	h.idiag_timer = h.idiag_retrans = 0;
	h.idiag_expires = 0;
	h.id.idiag_dport = 0;
	memset(h.id.idiag_dst, 0, sizeof(h.id.idiag_dst));
	h.idiag_rqueue = 3;
	h.idiag_wqueue = 2;
	m = begin(&h);
	if (v6)
		put_u8(&m, A_SKV6ONLY, 1);
	put_u8(&m, A_SHUTDOWN, 0);
	put(&m, A_CGROUP_ID, &cgroup, sizeof(cgroup));
	put(&m, A_SKMEMINFO, memory_words, sizeof(memory_words));
	return m;
}

static struct message link_local(void)
{
	struct inet_diag_msg h = head6(8, "fe80::1:2", "fe80::aaaa");
	struct message m;

	h.id.idiag_if = 3;
	m = begin(&h);
	put_u8(&m, A_PROTOCOL, 6);
	put_u8(&m, A_SHUTDOWN, 1);
	return m;
}

/* Appends an attribute to the bytes of a nest. */
static size_t nest(uint8_t *at, size_t used, uint16_t type, const void *payload, size_t n,
		   uint16_t nla_len)
{
	struct nlattr a = {.nla_len = nla_len, .nla_type = type};

	memcpy(at + used, &a, sizeof(a));
	memcpy(at + used + NLA_HDRLEN, payload, n);
	return used + NLA_HDRLEN + NLA_ALIGN(n);
}

static struct message subflow(void)
{
	struct inet_diag_msg h = head4(1);
	struct message m = begin(&h);
	uint8_t ulp[128] = {0}, inner[84] = {0};
	size_t n = nest(ulp, 0, 1, "mptcp", 6, 10);

	n = nest(ulp, n, 3 | NLA_F_NESTED, inner, sizeof(inner), 4 + sizeof(inner));
	put(&m, A_ULP_INFO | NLA_F_NESTED, ulp, n);
	return m;
}

/* struct tcp_diag_md5sig: family, prefix, key length, address, key. */
static const char secret[] = "Xq7!ThisKeyIsASecretThatNobodyMayEverSee#9zK";

static struct message keyed(void)
{
	struct inet_diag_msg h = head4(1);
	struct message m = begin(&h);
	uint8_t sig[100] = {AF_INET, 32, sizeof(secret) - 1, 0};

	memcpy(sig + 20, secret, sizeof(secret));
	put(&m, A_MD5SIG, sig, sizeof(sig));
	put_u8(&m, A_SHUTDOWN, 0);
	return m;
}

static struct message with_cong(uint16_t type, const void *payload, size_t n, const char *name)
{
	struct inet_diag_msg h = head4(1);
	struct message m = begin(&h);

	put(&m, A_CONG, name, strlen(name) + 1);
	put(&m, type, payload, n);
	return m;
}

static struct message with_vegas(void)
{
	return with_cong(A_VEGASINFO, vegas_words, sizeof(vegas_words), "vegas");
}

static struct message with_dctcp(void)
{
	uint8_t dctcp[16];

	memcpy(dctcp, (uint16_t[]){1, 2}, 4);
	memcpy(dctcp + 4, (uint32_t[]){1024, 0x1111, 0x2222}, 12);
	return with_cong(A_DCTCPINFO, dctcp, sizeof(dctcp), "dctcp");
}

/* Every kind of message above. */
enum { EXAMPLES = 11 };

static struct message example(unsigned i)
{
	switch (i) {
	case 0: return established(false);
	case 1: return established(true);
	case 2: return request_socket();
	case 3: return time_wait();
	case 4: return listening(false);
	case 5: return listening(true);
	case 6: return link_local();
	case 7: return subflow();
	case 8: return keyed();
	case 9: return with_vegas();
	default: return with_dctcp();
	}
}

/* ---- whole messages, field by field */

static void assert_end(const struct endpoint *e, int family, const char *address, unsigned port)
{
	struct address wanted = {{0}};

	assert_int_equal(inet_pton(family, address, wanted.bytes), 1);
	assert_memory_equal(e->address.bytes, wanted.bytes, sizeof(wanted.bytes));
	assert_int_equal(e->port, port);
}

static void assert_common(const struct socket *sk)
{
	assert_int_equal(sk->kernel_state, 1);
	assert_int_equal(sk->timer, TIMER_RETRANSMIT);
	assert_int_equal(sk->retrans, 3);
	assert_int_equal(sk->expires, 204);
	assert_int_equal(sk->recv_queue, 4097);
	assert_int_equal(sk->send_queue, 65537);
	assert_int_equal(sk->uid, 33);
	assert_int_equal(sk->inode, 123456);
	assert_true(sk->cookie == 0x12deadbeefULL);
	assert_int_equal(sk->interface, 0);
	assert_int_equal(sk->info_len, 280);
	assert_info(sk, 280);
	assert_memory_equal(&sk->memory, memory_words, sizeof(memory_words));
	assert_int_equal(sk->memory.rmem_alloc, 0x101);
	assert_int_equal(sk->memory.drops, 0x909);
	assert_string_equal(sk->cong, "bbr");
	assert_int_equal(sk->cong_info.kind, CONG_INFO_BBR);
	assert_true(sk->cong_info.bbr.bandwidth == 0x0123456789abcdefULL);
	assert_int_equal(sk->cong_info.bbr.min_rtt, 25000);
	assert_int_equal(sk->cong_info.bbr.pacing_gain, 739);
	assert_int_equal(sk->cong_info.bbr.cwnd_gain, 512);
	assert_int_equal(sk->tos, 0x10);
	assert_int_equal(sk->class_id, 0x10002);
	assert_int_equal(sk->shutdown, 2);
	assert_int_equal(sk->mark, 0xcafe);
	assert_true(sk->cgroup == 0x123456789abcULL);
	assert_memory_equal(&sk->sockopt, "\x5a\x03", 2);
	assert_true(sk->unknown_attributes == 0);
}

enum {
	HAVE_4 = BASIC | HAVE_MEMORY | HAVE_CONG | HAVE_CONG_INFO | HAVE_TOS | HAVE_CLASS_ID |
		 HAVE_SHUTDOWN | HAVE_MARK | HAVE_CGROUP | HAVE_SOCKOPT,
};

static void test_established(void **state)
{
	struct message m4 = established(false), m6 = established(true);
	struct socket sk = decode(&m4);

	(void)state;
	assert_int_equal(sk.family, AF_INET);
	assert_end(&sk.local, AF_INET, "192.0.2.7", 443);
	assert_end(&sk.peer, AF_INET, "198.51.100.9", 50123);
	assert_int_equal(sk.have, HAVE_4);
	assert_common(&sk);
	sk = decode(&m6);
	assert_int_equal(sk.family, AF_INET6);
	assert_end(&sk.local, AF_INET6, "2001:db8::7", 443);
	assert_end(&sk.peer, AF_INET6, "2001:db8::9", 50123);
	assert_int_equal(sk.have, HAVE_4 | HAVE_TCLASS);
	assert_int_equal(sk.tclass, 0xb8);
	assert_common(&sk);
}

/* What a kernel leaves behind the four bytes of an IPv4 address is none of it. */
static void test_ipv4_takes_four_bytes(void **state)
{
	struct inet_diag_msg h = head4(1);
	struct message m;
	struct socket sk;

	(void)state;
	memset(&h.id.idiag_src[1], 0xee, 12);
	memset(&h.id.idiag_dst[1], 0xee, 12);
	m = begin(&h);
	sk = decode(&m);
	assert_end(&sk.local, AF_INET, "192.0.2.7", 443);
	assert_end(&sk.peer, AF_INET, "198.51.100.9", 50123);
	assert_int_equal(sk.have, BASIC);
	assert_int_equal(sk.info_len, 0);
}

static void test_request_socket(void **state)
{
	struct message m = request_socket();
	struct socket sk = decode(&m);

	(void)state;
	assert_int_equal(sk.have, BASIC | HAVE_MARK);
	assert_int_equal(sk.kernel_state, 3);
	assert_int_equal(sk.timer, TIMER_RETRANSMIT);
	assert_int_equal(sk.retrans, 1);
	assert_int_equal(sk.expires, 700);
	assert_int_equal(sk.inode, 0);
	assert_int_equal(sk.info_len, 0);
	assert_false(socket_has(&sk, state));
}

static void test_time_wait(void **state)
{
	struct message m = time_wait();
	struct socket sk = decode(&m);

	(void)state;
	assert_int_equal(sk.have, BASIC | HAVE_MARK);
	assert_int_equal(sk.kernel_state, 6);
	assert_int_equal(sk.timer, TIMER_TIME_WAIT);
	assert_int_equal(sk.expires, 59876);
	assert_int_equal(sk.retrans, 0);
	assert_int_equal(sk.mark, 9);
	assert_int_equal(sk.family, AF_INET6);
	assert_end(&sk.local, AF_INET6, "::ffff:192.0.2.7", 443);
	assert_end(&sk.peer, AF_INET6, "::ffff:198.51.100.9", 50123);
	assert_true(address_is_mapped(sk.family, &sk.peer.address));
	assert_int_equal(sk.info_len, 0);
}

static void test_listen(void **state)
{
	struct message m4 = listening(false), m6 = listening(true);
	struct socket sk = decode(&m4);

	(void)state;
	assert_int_equal(sk.have, BASIC | HAVE_SHUTDOWN | HAVE_CGROUP | HAVE_MEMORY);
	assert_int_equal(sk.kernel_state, 10);
	assert_int_equal(sk.recv_queue, 3);
	assert_int_equal(sk.send_queue, 2);
	assert_end(&sk.local, AF_INET, "192.0.2.7", 443);
	assert_end(&sk.peer, AF_INET, "0.0.0.0", 0);
	assert_false(socket_has_peer(&sk));
	assert_int_equal(sk.shutdown, 0);
	assert_true(sk.cgroup == 77);
	assert_int_equal(sk.memory.drops, 0x909);
	sk = decode(&m6);
	assert_int_equal(sk.have, BASIC | HAVE_SHUTDOWN | HAVE_CGROUP | HAVE_MEMORY | HAVE_V6ONLY);
	assert_int_equal(sk.v6only, 1);
	assert_end(&sk.local, AF_INET6, "::", 443);
}

static void test_link_local(void **state)
{
	struct message m = link_local();
	struct socket sk = decode(&m);

	(void)state;
	assert_int_equal(sk.have, BASIC | HAVE_PROTOCOL | HAVE_SHUTDOWN);
	assert_int_equal(sk.interface, 3);
	assert_int_equal(sk.protocol, 6);
	assert_int_equal(sk.shutdown, 1);
	assert_end(&sk.local, AF_INET6, "fe80::1:2", 443);
	assert_end(&sk.peer, AF_INET6, "fe80::aaaa", 50123);
}

static void test_congestion_control(void **state)
{
	struct message vegas = with_vegas(), dctcp = with_dctcp();
	struct socket sk = decode(&vegas);

	(void)state;
	assert_int_equal(sk.have, BASIC | HAVE_CONG | HAVE_CONG_INFO);
	assert_string_equal(sk.cong, "vegas");
	assert_int_equal(sk.cong_info.kind, CONG_INFO_VEGAS);
	assert_int_equal(sk.cong_info.vegas.enabled, 1);
	assert_int_equal(sk.cong_info.vegas.rtt_count, 17);
	assert_int_equal(sk.cong_info.vegas.rtt, 40000);
	assert_int_equal(sk.cong_info.vegas.min_rtt, 30000);
	sk = decode(&dctcp);
	assert_int_equal(sk.have, BASIC | HAVE_CONG | HAVE_CONG_INFO);
	assert_string_equal(sk.cong, "dctcp");
	assert_int_equal(sk.cong_info.kind, CONG_INFO_DCTCP);
	assert_int_equal(sk.cong_info.dctcp.enabled, 1);
	assert_int_equal(sk.cong_info.dctcp.ce_state, 2);
	assert_int_equal(sk.cong_info.dctcp.alpha, 1024);
	assert_int_equal(sk.cong_info.dctcp.ab_ecn, 0x1111);
	assert_int_equal(sk.cong_info.dctcp.ab_tot, 0x2222);
}

/* A complete attribute is not spoilt by a damaged one of the same use behind it. */
static void test_damaged_congestion_after_good(void **state)
{
	static const uint16_t damaged[] = {A_BBRINFO, A_VEGASINFO, A_DCTCPINFO};

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		for (size_t n = 0; n < 16; n++) {
			struct inet_diag_msg h = head4(1);
			struct message m = begin(&h);
			struct socket sk;

			put(&m, A_BBRINFO, bbr_words, sizeof(bbr_words));
			put(&m, damaged[i], memory_words, n);
			sk = decode(&m);
			assert_int_equal(sk.have, BASIC | HAVE_CONG_INFO);
			assert_int_equal(sk.cong_info.kind, CONG_INFO_BBR);
			assert_true(sk.cong_info.bbr.bandwidth == 0x0123456789abcdefULL);
			assert_int_equal(sk.cong_info.bbr.min_rtt, 25000);
			assert_int_equal(sk.cong_info.bbr.cwnd_gain, 512);
		}
	}
}

static void test_empty_name_after_good(void **state)
{
	struct inet_diag_msg h = head4(1);
	struct message m = begin(&h);
	struct socket sk;

	(void)state;
	put(&m, A_CONG, "bbr", 4);
	put(&m, A_CONG, "", 1);
	put(&m, A_CONG, "", 0);
	sk = decode(&m);
	assert_int_equal(sk.have, BASIC | HAVE_CONG);
	assert_string_equal(sk.cong, "bbr");
}

static void test_no_timer_has_no_numbers(void **state)
{
	struct inet_diag_msg h = head4(1);
	struct message m;
	struct socket sk;

	(void)state;
	h.idiag_timer = 0;
	m = begin(&h);
	sk = decode(&m);
	assert_int_equal(sk.retrans, 0);
	assert_int_equal(sk.expires, 0);
}

static bool holds_part_of(const void *memory, size_t n, const char *text, size_t part)
{
	for (size_t i = 0; i + part < strlen(text); i++) {
		if (memmem(memory, n, text + i, part))
			return true;
	}
	return false;
}

static void test_md5_key_is_never_kept(void **state)
{
	struct message m = keyed();
	struct socket sk = decode(&m);

	(void)state;
	assert_true(holds_part_of(m.bytes, m.len, secret, 4));
	assert_int_equal(sk.have, BASIC | HAVE_MD5 | HAVE_SHUTDOWN);
	for (size_t n = HEAD; n <= m.len; n++) {
		assert_int_equal(decode_cut(&m, n, &sk), 0);
		assert_false(holds_part_of(&sk, sizeof(sk), secret, 4));
	}
}

static void test_mptcp(void **state)
{
	struct message m = subflow();
	struct socket sk = decode(&m);

	(void)state;
	assert_int_equal(sk.have, BASIC | HAVE_ULP | HAVE_MPTCP);
	assert_string_equal(sk.ulp, "mptcp");
}

/* ---- kernels older and newer than this program */

static void test_info_of_every_length(void **state)
{
	(void)state;
	for (size_t len = 0; len <= INFO_NEW; len++) {
		struct inet_diag_msg h = head4(1);
		struct message m = begin(&h);
		struct socket sk;

		put_info(&m, len);
		sk = decode(&m);
		assert_int_equal(sk.have, BASIC);
		assert_int_equal(sk.info_len, len < sizeof(sk.info) ? len : sizeof(sk.info));
		assert_info(&sk, len);
	}
}

/* Kernels of old: 104 bytes up to total_retrans, 192 to sndbuf_limited, 232 to snd_wnd. */
static void test_info_of_known_kernels(void **state)
{
	static const struct {
		size_t len;
		bool retrans, pacing, sndbuf, delivered, snd_wnd, rcv_wnd;
	} kernels[] = {
		{104, true, false, false, false, false, false},
		{192, true, true, true, false, false, false},
		{232, true, true, true, true, true, false},
		{INFO_NEW, true, true, true, true, true, true},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(kernels) / sizeof(kernels[0]); i++) {
		struct inet_diag_msg h = head4(1);
		struct message m = begin(&h);
		struct socket sk;

		put_info(&m, kernels[i].len);
		put_u8(&m, A_SHUTDOWN, 3);
		sk = decode(&m);
		assert_int_equal(socket_has(&sk, total_retrans), kernels[i].retrans);
		assert_int_equal(socket_has(&sk, pacing_rate), kernels[i].pacing);
		assert_int_equal(socket_has(&sk, sndbuf_limited), kernels[i].sndbuf);
		assert_int_equal(socket_has(&sk, delivered), kernels[i].delivered);
		assert_int_equal(socket_has(&sk, snd_wnd), kernels[i].snd_wnd);
		assert_int_equal(socket_has(&sk, rcv_wnd), kernels[i].rcv_wnd);
		/* What follows a longer one is found. */
		assert_int_equal(sk.have, BASIC | HAVE_SHUTDOWN);
		assert_int_equal(sk.shutdown, 3);
	}
}

static void test_unknown_numbers_are_kept(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 256; i++) {
		struct inet_diag_msg h = head4((uint8_t)i);
		struct message m;
		struct socket sk;

		h.idiag_timer = (uint8_t)(255 - i);
		m = begin(&h);
		sk = decode(&m);
		/* The kernel's own 12 and 13 are two of the RFC's. */
		assert_int_equal(sk.kernel_state, i == 12 ? 3 : i == 13 ? 7 : i);
		assert_int_equal(sk.timer, 255 - i);
	}
}

static void test_other_families_are_refused(void **state)
{
	unsigned refused = 0;

	(void)state;
	for (unsigned i = 0; i < 256; i++) {
		struct inet_diag_msg h = head4(1);
		struct message m;
		struct socket sk;
		int result;

		h.idiag_family = (uint8_t)i;
		m = begin(&h);
		result = decode_cut(&m, m.len, &sk);
		assert_int_equal(result, i == AF_INET || i == AF_INET6 ? 0 : -EBADMSG);
		refused += result != 0;
	}
	assert_int_equal(refused, 254);
}

static void test_unknown_attributes_are_noted(void **state)
{
	static const uint8_t payload[12] = {1, 2, 3};

	(void)state;
	for (int type = FIRST_UNKNOWN; type <= NLA_TYPE_MASK; type += type < 300 ? 1 : 997) {
		struct inet_diag_msg h = head4(1);
		struct message m = begin(&h);
		struct socket sk;

		put(&m, (uint16_t)type, payload, (size_t)type % sizeof(payload));
		put_u8(&m, A_TOS, 4);
		sk = decode(&m);
		assert_true(sk.unknown_attributes == 1ULL << (type < 63 ? type : 63));
		assert_int_equal(sk.have, BASIC | HAVE_TOS);
		assert_int_equal(sk.tos, 4);
	}
}

/* Those that mean nothing here are neither noted nor taken for something else. */
static void test_ignored_attributes(void **state)
{
	static const uint16_t ignored[] = {0,       A_MEMINFO, A_LOCALS,
					   A_PEERS, A_PAD,     A_SK_BPF_STORAGES};

	(void)state;
	for (unsigned i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++) {
		for (size_t n = 0; n <= sizeof(memory_words); n++) {
			struct inet_diag_msg h = head4(1);
			struct message m = begin(&h);
			struct socket sk;

			put(&m, ignored[i], memory_words, n);
			sk = decode(&m);
			assert_int_equal(sk.have, BASIC);
			assert_true(sk.unknown_attributes == 0);
		}
	}
}

/* ---- every attribute at every length */

static void test_fixed_attributes_of_every_length(void **state)
{
	static const struct {
		uint16_t type;
		size_t size;
		uint32_t flag;
	} fixed[] = {
		{A_VEGASINFO, 16, HAVE_CONG_INFO},
		{A_TOS, 1, HAVE_TOS},
		{A_TCLASS, 1, HAVE_TCLASS},
		{A_SKMEMINFO, 36, HAVE_MEMORY},
		{A_SHUTDOWN, 1, HAVE_SHUTDOWN},
		{A_DCTCPINFO, 16, HAVE_CONG_INFO},
		{A_PROTOCOL, 1, HAVE_PROTOCOL},
		{A_SKV6ONLY, 1, HAVE_V6ONLY},
		{A_MARK, 4, HAVE_MARK},
		{A_BBRINFO, 20, HAVE_CONG_INFO},
		{A_CLASS_ID, 4, HAVE_CLASS_ID},
		{A_CGROUP_ID, 8, HAVE_CGROUP},
		{A_SOCKOPT, 2, HAVE_SOCKOPT},
	};
	static const uint8_t payload[48] = {3};

	(void)state;
	for (unsigned i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++) {
		for (size_t n = 0; n <= sizeof(payload); n++) {
			struct inet_diag_msg h = head4(1);
			struct message m = begin(&h);
			struct socket sk;

			put(&m, fixed[i].type, payload, n);
			/* The kernel pads; a message may as well end behind the last byte. */
			for (size_t len = m.end[0]; len <= m.len; len++) {
				assert_int_equal(decode_cut(&m, len, &sk), 0);
				assert_int_equal(sk.have,
						 BASIC | (n >= fixed[i].size ? fixed[i].flag : 0));
			}
			assert_true(sk.unknown_attributes == 0);
		}
	}
}

static void test_names_of_every_length(void **state)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz";

	(void)state;
	for (size_t n = 0; n <= 26; n++) {
		for (size_t nul = 0; nul <= n; nul++) {
			struct inet_diag_msg h = head4(1);
			struct message m = begin(&h);
			size_t len = nul < 15 ? nul : 15;
			char payload[27];
			struct socket sk;

			/* nul == n: none in it. */
			memcpy(payload, letters, sizeof(payload));
			payload[nul] = '\0';
			put(&m, A_CONG, payload, n);
			assert_int_equal(decode_cut(&m, m.end[0], &sk), 0);
			assert_int_equal(sk.have, BASIC | (len ? HAVE_CONG : 0));
			if (!len)
				continue;
			assert_int_equal(strlen(sk.cong), len);
			assert_memory_equal(sk.cong, letters, len);
		}
	}
}

/* The key's attribute says that there is a key, whatever it holds. */
static void test_md5_of_every_length(void **state)
{
	(void)state;
	for (size_t n = 0; n < sizeof(secret); n++) {
		struct inet_diag_msg h = head4(1);
		struct message m = begin(&h);
		struct socket sk;

		put(&m, A_MD5SIG, secret, n);
		sk = decode(&m);
		assert_int_equal(sk.have, BASIC | HAVE_MD5);
		assert_false(holds_part_of(&sk, sizeof(sk), secret, 4));
	}
}

static void test_nested_upper_protocol(void **state)
{
	static const uint8_t junk[16] = {0x55};
	static const struct {
		const char *name;
		size_t n;         /* of the name's payload */
		uint16_t nla_len; /* 0: what it should be */
		uint32_t have;
		const char *ulp;
	} names[] = {
		{"tls", 4, 0, HAVE_ULP, "tls"},
		{"mptcp", 6, 0, HAVE_ULP | HAVE_MPTCP, "mptcp"},
		{"mptcp", 5, 0, HAVE_ULP | HAVE_MPTCP, "mptcp"}, /* no NUL */
		{"", 1, 0, 0, NULL},
		{"", 0, 0, 0, NULL},
		{"an-upper-protocol-of-30-letters", 30, 0, HAVE_ULP, "an-upper-protoc"},
		{"tls", 4, 1, 0, NULL},
		{"tls", 4, 3, 0, NULL},
		{"tls", 4, 4, 0, NULL},
		{"tls", 4, 6, HAVE_ULP, "tl"},
		{"tls", 4, 9, 0, NULL}, /* one beyond the nest */
		{"tls", 4, 500, 0, NULL},
		{"tls", 4, UINT16_MAX, 0, NULL},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct inet_diag_msg h = head4(1);
		uint8_t bytes[64] = {0};
		uint16_t len = names[i].nla_len ? names[i].nla_len : (uint16_t)(names[i].n + 4);
		struct message m = begin(&h);
		struct socket sk;

		nest(bytes, 0, 1, names[i].name, names[i].n, len);
		/* The nest ends with its last byte, the memory too or a message goes on. */
		put(&m, A_ULP_INFO, bytes, names[i].n + 4);
		assert_int_equal(decode_cut(&m, m.end[0], &sk), 0);
		assert_int_equal(sk.have, BASIC | names[i].have);
		if (names[i].ulp)
			assert_string_equal(sk.ulp, names[i].ulp);
		put(&m, 40, junk, sizeof(junk));
		sk = decode(&m);
		assert_int_equal(sk.have, BASIC | names[i].have);
		assert_true(sk.unknown_attributes == 1ULL << 40);
	}
}

static void test_nest_without_name(void **state)
{
	struct inet_diag_msg h = head4(1);
	struct message m = begin(&h);
	uint8_t bytes[32] = {0};
	struct socket sk;

	(void)state;
	put(&m, A_ULP_INFO, bytes, nest(bytes, 0, 3 | NLA_F_NESTED, "", 0, 4));
	sk = decode(&m);
	assert_int_equal(sk.have, BASIC | HAVE_MPTCP);
	/* The three headers below are all of a nest: no endless walk over a length of 0. */
	for (size_t n = 0; n <= sizeof(bytes); n++) {
		m = begin(&h);
		memset(bytes, 0, sizeof(bytes));
		put(&m, A_ULP_INFO, bytes, n);
		sk = decode(&m);
		assert_int_equal(sk.have, BASIC);
	}
}

/* ---- every message at every length */

/* Where the last attribute ends that a message cut at `n` still holds whole. */
static size_t whole_part(const struct message *m, size_t n)
{
	size_t whole = HEAD;

	for (size_t i = 0; i < m->count && m->end[i] <= n; i++)
		whole = m->end[i];
	return whole;
}

static void test_every_message_at_every_length(void **state)
{
	(void)state;
	for (unsigned i = 0; i < EXAMPLES; i++) {
		struct message m = example(i);
		struct socket sk, whole;

		for (size_t n = 0; n <= m.len; n++) {
			int result = decode_cut(&m, n, &sk);

			assert_int_equal(result, n < HEAD ? -EBADMSG : 0);
			if (result)
				continue;
			/* What is there in part only is not there. */
			assert_int_equal(decode_cut(&m, whole_part(&m, n), &whole), 0);
			assert_memory_equal(&sk, &whole, sizeof(sk));
		}
	}
}

static void set_attribute_length(struct message *m, size_t i, uint16_t len)
{
	memcpy(m->bytes + m->start[i], &len, sizeof(len));
}

static void test_lengths_that_lie(void **state)
{
	unsigned beyond = 0;

	(void)state;
	for (unsigned e = 0; e < EXAMPLES; e++) {
		struct message m = example(e);

		for (size_t i = 0; i < m.count; i++) {
			size_t left = m.len - m.start[i];
			uint16_t honest = (uint16_t)(m.end[i] - m.start[i]);
			uint16_t lies[] = {0,
					   1,
					   2,
					   3,
					   (uint16_t)(left + 1),
					   (uint16_t)(left + 2),
					   (uint16_t)(left + 4),
					   UINT16_MAX - 3,
					   UINT16_MAX - 2,
					   UINT16_MAX};
			struct socket sk, before;

			/* The walk ends there; what came before stands. */
			assert_int_equal(decode_cut(&m, m.start[i], &before), 0);
			for (unsigned l = 0; l < sizeof(lies) / sizeof(lies[0]); l++) {
				set_attribute_length(&m, i, lies[l]);
				sk = decode(&m);
				assert_memory_equal(&sk, &before, sizeof(sk));
				beyond++;
			}
			/* A length that stays inside shifts what follows: anything but outside. */
			for (uint16_t len = 4; len <= left; len++) {
				set_attribute_length(&m, i, len);
				decode(&m);
			}
			set_attribute_length(&m, i, honest);
		}
	}
	assert_true(beyond > 300);
}

static uint64_t random_state = 88172645463325252ULL;

/* xorshift64: the same numbers in each run. */
static uint64_t random_u64(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

static void test_random_damage(void **state)
{
	unsigned decoded = 0;

	(void)state;
	for (unsigned round = 0; round < 60000; round++) {
		struct message m = example(round % EXAMPLES);
		struct socket sk;
		unsigned changes = 1 + random_u64() % 8;
		size_t n = HEAD + random_u64() % (m.len - HEAD + 1);

		while (changes--)
			m.bytes[16 + random_u64() % (m.len - 16)] = (uint8_t)random_u64();
		decoded += !decode_cut(&m, n, &sk);
	}
	assert_true(decoded > 40000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_established),
		cmocka_unit_test(test_ipv4_takes_four_bytes),
		cmocka_unit_test(test_request_socket),
		cmocka_unit_test(test_time_wait),
		cmocka_unit_test(test_listen),
		cmocka_unit_test(test_link_local),
		cmocka_unit_test(test_congestion_control),
		cmocka_unit_test(test_damaged_congestion_after_good),
		cmocka_unit_test(test_empty_name_after_good),
		cmocka_unit_test(test_no_timer_has_no_numbers),
		cmocka_unit_test(test_md5_key_is_never_kept),
		cmocka_unit_test(test_mptcp),
		cmocka_unit_test(test_info_of_every_length),
		cmocka_unit_test(test_info_of_known_kernels),
		cmocka_unit_test(test_unknown_numbers_are_kept),
		cmocka_unit_test(test_other_families_are_refused),
		cmocka_unit_test(test_unknown_attributes_are_noted),
		cmocka_unit_test(test_ignored_attributes),
		cmocka_unit_test(test_fixed_attributes_of_every_length),
		cmocka_unit_test(test_names_of_every_length),
		cmocka_unit_test(test_md5_of_every_length),
		cmocka_unit_test(test_nested_upper_protocol),
		cmocka_unit_test(test_nest_without_name),
		cmocka_unit_test(test_every_message_at_every_length),
		cmocka_unit_test(test_lengths_that_lie),
		cmocka_unit_test(test_random_damage),
	};

	return cmocka_run_group_tests(tests, make_edge, NULL);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef MODEL_SOCKET_H
#define MODEL_SOCKET_H

#include <stddef.h>

#include "model/address.h"
#include "model/owner.h"
#include "model/state.h"

/* Timers a socket may have armed: idiag_timer of linux/inet_diag.h. */
enum timer_kind {
	TIMER_NONE,
	TIMER_RETRANSMIT,
	TIMER_KEEPALIVE, /* or the FIN_WAIT_2 limit of an orphan */
	TIMER_TIME_WAIT,
	TIMER_PROBE, /* persist: queued data and no window, or no way out */
};

/* "retransmit"; NULL for a number nobody knows. */
const char *timer_token(unsigned timer);

/* The bits of idiag_ext, (1 << (attribute - 1)); WANT_* also name what a field needs. */
enum {
	WANT_INFO = 1u << 1,       /* INET_DIAG_INFO */
	WANT_CONG_INFO = 1u << 2,  /* INET_DIAG_VEGASINFO */
	WANT_CONG = 1u << 3,       /* INET_DIAG_CONG */
	WANT_TOS = 1u << 4,        /* INET_DIAG_TOS */
	WANT_TCLASS = 1u << 5,     /* INET_DIAG_TCLASS */
	WANT_MEMORY = 1u << 6,     /* INET_DIAG_SKMEMINFO */
	WANT_ATTRIBUTES = 0xff,    /* all that the kernel is asked for by bit */
	WANT_OWNERS = 1u << 8,     /* who holds the socket */
	WANT_PROCESS = 1u << 9,    /* and the executable, unit and container of each */
	WANT_SITUATION = 1u << 10, /* the verdict of explain */
	WANT_HOST = 1u << 11,      /* sysctls and counters */
	WANT_BOUND = 1u << 12,  /* bound sockets too, which cost the kernel a walk of their own */
	WANT_VITALS = 1u << 13, /* what its holders are doing: state, threads, descriptors, limit */
	WANT_AUTOBOUND = 1u << 14, /* whether the kernel chose its port, which takes another walk */
};

/* struct tcp_info as the kernel lays it out (linux/tcp.h), as far as this program knows it. */
struct tcp_metrics {
#define INFO(member, type, ...) type member;
#define INFO_BITS(member, container, ...)
#include "model/tcp_info.def"
#undef INFO
#undef INFO_BITS
};

/* The bit fields of tcp_info: allocated from the low end on little-endian machines. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
enum {
	WSCALE_SND_SHIFT = 0,
	WSCALE_RCV_SHIFT = 4,
	APP_LIMITED_SHIFT = 0,
	FASTOPEN_FAIL_SHIFT = 1,
};
#else
enum {
	WSCALE_SND_SHIFT = 4,
	WSCALE_RCV_SHIFT = 0,
	APP_LIMITED_SHIFT = 7,
	FASTOPEN_FAIL_SHIFT = 5,
};
#endif

struct socket_memory {
#define MEMORY(member, ...) uint32_t member;
#include "model/memory.def"
#undef MEMORY
};

/* Congestion control's own numbers (linux/inet_diag.h, union tcp_cc_info). */
struct cong_info {
	enum { CONG_INFO_NONE, CONG_INFO_BBR, CONG_INFO_VEGAS, CONG_INFO_DCTCP } kind;
	union {
		struct {
			uint64_t bandwidth;              /* bytes a second */
			uint32_t min_rtt;                /* microseconds */
			uint32_t pacing_gain, cwnd_gain; /* shifted left by 8 */
		} bbr;
		struct {
			uint32_t enabled, rtt_count, rtt, min_rtt; /* microseconds */
		} vegas;
		struct {
			uint16_t enabled, ce_state;
			uint32_t alpha, ab_ecn, ab_tot;
		} dctcp;
	};
};

/* Which of a socket's optional parts were sent. Absent is a missing flag, never a zero. */
enum {
	HAVE_COOKIE = 1u << 0,
	HAVE_QUEUES = 1u << 1,
	HAVE_MEMORY = 1u << 2,
	HAVE_CONG = 1u << 3,
	HAVE_CONG_INFO = 1u << 4,
	HAVE_TOS = 1u << 5,
	HAVE_TCLASS = 1u << 6,
	HAVE_CLASS_ID = 1u << 7,
	HAVE_SHUTDOWN = 1u << 8,
	HAVE_MARK = 1u << 9,
	HAVE_CGROUP = 1u << 10,
	HAVE_SOCKOPT = 1u << 11,
	HAVE_V6ONLY = 1u << 12,
	HAVE_PROTOCOL = 1u << 13,
	HAVE_ULP = 1u << 14,
	HAVE_MPTCP = 1u << 15, /* an MPTCP subflow, or a listener that takes them */
	HAVE_MD5 = 1u << 16,   /* TCP MD5 keys are set; the keys themselves are never kept */
	HAVE_TIMER = 1u << 17,
	HAVE_BACKLOG = 1u << 18,   /* LISTEN: send_queue is the backlog */
	HAVE_REUSE = 1u << 19,     /* `reuse` was read from a descriptor */
	HAVE_AUTOBOUND = 1u << 20, /* `autobound` was asked for */
};

/* struct socket, reuse */
enum { REUSE_ADDRESS = 1, REUSE_PORT = 2 }; /* SO_REUSEADDR, SO_REUSEPORT */

/* Options of a socket, struct inet_diag_sockopt in linux/inet_diag.h. SOCKOPT(name, token) */
#define SOCKOPT_TABLE                                         \
	SOCKOPT(RECVERR, "recverr")                           \
	SOCKOPT(ICSK, "icsk")                                 \
	SOCKOPT(FREEBIND, "freebind")                         \
	SOCKOPT(HDRINCL, "hdrincl")                           \
	SOCKOPT(MC_LOOP, "mc-loop")                           \
	SOCKOPT(TRANSPARENT, "transparent")                   \
	SOCKOPT(MC_ALL, "mc-all")                             \
	SOCKOPT(NODEFRAG, "nodefrag")                         \
	SOCKOPT(BIND_ADDRESS_NO_PORT, "bind-address-no-port") \
	SOCKOPT(RECVERR_RFC4884, "recverr-rfc4884")           \
	SOCKOPT(DEFER_CONNECT, "defer-connect")

enum {
#define SOCKOPT(name, token) SOCKOPT_INDEX_##name,
	SOCKOPT_TABLE
#undef SOCKOPT
		SOCKOPT_COUNT,
};

extern const char *const sockopt_tokens[SOCKOPT_COUNT];

/* The options as bits, 1 << SOCKOPT_INDEX_*, from the bytes as the kernel sent them. */
uint32_t sockopt_bits(uint16_t bytes);

/* Why a socket has no owner to show. */
enum owner_absence {
	OWNER_KNOWN,           /* there is one */
	OWNER_NOT_ASKED,       /* nobody looked */
	OWNER_TIME_WAIT,       /* a closed connection's remains: belongs to no process */
	OWNER_HANDSHAKE,       /* the handshake is not done: no process has it yet */
	OWNER_ACCEPT_QUEUE,    /* waits for the listener's accept() */
	OWNER_ORPHAN,          /* its program has closed it */
	OWNER_NO_PERMISSION,   /* some processes' descriptors were not readable */
	OWNER_OTHER_NAMESPACE, /* may be held outside this pid namespace */
	OWNER_IN_FLIGHT,       /* sits in a UNIX socket's queue (SCM_RIGHTS) */
	OWNER_KERNEL,          /* in use by the kernel itself */
	OWNER_RACED,           /* opened or closed while we looked */
	OWNER_SOUGHT,          /* is being looked for, in a live view */
	OWNER_ABSENCE_COUNT,
};

/* "time-wait"; parsing gives OWNER_NOT_ASKED for what is no token. */
const char *owner_absence_token(enum owner_absence a);
enum owner_absence owner_absence_parse(const char *token);

/*
 * One TCP socket as found. The members up to `info_len` are always set; those with a HAVE_ flag
 * only where `have` says so. `info` holds its first `info_len` bytes. Copies are made by
 * socket_size() bytes: a socket without tcp_info is kept without the room for it.
 */
struct socket {
	uint8_t family;       /* AF_INET or AF_INET6 */
	uint8_t kernel_state; /* as the kernel sent it: any number */
	uint8_t timer;        /* enum timer_kind, or a number nobody knows */
	uint8_t retrans;      /* retransmissions, or probes, of that timer */
	uint32_t expires;     /* milliseconds until it fires */
	struct endpoint local, peer;
	uint32_t interface;              /* index; 0 is none */
	uint32_t recv_queue, send_queue; /* bytes; LISTEN: accept queue and backlog, connections */
	uint32_t uid, inode;
	uint64_t cookie;
	uint32_t have;
	uint32_t netns;  /* index into the snapshot's namespaces */
	uint32_t owners; /* first holder in the snapshot's owner table, or OWNER_NONE */
	uint8_t absence; /* enum owner_absence, what collect knows of it */

	uint8_t shutdown; /* 1 no more input, 2 no more output */
	uint8_t tos, tclass, protocol;
	uint8_t v6only;
	uint8_t reuse;     /* REUSE_* */
	uint8_t autobound; /* 1: the kernel chose the local port */
	uint16_t sockopt;  /* struct inet_diag_sockopt, as bytes */
	uint32_t mark, class_id;
	uint64_t cgroup;             /* cgroup v2 id */
	uint64_t unknown_attributes; /* bit n: attribute n came and is unknown here */
	char cong[16];
	char ulp[16];
	struct socket_memory memory;
	struct cong_info cong_info;

	uint16_t info_len;
	struct tcp_metrics info;
};

static inline size_t socket_size(const struct socket *sk)
{
	return sk->info_len ? sizeof(*sk) : offsetof(struct socket, info);
}

/* A refused connect() leaves the peer's address without its port. */
static inline bool socket_has_peer(const struct socket *sk)
{
	return sk->peer.port || address_scope(sk->family, &sk->peer.address) != SCOPE_ANY;
}

/* Whether the kernel's tcp_info reached as far as this member. */
#define socket_has(sk, member) \
	((sk)->info_len >=     \
	 offsetof(struct tcp_metrics, member) + sizeof(((struct tcp_metrics *)0)->member))

/* A value of tcp_info, or `otherwise` where it is absent. */
#define socket_info(sk, member, otherwise) \
	(socket_has(sk, member) ? (sk)->info.member : (otherwise))

#endif

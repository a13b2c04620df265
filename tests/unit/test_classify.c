// SPDX-License-Identifier: GPL-2.0-or-later
/* Sockets made up for every case of the catalogue, and for the borders between the cases. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "explain/classify.h"
#include "explain/situation.h"
#include "model/field.h"

/* A case is written as its difference from a usual socket: the later value of a member counts. */
#pragma GCC diagnostic ignored "-Woverride-init"

enum {
	/* Kernel states, include/net/tcp_states.h. */
	K_ESTABLISHED = 1,
	K_SYN_SENT,
	K_SYN_RECV,
	K_FIN_WAIT1,
	K_FIN_WAIT2,
	K_TIME_WAIT,
	K_CLOSE,
	K_CLOSE_WAIT,
	K_LAST_ACK,
	K_LISTEN,
	K_CLOSING,
	K_NOBODY_KNOWS,
	/* What arrives with a socket. */
	NETLINK = HAVE_COOKIE | HAVE_QUEUES | HAVE_TIMER | HAVE_BACKLOG,
	PROCNET = HAVE_QUEUES | HAVE_TIMER,
	FULL = NETLINK | HAVE_SHUTDOWN | HAVE_CGROUP | HAVE_SOCKOPT,
	WHOLE_INFO = sizeof(struct tcp_metrics),
	INODE = 4711,
	SERVED = 80, /* the port that the listener of these tests has */
	IDLE_MS = 60000,
};

#define PEER                                               \
	{                                                  \
		.address = {{192, 0, 2, 1}}, .port = 50000 \
	}
#define LOCAL                                             \
	{                                                 \
		.address = {{10, 0, 0, 1}}, .port = 33333 \
	}
#define SERVER                                             \
	{                                                  \
		.address = {{10, 0, 0, 1}}, .port = SERVED \
	}

/* A full socket: the program's own, or one without an inode. tcp_info says idle. */
#define SOCKET(state, ...)                                                                        \
	{                                                                                         \
		.family = AF_INET, .kernel_state = (state), .local = LOCAL, .peer = PEER,         \
		.have = FULL, .info_len = WHOLE_INFO,                                             \
		.info = {.last_data_sent = IDLE_MS, .last_data_recv = IDLE_MS, .snd_wnd = 65535}, \
		.absence = OWNER_NO_PERMISSION, __VA_ARGS__                                       \
	}
#define OWNED(state, ...)   SOCKET(state, .inode = INODE, .owners = 0, __VA_ARGS__)
#define NO_FILE(state, ...) SOCKET(state, .inode = 0, .owners = OWNER_NONE, __VA_ARGS__)

/* Request sockets and TIME_WAIT: nothing but the message itself. */
#define MINI(state, ...)                                                                           \
	{                                                                                          \
		.family = AF_INET, .kernel_state = (state), .local = SERVER, .peer = PEER,         \
		.have = NETLINK, .owners = OWNER_NONE, .absence = OWNER_NO_PERMISSION, __VA_ARGS__ \
	}

#define RETRANSMIT(count) .timer = TIMER_RETRANSMIT, .retrans = (count), .expires = 200
#define PROBE             .timer = TIMER_PROBE, .expires = 200
#define WINDOW(bytes)     .info.snd_wnd = (bytes)

/* Data has gone out for ten seconds, and 20,000 bytes are on their way; the path takes no more. */
#define FLOW(...)                                                                                 \
	OWNED(K_ESTABLISHED, RETRANSMIT(0), .send_queue = 100000, .info.notsent_bytes = 80000,    \
	      .info.last_data_sent = 10, .info.last_data_recv = 10000, .info.snd_mss = 1400,      \
	      .info.snd_cwnd = 20, .info.unacked = 15, .info.bytes_acked = 4000000,               \
	      .info.bytes_received = 1000, .info.data_segs_out = 3000, .info.busy_time = 9900000, \
	      .info.max_pacing_rate = UINT64_MAX, .info.delivery_rate = 125000, __VA_ARGS__)
/* The same, all sent. */
#define SENT(...)   FLOW(.send_queue = 20000, .info.notsent_bytes = 0, __VA_ARGS__)
#define APP_LIMITED .info.flags = 1 << APP_LIMITED_SHIFT
/* Thousandths of the time with data to send. */
#define RWND(share)   .info.rwnd_limited = 9900 * (share)
#define SNDBUF(share) .info.sndbuf_limited = 9900 * (share)
/* A piece now and then: half a second ago, or so. */
#define NOW_AND_THEN(...)                                                                         \
	SENT(.timer = TIMER_NONE, .send_queue = 0, .info.unacked = 0, .info.last_data_sent = 500, \
	     .info.busy_time = 4000, APP_LIMITED, __VA_ARGS__)

#define LIMITED(by) "established/limited-by-" by, 0, OWNER_KNOWN
#define JUST_SENDS  "established/sending", 0, OWNER_KNOWN

static const struct {
	const char *name;
	struct socket sk;
	const char *id;
	unsigned details;
	enum owner_absence reason;
} cases[] = {
	/* Listeners: full when longer than the backlog. */
	{"listener", OWNED(K_LISTEN, .send_queue = 5), "listen/ready", 0, OWNER_KNOWN},
	{"one waits", OWNED(K_LISTEN, .send_queue = 5, .recv_queue = 1), "listen/clients-waiting",
	 0, OWNER_KNOWN},
	{"as many as the backlog", OWNED(K_LISTEN, .send_queue = 5, .recv_queue = 5),
	 "listen/clients-waiting", 0, OWNER_KNOWN},
	{"one more than the backlog", OWNED(K_LISTEN, .send_queue = 5, .recv_queue = 6),
	 "listen/queue-full", 0, OWNER_KNOWN},
	{"backlog 0 holds one", OWNED(K_LISTEN, .send_queue = 0, .recv_queue = 1),
	 "listen/queue-full", 0, OWNER_KNOWN},
	{"backlog unknown", OWNED(K_LISTEN, .have = PROCNET, .info_len = 0, .recv_queue = 6),
	 "listen/clients-waiting", 0, OWNER_KNOWN},
	{"listener of another user", OWNED(K_LISTEN, .owners = OWNER_NONE), "listen/ready", 0,
	 OWNER_NO_PERMISSION},
	{"MPTCP listener", OWNED(K_LISTEN, .have = FULL | HAVE_MPTCP), "listen/ready",
	 DETAIL_MPTCP_SUBFLOW, OWNER_KNOWN},

	/* Opening. */
	{"SYN sent once", OWNED(K_SYN_SENT, RETRANSMIT(0)), "syn-sent/connecting", 0, OWNER_KNOWN},
	{"SYN sent again", OWNED(K_SYN_SENT, RETRANSMIT(1)), "syn-sent/unanswered", 0, OWNER_KNOWN},
	{"request", MINI(K_SYN_RECV, .timer = TIMER_RETRANSMIT, .expires = 1000),
	 "syn-received/handshake", DETAIL_REQUEST_SOCKET, OWNER_HANDSHAKE},
	{"request, the timeout cannot be its first",
	 MINI(K_SYN_RECV, .timer = TIMER_RETRANSMIT, .expires = 1001), "syn-received/deferred",
	 DETAIL_REQUEST_SOCKET, OWNER_HANDSHAKE},
	{"request, SYN-ACK sent again", MINI(K_SYN_RECV, RETRANSMIT(1)), "syn-received/unanswered",
	 DETAIL_REQUEST_SOCKET, OWNER_HANDSHAKE},
	{"request, sent again, long timeout",
	 MINI(K_SYN_RECV, .timer = TIMER_RETRANSMIT, .retrans = 3, .expires = 8000),
	 "syn-received/unanswered", DETAIL_REQUEST_SOCKET, OWNER_HANDSHAKE},
	{"request in /proc/net/tcp", MINI(K_SYN_RECV, .have = PROCNET, RETRANSMIT(0)),
	 "syn-received/handshake", DETAIL_REQUEST_SOCKET, OWNER_HANDSHAKE},
	{"full socket on a listener's port, options unknown",
	 OWNED(K_SYN_RECV, .local = SERVER, .info_len = 0, RETRANSMIT(0), .recv_queue = 5),
	 "syn-received/fast-open", DETAIL_FAST_OPEN, OWNER_KNOWN},
	{"full socket, data in the SYN", OWNED(K_SYN_RECV, .info.options = 32, RETRANSMIT(0)),
	 "syn-received/fast-open", DETAIL_FAST_OPEN, OWNER_KNOWN},
	{"Fast Open, not accepted yet",
	 NO_FILE(K_SYN_RECV, .local = SERVER, .info.options = 32, RETRANSMIT(0)),
	 "syn-received/fast-open", DETAIL_FAST_OPEN | DETAIL_NOT_ACCEPTED, OWNER_ACCEPT_QUEUE},
	{"simultaneous open on a listener's port",
	 OWNED(K_SYN_RECV, .local = SERVER, RETRANSMIT(0), .send_queue = 1),
	 "syn-received/simultaneous-open", 0, OWNER_KNOWN},
	{"full socket, no listener", OWNED(K_SYN_RECV, RETRANSMIT(0), .send_queue = 1),
	 "syn-received/simultaneous-open", 0, OWNER_KNOWN},
	{"the same, SYN-ACK sent again", OWNED(K_SYN_RECV, RETRANSMIT(2)),
	 "syn-received/simultaneous-open", 0, OWNER_KNOWN},

	/* ESTABLISHED. */
	{"not accepted", NO_FILE(K_ESTABLISHED, .local = SERVER), "established/not-accepted",
	 DETAIL_NOT_ACCEPTED, OWNER_ACCEPT_QUEUE},
	{"not accepted, data waits", NO_FILE(K_ESTABLISHED, .local = SERVER, .recv_queue = 99),
	 "established/not-accepted", DETAIL_NOT_ACCEPTED, OWNER_ACCEPT_QUEUE},
	{"not accepted, old kernel",
	 NO_FILE(K_ESTABLISHED, .local = SERVER, .have = PROCNET, .info_len = 0),
	 "established/not-accepted", DETAIL_NOT_ACCEPTED, OWNER_ACCEPT_QUEUE},
	{"not accepted MPTCP subflow", NO_FILE(K_ESTABLISHED, .have = FULL | HAVE_MPTCP),
	 "established/not-accepted", DETAIL_NOT_ACCEPTED | DETAIL_MPTCP_SUBFLOW,
	 OWNER_ACCEPT_QUEUE},
	{"zero window", OWNED(K_ESTABLISHED, PROBE, WINDOW(0), .send_queue = 1000),
	 "established/peer-window-closed", 0, OWNER_KNOWN},
	{"persist timer, window of one byte",
	 OWNED(K_ESTABLISHED, PROBE, WINDOW(1), .send_queue = 1000), "established/blocked", 0,
	 OWNER_KNOWN},
	{"persist timer, window open", OWNED(K_ESTABLISHED, PROBE, .send_queue = 1000),
	 "established/blocked", 0, OWNER_KNOWN},
	{"persist timer, window unknown",
	 OWNED(K_ESTABLISHED, PROBE, .have = PROCNET, .info_len = 0, .send_queue = 1000),
	 "established/probing", 0, OWNER_KNOWN},
	{"persist timer, a kernel before tcpi_snd_wnd",
	 OWNED(K_ESTABLISHED, PROBE, WINDOW(0), .info_len = 228, .send_queue = 1000),
	 "established/probing", 0, OWNER_KNOWN},
	{"zero window, no probe due", OWNED(K_ESTABLISHED, WINDOW(0)),
	 "established/idle-no-keepalive", 0, OWNER_KNOWN},
	{"in flight", OWNED(K_ESTABLISHED, RETRANSMIT(0), .send_queue = 1000),
	 "established/sending", 0, OWNER_KNOWN},
	{"in flight, repaired before",
	 OWNED(K_ESTABLISHED, RETRANSMIT(0), .send_queue = 1000, .info.total_retrans = 50),
	 "established/sending", 0, OWNER_KNOWN},
	{"timed out once", OWNED(K_ESTABLISHED, RETRANSMIT(1), .send_queue = 1000),
	 "established/retransmitting", 0, OWNER_KNOWN},
	{"fast retransmission",
	 OWNED(K_ESTABLISHED, RETRANSMIT(0), .send_queue = 1000, .info.retrans = 1),
	 "established/retransmitting", 0, OWNER_KNOWN},
	{"timed out, from /proc/net/tcp",
	 OWNED(K_ESTABLISHED, RETRANSMIT(1), .have = PROCNET, .info_len = 0, .send_queue = 9),
	 "established/retransmitting", 0, OWNER_KNOWN},
	{"one byte unread", OWNED(K_ESTABLISHED, .recv_queue = 1), "established/unread-data", 0,
	 OWNER_KNOWN},
	{"unread and in flight",
	 OWNED(K_ESTABLISHED, RETRANSMIT(0), .recv_queue = 1, .send_queue = 1),
	 "established/unread-data", 0, OWNER_KNOWN},
	{"keepalive probed once", OWNED(K_ESTABLISHED, .timer = TIMER_KEEPALIVE, .retrans = 1),
	 "established/keepalive-unanswered", 0, OWNER_KNOWN},
	{"keepalive", OWNED(K_ESTABLISHED, .timer = TIMER_KEEPALIVE, .expires = 7000000),
	 "established/idle", 0, OWNER_KNOWN},
	{"no timer at all", OWNED(K_ESTABLISHED), "established/idle-no-keepalive", 0, OWNER_KNOWN},
	{"sent just now", OWNED(K_ESTABLISHED, .info.last_data_sent = 0), "established/active", 0,
	 OWNER_KNOWN},
	{"received 1.999 s ago", OWNED(K_ESTABLISHED, .info.last_data_recv = 1999),
	 "established/active", 0, OWNER_KNOWN},
	{"received 2 s ago", OWNED(K_ESTABLISHED, .info.last_data_recv = 2000),
	 "established/idle-no-keepalive", 0, OWNER_KNOWN},
	{"nothing known of time", OWNED(K_ESTABLISHED, .have = PROCNET, .info_len = 0),
	 "established/quiet", 0, OWNER_KNOWN},
	{"subflow", OWNED(K_ESTABLISHED, .have = FULL | HAVE_MPTCP),
	 "established/idle-no-keepalive", DETAIL_MPTCP_SUBFLOW, OWNER_KNOWN},
	{"held by whom", OWNED(K_ESTABLISHED, .owners = OWNER_NONE, .absence = OWNER_IN_FLIGHT),
	 "established/idle-no-keepalive", 0, OWNER_IN_FLIGHT},
	{"nobody asked", OWNED(K_ESTABLISHED, .owners = OWNER_NONE, .absence = OWNER_NOT_ASKED),
	 "established/idle-no-keepalive", 0, OWNER_NOT_ASKED},
	{"came while we looked", OWNED(K_ESTABLISHED, .owners = OWNER_NONE, .absence = OWNER_RACED),
	 "established/idle-no-keepalive", 0, OWNER_RACED},
	{"the kernel's", OWNED(K_ESTABLISHED, .owners = OWNER_NONE, .absence = OWNER_KERNEL),
	 "established/idle-no-keepalive", 0, OWNER_KERNEL},

	/* What limits a connection that sends. */
	{"queued, the window has room", FLOW(), LIMITED("network")},
	{"the window has room for one segment", FLOW(WINDOW(21400)), LIMITED("network")},
	{"the congestion window is full", SENT(.info.unacked = 20), LIMITED("network")},
	{"one segment waits", SENT(.send_queue = 21400, .info.notsent_bytes = 1400),
	 LIMITED("network")},
	{"less than one waits", SENT(.send_queue = 21399, .info.notsent_bytes = 1399), JUST_SENDS},
	{"the program set the rate", FLOW(APP_LIMITED), JUST_SENDS},
	{"the program has a limit of its own",
	 FLOW(.info.max_pacing_rate = 125000, .info.pacing_rate = 125000), JUST_SENDS},
	{"such a limit, not reached",
	 FLOW(.info.max_pacing_rate = 125000, .info.pacing_rate = 124999), LIMITED("network")},
	{"no network", FLOW(.peer = {.address = {{127, 0, 0, 1}}, .port = 50000}), JUST_SENDS},
	{"a fifth held back by others", FLOW(RWND(100), SNDBUF(100)), LIMITED("network")},
	{"more than a fifth", FLOW(RWND(110), SNDBUF(100)), JUST_SENDS},
	{"for a second", FLOW(.info.busy_time = 1000000, .info.last_data_recv = 1500),
	 LIMITED("network")},
	{"for less", FLOW(.info.busy_time = 999999, .info.last_data_recv = 1500), JUST_SENDS},
	{"less than half the time", FLOW(.info.busy_time = 4900000), JUST_SENDS},
	{"before tcpi_snd_wnd", FLOW(.info_len = offsetof(struct tcp_metrics, snd_wnd)),
	 JUST_SENDS},
	{"the window is full", FLOW(WINDOW(20000), RWND(200)), LIMITED("receiver")},
	{"no room for a segment", FLOW(WINDOW(21399), RWND(200)), LIMITED("receiver")},
	{"the window is full, and seldom was", FLOW(WINDOW(20000), RWND(199)), JUST_SENDS},
	{"the window was full, and is not", FLOW(RWND(900)), JUST_SENDS},
	{"the window is full, for the first time", FLOW(WINDOW(20000)), JUST_SENDS},
	{"less than a segment of window, probed",
	 FLOW(PROBE, WINDOW(1399), RWND(200), .info.notsent_bytes = 100000), LIMITED("receiver")},
	{"the same, and seldom was", FLOW(PROBE, WINDOW(1399), .info.notsent_bytes = 100000),
	 "established/blocked", 0, OWNER_KNOWN},
	{"a segment of window, probed",
	 FLOW(PROBE, WINDOW(1400), RWND(200), .info.notsent_bytes = 100000), "established/blocked",
	 0, OWNER_KNOWN},
	{"no window, probed", FLOW(PROBE, WINDOW(0), RWND(900), .info.notsent_bytes = 100000),
	 "established/peer-window-closed", 0, OWNER_KNOWN},
	{"the buffer was full", SENT(SNDBUF(200)), LIMITED("send-buffer")},
	{"the buffer was seldom full", SENT(SNDBUF(199)), JUST_SENDS},
	{"the buffer was full, now segments wait", FLOW(SNDBUF(210)), JUST_SENDS},
	{"the buffer was full, now the congestion window is", SENT(SNDBUF(210), .info.unacked = 20),
	 JUST_SENDS},
	{"all is sent", SENT(APP_LIMITED), LIMITED("sender")},
	{"all is sent, and yet the path set the rate", SENT(), JUST_SENDS},
	{"all is sent, the peer spoke just now", SENT(APP_LIMITED, .info.last_data_recv = 2999),
	 JUST_SENDS},
	{"all is sent, the peer spoke a while ago",
	 SENT(APP_LIMITED, .info.last_data_recv = 3000, .info.busy_time = 2900000),
	 LIMITED("sender")},
	{"as many as one in four come back", SENT(APP_LIMITED, .info.bytes_received = 1000000),
	 JUST_SENDS},
	{"fewer", SENT(APP_LIMITED, .info.bytes_received = 999999), LIMITED("sender")},
	{"a few segments", SENT(APP_LIMITED, .info.data_segs_out = 15), JUST_SENDS},
	{"a few more", SENT(APP_LIMITED, .info.data_segs_out = 16), LIMITED("sender")},
	{"now and then", NOW_AND_THEN(), LIMITED("sender")},
	{"now and then, on the loopback",
	 NOW_AND_THEN(.info.busy_time = 0, .peer = {.address = {{127, 0, 0, 1}}, .port = 50000}),
	 LIMITED("sender")},
	{"now and then, half the time", NOW_AND_THEN(.info.busy_time = 4999000, .info.flags = 0),
	 LIMITED("sender")},
	{"now and then, most of the time", NOW_AND_THEN(.info.busy_time = 5000000, .info.flags = 0),
	 "established/active", 0, OWNER_KNOWN},
	{"now and then, not a moment ago", NOW_AND_THEN(.info.last_data_sent = 1000),
	 "established/active", 0, OWNER_KNOWN},
	{"now and then, no more", NOW_AND_THEN(.info.last_data_sent = 2000),
	 "established/idle-no-keepalive", 0, OWNER_KNOWN},
	{"a first answer", NOW_AND_THEN(.info.data_segs_out = 1), "established/active", 0,
	 OWNER_KNOWN},
	{"answers", NOW_AND_THEN(.info.last_data_recv = 600), "established/active", 0, OWNER_KNOWN},
	{"a client that asks", NOW_AND_THEN(.info.bytes_received = 50000000), "established/active",
	 0, OWNER_KNOWN},
	{"limited, and sent again", FLOW(.info.retrans = 1), "established/retransmitting", 0,
	 OWNER_KNOWN},
	{"limited, and unread data", FLOW(.recv_queue = 1), "established/unread-data", 0,
	 OWNER_KNOWN},
	{"limited, and not accepted", FLOW(.inode = 0, .owners = OWNER_NONE),
	 "established/not-accepted", DETAIL_NOT_ACCEPTED, OWNER_ACCEPT_QUEUE},
	{"now and then, and keepalive unanswered",
	 NOW_AND_THEN(.timer = TIMER_KEEPALIVE, .retrans = 1), "established/keepalive-unanswered",
	 0, OWNER_KNOWN},

	/* We closed first. */
	{"FIN sent", OWNED(K_FIN_WAIT1, RETRANSMIT(0), .send_queue = 1), "fin-wait-1/awaiting-ack",
	 0, OWNER_KNOWN},
	{"FIN sent, closed", NO_FILE(K_FIN_WAIT1, RETRANSMIT(0), .send_queue = 1),
	 "fin-wait-1/awaiting-ack", DETAIL_ORPHAN, OWNER_ORPHAN},
	{"FIN sent again", OWNED(K_FIN_WAIT1, RETRANSMIT(1), .send_queue = 1),
	 "fin-wait-1/retransmitting", 0, OWNER_KNOWN},
	{"FIN behind a shut window", NO_FILE(K_FIN_WAIT1, PROBE, WINDOW(0), .send_queue = 3700000),
	 "fin-wait-1/peer-window-closed", DETAIL_ORPHAN, OWNER_ORPHAN},
	{"FIN behind data, window open", NO_FILE(K_FIN_WAIT1, PROBE, .send_queue = 3700000),
	 "fin-wait-1/probing", DETAIL_ORPHAN, OWNER_ORPHAN},
	{"half closed", OWNED(K_FIN_WAIT2), "fin-wait-2/held-by-app", 0, OWNER_KNOWN},
	{"half closed, holder unseen", OWNED(K_FIN_WAIT2, .owners = OWNER_NONE),
	 "fin-wait-2/held-by-app", 0, OWNER_NO_PERMISSION},
	{"orphan", NO_FILE(K_FIN_WAIT2, .timer = TIMER_KEEPALIVE, .expires = 100000),
	 "fin-wait-2/orphan-expiring", DETAIL_ORPHAN, OWNER_ORPHAN},
	{"orphan as minisocket", MINI(K_FIN_WAIT2, .timer = TIMER_TIME_WAIT, .expires = 40000),
	 "fin-wait-2/orphan-expiring", DETAIL_MINISOCKET, OWNER_ORPHAN},
	{"both closed at once", OWNED(K_CLOSING, RETRANSMIT(0), .recv_queue = 1, .send_queue = 1),
	 "closing/simultaneous-close", 0, OWNER_KNOWN},
	{"the same, orphan", NO_FILE(K_CLOSING, RETRANSMIT(0)), "closing/simultaneous-close",
	 DETAIL_ORPHAN, OWNER_ORPHAN},
	{"both closed, FIN sent again", OWNED(K_CLOSING, RETRANSMIT(4)), "closing/retransmitting",
	 0, OWNER_KNOWN},
	{"TIME_WAIT", MINI(K_TIME_WAIT, .timer = TIMER_TIME_WAIT, .expires = 59000),
	 "time-wait/protecting", DETAIL_MINISOCKET, OWNER_TIME_WAIT},

	/* The peer closed first. */
	{"EOF read", OWNED(K_CLOSE_WAIT), "close-wait/app-must-close", 0, OWNER_KNOWN},
	{"only the FIN unread", OWNED(K_CLOSE_WAIT, .recv_queue = 1), "close-wait/app-must-close",
	 0, OWNER_KNOWN},
	{"a byte and the FIN", OWNED(K_CLOSE_WAIT, .recv_queue = 2), "close-wait/unread-data", 0,
	 OWNER_KNOWN},
	{"still sending", OWNED(K_CLOSE_WAIT, .recv_queue = 1, .send_queue = 1),
	 "close-wait/sending", 0, OWNER_KNOWN},
	{"gave up waiting", NO_FILE(K_CLOSE_WAIT, .local = SERVER, .recv_queue = 1),
	 "close-wait/never-accepted", DETAIL_NOT_ACCEPTED, OWNER_ACCEPT_QUEUE},
	{"last FIN sent", OWNED(K_LAST_ACK, RETRANSMIT(0), .send_queue = 1),
	 "last-ack/awaiting-ack", 0, OWNER_KNOWN},
	{"last FIN sent, closed", NO_FILE(K_LAST_ACK, RETRANSMIT(0), .send_queue = 1),
	 "last-ack/awaiting-ack", DETAIL_ORPHAN, OWNER_ORPHAN},
	{"last FIN sent again", NO_FILE(K_LAST_ACK, RETRANSMIT(1), .send_queue = 1),
	 "last-ack/retransmitting", DETAIL_ORPHAN, OWNER_ORPHAN},

	/* Neither. */
	{"bound", OWNED(K_CLOSE, .peer = {.port = 0}), "closed/bound-only", DETAIL_BOUND_ONLY,
	 OWNER_KNOWN},
	{"refused", OWNED(K_CLOSE), "closed/connect-failed", DETAIL_BOUND_ONLY, OWNER_KNOWN},
	{"refused, the port forgotten", OWNED(K_CLOSE, .peer.port = 0), "closed/connect-failed",
	 DETAIL_BOUND_ONLY, OWNER_KNOWN},
	{"a state nobody knows", OWNED(K_NOBODY_KNOWS), "unknown/state", 0, OWNER_KNOWN},
	{"no state", OWNED(0), "unknown/state", 0, OWNER_KNOWN},
	{"another one, no file",
	 NO_FILE(255, .have = NETLINK, .info_len = 0, .absence = OWNER_NOT_ASKED), "unknown/state",
	 0, OWNER_NOT_ASKED},

	/* Timers that tell of trouble, in every state that still sends. */
	{"probes, window unknown", OWNED(K_ESTABLISHED, .info_len = 0, PROBE, .send_queue = 9),
	 "established/probing", 0, OWNER_KNOWN},
	{"closed, probes, window open", OWNED(K_FIN_WAIT1, PROBE, .send_queue = 9),
	 "fin-wait-1/probing", 0, OWNER_KNOWN},
	{"half closed, sent again", OWNED(K_CLOSE_WAIT, RETRANSMIT(2), .send_queue = 9),
	 "close-wait/retransmitting", 0, OWNER_KNOWN},
	{"half closed, window 0", OWNED(K_CLOSE_WAIT, PROBE, WINDOW(0), .send_queue = 9),
	 "close-wait/peer-window-closed", 0, OWNER_KNOWN},
	{"half closed, probes", OWNED(K_CLOSE_WAIT, PROBE, .send_queue = 9), "close-wait/probing",
	 0, OWNER_KNOWN},
	{"last FIN behind a closed window", NO_FILE(K_LAST_ACK, PROBE, WINDOW(0), .send_queue = 9),
	 "last-ack/peer-window-closed", DETAIL_ORPHAN, OWNER_ORPHAN},
	{"last FIN, probes", NO_FILE(K_LAST_ACK, PROBE, .send_queue = 9), "last-ack/probing",
	 DETAIL_ORPHAN, OWNER_ORPHAN},
};

enum { CASES = sizeof(cases) / sizeof(cases[0]) };

static const struct socket listener = {.family = AF_INET,
				       .kernel_state = K_LISTEN,
				       .local.port = SERVED,
				       .recv_queue = 2,
				       .send_queue = 128,
				       .inode = 9,
				       .have = FULL,
				       .owners = OWNER_NONE};

static struct snapshot snapshot; /* with that listener */

static int set_up(void **state)
{
	(void)state;
	return socket_list_add(&snapshot.listeners, &listener) ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	snapshot_free(&snapshot);
	return 0;
}

static struct verdict verdict_on(const struct socket *sk)
{
	/* What an earlier row left behind must not shine through. */
	struct row row = {.snapshot = &snapshot,
			  .socket = sk,
			  .verdict = {&situations[0], &listener, 0xffff, OWNER_RACED}};

	classify(&row);
	assert_non_null(row.verdict.situation);
	return row.verdict;
}

static void test_catalogue(void **state)
{
	(void)state;
	for (unsigned i = 0; i < CASES; i++) {
		struct verdict v = verdict_on(&cases[i].sk);

		if (strcmp(v.situation->id, cases[i].id) || v.details != cases[i].details ||
		    v.reason != cases[i].reason)
			fail_msg("%s: %s, details %#x, %s instead of %s, details %#x, %s",
				 cases[i].name, v.situation->id, v.details,
				 owner_absence_token(v.reason), cases[i].id, cases[i].details,
				 owner_absence_token(cases[i].reason));
	}
}

static void test_every_situation_is_reached(void **state)
{
	bool reached[SITUATION_COUNT] = {false};

	(void)state;
	for (unsigned i = 0; i < CASES; i++)
		reached[verdict_on(&cases[i].sk).situation - situations] = true;
	for (unsigned i = 0; i < SITUATION_COUNT; i++) {
		if (!reached[i])
			fail_msg("no case leads to %s", situations[i].id);
	}
}

/* Kernels differ in whose uid stands on a socket without inode: it must change nothing. */
static void test_uid_changes_nothing(void **state)
{
	unsigned without = 0;

	(void)state;
	for (unsigned i = 0; i < CASES; i++) {
		struct socket sk = cases[i].sk;
		struct verdict root, user;

		sk.uid = 0;
		root = verdict_on(&sk);
		sk.uid = 1000;
		user = verdict_on(&sk);
		assert_ptr_equal(root.situation, user.situation);
		assert_int_equal(root.details, user.details);
		assert_int_equal(root.reason, user.reason);
		without += !sk.inode;
	}
	assert_true(without > 15);
}

/* uid 0 with inode 0 is unknown, not root's; and neither a missing permission. */
static void test_no_inode_has_no_owner(void **state)
{
	static const uint8_t states[] = {K_ESTABLISHED, K_SYN_RECV,   K_FIN_WAIT1, K_FIN_WAIT2,
					 K_TIME_WAIT,   K_CLOSE_WAIT, K_LAST_ACK,  K_CLOSING};

	(void)state;
	for (unsigned i = 0; i < sizeof(states); i++) {
		for (unsigned absence = OWNER_NOT_ASKED; absence < OWNER_ABSENCE_COUNT; absence++) {
			struct socket sk = MINI(states[i], .absence = (uint8_t)absence);
			struct row row = {.snapshot = &snapshot, .socket = &sk};
			unsigned reason = verdict_on(&sk).reason;
			struct value v;

			assert_in_range(reason, OWNER_TIME_WAIT, OWNER_ORPHAN);
			assert_false(field_get(field_find("uid", 3), &row, &v));
		}
	}
}

/* ---- the listener in whose queue a connection waits */

static struct socket at(int family, const char *address, uint16_t port, uint8_t state)
{
	struct socket sk = MINI(state);

	sk.family = (uint8_t)family;
	memset(&sk.local, 0, sizeof(sk.local));
	assert_int_equal(inet_pton(family, address, sk.local.address.bytes), 1);
	sk.local.port = port;
	return sk;
}

static const struct socket *add(struct snapshot *s, struct socket sk)
{
	const struct socket *copy;

	copy = socket_list_add(&s->listeners, &sk);
	assert_non_null(copy);
	return copy;
}

static const struct socket *queue_of(const struct snapshot *s, struct socket sk)
{
	struct row row = {.snapshot = s, .socket = &sk};

	classify(&row);
	assert_int_equal(row.verdict.details, DETAIL_NOT_ACCEPTED);
	return row.verdict.listener;
}

static void test_listener_of_a_queue(void **state)
{
	const int i4 = AF_INET, i6 = AF_INET6;
	const uint8_t l = K_LISTEN, e = K_ESTABLISHED;
	struct snapshot s = {0};
	const struct socket *any4 = add(&s, at(i4, "0.0.0.0", 80, l));
	const struct socket *one4 = add(&s, at(i4, "10.0.0.1", 80, l));
	const struct socket *dual = add(&s, at(i6, "::", 81, l));
	const struct socket *one6 = add(&s, at(i6, "::1", 81, l));
	struct socket v6only = at(i6, "::", 82, l), other = at(i4, "10.0.0.9", 80, e);
	const struct socket *only6, *crowded;
	struct socket crowd;

	(void)state;
	v6only.have |= HAVE_V6ONLY;
	v6only.v6only = 1;
	only6 = add(&s, v6only);
	assert_ptr_equal(queue_of(&s, at(i4, "10.0.0.1", 80, e)), one4);
	assert_ptr_equal(queue_of(&s, at(i4, "10.0.0.2", 80, e)), any4);
	assert_ptr_equal(queue_of(&s, at(i4, "10.0.0.2", 80, K_CLOSE_WAIT)), any4);
	/* Of a SO_REUSEPORT group the one with a queue, and nobody where there are two. */
	add(&s, at(i4, "10.0.0.1", 90, l));
	crowd = at(i4, "10.0.0.1", 90, l);
	crowd.recv_queue = 3;
	crowded = add(&s, crowd);
	assert_ptr_equal(queue_of(&s, at(i4, "10.0.0.1", 90, e)), crowded);
	add(&s, crowd);
	assert_null(queue_of(&s, at(i4, "10.0.0.1", 90, e)));
	assert_null(queue_of(&s, at(i4, "10.0.0.1", 8080, e)));
	assert_ptr_equal(queue_of(&s, at(i6, "::1", 81, e)), one6);
	assert_ptr_equal(queue_of(&s, at(i6, "::2", 81, e)), dual);
	assert_ptr_equal(queue_of(&s, at(i6, "::ffff:10.0.0.1", 81, e)), dual);
	assert_ptr_equal(queue_of(&s, at(i6, "::2", 82, e)), only6);
	assert_null(queue_of(&s, at(i6, "::ffff:10.0.0.1", 82, e)));
	other.netns = 1; /* another namespace's port 80 is another port */
	assert_null(queue_of(&s, other));
	snapshot_free(&s);
}

static void test_accepted_ones_name_no_listener(void **state)
{
	unsigned waiting = 0;

	(void)state;
	for (unsigned i = 0; i < CASES; i++) {
		struct verdict v = verdict_on(&cases[i].sk);
		bool waits = v.details & DETAIL_NOT_ACCEPTED;

		if (!waits || cases[i].sk.local.port != SERVED)
			assert_null(v.listener);
		else
			assert_ptr_equal(v.listener, snapshot.listeners.sockets[0]);
		waiting += v.listener != NULL;
	}
	assert_true(waiting >= 4);
}

/* ---- whatever the numbers are */

static const char *state_prefix(unsigned number, char *to)
{
	const char *token = state_token(number);
	size_t n = 0;

	if (!token)
		return "unknown/";
	for (; token[n]; n++)
		to[n] = token[n] == '_' ? '-' : (char)tolower((unsigned char)token[n]);
	strcpy(to + n, "/");
	return to;
}

static bool holds_fields(const char *line)
{
	return strchr(line, '{') != NULL;
}

/* Whether the row has a value for each {name} of the line; *name is the first it lacks. */
static bool line_can_be_shown(const char *line, const struct row *row, char *name, size_t size)
{
	for (const char *open; (open = strchr(line, '{')); line = strchr(open, '}')) {
		size_t n = strcspn(open, "}") - 1;
		const struct field *f = field_find(open + 1, n);
		struct value v;

		snprintf(name, size, "%.*s", (int)n, open + 1);
		if (!f || !field_get(f, row, &v))
			return false;
	}
	return true;
}

/* By sock_diag, with a timer and a listener where there are such, every line has its values. */
static void check_any(struct socket *sk)
{
	struct row row = {.snapshot = &snapshot, .socket = sk};
	char prefix[32], name[32];
	const char *wanted;

	classify(&row);
	wanted = state_prefix(sk->kernel_state, prefix);
	if (strncmp(row.verdict.situation->id, wanted, strlen(wanted)))
		fail_msg("state %u: %s", sk->kernel_state, row.verdict.situation->id);
	assert_true(row.verdict.details < 1u << DETAIL_COUNT);
	assert_true(row.verdict.reason < OWNER_ABSENCE_COUNT);
	assert_int_equal(row.verdict.reason == OWNER_KNOWN, sk->owners != OWNER_NONE);
	if (!sk->info_len || !sk->timer ||
	    (!row.verdict.listener && strstr(row.verdict.situation->line, "{listener")))
		return;
	if (!line_can_be_shown(row.verdict.situation->line, &row, name, sizeof(name)))
		fail_msg("%s: no {%s} for state %u, timer %u", row.verdict.situation->id, name,
			 sk->kernel_state, sk->timer);
}

/* A limit is cited with its share. */
static void test_limits_cite_numbers(void **state)
{
	unsigned limited = 0;

	(void)state;
	for (unsigned i = 0; i < CASES; i++) {
		struct row row = {.snapshot = &snapshot, .socket = &cases[i].sk};
		const char *line;
		char name[32];

		classify(&row);
		line = row.verdict.situation->line;
		if (!strstr(row.verdict.situation->id, "/limited-by-"))
			continue;
		assert_non_null(strstr(line, "-share}"));
		if (!line_can_be_shown(line, &row, name, sizeof(name)))
			fail_msg("%s: no {%s}", cases[i].name, name);
		limited++;
	}
	assert_true(limited > 15);
}

static void test_any_numbers(void **state)
{
	static const uint32_t queues[] = {0, 1, 2, UINT32_MAX};
	static const uint32_t expires[] = {0, 1000, 1001, UINT32_MAX};
	static const uint16_t lengths[] = {0, WHOLE_INFO};
	unsigned count = 0;

	(void)state;
	for (unsigned i = 0; i < 16 * 7 * 3 * 4 * 4 * 4 * 2 * 2; i++) {
		unsigned n = i;
		struct socket sk = MINI(0);

		sk.kernel_state = n % 16, n /= 16;
		sk.timer = n % 7, n /= 7;
		sk.retrans = (uint8_t)(n % 3 * 127), n /= 3;
		sk.recv_queue = queues[n % 4], n /= 4;
		sk.send_queue = queues[n % 4], n /= 4;
		sk.expires = expires[n % 4], n /= 4;
		sk.info_len = lengths[n % 2], n /= 2;
		sk.inode = n % 2 ? INODE : 0;
		sk.owners = n % 2 ? 0 : OWNER_NONE;
		check_any(&sk);
		count++;
	}
	assert_int_equal(count, 16 * 7 * 3 * 4 * 4 * 4 * 2 * 2);
}

/* ---- the catalogue as text */

static void test_texts(void **state)
{
	unsigned with_fields = 0;

	(void)state;
	for (unsigned i = 0; i < SITUATION_COUNT; i++) {
		const struct situation *s = &situations[i];
		size_t n = strlen(s->line);

		assert_true(n && strlen(s->more) && strlen(s->next) && strlen(s->todo));
		assert_false(isupper((unsigned char)s->line[0]) &&
			     islower((unsigned char)s->line[1]));
		assert_int_not_equal(s->line[n - 1], '.');
		assert_null(strpbrk(s->line, "\n\t"));
		assert_false(holds_fields(s->more) || holds_fields(s->next) ||
			     holds_fields(s->todo));
		for (const char *open = s->line; (open = strchr(open, '{')); open++) {
			assert_non_null(strchr(open, '}'));
			if (!field_find(open + 1, strcspn(open, "}") - 1))
				fail_msg("%s: %s names no field", s->id, open);
		}
		with_fields += holds_fields(s->line);
	}
	assert_true(with_fields > 10);
}

static void test_ids(void **state)
{
	(void)state;
	for (unsigned i = 0; i < SITUATION_COUNT; i++) {
		char loud[64];
		size_t n = strlen(situations[i].id);

		assert_true(n < sizeof(loud));
		for (size_t c = 0; c <= n; c++)
			loud[c] = situations[i].id[c] == '-'
					  ? '_'
					  : (char)toupper((unsigned char)situations[i].id[c]);
		/* No two have the same: each finds itself. */
		assert_ptr_equal(situation_find(situations[i].id), &situations[i]);
		assert_ptr_equal(situation_find(loud), &situations[i]);
		loud[n - 1] = '\0';
		assert_null(situation_find(loud));
	}
	assert_null(situation_find(""));
	assert_null(situation_find("established"));
	assert_null(situation_find("established/"));
	assert_null(situation_find("established/idle-"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_catalogue),
		cmocka_unit_test(test_every_situation_is_reached),
		cmocka_unit_test(test_uid_changes_nothing),
		cmocka_unit_test(test_no_inode_has_no_owner),
		cmocka_unit_test(test_listener_of_a_queue),
		cmocka_unit_test(test_accepted_ones_name_no_listener),
		cmocka_unit_test(test_limits_cite_numbers),
		cmocka_unit_test(test_any_numbers),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_ids),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}

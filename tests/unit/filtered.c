// SPDX-License-Identifier: GPL-2.0-or-later
#include "filtered.h"

#include <string.h>
#include <sys/socket.h>

/* A process that has two sockets, one of them with another process. */
static bool make_owners(struct snapshot *s)
{
	struct process first = {.pid = 12,
				.comm = "nginx",
				.exe = strdup("/usr/sbin/nginx"),
				.unit = strdup("nginx.service"),
				.user = strdup("www-data"),
				.cgroup = strdup("/system.slice/nginx.service")};
	struct process second = {
		.pid = 13, .comm = "web worker*", .container = strdup("0123456789ab")};

	return owner_table_process(&s->owners, &first) == 0 &&
	       owner_table_process(&s->owners, &second) == 1 &&
	       !owner_table_add(&s->owners, 77, 0, 5, VIA_DESCRIPTOR) &&
	       !owner_table_add(&s->owners, 77, 1, 6, VIA_DESCRIPTOR) &&
	       !owner_table_index(&s->owners) && !snapshot_add_interface(s, 2, "eth0");
}

static struct socket full_socket(const struct snapshot *s)
{
	struct socket sk = {
		.family = AF_INET,
		.kernel_state = STATE_ESTABLISHED,
		.have = HAVE_QUEUES | HAVE_MARK | HAVE_MEMORY | HAVE_COOKIE | HAVE_TIMER |
			HAVE_CONG | HAVE_AUTOBOUND | HAVE_CGROUP,
		.autobound = 1,
		.cgroup = 1,
		.cookie = 0x3e9,
		.mark = 0x15,
		.interface = 2,
		.inode = 77,
		.uid = 0,
		.recv_queue = 65536,
		.send_queue = 3,
		.timer = TIMER_KEEPALIVE,
		.expires = 1500,
		.memory.drops = 10000,
		.cong = "cubic",
		.info_len = sizeof(struct tcp_metrics),
		.info = {.rtt = 100000,
			 .total_retrans = 3,
			 .delivery_rate = 1250000,
			 .last_data_sent = 300000,
			 .last_data_recv = 400000},
	};

	sk.owners = owner_table_find(&s->owners, 77);
	sk.local.port = 22;
	sk.peer.port = 4711;
	sk.local.address.bytes[0] = sk.peer.address.bytes[0] = 10;
	return sk;
}

static const struct socket bare_socket = {.family = AF_INET,
					  .kernel_state = STATE_LAST_ACK,
					  .owners = OWNER_NONE,
					  .absence = OWNER_ORPHAN};

static struct socket pair(unsigned i)
{
	struct socket sk = {.family = AF_INET,
			    .kernel_state = STATE_ESTABLISHED,
			    .have = HAVE_QUEUES | (i % 3 ? HAVE_MARK : 0),
			    .mark = i % 3 ? i % 4 : 0,
			    .interface = i % 3,
			    .recv_queue = i % 2,
			    .owners = OWNER_NONE};

	if (i % 4 == 3 && i / PAIR_PORTS == 2) { /* IPv6 proper, by a link */
		sk.family = AF_INET6;
		sk.local.address.bytes[0] = sk.peer.address.bytes[0] = 0xfe;
		sk.local.address.bytes[1] = sk.peer.address.bytes[1] = 0x80;
		sk.local.address.bytes[15] = 1;
		sk.peer.address.bytes[15] = 2;
	} else if (i % 4 == 3) { /* mapped into IPv6 */
		sk.family = AF_INET6;
		sk.local.address.bytes[10] = sk.local.address.bytes[11] = 0xff;
		sk.local.address.bytes[12] = 10;
		sk.local.address.bytes[15] = (uint8_t)(i % 3);
		sk.peer = sk.local;
	} else {
		sk.peer.address.bytes[0] = 10;
		sk.peer.address.bytes[3] = (uint8_t)(i % 2 + 1);
		sk.local.address.bytes[0] = 10;
		sk.local.address.bytes[3] = (uint8_t)(i % 3);
	}
	sk.local.port = (uint16_t)(10 + i % PAIR_PORTS);
	sk.peer.port = (uint16_t)(10 + i / PAIR_PORTS);
	if (i % 4 != 3 && i % 5 == 4) { /* a listener has no peer */
		sk.kernel_state = STATE_LISTEN;
		sk.peer = (struct endpoint){0};
	}
	return sk;
}

bool filtered_make(struct filtered *f)
{
	static const struct situation situation = {.id = "established/idle"};

	*f = (struct filtered){0};
	if (!make_owners(&f->snapshot))
		return false;
	f->sockets[FILTERED_FULL] = full_socket(&f->snapshot);
	f->sockets[FILTERED_BARE] = bare_socket;
	for (unsigned i = 0; i < PAIRS; i++)
		f->sockets[FILTERED_PAIRS + i] = pair(i);
	for (unsigned i = 0; i < FILTERED; i++)
		f->rows[i] = (struct row){.snapshot = &f->snapshot, .socket = &f->sockets[i]};
	f->rows[FILTERED_FULL].verdict.situation = &situation;
	f->rows[FILTERED_BARE].verdict.details = DETAIL_ORPHAN;
	f->rows[FILTERED_BARE].verdict.reason = OWNER_ORPHAN;
	return true;
}

void filtered_free(struct filtered *f)
{
	snapshot_free(&f->snapshot);
}

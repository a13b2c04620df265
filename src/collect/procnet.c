// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/procnet.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "model/pipeline.h"

enum { TICKS_TO_MS = 10 }; /* USER_HZ is 100 */

/* An address is printed as 32-bit words in host order, a port as a number. */
static int decode_end(const char *text, const char *port, int family, struct endpoint *e)
{
	size_t words = family == AF_INET6 ? 4 : 1;

	if (strlen(text) != words * 8)
		return -EBADMSG;
	memset(e, 0, sizeof(*e));
	for (size_t i = 0; i < words; i++) {
		char word[9] = "";
		char *end;
		uint32_t v;

		memcpy(word, text + i * 8, 8);
		v = (uint32_t)strtoul(word, &end, 16);
		if (*end)
			return -EBADMSG;
		memcpy(e->address.bytes + i * 4, &v, sizeof(v));
	}
	e->port = (uint16_t)strtoul(port, NULL, 16);
	return 0;
}

int procnet_decode(const char *line, int family, struct socket *sk)
{
	char local[33], local_port[5], peer[33], peer_port[5];
	unsigned state, timer, retrans, uid, probes;
	unsigned long send_queue, recv_queue, when, inode;

	if (sscanf(line,
		   " %*u: %32[0-9A-Fa-f]:%4[0-9A-Fa-f] %32[0-9A-Fa-f]:%4[0-9A-Fa-f] "
		   "%x %lx:%lx %x:%lx %x %u %u %lu",
		   local, local_port, peer, peer_port, &state, &send_queue, &recv_queue, &timer,
		   &when, &retrans, &uid, &probes, &inode) != 13)
		return -EBADMSG;
	memset(sk, 0, offsetof(struct socket, info));
	sk->info_len = 0;
	sk->family = (uint8_t)family;
	sk->kernel_state = (uint8_t)state;
	if (decode_end(local, local_port, family, &sk->local) ||
	    decode_end(peer, peer_port, family, &sk->peer))
		return -EBADMSG;
	sk->recv_queue = (uint32_t)recv_queue;
	sk->send_queue = (uint32_t)send_queue;
	sk->timer = (uint8_t)timer;
	/* Probes are counted in the column "timeout" (net/ipv4/tcp_ipv4.c, get_tcp4_sock()). */
	sk->retrans =
		(uint8_t)(timer == TIMER_KEEPALIVE || timer == TIMER_PROBE ? probes : retrans);
	sk->expires = (uint32_t)(when * TICKS_TO_MS);
	sk->uid = uid;
	sk->inode = (uint32_t)inode;
	sk->have = HAVE_QUEUES | HAVE_TIMER;
	sk->owners = OWNER_NONE;
	sk->absence = OWNER_NOT_ASKED;
	return 0;
}

static int walk_file(const char *path, int family, uint32_t states,
		     int (*each)(struct socket *sk, void *ctx), void *ctx)
{
	FILE *f = fopen(path, "re");
	char line[512];
	int result = 0;

	if (!f)
		return -errno;
	while (!result && fgets(line, sizeof(line), f)) {
		struct socket sk;

		if (!procnet_decode(line, family, &sk) && sk.kernel_state < 32 &&
		    states & 1u << sk.kernel_state)
			result = each(&sk, ctx);
	}
	if (!result && ferror(f))
		result = -EIO;
	fclose(f);
	return result;
}

int procnet_walk(uint32_t states, uint32_t families, int (*each)(struct socket *sk, void *ctx),
		 void *ctx)
{
	int first = 0, second = 0;

	if (families & FAMILY_INET)
		first = walk_file("/proc/thread-self/net/tcp", AF_INET, states, each, ctx);
	if (families & FAMILY_INET6 && (!first || first == -ENOENT))
		second = walk_file("/proc/thread-self/net/tcp6", AF_INET6, states, each, ctx);
	if (second == -ENOENT && families & FAMILY_INET)
		second = 0; /* IPv6 is off */
	return first ? first : second;
}

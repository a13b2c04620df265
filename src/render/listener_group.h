// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef RENDER_LISTENER_GROUP_H
#define RENDER_LISTENER_GROUP_H

#include "model/verdict.h"
#include "render/style.h"

/*
 * Listeners that are one to whoever connects: sockets of one SO_REUSEPORT group (same address,
 * port, interface and namespace), joined with those of the other family where 0.0.0.0 and an
 * IPv6-only [::] have the same port and programs.
 */
struct listener_group {
	struct {
		const struct row *const *rows;
		size_t count;
	} part[2];    /* the second, of IPv6, only in a pair */
	size_t count; /* sockets of both */
};

/*
 * Sorts the rows by port and address, and groups them into *groups, which points into `rows` and
 * is the caller's to free. Returns 0 or -ENOMEM.
 */
int listeners_group(const struct row **rows, size_t n, struct listener_group **groups,
		    size_t *count);

/* The group's i-th row. */
const struct row *listener_group_row(const struct listener_group *g, size_t i);

/* The socket of its first row. */
const struct socket *listener_group_first(const struct listener_group *g);

/* The member whose queue is fullest for its backlog. */
const struct socket *listener_group_fullest(const struct listener_group *g);

/*
 * What the bind address alone lets in: any, any-ipv4, any-ipv6, loopback, link or address. A
 * firewall is not considered. Where it is unknown whether [::] takes IPv4 as well (no netlink), it
 * counts as taking it, the default.
 */
const char *listener_group_reach(const struct listener_group *g);

/* Appends that, and %interface where it is bound to one. */
void listener_group_put_reach(struct out *o, const struct listener_group *g);

/* Appends the addresses, IPv6 in brackets, joined by ','; each with its port where asked. */
void listener_group_put_address(struct out *o, const struct listener_group *g, bool ports);

/* Appends length/backlog of the fullest member, and x4 where 4 sockets share an address. */
void listener_group_put_queue(struct out *o, const struct listener_group *g);

/* Appends what their queues turned away, nothing where that is not known; NOTICE if there is any. */
enum paint listener_group_put_drops(struct out *o, const struct listener_group *g);

/* BAD when that queue is longer than its backlog, NOTICE above half of it. */
enum paint listener_group_paint(const struct listener_group *g);

#endif

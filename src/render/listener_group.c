// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/listener_group.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "render/cell.h"
#include "render/listener_holders.h"
#include "util/compare.h"
#include "util/text.h"

static bool v6only(const struct socket *sk)
{
	return sk->have & HAVE_V6ONLY && sk->v6only;
}

/* Port, then address; equal for the members of a group. */
static int compare_place(const struct socket *a, const struct socket *b)
{
	int c = COMPARE(a->local.port, b->local.port);

	c = c ? c : COMPARE(a->family == AF_INET6, b->family == AF_INET6);
	c = c ? c : address_compare(&a->local.address, &b->local.address);
	c = c ? c : COMPARE(a->interface, b->interface);
	c = c ? c : COMPARE(a->netns, b->netns);
	return c ? c : COMPARE(v6only(a), v6only(b));
}

static int by_place(const void *a, const void *b)
{
	const struct socket *x = (*(const struct row *const *)a)->socket;
	const struct socket *y = (*(const struct row *const *)b)->socket;
	int c = compare_place(x, y);

	c = c ? c : COMPARE(x->inode, y->inode);
	return c ? c : COMPARE(x->cookie, y->cookie);
}

const struct row *listener_group_row(const struct listener_group *g, size_t i)
{
	return i < g->part[0].count ? g->part[0].rows[i] : g->part[1].rows[i - g->part[0].count];
}

const struct socket *listener_group_first(const struct listener_group *g)
{
	return g->part[0].rows[0]->socket;
}

/* Pairs of families. */

static bool is_any(const struct listener_group *g, int family)
{
	const struct socket *sk = listener_group_first(g);

	return sk->family == family && !address_is_mapped(family, &sk->local.address) &&
	       address_scope(family, &sk->local.address) == SCOPE_ANY;
}

/* 127.0.0.1 or ::1. */
static bool is_home(const struct listener_group *g)
{
	static const struct address home4 = {{127, 0, 0, 1}};
	static const struct address home6 = {{[15] = 1}};
	const struct socket *sk = listener_group_first(g);

	return !address_compare(&sk->local.address, sk->family == AF_INET6 ? &home6 : &home4);
}

static bool may_begin_pair(const struct listener_group *g)
{
	return listener_group_first(g)->family == AF_INET && (is_any(g, AF_INET) || is_home(g));
}

static bool same_owner(const struct listener_group *a, const struct listener_group *b, int *error)
{
	const struct socket *x = listener_group_first(a), *y = listener_group_first(b);
	struct holders p = {0}, q = {0};
	bool same = false;

	*error = holders_of(&p, a);
	if (!*error)
		*error = holders_of(&q, b);
	if (!*error)
		same = holders_same_programs(&p, &q) && p.absence == q.absence &&
		       (p.count || x->uid == y->uid);
	free(p.list);
	free(q.list);
	return same;
}

static bool may_pair(const struct listener_group *four, const struct listener_group *six)
{
	const struct socket *x = listener_group_first(four), *y = listener_group_first(six);

	if (x->interface != y->interface || x->netns != y->netns)
		return false;
	if (is_any(four, AF_INET))
		return is_any(six, AF_INET6) && (v6only(y) || !(y->have & HAVE_V6ONLY));
	return listener_group_first(six)->family == AF_INET6 && is_home(six);
}

/* Joins [::] into the group of 0.0.0.0, [::1] into that of 127.0.0.1; it is left empty. */
static int join_pair(struct listener_group *four, struct listener_group *end)
{
	uint16_t port = listener_group_first(four)->local.port;
	int error = 0;

	for (struct listener_group *six = four + 1; six < end && !error; six++) {
		if (six->count && listener_group_first(six)->local.port != port)
			break;
		if (!six->count || !may_pair(four, six) || !same_owner(four, six, &error))
			continue;
		four->part[1] = six->part[0];
		four->count += six->count;
		six->count = 0;
		break;
	}
	return error;
}

static size_t make_groups(struct listener_group *groups, const struct row *const *rows, size_t n)
{
	size_t count = 0;

	for (size_t i = 0, next; i < n; i = next) {
		for (next = i + 1; next < n; next++) {
			if (compare_place(rows[i]->socket, rows[next]->socket))
				break;
		}
		groups[count] = (struct listener_group){.count = next - i};
		groups[count].part[0].rows = rows + i;
		groups[count++].part[0].count = next - i;
	}
	return count;
}

static size_t drop_joined(struct listener_group *groups, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		if (groups[i].count)
			groups[kept++] = groups[i];
	}
	return kept;
}

int listeners_group(const struct row **rows, size_t n, struct listener_group **groups,
		    size_t *count)
{
	struct listener_group *g = malloc((n + 1) * sizeof(*g));
	int error = 0;

	*groups = NULL;
	*count = 0;
	if (!g)
		return -ENOMEM;
	if (n)
		qsort(rows, n, sizeof(struct row *), by_place);
	n = make_groups(g, rows, n);
	for (size_t i = 0; i < n && !error; i++) {
		if (g[i].count && may_begin_pair(&g[i]))
			error = join_pair(&g[i], g + n);
	}
	if (error) {
		free(g);
		return error;
	}
	*groups = g;
	*count = drop_joined(g, n);
	return 0;
}

/* Cells. */

static void put_interface(struct out *o, const struct row *row)
{
	const char *name = snapshot_interface(row->snapshot, row->socket->interface);

	out_char(o, '%');
	if (name)
		text_safe(o, name, strlen(name), TEXT_CELL);
	else
		out_u64(o, row->socket->interface);
}

const char *listener_group_reach(const struct listener_group *g)
{
	const char *reach = socket_reach(listener_group_first(g));

	return g->part[1].count && !strcmp(reach, "any-ipv4") ? "any" : reach;
}

void listener_group_put_reach(struct out *o, const struct listener_group *g)
{
	out_str(o, listener_group_reach(g));
	if (listener_group_first(g)->interface)
		put_interface(o, g->part[0].rows[0]);
}

static void put_address(struct out *o, const struct row *row, bool port)
{
	const struct socket *sk = row->socket;
	bool brackets = sk->family == AF_INET6;

	if (port) {
		cell_endpoint(o, row->snapshot, sk, &sk->local);
		return;
	}
	if (brackets)
		out_char(o, '[');
	cell_address(o, row->snapshot, sk, &sk->local);
	if (brackets)
		out_char(o, ']');
}

void listener_group_put_address(struct out *o, const struct listener_group *g, bool ports)
{
	put_address(o, g->part[0].rows[0], ports);
	if (g->part[1].count) {
		out_char(o, ',');
		put_address(o, g->part[1].rows[0], ports);
	}
}

static bool fuller(const struct socket *a, const struct socket *b)
{
	/* A queue holds one more than its backlog. */
	uint64_t x = (uint64_t)a->recv_queue * ((uint64_t)b->send_queue + 1);
	uint64_t y = (uint64_t)b->recv_queue * ((uint64_t)a->send_queue + 1);

	return x > y;
}

const struct socket *listener_group_fullest(const struct listener_group *g)
{
	const struct socket *best = listener_group_first(g);

	for (size_t i = 1; i < g->count; i++) {
		const struct socket *sk = listener_group_row(g, i)->socket;

		if (fuller(sk, best))
			best = sk;
	}
	return best;
}

void listener_group_put_queue(struct out *o, const struct listener_group *g)
{
	const struct socket *sk = listener_group_fullest(g);

	out_u64(o, sk->recv_queue);
	out_char(o, '/');
	if (sk->have & HAVE_BACKLOG)
		out_u64(o, sk->send_queue);
	else
		out_char(o, '-');
	if (g->count > (g->part[1].count ? 2 : 1)) {
		out_char(o, 'x');
		out_u64(o, g->count);
	}
}

enum paint listener_group_put_drops(struct out *o, const struct listener_group *g)
{
	uint64_t drops = 0;
	bool known = false;

	for (size_t i = 0; i < g->count; i++) {
		const struct socket *sk = listener_group_row(g, i)->socket;

		if (sk->have & HAVE_MEMORY) {
			drops += sk->memory.drops;
			known = true;
		}
	}
	if (known)
		out_u64(o, drops);
	return drops ? PAINT_NOTICE : PAINT_NONE;
}

enum paint listener_group_paint(const struct listener_group *g)
{
	const struct socket *sk = listener_group_fullest(g);

	if (!(sk->have & HAVE_BACKLOG))
		return PAINT_NONE;
	if (sk->recv_queue > sk->send_queue)
		return PAINT_BAD;
	return sk->recv_queue > sk->send_queue / 2 ? PAINT_NOTICE : PAINT_NONE;
}

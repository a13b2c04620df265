// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/watch.h"

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "collect/diag_decode.h"
#include "collect/host.h"
#include "collect/procnet.h"
#include "collect/services.h"
#include "collect/watcher.h"

enum {
	BOUND_EVERY = 5, /* refreshes: bound sockets take a walk of their own */
	LOOKUPS = 4096,  /* of sockets missed, in one refresh */
	MISSES = 2,      /* refreshes in a row after which a socket is gone that is not asked for */
	MISSES_OPEN = 10,  /* and one that is, while the kernel does not say */
	TIMER_SLACK = 500, /* milliseconds by which a timer's end moves without news */
	STATES_OTHERS = (int)(UINT32_MAX & ~(STATE_BIT(LISTEN) | (uint32_t)STATES_BOUND)),
};

uint64_t watcher_clock(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static int note_interface(struct watcher *w, uint32_t index)
{
	char name[IF_NAMESIZE];
	int error;

	if (!index || snapshot_interface(&w->snapshot, index) || !if_indextoname(index, name))
		return 0;
	error = snapshot_add_interface(&w->snapshot, index, name);
	return error ? error : w->sink->interface(w->sink->ctx, index, name);
}

static int note_unit(struct watcher *w, struct socket *sk)
{
	const struct snapshot *s = &w->snapshot;
	size_t before = s->socket_unit_count;
	int error = 0;

	if (snapshot_socket_unit(s, sk->inode))
		return 0;
	error = services_note_socket_unit(&w->snapshot, sk);
	if (error || s->socket_unit_count == before)
		return error;
	return w->sink->socket_unit(w->sink->ctx, sk->inode, s->socket_units[before].unit);
}

/* Tells a socket as it is now, after its holders where it has any. */
static int put(struct watcher *w, uint32_t place, struct socket *sk)
{
	struct watched *e = &w->table.all[place];
	int error = note_interface(w, sk->interface);

	if (!error && sk->absence == OWNER_KNOWN && !(e->flags & WATCHED_HOLDERS))
		error = watch_owners_tell(w, place);
	if (!error && sk->kernel_state == STATE_LISTEN && sk->absence == OWNER_KNOWN)
		error = note_unit(w, sk);
	e->flags &= (uint8_t)~WATCHED_AGAIN;
	return error ? error : w->sink->put(w->sink->ctx, e->id, sk);
}

/* A copy of what cannot be asked for alone. */
static int keep_full(struct watched *e, const struct socket *sk)
{
	bool alone = sk->kernel_state != STATE_LISTEN && sk->kernel_state != STATE_CLOSED;

	free(e->full);
	e->full = NULL;
	if (alone)
		return 0;
	e->full = malloc(socket_size(sk));
	if (!e->full)
		return -ENOMEM;
	memcpy(e->full, sk, socket_size(sk));
	return 0;
}

static int note(struct watcher *w, uint32_t place, const struct socket *sk)
{
	struct watched *e = &w->table.all[place];

	if (e->inode != sk->inode) {
		watch_owners_forget(w, place);
		watched_set_inode(&w->table, place, sk->inode);
	}
	e->local = sk->local;
	e->peer = sk->peer;
	e->interface = sk->interface;
	e->uid = sk->uid;
	e->family = sk->family;
	e->state = sk->kernel_state;
	e->timer = sk->timer;
	e->deadline = w->clock + sk->expires;
	if (sk->kernel_state == STATE_LISTEN && w->owners.listeners)
		w->owners.listeners[sk->local.port] = place + 1;
	return keep_full(e, sk);
}

/* Tells it, or puts it aside until its holder has been looked for. */
static int tell(struct watcher *w, uint32_t place, struct socket *sk)
{
	if (watch_owners_resolve(w, place, sk) && w->table.all[place].sought == 0)
		return socket_list_add(&w->pending, sk) ? 0 : -ENOMEM;
	return put(w, place, sk);
}

static bool timer_moved(const struct watcher *w, const struct watched *e, const struct socket *sk)
{
	int32_t moved = (int32_t)(w->clock + sk->expires - e->deadline);

	return sk->timer && (moved > TIMER_SLACK || moved < -TIMER_SLACK);
}

/* A walk meets sockets mostly in the order of the one before. */
static uint32_t find(struct watcher *w, uint64_t id)
{
	struct watched *all = w->table.all;
	uint32_t place, *hint = w->before == WATCHED_NONE ? NULL : &all[w->before].after;

	if (hint && *hint < w->table.count && all[*hint].id == id)
		return *hint;
	place = watched_find(&w->table, id);
	if (hint && place != WATCHED_NONE)
		*hint = place;
	return place;
}

/* The way of each socket that a walk meets. */
static int meet(struct watcher *w, struct socket *sk)
{
	uint64_t id = watched_id(sk), digest = watched_digest(sk);
	uint32_t place = find(w, id);
	bool first = place == WATCHED_NONE;
	struct watched *e;
	int error;

	if (first)
		place = watched_add(&w->table, id);
	if (place == WATCHED_NONE)
		return -ENOMEM;
	w->before = place;
	e = &w->table.all[place];
	if (w->table.met[place] == w->round)
		return 0;
	w->table.met[place] = w->round;
	e->missed = 0;
	if (!first && e->digest == digest && !timer_moved(w, e, sk))
		return 0;
	error = note(w, place, sk);
	e->digest = digest;
	if (error || (e->flags & WATCHED_LOOKED && !e->full))
		return error;
	return tell(w, place, sk);
}

static int take(struct watcher *w, struct socket *sk)
{
	int error = meet(w, sk);

	w->failed |= error < 0;
	return error;
}

static int on_message(const struct nlmsghdr *nlh, void *ctx)
{
	struct watcher *w = ctx;

	if (diag_decode(nlh, &w->at_hand)) {
		w->snapshot.missing[MISSING_MALFORMED].set = true;
		return 0;
	}
	return take(w, &w->at_hand);
}

static void on_received(void *ctx)
{
	struct watcher *w = ctx;

	w->clock = (uint32_t)watcher_clock();
	owners_received(&w->owners.search);
}

static int on_procnet(struct socket *sk, void *ctx)
{
	struct watcher *w = ctx;

	w->at_hand = *sk;
	return take(w, &w->at_hand);
}

/* One walk; flags DIAG_*, or a negative errno. */
static int walk(struct watcher *w, uint32_t states, uint32_t attributes)
{
	struct diag_query query = {
		.states = states,
		.families = FAMILY_BOTH,
		.attributes = attributes & WANT_ATTRIBUTES,
	};
	struct diag_handler handler = {on_message, on_received, w};

	w->before = WATCHED_NONE;
	w->clock = (uint32_t)watcher_clock();
	if (!w->diag.nl)
		return procnet_walk(states, FAMILY_BOTH, on_procnet, w);
	return diag_walk(&w->diag, &query, &handler);
}

static bool is_bound_round(const struct watcher *w)
{
	return w->round % BOUND_EVERY == 1;
}

/* Listeners are few: all that is to be known of them. */
static int walk_all(struct watcher *w)
{
	int listeners = walk(w, STATE_BIT(LISTEN), WANT_ATTRIBUTES), others = 0, bound = 0;

	if (listeners < 0)
		return listeners;
	if (host_count_sockets())
		others = walk(w, (uint32_t)STATES_OTHERS, w->watch->want);
	if (others < 0)
		return others;
	if (is_bound_round(w) && w->diag.nl)
		bound = walk(w, STATES_BOUND, w->watch->want);
	return bound < 0 ? bound : listeners | others | bound;
}

static int put_pending(struct watcher *w)
{
	int error = 0;

	for (size_t i = 0; i < w->pending.count && !error; i++) {
		struct socket *sk = w->pending.sockets[i];
		uint32_t place = watched_find(&w->table, watched_id(sk));

		if (place == WATCHED_NONE)
			continue;
		watch_owners_resolve(w, place, sk);
		error = put(w, place, sk);
	}
	socket_list_free(&w->pending);
	return error;
}

int watch_get(struct watcher *w, uint32_t place, uint32_t attributes)
{
	const struct watched *e = &w->table.all[place];
	struct socket wanted;

	if (e->full) {
		memcpy(&w->at_hand, e->full, socket_size(e->full));
		return 0;
	}
	if (!w->lookup.nl)
		return -ENOENT;
	watched_socket(e, &wanted);
	w->clock = (uint32_t)watcher_clock();
	return diag_get(&w->lookup, &wanted, attributes, &w->at_hand);
}

/* One that cannot be had is left as it was told; whether it is gone is seen by the walks. */
static int put_again(struct watcher *w, uint32_t place, uint32_t attributes)
{
	int error;

	if (watch_get(w, place, attributes))
		return 0;
	error = note(w, place, &w->at_hand);
	if (error)
		return error;
	watch_owners_resolve(w, place, &w->at_hand);
	return put(w, place, &w->at_hand);
}

static int put_looked(struct watcher *w)
{
	int error = 0;

	for (size_t i = 0; i < w->watch->id_count && !error; i++) {
		uint32_t place = watched_find(&w->table, w->watch->ids[i]);

		if (place != WATCHED_NONE)
			error = put_again(w, place, WANT_ATTRIBUTES);
	}
	return error;
}

static void mark_looked(struct watcher *w, bool looked)
{
	for (size_t i = 0; i < w->watch->id_count; i++) {
		uint32_t place = watched_find(&w->table, w->watch->ids[i]);

		if (place == WATCHED_NONE)
			continue;
		w->table.all[place].flags &= (uint8_t)~WATCHED_LOOKED;
		if (looked && w->lookup.nl)
			w->table.all[place].flags |= WATCHED_LOOKED;
	}
}

/* One that could not be had waits for the next refresh. */
static int put_changed_holders(struct watcher *w)
{
	struct watch_owners *o = &w->owners;
	size_t left = 0;
	int error = 0;

	for (size_t i = 0; i < o->again_count && !error; i++) {
		uint32_t place = o->again[i];
		struct watched *e = &w->table.all[place];

		if (!e->id || !(e->flags & WATCHED_AGAIN))
			continue;
		error = put_again(w, place,
				  e->flags & WATCHED_LOOKED ? WANT_ATTRIBUTES : w->watch->want);
		if (e->flags & WATCHED_AGAIN)
			o->again[left++] = place;
	}
	o->again_count = left;
	return error;
}

static int remove_socket(struct watcher *w, uint32_t place)
{
	struct watched *e = &w->table.all[place];
	uint64_t id = e->id;

	watch_owners_forget(w, place);
	if (w->owners.listeners && w->owners.listeners[e->local.port] == place + 1)
		w->owners.listeners[e->local.port] = 0;
	watched_remove(&w->table, place);
	return w->sink->gone(w->sink->ctx, id);
}

/* Where a socket changes its place in the kernel's tables a lookup, which takes no lock, overlooks it. */
static int get_missed(struct watcher *w, uint32_t place)
{
	int error = watch_get(w, place, w->watch->want);

	return error == -ENOENT ? watch_get(w, place, w->watch->want) : error;
}

/* The walks did not meet it, but it is there: as it is at hand. */
static int meet_missed(struct watcher *w, uint32_t place)
{
	struct watched *e = &w->table.all[place];
	uint64_t digest = watched_digest(&w->at_hand);

	e->missed = 0;
	w->table.met[place] = w->round;
	if (e->digest == digest)
		return 0;
	e->digest = digest;
	return put_again(w, place, e->flags & WATCHED_LOOKED ? WANT_ATTRIBUTES : w->watch->want);
}

/* One that the walks did not meet: a dump misses some, so that it is asked for before it is given up. */
static int miss(struct watcher *w, uint32_t place, unsigned *lookups)
{
	struct watched *e = &w->table.all[place];
	bool asked = w->lookup.nl && !e->full && *lookups < LOOKUPS;
	int error = -EAGAIN;

	if (e->state == STATE_CLOSED && !is_bound_round(w) && w->diag.nl)
		return 0;
	if (asked) {
		++*lookups;
		error = get_missed(w, place);
	}
	if (!error)
		return meet_missed(w, place);
	if (error != -ENOENT && ++e->missed < (asked ? MISSES_OPEN : MISSES))
		return 0;
	return remove_socket(w, place);
}

static int miss_unmet(struct watcher *w)
{
	unsigned lookups = 0;
	int error = 0;

	for (uint32_t i = 0; i < w->table.count && !error; i++) {
		if (w->table.met[i] != w->round && w->table.all[i].id)
			error = miss(w, i, &lookups);
	}
	return error;
}

/* Netlink where it is allowed, for good; else /proc. */
static int open_once(struct watcher *w)
{
	struct missing *netlink = &w->snapshot.missing[MISSING_NETLINK];
	int error;

	if (w->open)
		return 0;
	error = host_identify(&w->snapshot);
	if (!error)
		error = watch_owners_open(w);
	if (error)
		return error;
	netlink->error = diag_open(&w->diag);
	w->diag.alone = true;
	if (!netlink->error)
		netlink->error = diag_open(&w->lookup);
	w->open = true;
	return 0;
}

/* Sock_diag refused at the first walk is refused for good. */
static int walk_or_fall_back(struct watcher *w, char *complaint)
{
	struct missing *netlink = &w->snapshot.missing[MISSING_NETLINK];
	int result = walk_all(w);

	if (result < 0 && !w->failed && !w->table.used && w->diag.nl) {
		netlink->error = result;
		diag_close(&w->diag);
		diag_close(&w->lookup);
		result = walk_all(w);
	}
	netlink->set = !w->diag.nl;
	if (result < 0 && !w->failed && w->diag.nl)
		snprintf(complaint, 160, "cannot read the sockets: %s", strerror(-result));
	else if (result < 0 && !w->failed)
		snprintf(complaint, 160,
			 "neither sock_diag (%s) nor /proc/net/tcp (%s) can be read",
			 strerror(-netlink->error), strerror(-result));
	return result;
}

/* What follows from the walks. */
static int conclude(struct watcher *w, int flags)
{
	int error = 0;

	if (!(flags & (DIAG_INTERRUPTED | DIAG_OVERRUN)))
		error = miss_unmet(w);
	if (!error)
		error = w->round == 1 ? watch_owners_note(w) : watch_owners_search(w);
	if (!error)
		error = put_pending(w);
	if (!error)
		error = put_looked(w);
	if (!error && w->round > 1)
		error = watch_owners_verify(w);
	if (!error)
		error = put_changed_holders(w);
	mark_looked(w, false);
	return error ? error : watch_about(w);
}

int watcher_refresh(struct watcher *w, const struct watch *watch, char *complaint)
{
	uint64_t before = w->now;
	int result;

	complaint[0] = '\0';
	w->watch = watch;
	w->now = watcher_clock();
	w->interval = w->now - before;
	w->failed = false;
	result = w->sink->begin(w->sink->ctx, w->now);
	if (!result)
		result = open_once(w);
	if (result)
		return result;
	w->round++;
	mark_looked(w, true);
	result = watch_host(w);
	if (!result)
		result = walk_or_fall_back(w, complaint);
	if (result < 0) {
		mark_looked(w, false);
		socket_list_free(&w->pending);
		if (w->round == 1)
			w->round = 0;
		return result;
	}
	w->snapshot.missing[MISSING_FAMILY].set = result & DIAG_FAMILY;
	w->snapshot.missing[MISSING_INTERRUPTED].set = result & DIAG_INTERRUPTED;
	w->snapshot.missing[MISSING_OVERRUN].set = result & DIAG_OVERRUN;
	return conclude(w, result);
}

int watcher_look(struct watcher *w, const struct watch *watch)
{
	int error;

	if (!w->open || !w->lookup.nl)
		return 0;
	w->watch = watch;
	w->now = watcher_clock();
	error = w->sink->now(w->sink->ctx, w->now);
	return error ? error : put_looked(w);
}

struct watcher *watcher_new(const struct watch_sink *sink)
{
	struct watcher *w = calloc(1, sizeof(*w));

	if (w)
		w->sink = sink;
	return w;
}

void watcher_free(struct watcher *w)
{
	if (!w)
		return;
	diag_close(&w->diag);
	diag_close(&w->lookup);
	watch_owners_close(w);
	socket_list_free(&w->pending);
	watched_free(&w->table);
	snapshot_free(&w->snapshot);
	free(w);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/kernel.h"

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>

#include "collect/autobound.h"
#include "collect/diag.h"
#include "collect/diag_decode.h"
#include "collect/host.h"
#include "collect/owners.h"
#include "collect/present.h"
#include "collect/probe.h"
#include "collect/procnet.h"
#include "collect/seen.h"
#include "collect/services.h"

enum {
	MANY = 8192, /* sockets for which a second thread costs less than it gains */
	STATES_NUMEROUS = STATE_BIT(ESTABLISHED) | STATE_BIT(TIME_WAIT),
};

/* One refresh under way. */
struct collection {
	const struct request *request;
	struct snapshot *snapshot;
	struct sink *sink;
	struct diag diag;   /* of the walk */
	struct diag beside; /* of the walk for bound sockets, if `bound_beside` */
	struct diag lookup; /* of single questions while a walk is under way */
	bool bound_beside;
	struct owners owners;
	struct seen seen;
	struct autobound autobound;
	bool many;           /* sockets are in the tables, for two walks side by side */
	bool only_listeners; /* this pass: keep them, and hand them on if they were asked for */
	bool rows;           /* some came */
	int sink_error;
	uint64_t datagrams; /* received */
	struct present listening, bound;
	int netlink_error; /* of opening `diag` */
	struct probe probe;
};

static void note_missing(struct snapshot *s, enum missing_name name)
{
	s->missing[name].set = true;
}

static int note_interface(struct snapshot *s, uint32_t index)
{
	char name[IF_NAMESIZE];

	if (!index || snapshot_interface(s, index) || !if_indextoname(index, name))
		return 0;
	return snapshot_add_interface(s, index, name);
}

/* The path of every socket, from whichever source, to the sink. */
static int take_socket(struct collection *c, struct socket *sk)
{
	struct row row = {.snapshot = c->snapshot, .socket = sk};
	int result;

	c->rows = true;
	if (sk->have & HAVE_COOKIE) {
		if (probe_is(&c->probe, sk))
			return 0;
		result = seen_before(&c->seen, sk->cookie);
		if (result)
			return result < 0 ? result : 0;
	}
	result = note_interface(c->snapshot, sk->interface);
	if (result)
		return result;
	autobound_note(&c->autobound, sk);
	if (c->request->want & WANT_OWNERS)
		owners_resolve(&c->owners, sk);
	if (c->request->want & WANT_PROCESS && sk->kernel_state == STATE_LISTEN) {
		result = services_note_socket_unit(c->snapshot, sk);
		if (result)
			return result;
	}
	if (c->only_listeners) {
		row.socket = socket_list_add(&c->snapshot->listeners, sk);
		if (!row.socket)
			return -ENOMEM;
		if (!(c->request->states & STATE_BIT(LISTEN)))
			return 0;
	}
	c->sink_error = c->sink->take(c->sink, &row);
	return c->sink_error;
}

static int on_message(const struct nlmsghdr *nlh, void *ctx)
{
	struct collection *c = ctx;
	struct socket sk;

	if (diag_decode(nlh, &sk)) {
		note_missing(c->snapshot, MISSING_MALFORMED);
		return 0;
	}
	return take_socket(c, &sk);
}

static void on_received(void *ctx)
{
	struct collection *c = ctx;

	c->datagrams++;
	if (c->request->want & WANT_OWNERS)
		owners_received(&c->owners);
}

static int on_procnet(struct socket *sk, void *ctx)
{
	return take_socket(ctx, sk);
}

static struct diag_query query_of(const struct collection *c, uint32_t states, uint32_t want)
{
	return (struct diag_query){
		.states = states,
		.families = c->request->families,
		.attributes = want & WANT_ATTRIBUTES,
		.bytecode = c->only_listeners ? NULL : c->request->bytecode,
		.bytecode_len = c->request->bytecode_len,
		.halves = c->many && states & STATES_NUMEROUS && !c->request->one_walk,
	};
}

/*
 * One walk, and another without a program that this kernel does not know, or lets no one else use:
 * the filter judges all then.
 */
static int walk(struct collection *c, struct diag *d, uint32_t states, uint32_t want)
{
	struct diag_query query = query_of(c, states, want);
	struct diag_handler handler = {on_message, on_received, c};
	bool rows = c->rows;
	int result;

	c->rows = false;
	result = diag_walk(d, &query, &handler);
	if (result < 0 && query.bytecode && !c->rows && !c->sink_error) {
		query.bytecode = NULL;
		result = diag_walk(d, &query, &handler);
	}
	c->rows |= rows;
	return result;
}

/* One pass over the kernel's sockets. */
static int pass(struct collection *c, struct diag *d, uint32_t states, uint32_t want)
{
	int result;

	if (!d->nl)
		return procnet_walk(states, c->request->families, on_procnet, c);
	result = walk(c, d, states, want);
	if (result < 0)
		return result;
	if (result & DIAG_INTERRUPTED)
		note_missing(c->snapshot, MISSING_INTERRUPTED);
	if (result & DIAG_OVERRUN)
		note_missing(c->snapshot, MISSING_OVERRUN);
	if (result & DIAG_FAMILY)
		note_missing(c->snapshot, MISSING_FAMILY);
	return 0;
}

/* Listeners first: what waits in their queues is explained by them. They are few: ask for all. */
static int listeners_first(struct collection *c)
{
	int error;

	c->only_listeners = true;
	error = pass(c, &c->diag, STATE_BIT(LISTEN), c->request->want | WANT_MEMORY | WANT_CONG);
	c->only_listeners = false;
	return error;
}

static int other_passes(struct collection *c, uint32_t states)
{
	uint32_t beyond = states & ~(STATE_BIT(LISTEN) | STATES_BOUND);
	int error = 0;

	if (c->request->want & WANT_SITUATION) {
		error = listeners_first(c);
		states &= ~STATE_BIT(LISTEN);
	}
	if (error || !states)
		return error;
	if (beyond) {
		uint64_t count = host_count_sockets();

		if (!count)
			states &= ~beyond;
		/* Earlier ones let no two walks go on at a time. */
		c->many = count != UINT64_MAX && count >= MANY && host_kernel_since(6, 9);
	}
	return states ? pass(c, &c->diag, states, c->request->want) : 0;
}

static int all_passes(struct collection *c)
{
	uint32_t states = c->request->states;
	int error = 0;

	if (c->request->want & WANT_AUTOBOUND && c->diag.nl)
		error = autobound_ask(&c->autobound, &c->diag, states, c->request->families);
	if (error)
		return error;
	if (!c->bound_beside)
		return other_passes(c, states);
	error = other_passes(c, states & ~STATES_BOUND);
	return error ? error : pass(c, &c->beside, STATES_BOUND, c->request->want);
}

static bool still_there(void *ctx, const struct socket *sk)
{
	struct collection *c = ctx;

	if (!c->diag.nl || (!c->lookup.nl && diag_open(&c->lookup)))
		return true;
	/* Bound sockets are not found alone, and of a SO_REUSEPORT group only one is. */
	if (sk->kernel_state == STATE_LISTEN)
		return present_has(&c->listening, &c->lookup, STATE_BIT(LISTEN), c->datagrams,
				   sk->cookie);
	if (sk->kernel_state == STATE_CLOSED)
		return present_has(&c->bound, &c->lookup, STATES_BOUND, c->datagrams, sk->cookie);
	return diag_still_there(&c->lookup, sk);
}

static bool wants_probe(const struct request *r)
{
	return !r->no_probe && r->states & STATES_BOUND && r->families & FAMILY_INET;
}

/*
 * Bound sockets are in a table of their own, through which the kernel goes as slowly as through that
 * of the connections, mostly for nothing: done beside the rest it costs little time. A kernel that
 * does not list them (before 6.8) would go through the connections twice. One that connects between
 * the two walks is in neither, as if it had come a moment later.
 */
static bool begin_bound(struct collection *c)
{
	uint32_t states = c->request->states;
	struct diag_query query = query_of(c, STATES_BOUND, c->request->want);

	if (!(states & STATES_BOUND) || !(states & ~STATES_BOUND) ||
	    c->request->families != FAMILY_BOTH || !host_kernel_since(6, 8) ||
	    diag_open(&c->beside))
		return false;
	if (diag_begin(&c->beside, &query))
		return true;
	diag_close(&c->beside);
	return false;
}

/* What precedes the walks. */
static void begin(struct collection *c)
{
	c->netlink_error = diag_open(&c->diag);
	if (c->netlink_error)
		return;
	if (wants_probe(c->request))
		probe_open(&c->probe);
	c->bound_beside = begin_bound(c);
}

/* Whether sock_diag is refused here, so that nothing came of it and /proc must do. */
static bool refused(const struct collection *c, int error)
{
	return error && error != -ENOMEM && !c->sink_error && !c->rows;
}

static int collect(struct collection *c, struct source *source)
{
	struct missing *netlink = &c->snapshot->missing[MISSING_NETLINK];
	int error = c->netlink_error;

	if (!error) {
		error = all_passes(c);
		if (!error)
			c->snapshot->missing[MISSING_BOUND].set =
				!probe_judge(&c->probe, &c->diag, c->request->bytecode);
	}
	if (!refused(c, error))
		return error;
	diag_close(&c->diag);
	diag_close(&c->beside);
	c->bound_beside = false;
	netlink->set = true;
	netlink->error = error;
	error = all_passes(c);
	if (refused(c, error))
		snprintf(source->complaint, sizeof(source->complaint),
			 "neither sock_diag (%s) nor /proc/net/tcp (%s) can be read",
			 strerror(-netlink->error), strerror(-error));
	return error;
}

static int refresh(struct source *source, const struct request *request, struct snapshot *s,
		   struct sink *sink)
{
	struct collection c = {.request = request, .snapshot = s, .sink = sink, .probe = PROBE};
	int error = host_identify(s);

	if (!error)
		error = host_add_netns(s, request->want & WANT_HOST);
	if (!error)
		error = seen_open(&c.seen, request->all_seen);
	if (!error)
		begin(&c);
	if (!error && request->want & WANT_OWNERS) {
		error = owners_open(&c.owners, s, request->want, still_there, &c);
		if (!error && request->want & WANT_PROCESS)
			error = services_note_proxies(s);
		if (!error)
			error = collect(&c, source);
		owners_close(&c.owners);
	} else if (!error) {
		error = collect(&c, source);
	}
	seen_close(&c.seen);
	autobound_free(&c.autobound);
	present_free(&c.listening);
	present_free(&c.bound);
	diag_close(&c.diag);
	diag_close(&c.beside);
	diag_close(&c.lookup);
	probe_close(&c.probe);
	return error;
}

static void close_source(struct source *source)
{
	free(source);
}

struct source *kernel_source(void)
{
	struct source *source = calloc(1, sizeof(*source));

	if (source) {
		source->refresh = refresh;
		source->close = close_source;
	}
	return source;
}

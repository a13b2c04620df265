// SPDX-License-Identifier: GPL-2.0-or-later
#include "explain/why.h"

#include <errno.h>
#include <sys/socket.h>

#include "explain/closer.h"

const struct blocker_kind blocker_kinds[BLOCKER_COUNT] = {
#define BLOCKER(name, id, when, line, until) {id, when, line, until},
#include "explain/blockers.def"
#undef BLOCKER
};

enum pass {
#define PASS(name, ...) PASS_##name,
#include "explain/passes.def"
#undef PASS
};

static const char *const pass_texts[] = {
#define PASS(name, text) text,
#include "explain/passes.def"
#undef PASS
};

enum remedy_name {
#define REMEDY(name, ...) REMEDY_##name,
#include "explain/remedies.def"
#undef REMEDY
};

static const struct remedy remedies[] = {
#define REMEDY(name, id, text) {id, text},
#include "explain/remedies.def"
#undef REMEDY
};

const struct remedy why_notes[NOTE_COUNT] = {
#define NOTE(name, id, text) {id, text},
#include "explain/bind_notes.def"
#undef NOTE
};

static const struct {
	int error;
	const char *is, *would_be;
} answers[] = {
#define ANSWER(error, is, would_be) {error, is, would_be},
#include "explain/bind_answers.def"
#undef ANSWER
};

/* What a local end is to the kernel: IPv4 in either family, or IPv6, and whether it is all of it. */
enum reach { REACH_V4, REACH_V4_ANY, REACH_V6, REACH_V6_ANY };

static enum reach reach_of(int family, const struct address *a)
{
	bool any = address_scope(family, a) == SCOPE_ANY;

	if (family == AF_INET || address_is_mapped(family, a))
		return any ? REACH_V4_ANY : REACH_V4;
	return any ? REACH_V6_ANY : REACH_V6;
}

static const uint8_t *v4_bytes(int family, const struct address *a)
{
	return a->bytes + (family == AF_INET ? 0 : 12);
}

enum truth { NO, YES, MAYBE };

/* Whether IPv4 is no matter of this socket. One with a mapped address never has the option set. */
static enum truth is_v6only(const struct socket *sk, enum reach reach)
{
	if (reach == REACH_V4 || reach == REACH_V4_ANY)
		return NO;
	if (sk->have & HAVE_V6ONLY)
		return sk->v6only ? YES : NO;
	return MAYBE;
}

static enum truth not(enum truth t) { return t == MAYBE ? MAYBE : t == YES ? NO : YES; }

/*
 * Whether the addresses overlap, as inet_rcv_saddr_equal() and the second bind hash see it. One
 * thing surprises: 0.0.0.0 meets a connection between two native IPv6 addresses where that socket
 * is not IPv6-only, ::ffff:0.0.0.0 does not.
 */
static enum truth overlap(const struct bind_case *c, const struct socket *sk)
{
	enum reach asked = reach_of(c->family, &c->local.address);
	enum reach held = reach_of(sk->family, &sk->local.address);
	enum truth takes_v4 = not(is_v6only(sk, held));
	bool held_v4 = held == REACH_V4 || held == REACH_V4_ANY;

	switch (asked) {
	case REACH_V6_ANY: return YES;
	case REACH_V6:
		if (held == REACH_V6)
			return address_compare(&c->local.address, &sk->local.address) ? NO : YES;
		return held == REACH_V6_ANY ? YES : NO;
	case REACH_V4_ANY:
		if (held_v4)
			return YES;
		return held == REACH_V6_ANY || c->family == AF_INET ? takes_v4 : NO;
	default: break;
	}
	if (held == REACH_V4)
		return memcmp(v4_bytes(c->family, &c->local.address),
			      v4_bytes(sk->family, &sk->local.address), 4)
			       ? NO
			       : YES;
	if (held == REACH_V4_ANY)
		return YES;
	return held == REACH_V6_ANY ? takes_v4 : NO;
}

/* A small structure that the kernel keeps instead of a socket: in TIME_WAIT, or FIN_WAIT_2. */
static bool is_minisocket(const struct socket *sk)
{
	return sk->kernel_state == STATE_TIME_WAIT || sk->timer == TIMER_TIME_WAIT;
}

/* The uid that bind() compares. A saved snapshot has none for sockets without an inode. */
static enum truth same_user(const struct bind_inquiry *q, const struct socket *sk)
{
	if (!sk->inode && !q->live)
		return MAYBE;
	return sk->uid == q->uid ? YES : NO;
}

/* Whether an option on both sides gets past; the holder's is known where it could be read. */
static enum truth has_set(const struct socket *sk, unsigned option)
{
	if (!(sk->have & HAVE_REUSE))
		return MAYBE;
	return sk->reuse & option ? YES : NO;
}

static enum truth passes_port(const struct bind_inquiry *q, const struct socket *sk)
{
	enum truth set = has_set(sk, REUSE_PORT), same;

	if (is_minisocket(sk))
		return set;
	same = same_user(q, sk);
	if (set == NO || same == NO)
		return NO;
	return set == YES && same == YES ? YES : MAYBE;
}

static enum truth passes_address(const struct socket *sk)
{
	return sk->kernel_state == STATE_LISTEN ? NO : has_set(sk, REUSE_ADDRESS);
}

static int answer_of(enum truth in_the_way, enum truth passes)
{
	if (passes == YES)
		return BIND_WORKS;
	return in_the_way == YES && passes == NO ? EADDRINUSE : BIND_UNKNOWN;
}

static bool in_range(const struct snapshot *s, enum sysctl_name name, uint16_t port)
{
	const struct sysctl_value *v = snapshot_sysctl(s, 0, name);

	return v && v->value <= port && port <= v->upper;
}

static enum blocker_name held_connection(const struct row *row)
{
	const struct socket *sk = row->socket;

	if (sk->kernel_state == STATE_SYN_SENT)
		return BLOCKER_OUTGOING;
	if (in_range(row->snapshot, SYSCTL_ip_local_port_range, sk->local.port) &&
	    !snapshot_listener(row->snapshot, sk, false))
		return BLOCKER_OUTGOING;
	return BLOCKER_CONNECTION;
}

static enum blocker_name name_of(const struct bind_case *c, const struct row *row)
{
	const struct socket *sk = row->socket;

	switch (sk->kernel_state) {
	case STATE_LISTEN:
		return c->family == AF_INET && sk->family == AF_INET6 &&
				       reach_of(AF_INET6, &sk->local.address) == REACH_V6_ANY
			       ? BLOCKER_DUAL_STACK
			       : BLOCKER_LISTENER;
	case STATE_TIME_WAIT: return BLOCKER_TIME_WAIT;
	case STATE_CLOSED: return BLOCKER_BOUND_ONLY;
	default: break;
	}
	if (row->verdict.details & (DETAIL_ORPHAN | DETAIL_MINISOCKET))
		return BLOCKER_ORPHAN;
	if (row->verdict.details & DETAIL_NOT_ACCEPTED)
		return BLOCKER_NOT_ACCEPTED;
	return held_connection(row);
}

bool why_blocks(const struct bind_inquiry *q, const struct bind_case *c, const struct row *row,
		struct blocker *b)
{
	const struct socket *sk = row->socket;
	enum truth in_the_way;

	/* A handshake kept in a small structure has no port of its own: its listener has. */
	if (sk->local.port != c->local.port || row->verdict.details & DETAIL_REQUEST_SOCKET)
		return false;
	if (c->interface && sk->interface && c->interface != sk->interface)
		return false;
	in_the_way = overlap(c, sk);
	if (in_the_way == NO)
		return false;
	*b = (struct blocker){.row = row, .name = name_of(c, row)};
	b->blocks.of[BIND_PLAIN] = answer_of(in_the_way, NO);
	b->blocks.of[BIND_REUSEADDR] = answer_of(in_the_way, passes_address(sk));
	b->blocks.of[BIND_REUSEPORT] = answer_of(in_the_way, passes_port(q, sk));
	return true;
}

static struct blocker refusal(enum blocker_name name, int error)
{
	struct blocker b = {.name = name};

	for (int i = 0; i < BIND_ATTEMPTS; i++)
		b.blocks.of[i] = error;
	return b;
}

static enum blocker_name name_of_error(const struct bind_place *place, int error)
{
	switch (error) {
	case EADDRNOTAVAIL:
		return place->duplicate   ? BLOCKER_DUPLICATE
		       : place->tentative ? BLOCKER_TENTATIVE
					  : BLOCKER_NOT_LOCAL;
	case ENODEV: return BLOCKER_NO_INTERFACE;
	case EINVAL: return BLOCKER_BAD_ADDRESS;
	case EAFNOSUPPORT: return BLOCKER_NO_FAMILY;
	default: return BLOCKER_REFUSED;
	}
}

/* Of a saved snapshot's host only the user is known. */
static bool lacks_right(const struct bind_inquiry *q, const struct bind_case *c,
			const struct snapshot *s)
{
	const struct sysctl_value *start = snapshot_sysctl(s, 0, SYSCTL_ip_unprivileged_port_start);

	if (!start || c->local.port >= start->value)
		return false;
	return c->place.known ? !c->place.low_ports : q->uid != 0;
}

size_t why_refusals(const struct bind_inquiry *q, const struct bind_case *c,
		    const struct snapshot *s, struct blocker refusals[WHY_REFUSALS])
{
	const struct bind_place *place = &c->place;
	enum reach reach = reach_of(c->family, &c->local.address);
	bool address_first = reach == REACH_V4 && c->family == AF_INET;
	size_t n = 0;

	if (place->socket_error)
		refusals[n++] =
			refusal(name_of_error(place, place->socket_error), place->socket_error);
	if (place->address_error && address_first)
		refusals[n++] =
			refusal(name_of_error(place, place->address_error), place->address_error);
	if (lacks_right(q, c, s))
		refusals[n++] = refusal(BLOCKER_PRIVILEGED, EACCES);
	if (place->address_error && !address_first)
		refusals[n++] =
			refusal(name_of_error(place, place->address_error), place->address_error);
	return n;
}

static bool may_lack_sockets(const struct snapshot *s)
{
	return snapshot_lacks_sockets(s) || s->missing[MISSING_BOUND].set ||
	       s->missing[MISSING_NETLINK].set;
}

/* What is no socket decides before any socket is looked at; then what is sure before the unknown. */
static int answer_all(const struct blocker *blockers, size_t n, int attempt)
{
	int answer = BIND_WORKS;

	for (size_t i = 0; i < n; i++) {
		int one = blockers[i].blocks.of[attempt];

		if (!blockers[i].row)
			return one;
		if (one > 0)
			answer = one;
		else if (answer == BIND_WORKS)
			answer = one;
	}
	return answer;
}

struct bind_answers why_predict(const struct snapshot *s, const struct blocker *blockers, size_t n)
{
	struct bind_answers all;

	for (int i = 0; i < BIND_ATTEMPTS; i++) {
		all.of[i] = answer_all(blockers, n, i);
		if (all.of[i] == BIND_WORKS && may_lack_sockets(s))
			all.of[i] = BIND_UNKNOWN;
	}
	return all;
}

bool why_unaccounted(const struct bind_inquiry *q, const struct bind_case *c,
		     const struct blocker *blockers, size_t n, struct blocker *b)
{
	int answer = c->kernel.of[BIND_PLAIN];

	if (!q->tried || answer == BIND_WORKS)
		return false;
	for (size_t i = 0; i < n; i++) {
		int plain = blockers[i].blocks.of[BIND_PLAIN];

		if (plain == answer || (plain == BIND_UNKNOWN && answer == EADDRINUSE))
			return false;
	}
	*b = refusal(answer == EADDRINUSE ? BLOCKER_UNSEEN : BLOCKER_REFUSED, answer);
	b->blocks = c->kernel;
	return true;
}

static enum pass pass_of_listener(const struct blocker *b)
{
	switch (b->blocks.of[BIND_REUSEPORT]) {
	case BIND_WORKS: return PASS_GROUP;
	case BIND_UNKNOWN: return PASS_LISTENER_UNKNOWN;
	default: break;
	}
	return has_set(b->row->socket, REUSE_PORT) == NO ? PASS_LISTENER_NONE
							 : PASS_LISTENER_STRANGER;
}

/* An attempt that worked got past every socket. */
static int past_with_address(const struct bind_inquiry *q, const struct bind_case *c,
			     const struct blocker *b)
{
	if (q->tried && c->kernel.of[BIND_REUSEADDR] == BIND_WORKS)
		return BIND_WORKS;
	return b->blocks.of[BIND_REUSEADDR];
}

const char *why_pass(const struct bind_inquiry *q, const struct bind_case *c,
		     const struct blocker *b)
{
	const struct socket *sk = b->row ? b->row->socket : NULL;
	bool address, port;

	if (!sk || b->name == BLOCKER_NOT_ACCEPTED)
		return NULL;
	if (sk->kernel_state == STATE_LISTEN)
		return pass_texts[pass_of_listener(b)];
	if (!(sk->have & HAVE_REUSE) && past_with_address(q, c, b) == BIND_WORKS)
		return pass_texts[PASS_PROVEN];
	if (!(sk->have & HAVE_REUSE))
		return pass_texts[sk->inode ? PASS_UNKNOWN : PASS_NEVER_KNOWN];
	address = b->blocks.of[BIND_REUSEADDR] == BIND_WORKS;
	port = b->blocks.of[BIND_REUSEPORT] == BIND_WORKS;
	if (address || port)
		return pass_texts[address && port ? PASS_BOTH : address ? PASS_ADDRESS : PASS_PORT];
	return pass_texts[sk->reuse & REUSE_PORT ? PASS_PORT_OTHER : PASS_NEITHER];
}

/* Somebody's connection, or what is left of one. */
static enum remedy_name remedy_of_connection(const struct bind_inquiry *q,
					     const struct bind_case *c, const struct blocker *b)
{
	bool held = b->name == BLOCKER_CONNECTION || b->name == BLOCKER_OUTGOING;
	int past = past_with_address(q, c, b);

	if (b->name == BLOCKER_OUTGOING)
		return b->row->socket->owners == OWNER_NONE ? REMEDY_RESERVE_PORT_OWNERLESS
							    : REMEDY_RESERVE_PORT;
	if (past == BIND_WORKS)
		return REMEDY_SET_REUSEADDR;
	if (past == BIND_UNKNOWN)
		return held ? REMEDY_REUSEADDR_OR_END : REMEDY_REUSEADDR_OR_WAIT;
	if (!held)
		return REMEDY_WAIT;
	return b->row->socket->owners == OWNER_NONE ? REMEDY_FIND_HOLDER : REMEDY_END_CONNECTION;
}

const struct remedy *why_remedy(const struct bind_inquiry *q, const struct bind_case *c,
				const struct blocker *b)
{
	static const enum remedy_name fixed[BLOCKER_COUNT] = {
		[BLOCKER_NOT_ACCEPTED] = REMEDY_END_LISTENER,
		[BLOCKER_PRIVILEGED] = REMEDY_GRANT_LOW_PORTS,
		[BLOCKER_NOT_LOCAL] = REMEDY_USE_LOCAL_ADDRESS,
		[BLOCKER_TENTATIVE] = REMEDY_WAIT_FOR_ADDRESS,
		[BLOCKER_DUPLICATE] = REMEDY_RESOLVE_DUPLICATE,
		[BLOCKER_NO_INTERFACE] = REMEDY_CHECK_INTERFACE,
		[BLOCKER_BAD_ADDRESS] = REMEDY_CORRECT_ADDRESS,
		[BLOCKER_NO_FAMILY] = REMEDY_USE_OTHER_FAMILY,
		[BLOCKER_UNSEEN] = REMEDY_LOOK_AGAIN,
		[BLOCKER_REFUSED] = REMEDY_CHECK_POLICY,
	};
	const struct remedy *closer;

	switch (b->name) {
	case BLOCKER_LISTENER:
	case BLOCKER_DUAL_STACK:
	case BLOCKER_BOUND_ONLY:
		if (b->row->socket->owners != OWNER_NONE &&
		    b->blocks.of[BIND_REUSEPORT] == BIND_WORKS && b->name != BLOCKER_BOUND_ONLY)
			return &remedies[REMEDY_JOIN_GROUP];
		closer = closer_of(b->row);
		return closer ? closer : &remedies[REMEDY_FIND_HOLDER];
	case BLOCKER_CONNECTION:
	case BLOCKER_OUTGOING:
	case BLOCKER_ORPHAN:
	case BLOCKER_TIME_WAIT: return &remedies[remedy_of_connection(q, c, b)];
	default: return &remedies[fixed[b->name]];
	}
}

static bool is_reserved(const struct snapshot *s, uint16_t port)
{
	const struct netns *ns = s->namespaces;

	for (size_t i = 0; s->namespace_count && i < ns->reserved_count; i++) {
		if (ns->reserved[i].first <= port && port <= ns->reserved[i].last)
			return true;
	}
	return false;
}

bool why_differs(const struct bind_inquiry *q, const struct bind_case *c, int attempt)
{
	return q->tried && c->predicted.of[attempt] != BIND_UNKNOWN &&
	       c->predicted.of[attempt] != c->kernel.of[attempt];
}

static bool anything_differs(const struct bind_inquiry *q)
{
	for (unsigned i = 0; i < q->count; i++) {
		for (int a = 0; a < BIND_ATTEMPTS; a++) {
			if (why_differs(q, &q->cases[i], a))
				return true;
		}
	}
	return false;
}

static bool note_applies(enum note_name note, const struct bind_inquiry *q,
			 const struct snapshot *s)
{
	const struct bind_case *c = &q->cases[0];

	switch (note) {
	case NOTE_EPHEMERAL:
		return !is_reserved(s, c->local.port) &&
		       in_range(s, SYSCTL_ip_local_port_range, c->local.port);
	case NOTE_RESERVED: return is_reserved(s, c->local.port);
	case NOTE_DUAL_STACK:
		return q->tried && q->count > 1 &&
		       c->kernel.of[BIND_PLAIN] != q->cases[1].kernel.of[BIND_PLAIN];
	case NOTE_NOT_TRIED: return !q->tried;
	case NOTE_DIFFERS: return anything_differs(q);
	case NOTE_INCOMPLETE: return may_lack_sockets(s);
	default: return false;
	}
}

const struct remedy *why_note(const struct bind_inquiry *q, const struct snapshot *s, unsigned *i)
{
	while (*i < NOTE_COUNT) {
		unsigned note = (*i)++;

		if (note_applies(note, q, s))
			return &why_notes[note];
	}
	return NULL;
}

const char *why_answer(const struct bind_inquiry *q, int answer)
{
	size_t i = 0;

	while (answers[i].error != answer && answers[i].error != BIND_UNKNOWN)
		i++;
	return q->tried ? answers[i].is : answers[i].would_be;
}

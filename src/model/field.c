// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/field.h"

#include <ctype.h>
#include <sys/socket.h>

#include "model/share.h"
#include "util/compare.h"

enum {
	TIME_WAIT_MS = 60000, /* TCP_TIMEWAIT_LEN, include/net/tcp.h: fixed */
};

static bool number(struct value *v, uint64_t n)
{
	v->number = n;
	return true;
}

static bool text(struct value *v, const char *s)
{
	if (!s || !*s)
		return false;
	v->text.bytes = s;
	v->text.len = strlen(s);
	return true;
}

static bool listening(const struct row *r)
{
	return r->socket->kernel_state == STATE_LISTEN;
}

static const struct owner *owner_of(const struct row *r)
{
	if (r->socket->owners == OWNER_NONE)
		return NULL;
	return &r->snapshot->owners.owners[r->socket->owners];
}

static const struct process *process_of(const struct row *r)
{
	const struct owner *o = owner_of(r);

	return o ? &r->snapshot->owners.processes[o->process] : NULL;
}

bool socket_idle(const struct socket *sk, uint64_t *ms)
{
	if (!socket_has(sk, last_ack_recv) || sk->kernel_state == STATE_LISTEN)
		return false;
	*ms = sk->info.last_data_sent < sk->info.last_data_recv ? sk->info.last_data_sent
								: sk->info.last_data_recv;
	return true;
}

const char *socket_reach(const struct socket *sk)
{
	switch (address_scope(sk->family, &sk->local.address)) {
	case SCOPE_ANY:
		if (sk->family == AF_INET || address_is_mapped(sk->family, &sk->local.address))
			return "any-ipv4";
		return sk->have & HAVE_V6ONLY && sk->v6only ? "any-ipv6" : "any";
	case SCOPE_LOOPBACK: return "loopback";
	case SCOPE_LINK: return "link";
	default: return "address";
	}
}

bool socket_age(const struct socket *sk, uint64_t *ms)
{
	if (sk->kernel_state == STATE_TIME_WAIT) {
		*ms = sk->expires < TIME_WAIT_MS ? TIME_WAIT_MS - sk->expires : 0;
		return sk->timer == TIMER_TIME_WAIT;
	}
	if (sk->kernel_state != STATE_CLOSE_WAIT && sk->kernel_state != STATE_FIN_WAIT_2 &&
	    !(sk->kernel_state == STATE_ESTABLISHED && !sk->inode))
		return false;
	if (!socket_has(sk, last_ack_recv))
		return false;
	*ms = sk->info.last_ack_recv;
	return true;
}

/* Whose the queue is that a socket waits in: not known where nobody looked for owners. */
static bool knows_listener(const struct row *r)
{
	return r->verdict.listener && r->verdict.listener->absence != OWNER_NOT_ASKED;
}

#define GET(name, expression)                                        \
	static bool get_##name(const struct row *r, struct value *v) \
	{                                                            \
		return expression;                                   \
	}

#define HAS(flag) (r->socket->have & (flag))

GET(state, number(v, r->socket->kernel_state))
GET(recvq, HAS(HAVE_QUEUES) && number(v, r->socket->recv_queue))
GET(sendq, HAS(listening(r) ? HAVE_BACKLOG : HAVE_QUEUES) && number(v, r->socket->send_queue))
GET(accept_queue, listening(r) && number(v, r->socket->recv_queue))
GET(backlog, listening(r) && HAS(HAVE_BACKLOG) && number(v, r->socket->send_queue))
GET(local, (v->endpoint = &r->socket->local, true))
GET(peer, socket_has_peer(r->socket) && (v->endpoint = &r->socket->peer, true))
GET(sport, r->socket->local.port &&number(v, r->socket->local.port))
GET(dport, r->socket->peer.port &&number(v, r->socket->peer.port))
GET(family, text(v, r->socket->family == AF_INET6 ? "inet6" : "inet"))
GET(timer, HAS(HAVE_TIMER) && r->socket->timer && number(v, r->socket->timer))
GET(timer_expires, HAS(HAVE_TIMER) && r->socket->timer && number(v, r->socket->expires))
GET(timer_count, HAS(HAVE_TIMER) && r->socket->timer && number(v, r->socket->retrans))
GET(inode, r->socket->inode &&number(v, r->socket->inode))
GET(cookie, HAS(HAVE_COOKIE) && number(v, r->socket->cookie))
GET(uid, r->socket->inode &&number(v, r->socket->uid))
GET(mark, HAS(HAVE_MARK) && number(v, r->socket->mark))
GET(tos, HAS(HAVE_TOS) && number(v, r->socket->tos))
GET(tclass, HAS(HAVE_TCLASS) && number(v, r->socket->tclass))
GET(class_id, HAS(HAVE_CLASS_ID) && number(v, r->socket->class_id))
GET(shutdown, HAS(HAVE_SHUTDOWN) && number(v, r->socket->shutdown))
GET(v6only, HAS(HAVE_V6ONLY) && number(v, r->socket->v6only))
GET(sockopt, HAS(HAVE_SOCKOPT) && number(v, sockopt_bits(r->socket->sockopt)))
GET(md5, HAS(HAVE_MD5) && number(v, 1))
GET(mptcp, HAS(HAVE_MPTCP) && number(v, 1))
GET(protocol, HAS(HAVE_PROTOCOL) && number(v, r->socket->protocol))
GET(cgroup_id, HAS(HAVE_CGROUP) && number(v, r->socket->cgroup))
GET(cong, HAS(HAVE_CONG) && text(v, r->socket->cong))
GET(ulp, HAS(HAVE_ULP) && text(v, r->socket->ulp))
GET(owners, (v->socket = r->socket, true))
GET(what, (v->socket = r->socket, r->verdict.situation != NULL))
GET(detail, r->verdict.details &&number(v, r->verdict.details))
GET(situation, r->verdict.situation &&text(v, r->verdict.situation->id))
GET(pid, process_of(r) && number(v, (uint64_t)process_of(r)->pid))
GET(fd, owner_of(r) && number(v, owner_of(r)->fd))
GET(comm, process_of(r) && text(v, process_of(r)->comm))
GET(user, process_of(r) && text(v, process_of(r)->user))
GET(exe, process_of(r) && text(v, process_of(r)->exe))
GET(unit, process_of(r) && text(v, process_of(r)->unit))
GET(container, process_of(r) && text(v, process_of(r)->container))
GET(forwards, process_of(r) && text(v, process_of(r)->forwards))
GET(socket_unit, text(v, snapshot_socket_unit(r->snapshot, r->socket->inode)))
GET(cgroup, process_of(r) && text(v, process_of(r)->cgroup))
GET(listener, knows_listener(r) && (v->socket = r->verdict.listener, true))
GET(listener_queue, r->verdict.listener &&number(v, r->verdict.listener->recv_queue))
GET(listener_backlog, r->verdict.listener && r->verdict.listener->have & HAVE_BACKLOG &&
			      number(v, r->verdict.listener->send_queue))
GET(idle, socket_idle(r->socket, &v->number))
GET(age, socket_age(r->socket, &v->number))
GET(app_share, socket_app_share(r->socket, &v->number))

/* Congestion control's own numbers, of the algorithms that have them. */
static const struct cong_info *cong_of(const struct row *r, unsigned kind)
{
	const struct cong_info *c = &r->socket->cong_info;

	return r->socket->have & HAVE_CONG_INFO && c->kind == kind ? c : NULL;
}

#define GET_CC(name, kind, member)                                        \
	static bool get_cc_##name(const struct row *r, struct value *v)   \
	{                                                                 \
		const struct cong_info *c = cong_of(r, CONG_INFO_##kind); \
                                                                          \
		return c && number(v, c->member);                         \
	}

#define GET_CC2(name, kind, member, other, its)                            \
	static bool get_cc_##name(const struct row *r, struct value *v)    \
	{                                                                  \
		const struct cong_info *c = cong_of(r, CONG_INFO_##kind);  \
		const struct cong_info *d = cong_of(r, CONG_INFO_##other); \
                                                                           \
		return c ? number(v, c->member) : d && number(v, d->its);  \
	}

GET_CC(bandwidth, BBR, bbr.bandwidth)
GET_CC(pacing_gain, BBR, bbr.pacing_gain)
GET_CC(cwnd_gain, BBR, bbr.cwnd_gain)
GET_CC2(min_rtt, BBR, bbr.min_rtt, VEGAS, vegas.min_rtt)
GET_CC2(enabled, VEGAS, vegas.enabled, DCTCP, dctcp.enabled)
GET_CC(rtt, VEGAS, vegas.rtt)
GET_CC(rtt_count, VEGAS, vegas.rtt_count)
GET_CC(ce_state, DCTCP, dctcp.ce_state)
GET_CC(alpha, DCTCP, dctcp.alpha)
GET_CC(ab_ecn, DCTCP, dctcp.ab_ecn)
GET_CC(ab_tot, DCTCP, dctcp.ab_tot)

#define GET_SHARE(name)                                                             \
	static bool get_##name##_share(const struct row *r, struct value *v)        \
	{                                                                           \
		struct shares shares;                                               \
                                                                                    \
		return socket_shares(r->socket, &shares) && number(v, shares.name); \
	}

GET_SHARE(rwnd)
GET_SHARE(sndbuf)
GET_SHARE(network)

static bool get_reach(const struct row *r, struct value *v)
{
	return listening(r) && text(v, socket_reach(r->socket));
}

static bool get_reason(const struct row *r, struct value *v)
{
	if (r->verdict.reason == OWNER_KNOWN || r->verdict.reason == OWNER_NOT_ASKED)
		return false;
	return text(v, owner_absence_token(r->verdict.reason));
}

GET(interface, text(v, snapshot_interface(r->snapshot, r->socket->interface)))

static bool get_netns(const struct row *r, struct value *v)
{
	const struct snapshot *s = r->snapshot;

	if (r->socket->netns >= s->namespace_count || !s->namespaces[r->socket->netns].id)
		return false;
	return number(v, s->namespaces[r->socket->netns].id);
}

#define MEMBER_INFO(member) \
	offsetof(struct tcp_metrics, member), sizeof(((struct tcp_metrics *)0)->member)
#define MEMBER_MEMORY(member) offsetof(struct socket_memory, member), sizeof(uint32_t)

const struct field fields[] = {
#define FIELD(name, aliases, header, kind, needs, getter, json, help) \
	{name, aliases, header, KIND_##kind, needs, get_##getter, 0, 0, 0, 0, json, help},
#include "model/fields.def"
#undef FIELD
#define MEMORY(member, kind, json, name, header, help)                                    \
	{name, "", header,         KIND_##kind, WANT_MEMORY, NULL, MEMBER_MEMORY(member), \
	 0,    0,  "memory." json, help},
#include "model/memory.def"
#undef MEMORY
#define INFO(member, type, kind, json, name, header, help) \
	{name, "", header, KIND_##kind, WANT_INFO, NULL, MEMBER_INFO(member), 0, 0, json, help},
#define INFO_BITS(member, container, shift, mask, json, name, header, help)        \
	{name,  "",   header, KIND_COUNT, WANT_INFO, NULL, MEMBER_INFO(container), \
	 shift, mask, json,   help},
#include "model/tcp_info.def"
#undef INFO
#undef INFO_BITS
};

const size_t field_count = sizeof(fields) / sizeof(fields[0]);

static bool same_name(const char *name, size_t n, const char *with, size_t len)
{
	if (n != len)
		return false;
	for (size_t i = 0; i < n; i++) {
		char c = name[i] == '_' ? '-' : (char)tolower((unsigned char)name[i]);

		if (c != with[i])
			return false;
	}
	return true;
}

const struct field *field_find(const char *name, size_t n)
{
	for (size_t i = 0; i < field_count; i++) {
		const struct field *f = &fields[i];

		if (!f->name)
			continue;
		if (same_name(name, n, f->name, strlen(f->name)))
			return f;
		for (const char *a = f->aliases; *a;) {
			size_t len = strcspn(a, " ");

			if (same_name(name, n, a, len))
				return f;
			a += len + strspn(a + len, " ");
		}
	}
	return NULL;
}

static int compare_addresses(const struct socket *a, const struct endpoint *x,
			     const struct socket *b, const struct endpoint *y)
{
	int c = COMPARE(a->family, b->family);

	return c ? c : address_compare(&x->address, &y->address);
}

static int compare_endpoints(const struct socket *a, const struct endpoint *x,
			     const struct socket *b, const struct endpoint *y)
{
	int c = compare_addresses(a, x, b, y);

	return c ? c : COMPARE(x->port, y->port);
}

static int compare_texts(const struct value *x, const struct value *y)
{
	size_t n = x->text.len < y->text.len ? x->text.len : y->text.len;
	int c = memcmp(x->text.bytes, y->text.bytes, n);

	return c ? c : COMPARE(x->text.len, y->text.len);
}

static int compare_owners(const struct row *a, const struct row *b)
{
	const struct process *p = process_of(a), *q = process_of(b);
	int c = COMPARE(!p, !q);

	if (c || !p)
		return c ? c : COMPARE(a->verdict.reason, b->verdict.reason);
	c = strcmp(p->comm, q->comm);
	return c ? c : COMPARE(p->pid, q->pid);
}

int field_compare(const struct field *f, const struct row *a, const struct row *b)
{
	struct value x, y;
	bool have_x = field_get(f, a, &x), have_y = field_get(f, b, &y);

	if (!have_x || !have_y)
		return COMPARE(have_y, have_x);
	switch (f->kind) {
	case KIND_STATE:
		return COMPARE(state_rank((unsigned)x.number), state_rank((unsigned)y.number));
	case KIND_TOKEN:
	case KIND_TEXT: return compare_texts(&x, &y);
	case KIND_ADDRESS: return compare_addresses(x.socket, x.endpoint, y.socket, y.endpoint);
	case KIND_ENDPOINT: return compare_endpoints(x.socket, x.endpoint, y.socket, y.endpoint);
	case KIND_OWNERS: return compare_owners(a, b);
	case KIND_WHAT: return strcmp(a->verdict.situation->id, b->verdict.situation->id);
	default: return COMPARE(x.number, y.number);
	}
}

int row_compare(const struct row *a, const struct row *b)
{
	const struct socket *x = a->socket, *y = b->socket;
	int c = COMPARE(state_rank(x->kernel_state), state_rank(y->kernel_state));

	if (!c)
		c = compare_endpoints(x, &x->local, y, &y->local);
	if (!c)
		c = compare_endpoints(x, &x->peer, y, &y->peer);
	if (!c)
		c = COMPARE(x->cookie, y->cookie);
	return c ? c : COMPARE(x->inode, y->inode);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <sys/socket.h>

#include "render/json.h"
#include "render/json_writer.h"

/*
 * The tables spell a key in quotes, or NULL where JSON does not show the member. Their spelling
 * (#key) becomes what stands before the value, so that nothing is put together at run time.
 */
#define KEY(spelling)   "," spelling ":"
#define SHOWN(spelling) ((spelling)[0] == '"')
#define ROOM(spelling)  (sizeof(KEY(spelling)) + JSON_NUMBER_ROOM)
#define END_OF(member)  (offsetof(struct tcp_metrics, member) + sizeof(t->member))
#define UNLIMITED(kind) (KIND_##kind == KIND_RATE)

static const size_t info_room = ROOM("\"tcp_info\"")
#define INFO(member, type, kind, key, ...)                  +ROOM(#key)
#define INFO_BITS(member, container, shift, mask, key, ...) +ROOM(#key)
#include "model/tcp_info.def"
#undef INFO
#undef INFO_BITS
	;

static const size_t memory_room = ROOM("\"memory\"")
#define MEMORY(member, kind, key, ...) +ROOM(#key)
#include "model/memory.def"
#undef MEMORY
	;

/* Members before, between and behind those, whose keys and words are the program's own. */
enum { RUN_ROOM = 1024 };

/* How an object begins, by the number of its state. */
static const struct {
	uint8_t len;
	char text[31];
} state_heads[] = {
#define STATE(name, number, token, aliases) \
	[number] = {sizeof("{\"state\":\"" token "\"") - 1, "{\"state\":\"" token "\""},
#include "model/states.def"
#undef STATE
};

enum { STATE_HEADS = sizeof(state_heads) / sizeof(state_heads[0]) };

static char *pen_hex(char *p, uint64_t v)
{
	int shift = v ? (63 - __builtin_clzll(v)) / 4 * 4 : 0;

	for (; shift >= 0; shift -= 4)
		*p++ = "0123456789abcdef"[v >> shift & 15];
	return p;
}

static char *pen_state(char *p, const struct socket *sk)
{
	unsigned state = sk->kernel_state;

	if (state < STATE_HEADS && state_heads[state].len) {
		memcpy(p, state_heads[state].text, sizeof(state_heads[state].text));
		return p + state_heads[state].len;
	}
	p = PEN(p, "{\"state\":\"UNKNOWN(");
	p = digits_put(p, state);
	return PEN(p, ")\"");
}

static char *pen_details(char *p, unsigned details)
{
	char sep = '[';

	if (!details)
		return p;
	p = PEN(p, ",\"detail\":");
	for (unsigned i = 0; i < DETAIL_COUNT; i++) {
		if (!(details & 1u << i))
			continue;
		*p++ = sep;
		*p++ = '"';
		p = pen_bytes(p, detail_tokens[i], strlen(detail_tokens[i]));
		*p++ = '"';
		sep = ',';
	}
	*p++ = ']';
	return p;
}

static void put_word(struct out *o, const char *key, const char *word)
{
	char sep = ',';

	json_key(o, &sep, key);
	out_char(o, '"');
	out_str(o, word);
	out_char(o, '"');
}

static void put_state(struct out *o, const struct row *row)
{
	char *p = out_reserve(o, RUN_ROOM);

	if (!p)
		return;
	p = pen_state(p, row->socket);
	p = pen_details(p, row->verdict.details);
	if (row->verdict.situation) {
		const char *id = row->verdict.situation->id;

		p = pen_bytes(PEN(p, ",\"situation\":\""), id, strlen(id));
		*p++ = '"';
	}
	o->len = (size_t)(p - o->data);
}

void json_endpoint(struct out *o, const struct snapshot *s, const struct socket *sk,
		   const struct endpoint *e)
{
	char *p = out_reserve(o, RUN_ROOM), sep = ',';

	if (!p)
		return;
	p = address_format(PEN(p, "{\"address\":\""), sk->family, &e->address);
	*p++ = '"';
	if (e->port || e == &sk->local) {
		p = PEN(p, ",\"port\":");
		p = digits_put(p, e->port);
	}
	o->len = (size_t)(p - o->data);
	if (e == &sk->local && sk->interface) {
		const char *name = snapshot_interface(s, sk->interface);

		json_text(o, &sep, "interface", name);
		if (!name && sk->interface <= INT32_MAX) {
			json_key(o, &sep, "interface_index");
			json_u64(o, sk->interface);
		}
	}
	out_char(o, '}');
}

static void put_ends(struct out *o, const struct row *row)
{
	const struct socket *sk = row->socket;

	if (sk->family == AF_INET6)
		out_put(o, ",\"family\":\"inet6\",\"local\":", 26);
	else
		out_put(o, ",\"family\":\"inet\",\"local\":", 25);
	json_endpoint(o, row->snapshot, sk, &sk->local);
	if (!socket_has_peer(sk))
		return;
	out_put(o, ",\"peer\":", 8);
	json_endpoint(o, row->snapshot, sk, &sk->peer);
}

static char *pen_identity(char *p, const struct row *row)
{
	const struct socket *sk = row->socket;
	const struct snapshot *s = row->snapshot;

	if (sk->netns < s->namespace_count && s->namespaces[sk->netns].id) {
		p = PEN(p, ",\"netns\":");
		p = pen_u64(p, s->namespaces[sk->netns].id);
	}
	/* Without an inode the uid is unknown, whatever the kernel sent. */
	if (sk->inode) {
		p = PEN(p, ",\"inode\":");
		p = digits_put(p, sk->inode);
		p = PEN(p, ",\"uid\":");
		p = digits_put(p, sk->uid);
	}
	if (sk->have & HAVE_COOKIE) {
		p = PEN(p, ",\"cookie\":\"");
		p = pen_hex(p, sk->cookie);
		*p++ = '"';
	}
	return p;
}

static char *pen_queues(char *p, const struct socket *sk)
{
	bool listening = sk->kernel_state == STATE_LISTEN;

	if (sk->have & HAVE_QUEUES) {
		p = listening ? PEN(p, ",\"accept_queue\":") : PEN(p, ",\"recv_queue\":");
		p = digits_put(p, sk->recv_queue);
		if (!listening) {
			p = PEN(p, ",\"send_queue\":");
			p = digits_put(p, sk->send_queue);
		}
	}
	if (listening && sk->have & HAVE_BACKLOG) {
		p = PEN(p, ",\"backlog\":");
		p = digits_put(p, sk->send_queue);
	}
	return p;
}

static char *pen_timer(char *p, const struct socket *sk)
{
	const char *token = timer_token(sk->timer);

	if (!(sk->have & HAVE_TIMER) || sk->timer == TIMER_NONE)
		return p;
	p = PEN(p, ",\"timer\":{\"kind\":\"");
	if (token) {
		memcpy(p, token, strlen(token));
		p += strlen(token);
	} else {
		p = PEN(p, "unknown(");
		p = digits_put(p, sk->timer);
		p = PEN(p, ")");
	}
	p = PEN(p, "\",\"expires_ms\":");
	p = digits_put(p, sk->expires);
	p = PEN(p, ",\"count\":");
	p = digits_put(p, sk->retrans);
	*p++ = '}';
	return p;
}

/* An unlimited limit is absent, and a key of its own says that it is not unknown. */
static void put_vitals(struct out *o, char *sep, const struct process *p)
{
	if (p->state) {
		json_key(o, sep, "state");
		json_quote(o, (char[]){p->state, '\0'});
	}
	if (p->threads)
		json_count(o, sep, "threads", p->threads);
	json_text(o, sep, "wait_channel", p->wait_channel[0] ? p->wait_channel : NULL);
	if (p->have_descriptors)
		json_count(o, sep, "descriptors", p->descriptors);
	if (!p->have_descriptor_limit)
		return;
	if (p->descriptor_limit != UINT64_MAX) {
		json_count(o, sep, "descriptor_limit", p->descriptor_limit);
		return;
	}
	json_key(o, sep, "descriptors_unlimited");
	json_bool(o, true);
}

static void put_process_rest(struct out *o, char *sep, const struct process *p)
{
	if (p->ppid) {
		json_key(o, sep, "ppid");
		json_i64(o, p->ppid);
	}
	json_text(o, sep, "comm", p->comm[0] ? p->comm : NULL);
	if (p->have_uid) {
		json_key(o, sep, "uid");
		json_u64(o, p->uid);
	}
	json_text(o, sep, "user", p->user);
	json_text(o, sep, "exe", p->exe);
	if (p->exe_deleted) {
		json_key(o, sep, "exe_deleted");
		json_bool(o, true);
	}
	if (p->exe_replaced) {
		json_key(o, sep, "exe_replaced");
		json_bool(o, true);
	}
	json_text(o, sep, "unit", p->unit);
	json_text(o, sep, "container", p->container);
	json_text(o, sep, "cgroup", p->cgroup);
	json_text(o, sep, "forwards", p->forwards);
	put_vitals(o, sep, p);
}

void json_process(struct out *o, char *sep, const struct process *p)
{
	json_key(o, sep, "pid");
	json_i64(o, p->pid);
	put_process_rest(o, sep, p);
}

static void put_owner(struct out *o, const struct owner_table *t, const struct owner *owner)
{
	const struct process *process = &t->processes[owner->process];
	char sep = '{';

	json_key(o, &sep, "pid");
	json_i64(o, process->pid);
	json_key(o, &sep, "fd");
	json_u64(o, owner->fd);
	if (owner->via == VIA_THREAD)
		put_word(o, "via", "thread");
	else if (owner->via == VIA_IO_URING)
		put_word(o, "via", "io_uring");
	put_process_rest(o, &sep, process);
	json_close(o, &sep, '}');
}

static void put_owners(struct out *o, const struct row *row)
{
	const struct owner_table *t = &row->snapshot->owners;
	uint8_t reason = row->verdict.reason;
	char list = '[';

	if (row->socket->owners == OWNER_NONE) {
		if (reason != OWNER_KNOWN && reason != OWNER_NOT_ASKED)
			put_word(o, "owner_reason", owner_absence_token(reason));
		return;
	}
	out_put(o, ",\"owners\":", 10);
	for (uint32_t i = row->socket->owners; i != OWNER_NONE; i = owner_table_next(t, i)) {
		json_item(o, &list);
		put_owner(o, t, &t->owners[i]);
	}
	json_close(o, &list, ']');
}

/* The members come in wire order: the first that the kernel did not send ends them. */
static inline __attribute__((always_inline)) char *pen_members(char *p, const struct tcp_metrics *t,
							       size_t came)
{
#define INFO(member, type, kind, key, ...)                                                     \
	if (came < END_OF(member))                                                             \
		return p;                                                                      \
	if (SHOWN(#key) && !(UNLIMITED(kind) && (uint64_t)t->member == UINT64_MAX)) {          \
		p = PEN(p, KEY(#key));                                                         \
		p = sizeof(t->member) == 8 ? pen_u64(p, t->member) : digits_put(p, t->member); \
	}
#define INFO_BITS(member, container, shift, mask, key, ...) \
	p = PEN(p, KEY(#key));                              \
	p = digits_put(p, t->container >> (shift) & (mask));
#include "model/tcp_info.def"
#undef INFO
#undef INFO_BITS
	return p;
}

static char *pen_info(char *p, const struct socket *sk)
{
	p = PEN(p, ",\"tcp_info\":{\"size\":");
	p = digits_put(p, sk->info_len);
	if (sk->info_len == sizeof(sk->info)) /* as a rule: nothing left to ask at each member */
		p = pen_members(p, &sk->info, sizeof(sk->info));
	else
		p = pen_members(p, &sk->info, sk->info_len);
	*p++ = '}';
	return p;
}

static char *pen_memory(char *p, const struct socket_memory *m)
{
	char *brace;

	p = PEN(p, ",\"memory\":");
	brace = p;
#define MEMORY(member, kind, key, ...) \
	p = PEN(p, KEY(#key));         \
	p = digits_put(p, m->member);
#include "model/memory.def"
#undef MEMORY
	*brace = '{'; /* for the comma of the first */
	*p++ = '}';
	return p;
}

static void put_metrics(struct out *o, const struct socket *sk)
{
	char *p = out_reserve(o, info_room + memory_room);

	if (!p)
		return;
	/* On listeners tcp_info repeats the queues under other names. */
	if (sk->info_len && sk->kernel_state != STATE_LISTEN)
		p = pen_info(p, sk);
	if (sk->have & HAVE_MEMORY)
		p = pen_memory(p, &sk->memory);
	o->len = (size_t)(p - o->data);
}

static char *pen_congestion(char *p, const struct cong_info *c)
{
#define NUMBER(key, value) p = pen_u64(PEN(p, ",\"" key "\":"), value)
	switch (c->kind) {
	case CONG_INFO_BBR:
		p = PEN(p, ",\"congestion_info\":{\"kind\":\"bbr\"");
		NUMBER("bandwidth", c->bbr.bandwidth);
		NUMBER("min_rtt_us", c->bbr.min_rtt);
		NUMBER("pacing_gain", c->bbr.pacing_gain);
		NUMBER("cwnd_gain", c->bbr.cwnd_gain);
		break;
	case CONG_INFO_VEGAS:
		p = PEN(p, ",\"congestion_info\":{\"kind\":\"vegas\"");
		NUMBER("enabled", c->vegas.enabled);
		NUMBER("rtt_count", c->vegas.rtt_count);
		NUMBER("rtt_us", c->vegas.rtt);
		NUMBER("min_rtt_us", c->vegas.min_rtt);
		break;
	case CONG_INFO_DCTCP:
		p = PEN(p, ",\"congestion_info\":{\"kind\":\"dctcp\"");
		NUMBER("enabled", c->dctcp.enabled);
		NUMBER("ce_state", c->dctcp.ce_state);
		NUMBER("alpha", c->dctcp.alpha);
		NUMBER("ab_ecn", c->dctcp.ab_ecn);
		NUMBER("ab_tot", c->dctcp.ab_tot);
		break;
	default: return p;
	}
#undef NUMBER
	*p++ = '}';
	return p;
}

static char *pen_unknown(char *p, uint64_t attributes)
{
	char sep = '[';

	p = PEN(p, ",\"unknown_attributes\":");
	for (; attributes; attributes &= attributes - 1) {
		*p++ = sep;
		p = digits_put(p, (uint64_t)__builtin_ctzll(attributes));
		sep = ',';
	}
	*p++ = ']';
	return p;
}

static char *pen_attributes(char *p, const struct socket *sk)
{
#define NUMBER(flag, key, value) \
	if (sk->have & (flag))   \
		p = digits_put(PEN(p, ",\"" key "\":"), value);
	NUMBER(HAVE_TOS, "tos", sk->tos)
	NUMBER(HAVE_TCLASS, "tclass", sk->tclass)
	NUMBER(HAVE_CLASS_ID, "class_id", sk->class_id)
	NUMBER(HAVE_MARK, "mark", sk->mark)
	NUMBER(HAVE_SHUTDOWN, "shutdown", sk->shutdown)
	NUMBER(HAVE_V6ONLY, "v6only", sk->v6only)
	if (sk->have & HAVE_CGROUP) {
		p = digits_put(PEN(p, ",\"cgroup\":\""), sk->cgroup);
		*p++ = '"';
	}
	NUMBER(HAVE_SOCKOPT, "sockopt", sk->sockopt)
	NUMBER(HAVE_PROTOCOL, "protocol", sk->protocol)
#undef NUMBER
	if (sk->have & HAVE_MPTCP)
		p = PEN(p, ",\"mptcp\":true");
	if (sk->have & HAVE_MD5)
		p = PEN(p, ",\"md5\":true");
	if (sk->have & HAVE_CONG_INFO)
		p = pen_congestion(p, &sk->cong_info);
	return sk->unknown_attributes ? pen_unknown(p, sk->unknown_attributes) : p;
}

void json_socket(struct out *o, const struct row *row)
{
	const struct socket *sk = row->socket;
	char *p, sep = ',';

	put_state(o, row);
	put_ends(o, row);
	p = out_reserve(o, RUN_ROOM);
	if (!p)
		return;
	p = pen_identity(p, row);
	p = pen_queues(p, sk);
	p = pen_timer(p, sk);
	o->len = (size_t)(p - o->data);
	put_owners(o, row);
	if (sk->kernel_state == STATE_LISTEN && sk->inode)
		json_text(o, &sep, "socket_unit", snapshot_socket_unit(row->snapshot, sk->inode));
	put_metrics(o, sk);
	if (sk->have & HAVE_CONG)
		json_text(o, &sep, "congestion", sk->cong);
	if (sk->have & HAVE_ULP)
		json_text(o, &sep, "ulp", sk->ulp);
	p = out_reserve(o, RUN_ROOM);
	if (!p)
		return;
	p = pen_attributes(p, sk);
	*p++ = '}';
	o->len = (size_t)(p - o->data);
}

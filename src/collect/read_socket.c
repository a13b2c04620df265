// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/read_socket.h"

#include <stdlib.h>
#include <sys/socket.h>

/* A number of the file and where it goes. */
struct member {
	const char *key; /* NULL: not in the file */
	uint16_t offset;
	uint8_t width, shift, mask; /* mask 0: all of it */
	bool rate;                  /* absent is unlimited */
	uint32_t have;
};

#define SIZE_OF(type, member)  (sizeof(((struct type *)0)->member))
#define PLACE_OF(type, member) offsetof(struct type, member), SIZE_OF(type, member)
#define PART(key, type, member)                             \
	{                                                   \
		key, PLACE_OF(type, member), 0, 0, false, 0 \
	}
#define OPTIONAL(key, member, have)                              \
	{                                                        \
		key, PLACE_OF(socket, member), 0, 0, false, have \
	}
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const struct member attributes[] = {
	OPTIONAL("tos", tos, HAVE_TOS),
	OPTIONAL("tclass", tclass, HAVE_TCLASS),
	OPTIONAL("class_id", class_id, HAVE_CLASS_ID),
	OPTIONAL("mark", mark, HAVE_MARK),
	OPTIONAL("shutdown", shutdown, HAVE_SHUTDOWN),
	OPTIONAL("v6only", v6only, HAVE_V6ONLY),
	OPTIONAL("cgroup", cgroup, HAVE_CGROUP),
	OPTIONAL("sockopt", sockopt, HAVE_SOCKOPT),
	OPTIONAL("protocol", protocol, HAVE_PROTOCOL),
};

static const struct member info_members[] = {
#define INFO(member, type, kind, key, ...) \
	{key, PLACE_OF(tcp_metrics, member), 0, 0, KIND_IS_RATE_##kind, 0},
#define INFO_BITS(member, container, shift, mask, key, ...) \
	{key, PLACE_OF(tcp_metrics, container), shift, mask, false, 0},
#define KIND_IS_RATE_COUNT false
#define KIND_IS_RATE_BYTES false
#define KIND_IS_RATE_US    false
#define KIND_IS_RATE_MS    false
#define KIND_IS_RATE_RATE  true
#include "model/tcp_info.def"
#undef INFO
#undef INFO_BITS
};

static const struct member memory_members[] = {
#define MEMORY(member, kind, key, ...) PART(key, socket_memory, member),
#include "model/memory.def"
#undef MEMORY
};

static const struct member bbr_members[] = {
	PART("bandwidth", cong_info, bbr.bandwidth),
	PART("min_rtt_us", cong_info, bbr.min_rtt),
	PART("pacing_gain", cong_info, bbr.pacing_gain),
	PART("cwnd_gain", cong_info, bbr.cwnd_gain),
};

static const struct member vegas_members[] = {
	PART("enabled", cong_info, vegas.enabled),
	PART("rtt_count", cong_info, vegas.rtt_count),
	PART("rtt_us", cong_info, vegas.rtt),
	PART("min_rtt_us", cong_info, vegas.min_rtt),
};

static const struct member dctcp_members[] = {
	PART("enabled", cong_info, dctcp.enabled), PART("ce_state", cong_info, dctcp.ce_state),
	PART("alpha", cong_info, dctcp.alpha),     PART("ab_ecn", cong_info, dctcp.ab_ecn),
	PART("ab_tot", cong_info, dctcp.ab_tot),
};

static const struct {
	const char *kind;
	const struct member *members;
	size_t count;
} congestion_kinds[] = {
	[CONG_INFO_BBR] = {"bbr", bbr_members, COUNT_OF(bbr_members)},
	[CONG_INFO_VEGAS] = {"vegas", vegas_members, COUNT_OF(vegas_members)},
	[CONG_INFO_DCTCP] = {"dctcp", dctcp_members, COUNT_OF(dctcp_members)},
};

static uint64_t most_of(const struct member *m)
{
	if (m->mask)
		return m->mask;
	return UINT64_MAX >> (64 - 8 * m->width);
}

static void store(void *base, const struct member *m, uint64_t v)
{
	char *at = (char *)base + m->offset;

	if (m->mask) {
		*(uint8_t *)at |= (uint8_t)(v << m->shift);
		return;
	}
	switch (m->width) {
	case 8: memcpy(at, &v, 8); break;
	case 4: memcpy(at, &(uint32_t){(uint32_t)v}, 4); break;
	case 2: memcpy(at, &(uint16_t){(uint16_t)v}, 2); break;
	default: *(uint8_t *)at = (uint8_t)v; break;
	}
}

/* A number that has to be there once its object is; files of older versions lack some bit fields. */
static void read_required(struct reading *r, const json_t *object, void *base,
			  const struct member *m)
{
	uint64_t v;

	if (read_number(r, object, m->key, most_of(m), &v))
		store(base, m, v);
	else if (!m->mask)
		read_complain(r, m->key, "missing");
}

static void read_attributes(struct reading *r, const json_t *object, struct socket *sk)
{
	for (size_t i = 0; i < COUNT_OF(attributes); i++) {
		const struct member *m = &attributes[i];
		uint64_t v;

		if (!read_number(r, object, m->key, most_of(m), &v))
			continue;
		store(sk, m, v);
		sk->have |= m->have;
	}
	if (read_text(r, object, "congestion", sk->cong, sizeof(sk->cong)))
		sk->have |= HAVE_CONG;
	if (read_text(r, object, "ulp", sk->ulp, sizeof(sk->ulp)))
		sk->have |= HAVE_ULP;
	if (read_flag(r, object, "mptcp"))
		sk->have |= HAVE_MPTCP;
	if (read_flag(r, object, "md5"))
		sk->have |= HAVE_MD5;
}

static bool token_number(const char *token, uint64_t *number)
{
	for (int i = 0; i < STATE_COUNT; i++) {
		if (!strcmp(token, state_token(state_order[i]))) {
			*number = state_order[i];
			return true;
		}
	}
	return read_numbered(token, "UNKNOWN", number) && *number <= UINT8_MAX &&
	       !state_token((unsigned)*number);
}

static void read_state(struct reading *r, const json_t *object, struct socket *sk)
{
	const char *token = read_word(r, object, "state");
	uint64_t state;

	if (!token || !token_number(token, &state))
		read_complain(r, "state", token ? "not a state" : "missing");
	else
		sk->kernel_state = (uint8_t)state;
}

static void read_family(struct reading *r, const json_t *object, struct socket *sk)
{
	const char *family = read_word(r, object, "family");

	if (family && !strcmp(family, "inet"))
		sk->family = AF_INET;
	else if (family && !strcmp(family, "inet6"))
		sk->family = AF_INET6;
	else
		read_complain(r, "family", family ? "neither inet nor inet6" : "missing");
}

static void read_end(struct reading *r, const json_t *object, const struct socket *sk,
		     struct endpoint *e)
{
	const char *address = read_word(r, object, "address");
	const json_t *port = json_object_get(object, "port");
	json_int_t number = json_is_integer(port) ? json_integer_value(port) : port ? -1 : 0;

	if (!address)
		read_complain(r, "address", "missing");
	else if (address_parse(&e->address, address, strlen(address)) != sk->family)
		read_complain(r, "address", "not an address of the family");
	if (number < 0 || number > UINT16_MAX)
		read_complain(r, "port", "not a port number");
	e->port = (uint16_t)number;
}

/*
 * Interfaces are known by name; the numbers they get here are beyond those of a kernel, which the
 * file has for interfaces without a name.
 */
static uint32_t interface_number(struct socket_reading *sr, const char *name)
{
	struct snapshot *s = sr->snapshot;
	uint32_t index = (uint32_t)INT32_MAX + 1 + (uint32_t)s->interface_count;

	for (size_t i = 0; i < s->interface_count; i++) {
		if (!strcmp(s->interfaces[i].name, name))
			return s->interfaces[i].index;
	}
	if (snapshot_add_interface(s, index, name))
		read_no_memory(&sr->value);
	return index;
}

static uint32_t read_interface(struct socket_reading *sr, const json_t *local)
{
	char name[sizeof(((struct interface *)0)->name)];
	uint64_t index = 0;

	if (read_text(&sr->value, local, "interface", name, sizeof(name)))
		return interface_number(sr, name);
	read_number(&sr->value, local, "interface_index", INT32_MAX, &index);
	return (uint32_t)index;
}

static void read_ends(struct socket_reading *sr, const json_t *object, struct socket *sk)
{
	struct reading *r = &sr->value;
	const json_t *local = read_member(r, object, "local", JSON_OBJECT);
	const json_t *peer = read_member(r, object, "peer", JSON_OBJECT);

	if (!local)
		read_complain(r, "local", "missing");
	if (r->error)
		return;
	r->path = "local.";
	read_end(r, local, sk, &sk->local);
	if (!json_object_get(local, "port"))
		read_complain(r, "port", "missing");
	sk->interface = read_interface(sr, local);
	r->path = "peer.";
	if (peer)
		read_end(r, peer, sk, &sk->peer);
	r->path = "";
}

static void read_cookie(struct reading *r, const json_t *object, struct socket *sk)
{
	const char *text = read_word(r, object, "cookie");
	size_t n = text ? strlen(text) : 0;

	if (!text)
		return;
	if (!n || n > 16 || strspn(text, "0123456789abcdef") != n) {
		read_complain(r, "cookie", "not a hexadecimal number of 64 bits");
		return;
	}
	for (size_t i = 0; i < n; i++)
		sk->cookie =
			sk->cookie << 4 | (uint64_t)(text[i] - (text[i] > '9' ? 'a' - 10 : '0'));
	sk->have |= HAVE_COOKIE;
}

/* Without an inode the uid is unknown; with one it is not, and 0 is root. */
static void read_inode(struct reading *r, const json_t *object, struct socket *sk)
{
	static const struct member uid = PART("uid", socket, uid);
	uint64_t inode;

	if (!read_number(r, object, "inode", UINT32_MAX, &inode) || !inode)
		return;
	sk->inode = (uint32_t)inode;
	read_required(r, object, sk, &uid);
}

static void read_netns(struct socket_reading *sr, const json_t *object, struct socket *sk)
{
	const struct snapshot *s = sr->snapshot;
	uint64_t id = 0;

	/* Without the key: in the namespace that has no id. */
	read_number(&sr->value, object, "netns", UINT64_MAX, &id);
	if (sr->last_netns < s->namespace_count && s->namespaces[sr->last_netns].id == id) {
		sk->netns = sr->last_netns;
		return;
	}
	while (sk->netns < s->namespace_count && s->namespaces[sk->netns].id != id)
		sk->netns++;
	if (sk->netns < s->namespace_count)
		sr->last_netns = sk->netns;
	else if (s->namespace_count || id)
		read_complain(&sr->value, "netns", id ? "not among the namespaces" : "missing");
}

static void read_queues(struct reading *r, const json_t *object, struct socket *sk)
{
	bool listening = sk->kernel_state == STATE_LISTEN;
	uint64_t first = 0, second = 0;
	bool have_first = read_number(r, object, listening ? "accept_queue" : "recv_queue",
				      UINT32_MAX, &first);
	bool have_second =
		read_number(r, object, listening ? "backlog" : "send_queue", UINT32_MAX, &second);

	if (!listening && have_first != have_second)
		read_complain(r, have_first ? "send_queue" : "recv_queue", "missing");
	if (have_first)
		sk->have |= HAVE_QUEUES;
	if (listening && have_second)
		sk->have |= HAVE_BACKLOG;
	sk->recv_queue = (uint32_t)first;
	sk->send_queue = (uint32_t)second;
}

static bool timer_number(const char *kind, uint64_t *number)
{
	for (*number = 0; timer_token((unsigned)*number); ++*number) {
		if (!strcmp(kind, timer_token((unsigned)*number)))
			return true;
	}
	return read_numbered(kind, "unknown", number) && !timer_token((unsigned)*number) &&
	       *number <= UINT8_MAX;
}

static void read_timer(struct reading *r, const json_t *object, struct socket *sk)
{
	static const struct member expires = PART("expires_ms", socket, expires);
	static const struct member count = PART("count", socket, retrans);
	const json_t *timer = read_member(r, object, "timer", JSON_OBJECT);
	const char *kind;
	uint64_t number;

	if (!timer)
		return;
	r->path = "timer.";
	kind = read_word(r, timer, "kind");
	if (!kind || !timer_number(kind, &number))
		read_complain(r, "kind", kind ? "not a timer" : "missing");
	else
		sk->timer = (uint8_t)number;
	read_required(r, timer, sk, &expires);
	read_required(r, timer, sk, &count);
	sk->have |= HAVE_TIMER;
	r->path = "";
}

/* A size beyond what is known here is a newer program's: its members are passed over. */
static void read_info(struct reading *r, const json_t *object, struct socket *sk)
{
	const json_t *info = read_member(r, object, "tcp_info", JSON_OBJECT);
	uint64_t size = 0;

	if (!info)
		return;
	r->path = "tcp_info.";
	if (!read_number(r, info, "size", UINT16_MAX, &size))
		read_complain(r, "size", "missing");
	for (size_t i = 0; i < COUNT_OF(info_members) && !r->error; i++) {
		const struct member *m = &info_members[i];

		if (!m->key)
			continue;
		if (m->offset + m->width > size) {
			if (json_object_get(info, m->key))
				read_complain(r, m->key, "beyond size");
		} else if (m->rate && !json_object_get(info, m->key)) {
			store(&sk->info, m, UINT64_MAX);
		} else {
			read_required(r, info, &sk->info, m);
		}
	}
	sk->info_len = (uint16_t)(size < sizeof(sk->info) ? size : sizeof(sk->info));
	sk->info.state = sk->kernel_state;
	r->path = "";
}

static void read_memory(struct reading *r, const json_t *object, struct socket *sk)
{
	const json_t *memory = read_member(r, object, "memory", JSON_OBJECT);

	if (!memory)
		return;
	r->path = "memory.";
	for (size_t i = 0; i < COUNT_OF(memory_members); i++)
		read_required(r, memory, &sk->memory, &memory_members[i]);
	sk->have |= HAVE_MEMORY;
	r->path = "";
}

static void read_congestion(struct reading *r, const json_t *object, struct socket *sk)
{
	const json_t *info = read_member(r, object, "congestion_info", JSON_OBJECT);
	const char *kind;

	if (!info)
		return;
	r->path = "congestion_info.";
	kind = read_word(r, info, "kind");
	for (size_t i = CONG_INFO_BBR; kind && i < COUNT_OF(congestion_kinds); i++) {
		if (strcmp(kind, congestion_kinds[i].kind) != 0)
			continue;
		for (size_t m = 0; m < congestion_kinds[i].count; m++)
			read_required(r, info, &sk->cong_info, &congestion_kinds[i].members[m]);
		sk->cong_info.kind = i;
		sk->have |= HAVE_CONG_INFO;
	}
	if (!(sk->have & HAVE_CONG_INFO))
		read_complain(r, "kind", kind ? "neither bbr, vegas nor dctcp" : "missing");
	r->path = "";
}

static void read_unknown(struct reading *r, const json_t *object, struct socket *sk)
{
	const json_t *list = read_member(r, object, "unknown_attributes", JSON_ARRAY);

	for (size_t i = 0; i < json_array_size(list); i++) {
		uint64_t bit;

		if (read_number_value(r, json_array_get(list, i), "unknown_attributes", 63, &bit))
			sk->unknown_attributes |= 1ULL << bit;
	}
}

static void read_absence(struct socket_reading *sr, const json_t *object, struct socket *sk)
{
	const char *reason = read_word(&sr->value, object, "owner_reason");

	sk->owners = OWNER_NONE;
	sk->absence = OWNER_NOT_ASKED;
	if (!sr->owners)
		return;
	if (json_array_size(json_object_get(object, "owners"))) {
		sk->owners = owner_table_find(&sr->snapshot->owners, sk->inode);
		sk->absence = OWNER_KNOWN;
	} else if (reason) {
		sk->absence = (uint8_t)owner_absence_parse(reason);
		if (sk->absence == OWNER_KNOWN || sk->absence == OWNER_NOT_ASKED)
			read_complain(&sr->value, "owner_reason", "not a reason");
	}
}

int read_shared(struct socket_reading *sr, const json_t *object)
{
	const json_t *local = read_member(&sr->value, object, "local", JSON_OBJECT);

	if (local) {
		sr->value.path = "local.";
		read_interface(sr, local);
		sr->value.path = "";
	}
	read_owners(sr, object);
	return sr->value.error;
}

int read_socket(struct socket_reading *sr, const json_t *object, struct socket *sk)
{
	struct reading *r = &sr->value;

	memset(sk, 0, sizeof(*sk));
	read_state(r, object, sk);
	read_family(r, object, sk);
	if (r->error)
		return r->error;
	read_ends(sr, object, sk);
	read_netns(sr, object, sk);
	read_inode(r, object, sk);
	read_cookie(r, object, sk);
	read_queues(r, object, sk);
	read_timer(r, object, sk);
	read_attributes(r, object, sk);
	read_info(r, object, sk);
	read_memory(r, object, sk);
	read_congestion(r, object, sk);
	read_unknown(r, object, sk);
	read_absence(sr, object, sk);
	return r->error;
}

int read_listener(struct socket_reading *sr, const json_t *object, struct socket *sk)
{
	struct reading *r = &sr->value;
	char *unit;

	if (read_socket(sr, object, sk))
		return r->error;
	unit = read_copy(r, object, "socket_unit");
	if (unit && sk->inode && !snapshot_socket_unit(sr->snapshot, sk->inode) &&
	    snapshot_add_socket_unit(sr->snapshot, sk->inode, unit))
		read_no_memory(r);
	free(unit);
	return r->error;
}

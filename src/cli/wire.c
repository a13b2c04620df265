// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/wire.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

enum {
	PROCESSES = 1 << 22, /* as many pids as a kernel has, and so indexes */
	NETNS_MOST = 1 << 16,
};

/* What is left of a message. Beyond its end all is 0, and `bad`. */
struct reading {
	const char *at;
	size_t left;
	bool bad;
};

static bool get_bytes(struct reading *r, void *to, size_t n)
{
	if (r->bad || r->left < n) {
		r->bad = true;
		return false;
	}
	if (n)
		memcpy(to, r->at, n);
	r->at += n;
	r->left -= n;
	return true;
}

static uint8_t get_u8(struct reading *r)
{
	uint8_t v;

	return get_bytes(r, &v, sizeof(v)) ? v : 0;
}

static bool get_bool(struct reading *r)
{
	uint8_t v = get_u8(r);

	r->bad |= v > 1;
	return v == 1;
}

static uint32_t get_u32(struct reading *r)
{
	uint32_t v;

	return get_bytes(r, &v, sizeof(v)) ? v : 0;
}

static uint64_t get_u64(struct reading *r)
{
	uint64_t v;

	return get_bytes(r, &v, sizeof(v)) ? v : 0;
}

/* A string of the caller's, NULL where it is absent; `oom` is set without memory. */
static char *get_string(struct reading *r, bool *oom)
{
	uint32_t len = get_u32(r);
	char *s;

	if (r->bad || len == UINT32_MAX)
		return NULL;
	if (len > r->left || memchr(r->at, '\0', len)) {
		r->bad = true;
		return NULL;
	}
	s = strndup(r->at, len);
	*oom |= !s;
	get_bytes(r, s ? s : (char[1]){""}, s ? len : 0);
	return s;
}

/* A string into a member; one that does not fit is wrong. */
static void get_text(struct reading *r, char *to, size_t size)
{
	uint32_t len = get_u32(r);

	r->bad |= len >= size;
	if (!r->bad && get_bytes(r, to, len))
		to[len] = '\0';
	r->bad |= !r->bad && strlen(to) != len;
}

/* Whether all was read, and nothing is left. */
static int verdict(const struct reading *r, bool oom)
{
	if (oom)
		return -ENOMEM;
	return r->bad || r->left ? -EBADMSG : 0;
}

ssize_t wire_length(const void *bytes, size_t n)
{
	uint32_t head[2];

	if (n < sizeof(head))
		return 0;
	memcpy(head, bytes, sizeof(head));
	if (head[0] < WIRE_HEAD || head[0] > WIRE_LONGEST || head[1] >= WIRE_KINDS)
		return -EBADMSG;
	return head[0] <= n ? (ssize_t)head[0] : 0;
}

static uint32_t kind_of(const void *message)
{
	uint32_t kind;

	memcpy(&kind, (const char *)message + sizeof(kind), sizeof(kind));
	return kind;
}

bool wire_is_findings(const void *message)
{
	return kind_of(message) == WIRE_FINDINGS;
}

/* ---- to the view */

static int apply_process(struct live *l, struct reading *r)
{
	struct process p = {0};
	uint32_t index = get_u32(r);
	bool oom = false;
	int error;

	p.pid = (int32_t)get_u32(r);
	p.ppid = (int32_t)get_u32(r);
	p.started = get_u64(r);
	p.uid = get_u32(r);
	p.have_uid = get_bool(r);
	p.exe_deleted = get_bool(r);
	p.exe_replaced = get_bool(r);
	get_text(r, p.comm, sizeof(p.comm));
	p.user = get_string(r, &oom);
	p.exe = get_string(r, &oom);
	p.unit = get_string(r, &oom);
	p.container = get_string(r, &oom);
	p.cgroup = get_string(r, &oom);
	p.forwards = get_string(r, &oom);
	p.have_vitals = get_bool(r);
	p.state = (char)get_u8(r);
	p.threads = get_u32(r);
	get_text(r, p.wait_channel, sizeof(p.wait_channel));
	p.have_descriptors = get_bool(r);
	p.have_descriptor_limit = get_bool(r);
	p.descriptors = get_u32(r);
	p.descriptor_limit = get_u64(r);
	error = verdict(r, oom);
	if (!error && index >= PROCESSES)
		error = -EBADMSG;
	if (!error)
		error = live_process(l, index, &p);
	if (error)
		process_clear(&p);
	return error;
}

static int apply_holders(struct live *l, struct reading *r)
{
	uint32_t inode = get_u32(r), count = get_u32(r);
	struct owner *holders;
	int error;

	if (r->bad || !inode || count > r->left)
		return -EBADMSG;
	holders = calloc(count + 1, sizeof(*holders));
	if (!holders)
		return -ENOMEM;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t process = get_u32(r), fd = get_u32(r);
		uint8_t via = get_u8(r);

		r->bad |= process >= l->snapshot.owners.process_count || via > VIA_IO_URING;
		holders[i] = (struct owner){
			.inode = inode, .process = process, .fd = fd & 0x3fffffff, .via = via & 3};
	}
	error = verdict(r, false);
	if (!error)
		error = live_holders(l, inode, holders, count);
	free(holders);
	return error;
}

static void get_sysctl(struct reading *r, struct sysctl_value *v)
{
	v->known = get_bool(r);
	v->value = (int64_t)get_u64(r);
	v->upper = (int64_t)get_u64(r);
	v->third = (int64_t)get_u64(r);
}

static void get_counters(struct reading *r, struct netns *ns, bool *oom)
{
	uint32_t count = get_u32(r);

	for (uint32_t i = 0; i < count && !r->bad && !*oom; i++) {
		char *name = get_string(r, oom);
		uint64_t value = get_u64(r);

		r->bad |= !name;
		if (!r->bad)
			*oom |= netns_add_counter(ns, name, value) < 0;
		free(name);
	}
}

static void get_reserved(struct reading *r, struct netns *ns, bool *oom)
{
	uint32_t count;

	ns->have_reserved = get_bool(r);
	count = get_u32(r);
	r->bad |= count > r->left / sizeof(*ns->reserved);
	if (r->bad || !count)
		return;
	ns->reserved = malloc(count * sizeof(*ns->reserved));
	*oom |= !ns->reserved;
	if (!*oom && get_bytes(r, ns->reserved, count * sizeof(*ns->reserved)))
		ns->reserved_count = count;
}

static int apply_netns(struct live *l, struct reading *r)
{
	uint32_t index = get_u32(r);
	struct netns ns = {.id = get_u64(r)};
	bool oom = false;
	int error;

	ns.name = get_string(r, &oom);
	for (int i = 0; i < SYSCTL_COUNT; i++)
		get_sysctl(r, &ns.sysctls[i]);
	get_counters(r, &ns, &oom);
	get_reserved(r, &ns, &oom);
	error = verdict(r, oom);
	if (!error && index >= NETNS_MOST)
		error = -EBADMSG;
	if (error)
		netns_clear(&ns);
	return error ? error : live_netns(l, index, &ns);
}

static int apply_interface(struct live *l, struct reading *r)
{
	char name[sizeof(((struct interface *)0)->name)] = "";
	uint32_t index = get_u32(r);
	int error;

	get_text(r, name, sizeof(name));
	error = verdict(r, false);
	return error ? error : live_interface(l, index, name);
}

static int apply_socket_unit(struct live *l, struct reading *r)
{
	uint32_t inode = get_u32(r);
	bool oom = false;
	char *unit = get_string(r, &oom);
	int error = verdict(r, oom);

	if (!error)
		error = unit ? live_socket_unit(l, inode, unit) : -EBADMSG;
	free(unit);
	return error;
}

/* The rest of the message: a socket with tcp_info or without. */
static void get_socket(struct reading *r, struct socket *sk)
{
	size_t n = r->left;

	memset(sk, 0, sizeof(*sk));
	if (n != sizeof(*sk) && n != offsetof(struct socket, info))
		r->bad = true;
	else
		get_bytes(r, sk, n);
	r->bad |= (sk->info_len != 0) != (n == sizeof(*sk)) || sk->info_len > sizeof(sk->info) ||
		  (sk->family != AF_INET && sk->family != AF_INET6) ||
		  sk->absence >= OWNER_ABSENCE_COUNT || sk->netns >= NETNS_MOST;
	sk->cong[sizeof(sk->cong) - 1] = '\0';
	sk->ulp[sizeof(sk->ulp) - 1] = '\0';
	sk->owners = OWNER_NONE;
}

static int apply_put(struct live *l, struct reading *r)
{
	uint64_t id = get_u64(r);
	struct socket sk;
	int error;

	get_socket(r, &sk);
	error = verdict(r, false);
	return error ? error : live_put(l, id, &sk);
}

static void get_missing(struct reading *r, struct missing *m)
{
	m->set = get_bool(r);
	m->sockets = get_u64(r);
	m->processes = get_u64(r);
	m->error = (int)get_u32(r);
}

static int apply_about(struct live *l, struct reading *r)
{
	struct snapshot about = {0};
	bool oom = false;
	int error;

	about.host = get_string(r, &oom);
	about.time.tv_sec = (time_t)get_u64(r);
	about.time.tv_nsec = get_u32(r) % 1000000000;
	about.monotonic.tv_sec = (time_t)get_u64(r);
	about.monotonic.tv_nsec = get_u32(r) % 1000000000;
	about.asked = get_u32(r);
	about.other_pid_namespace = get_bool(r);
	for (int i = 0; i < MISSING_COUNT; i++)
		get_missing(r, &about.missing[i]);
	error = verdict(r, oom);
	if (!error)
		error = live_about(l, &about);
	free(about.host);
	return error;
}

static int apply_end(struct live *l, struct reading *r)
{
	struct live_tick tick = {.took_ms = get_u32(r)};
	int error;

	tick.interval_ms = get_u32(r);
	tick.error = (int)get_u32(r);
	get_text(r, tick.complaint, sizeof(tick.complaint));
	error = verdict(r, false);
	return error ? error : live_end(l, &tick);
}

static void get_finding(struct reading *r, struct live_finding *f, bool *oom)
{
	f->severity = get_u8(r);
	f->id = get_string(r, oom);
	f->line = get_string(r, oom);
	f->text = get_string(r, oom);
	r->bad |= f->severity > 2 || !f->id || !f->line || !f->text;
}

static int apply_findings(struct live *l, struct reading *r)
{
	uint32_t count = get_u32(r), read = 0;
	struct live_finding *findings;
	bool oom = false;
	int error;

	if (r->bad || count > r->left)
		return -EBADMSG;
	findings = calloc(count + 1, sizeof(*findings));
	if (!findings)
		return -ENOMEM;
	while (read < count && !r->bad && !oom)
		get_finding(r, &findings[read++], &oom);
	error = verdict(r, oom);
	if (!error) {
		live_findings(l, findings, count);
		return 0;
	}
	while (read)
		live_finding_clear(&findings[--read]);
	free(findings);
	return error;
}

static int apply_outcome(struct live *l, struct reading *r)
{
	struct live_outcome outcome = {.deed = get_u32(r)};
	int error;

	outcome.error = (int)get_u32(r);
	outcome.remains = get_bool(r);
	error = verdict(r, false);
	return error ? error : live_outcome(l, &outcome);
}

static int apply_numbers(struct live *l, uint32_t kind, struct reading *r)
{
	uint64_t number = get_u64(r);
	int error = verdict(r, false);

	if (error)
		return error;
	switch (kind) {
	case WIRE_BEGIN: live_begin(l, number); break;
	case WIRE_NOW: live_now(l, number); break;
	default: live_gone(l, number); break;
	}
	return 0;
}

static int apply_command(struct live *l, struct reading *r)
{
	uint64_t id = get_u64(r);

	return r->bad ? -EBADMSG : live_command(l, id, r->at, r->left);
}

int wire_apply(struct live *l, const void *message, size_t len)
{
	struct reading r = {.at = (const char *)message + WIRE_HEAD, .left = len - WIRE_HEAD};
	uint32_t kind;

	if (wire_length(message, len) != (ssize_t)len)
		return -EBADMSG;
	kind = kind_of(message);
	switch (kind) {
	case WIRE_BEGIN:
	case WIRE_NOW:
	case WIRE_GONE: return apply_numbers(l, kind, &r);
	case WIRE_PROCESS: return apply_process(l, &r);
	case WIRE_HOLDERS: return apply_holders(l, &r);
	case WIRE_NETNS: return apply_netns(l, &r);
	case WIRE_INTERFACE: return apply_interface(l, &r);
	case WIRE_SOCKET_UNIT: return apply_socket_unit(l, &r);
	case WIRE_PUT: return apply_put(l, &r);
	case WIRE_ABOUT: return apply_about(l, &r);
	case WIRE_END: return apply_end(l, &r);
	case WIRE_FINDINGS: return apply_findings(l, &r);
	case WIRE_COMMAND: return apply_command(l, &r);
	case WIRE_OUTCOME: return apply_outcome(l, &r);
	default: return -EBADMSG;
	}
}

/* ---- from the view */

static void read_watch(struct reading *r, struct wanted *wanted)
{
	struct watch *w = &wanted->watch;

	*w = (struct watch){.interval_ms = get_u32(r)};
	w->paused = get_bool(r);
	w->want = get_u32(r);
	w->findings = get_bool(r);
	w->width = get_u32(r);
	w->command_id = get_u64(r);
	w->ids = wanted->ids;
	w->id_count = r->left / sizeof(*w->ids);
	r->bad |= w->id_count > FEED_LOOKED_AT;
	if (!r->bad)
		get_bytes(r, wanted->ids, w->id_count * sizeof(*w->ids));
	if (w->interval_ms < FEED_INTERVAL)
		w->interval_ms = FEED_INTERVAL;
}

static void read_deed(struct reading *r, struct deed *d)
{
	uint8_t kind;

	memset(d, 0, sizeof(*d));
	d->number = get_u32(r);
	kind = get_u8(r);
	d->pid = (int32_t)get_u32(r);
	d->started = get_u64(r);
	d->signal = (int)get_u32(r);
	r->bad |= kind > DEED_SIGNAL;
	d->kind = kind == DEED_SIGNAL ? DEED_SIGNAL : DEED_CLOSE;
	if (!r->bad && kind == DEED_CLOSE)
		get_socket(r, &d->socket);
}

int wire_read(const void *message, size_t len, struct wanted *wanted, struct deed *deed)
{
	struct reading r = {.at = (const char *)message + WIRE_HEAD, .left = len - WIRE_HEAD};
	uint32_t kind;

	if (wire_length(message, len) != (ssize_t)len)
		return -EBADMSG;
	kind = kind_of(message);
	switch (kind) {
	case WIRE_WATCH: read_watch(&r, wanted); break;
	case WIRE_DEED: read_deed(&r, deed); break;
	case WIRE_HURRY: break;
	default: return -EBADMSG;
	}
	return verdict(&r, false) ? -EBADMSG : (int)kind;
}

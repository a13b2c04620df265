// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/wire.h"

/* Begins a message; its length is filled in by finish(). */
static size_t start(struct out *o, enum wire_kind kind)
{
	const uint32_t head[2] = {0, kind};
	size_t at = o->len;

	out_put(o, head, sizeof(head));
	return at;
}

static void finish(struct out *o, size_t at)
{
	uint32_t len = (uint32_t)(o->len - at);

	if (!o->error)
		memcpy(o->data + at, &len, sizeof(len));
}

static void put_u8(struct out *o, uint8_t v)
{
	out_put(o, &v, sizeof(v));
}

static void put_u32(struct out *o, uint32_t v)
{
	out_put(o, &v, sizeof(v));
}

static void put_u64(struct out *o, uint64_t v)
{
	out_put(o, &v, sizeof(v));
}

/* Its length and its bytes; what is absent has the length UINT32_MAX. */
static void put_string(struct out *o, const char *s)
{
	uint32_t len = s ? (uint32_t)strlen(s) : UINT32_MAX;

	put_u32(o, len);
	if (s)
		out_put(o, s, len);
}

void wire_begin(struct out *o, uint64_t now)
{
	size_t at = start(o, WIRE_BEGIN);

	put_u64(o, now);
	finish(o, at);
}

void wire_now(struct out *o, uint64_t now)
{
	size_t at = start(o, WIRE_NOW);

	put_u64(o, now);
	finish(o, at);
}

/* Member by member: a byte that is neither 0 nor 1 would be no bool. */
void wire_process(struct out *o, uint32_t index, const struct process *p)
{
	size_t at = start(o, WIRE_PROCESS);

	put_u32(o, index);
	put_u32(o, (uint32_t)p->pid);
	put_u32(o, (uint32_t)p->ppid);
	put_u64(o, p->started);
	put_u32(o, p->uid);
	put_u8(o, p->have_uid);
	put_u8(o, p->exe_deleted);
	put_u8(o, p->exe_replaced);
	put_string(o, p->comm);
	put_string(o, p->user);
	put_string(o, p->exe);
	put_string(o, p->unit);
	put_string(o, p->container);
	put_string(o, p->cgroup);
	put_string(o, p->forwards);
	put_u8(o, p->have_vitals);
	put_u8(o, (uint8_t)p->state);
	put_u32(o, p->threads);
	put_string(o, p->wait_channel);
	put_u8(o, p->have_descriptors);
	put_u8(o, p->have_descriptor_limit);
	put_u32(o, p->descriptors);
	put_u64(o, p->descriptor_limit);
	finish(o, at);
}

void wire_holders(struct out *o, uint32_t inode, const struct owner *holders, size_t count)
{
	size_t at = start(o, WIRE_HOLDERS);

	put_u32(o, inode);
	put_u32(o, (uint32_t)count);
	for (size_t i = 0; i < count; i++) {
		put_u32(o, holders[i].process);
		put_u32(o, holders[i].fd);
		put_u8(o, holders[i].via);
	}
	finish(o, at);
}

static void put_sysctl(struct out *o, const struct sysctl_value *v)
{
	put_u8(o, v->known);
	put_u64(o, (uint64_t)v->value);
	put_u64(o, (uint64_t)v->upper);
	put_u64(o, (uint64_t)v->third);
}

void wire_netns(struct out *o, uint32_t index, const struct netns *ns)
{
	size_t at = start(o, WIRE_NETNS);

	put_u32(o, index);
	put_u64(o, ns->id);
	put_string(o, ns->name);
	for (int i = 0; i < SYSCTL_COUNT; i++)
		put_sysctl(o, &ns->sysctls[i]);
	put_u32(o, (uint32_t)ns->counter_count);
	for (size_t i = 0; i < ns->counter_count; i++) {
		put_string(o, ns->counters[i].name);
		put_u64(o, ns->counters[i].value);
	}
	put_u8(o, ns->have_reserved);
	put_u32(o, (uint32_t)ns->reserved_count);
	out_put(o, ns->reserved, ns->reserved_count * sizeof(*ns->reserved));
	finish(o, at);
}

void wire_interface(struct out *o, uint32_t index, const char *name)
{
	size_t at = start(o, WIRE_INTERFACE);

	put_u32(o, index);
	put_string(o, name);
	finish(o, at);
}

void wire_socket_unit(struct out *o, uint32_t inode, const char *unit)
{
	size_t at = start(o, WIRE_SOCKET_UNIT);

	put_u32(o, inode);
	put_string(o, unit);
	finish(o, at);
}

void wire_put(struct out *o, uint64_t id, const struct socket *sk)
{
	size_t at = start(o, WIRE_PUT);

	put_u64(o, id);
	out_put(o, sk, socket_size(sk));
	finish(o, at);
}

void wire_gone(struct out *o, uint64_t id)
{
	size_t at = start(o, WIRE_GONE);

	put_u64(o, id);
	finish(o, at);
}

void wire_about(struct out *o, const struct snapshot *about)
{
	size_t at = start(o, WIRE_ABOUT);

	put_string(o, about->host);
	put_u64(o, (uint64_t)about->time.tv_sec);
	put_u32(o, (uint32_t)about->time.tv_nsec);
	put_u64(o, (uint64_t)about->monotonic.tv_sec);
	put_u32(o, (uint32_t)about->monotonic.tv_nsec);
	put_u32(o, about->asked);
	put_u8(o, about->other_pid_namespace);
	for (int i = 0; i < MISSING_COUNT; i++) {
		put_u8(o, about->missing[i].set);
		put_u64(o, about->missing[i].sockets);
		put_u64(o, about->missing[i].processes);
		put_u32(o, (uint32_t)about->missing[i].error);
	}
	finish(o, at);
}

void wire_end(struct out *o, const struct live_tick *tick)
{
	size_t at = start(o, WIRE_END);

	put_u32(o, tick->took_ms);
	put_u32(o, tick->interval_ms);
	put_u32(o, (uint32_t)tick->error);
	put_string(o, tick->complaint);
	finish(o, at);
}

void wire_findings(struct out *o, const struct live_finding *findings, size_t count)
{
	size_t at = start(o, WIRE_FINDINGS);

	put_u32(o, (uint32_t)count);
	for (size_t i = 0; i < count; i++) {
		put_u8(o, findings[i].severity);
		put_string(o, findings[i].id);
		put_string(o, findings[i].line);
		put_string(o, findings[i].text);
	}
	finish(o, at);
}

void wire_command(struct out *o, uint64_t id, const char *pairs, size_t len)
{
	size_t at = start(o, WIRE_COMMAND);

	put_u64(o, id);
	out_put(o, pairs, len);
	finish(o, at);
}

void wire_outcome(struct out *o, const struct live_outcome *outcome)
{
	size_t at = start(o, WIRE_OUTCOME);

	put_u32(o, outcome->deed);
	put_u32(o, (uint32_t)outcome->error);
	put_u8(o, outcome->remains);
	finish(o, at);
}

void wire_watch(struct out *o, const struct watch *watch)
{
	size_t at = start(o, WIRE_WATCH);

	put_u32(o, watch->interval_ms);
	put_u8(o, watch->paused);
	put_u32(o, watch->want);
	put_u8(o, watch->findings);
	put_u32(o, watch->width);
	put_u64(o, watch->command_id);
	out_put(o, watch->ids, watch->id_count * sizeof(*watch->ids));
	finish(o, at);
}

void wire_hurry(struct out *o)
{
	finish(o, start(o, WIRE_HURRY));
}

void wire_deed(struct out *o, const struct deed *deed)
{
	size_t at = start(o, WIRE_DEED);

	put_u32(o, deed->number);
	put_u8(o, deed->kind);
	put_u32(o, (uint32_t)deed->pid);
	put_u64(o, deed->started);
	put_u32(o, (uint32_t)deed->signal);
	if (deed->kind == DEED_CLOSE)
		out_put(o, &deed->socket, socket_size(&deed->socket));
	finish(o, at);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>

#include "collect/read_socket.h"
#include "util/hash.h"

enum {
	FD_MAX = (1 << 30) - 1, /* of struct owner */
	SLOTS_LEAST = 256,
	FACTS = 6,
};

/* What is said of a process besides numbers and its name. */
static const struct {
	const char *key;
	size_t offset;
} facts[FACTS] = {
	{"user", offsetof(struct process, user)},
	{"exe", offsetof(struct process, exe)},
	{"unit", offsetof(struct process, unit)},
	{"container", offsetof(struct process, container)},
	{"cgroup", offsetof(struct process, cgroup)},
	{"forwards", offsetof(struct process, forwards)},
};

static char **fact_of(const struct process *p, int i)
{
	return (char **)((char *)p + facts[i].offset);
}

static uint64_t hash_text(uint64_t hash, const char *text)
{
	if (!text)
		return hash_u64(hash + 1);
	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3ULL; /* FNV-1a */
	return hash_u64(hash);
}

static uint64_t hash_process(const struct process *p)
{
	uint64_t hash = hash_u64((uint32_t)p->pid | (uint64_t)(uint32_t)p->ppid << 32);

	hash = hash_u64(hash ^ p->uid ^ (uint64_t)p->have_uid << 32 ^
			(uint64_t)p->exe_deleted << 33);
	hash = hash_text(hash, p->comm);
	for (int i = 0; i < FACTS; i++)
		hash = hash_text(hash, *fact_of(p, i));
	return hash;
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static bool same_vitals(const struct process *a, const struct process *b)
{
	return a->state == b->state && a->threads == b->threads &&
	       a->have_descriptors == b->have_descriptors && a->descriptors == b->descriptors &&
	       a->have_descriptor_limit == b->have_descriptor_limit &&
	       a->descriptor_limit == b->descriptor_limit &&
	       !strcmp(a->wait_channel, b->wait_channel);
}

static bool same_process(const struct process *a, const struct process *b)
{
	if (a->pid != b->pid || a->ppid != b->ppid || a->uid != b->uid ||
	    a->have_uid != b->have_uid || a->exe_deleted != b->exe_deleted ||
	    a->exe_replaced != b->exe_replaced || strcmp(a->comm, b->comm) != 0 ||
	    !same_vitals(a, b))
		return false;
	for (int i = 0; i < FACTS; i++) {
		if (!same_text(*fact_of(a, i), *fact_of(b, i)))
			return false;
	}
	return true;
}

/* Makes room for one more. The hash is that of an index in a slot. */
static int grow(struct slots *s, const struct owner_table *t,
		uint64_t (*hash)(const struct owner_table *t, uint32_t i))
{
	struct slots old = *s;

	if (s->mask && s->count < s->mask / 4 * 3)
		return 0;
	s->mask = s->mask ? s->mask * 2 + 1 : SLOTS_LEAST - 1;
	s->slots = calloc((size_t)s->mask + 1, sizeof(*s->slots));
	if (!s->slots) {
		*s = old;
		return -ENOMEM;
	}
	for (uint32_t i = 0; old.slots && i <= old.mask; i++) {
		uint64_t at = old.slots[i] ? hash(t, old.slots[i] - 1) : 0;

		if (!old.slots[i])
			continue;
		while (s->slots[at & s->mask])
			at++;
		s->slots[at & s->mask] = old.slots[i];
	}
	free(old.slots);
	return 0;
}

static uint64_t hash_of_process(const struct owner_table *t, uint32_t i)
{
	return hash_process(&t->processes[i]);
}

static uint64_t hash_of_inode(const struct owner_table *t, uint32_t i)
{
	return hash_u64(t->owners[i].inode);
}

/* The index of the process in the table, which takes its strings over or frees them. */
static int64_t keep_process(struct socket_reading *sr, struct process *p)
{
	struct owner_table *t = &sr->snapshot->owners;
	struct slots *s = &sr->processes;
	uint64_t at = hash_process(p);
	int64_t index = grow(s, t, hash_of_process);

	while (!index && s->slots[at & s->mask]) {
		uint32_t known = s->slots[at++ & s->mask] - 1;

		if (same_process(p, &t->processes[known])) {
			process_clear(p);
			return known;
		}
	}
	if (!index)
		index = owner_table_process(t, p);
	if (index < 0) {
		process_clear(p);
		return index;
	}
	s->slots[at & s->mask] = (uint32_t)index + 1;
	s->count++;
	return index;
}

/* The slot of the first holder of the inode, or the free one where it belongs. */
static uint32_t *slot_of_inode(struct socket_reading *sr, uint32_t inode)
{
	const struct owner_table *t = &sr->snapshot->owners;
	const struct slots *s = &sr->inodes;
	uint64_t at = hash_u64(inode);

	while (s->slots[at & s->mask] && t->owners[s->slots[at & s->mask] - 1].inode != inode)
		at++;
	return &s->slots[at & s->mask];
}

static void read_vitals(struct reading *r, const json_t *object, struct process *p)
{
	const char *state = read_word(r, object, "state");
	uint64_t v;

	if (state && ((state[0] | 32) < 'a' || (state[0] | 32) > 'z' || state[1]))
		read_complain(r, "state", "not a letter");
	else if (state)
		p->state = state[0];
	if (read_number(r, object, "threads", UINT32_MAX, &v))
		p->threads = (uint32_t)v;
	p->have_vitals = p->state || p->threads;
	read_text(r, object, "wait_channel", p->wait_channel, sizeof(p->wait_channel));
	p->have_descriptors = read_number(r, object, "descriptors", UINT32_MAX, &v);
	if (p->have_descriptors)
		p->descriptors = (uint32_t)v;
	p->have_descriptor_limit =
		read_number(r, object, "descriptor_limit", UINT64_MAX, &p->descriptor_limit);
	if (read_flag(r, object, "descriptors_unlimited")) {
		p->have_descriptor_limit = true;
		p->descriptor_limit = UINT64_MAX;
	}
}

static int64_t read_process(struct socket_reading *sr, const json_t *object)
{
	struct reading *r = &sr->value;
	struct process p = {0};
	uint64_t v;

	if (read_number(r, object, "pid", INT32_MAX, &v))
		p.pid = (int32_t)v;
	else
		read_complain(r, "pid", "missing");
	if (read_number(r, object, "ppid", INT32_MAX, &v))
		p.ppid = (int32_t)v;
	if (read_number(r, object, "uid", UINT32_MAX, &v)) {
		p.uid = (uint32_t)v;
		p.have_uid = true;
	}
	read_text(r, object, "comm", p.comm, sizeof(p.comm));
	p.exe_deleted = read_flag(r, object, "exe_deleted");
	p.exe_replaced = read_flag(r, object, "exe_replaced");
	read_vitals(r, object, &p);
	for (int i = 0; i < FACTS; i++)
		*fact_of(&p, i) = read_copy(r, object, facts[i].key);
	if (r->error) {
		process_clear(&p);
		return r->error;
	}
	return keep_process(sr, &p);
}

static bool same_owner(const struct owner *a, const struct owner *b)
{
	return a->process == b->process && a->fd == b->fd && a->via == b->via;
}

static void read_owner(struct socket_reading *sr, const json_t *object, struct owner *owner)
{
	struct reading *r = &sr->value;
	const char *via = read_word(r, object, "via");
	int64_t process = read_process(sr, object);
	uint64_t fd = 0;

	if (!read_number(r, object, "fd", FD_MAX, &fd))
		read_complain(r, "fd", "missing");
	if (via && !strcmp(via, "thread"))
		owner->via = VIA_THREAD;
	else if (via && !strcmp(via, "io_uring"))
		owner->via = VIA_IO_URING;
	else if (via)
		read_complain(r, "via", "neither thread nor io_uring");
	if (process == -ENOMEM)
		read_no_memory(r);
	if (r->error)
		return;
	owner->process = (uint32_t)process;
	owner->fd = (uint32_t)fd & FD_MAX;
}

/* Adds a holder behind `last` of the same inode, OWNER_NONE if it is the first. Its index. */
static uint32_t link_owner(struct socket_reading *sr, const struct owner *owner, uint32_t last)
{
	struct owner_table *t = &sr->snapshot->owners;
	uint32_t index = t->count;

	if (owner_table_add(t, owner->inode, owner->process, owner->fd, owner->via)) {
		read_no_memory(&sr->value);
		return OWNER_NONE;
	}
	t->owners[index].next = OWNER_NONE;
	if (last != OWNER_NONE) {
		t->owners[last].next = index;
	} else {
		*slot_of_inode(sr, owner->inode) = index + 1;
		sr->inodes.count++;
	}
	return index;
}

/* Adds a holder to a list that is there, unless it is on it. */
static void merge_owner(struct socket_reading *sr, const struct owner *owner, uint32_t i)
{
	struct owner_table *t = &sr->snapshot->owners;

	while (!same_owner(&t->owners[i], owner)) {
		if (t->owners[i].next == OWNER_NONE) {
			link_owner(sr, owner, i);
			return;
		}
		i = t->owners[i].next;
	}
}

/*
 * Sockets that share an inode each bring the list of its holders. Mostly it is the same list again,
 * of which `known` is the next; of another only what is new is added. Until all are indexed the
 * table's links join the holders of one inode.
 */
static void read_holders(struct socket_reading *sr, const json_t *list, uint32_t inode)
{
	struct owner_table *t = &sr->snapshot->owners;
	uint32_t first, known, last = OWNER_NONE;

	if (grow(&sr->inodes, t, hash_of_inode)) {
		read_no_memory(&sr->value);
		return;
	}
	first = known = *slot_of_inode(sr, inode) - 1; /* 0 becomes OWNER_NONE */
	for (size_t i = 0; i < json_array_size(list); i++) {
		struct owner owner = {.inode = inode};
		const json_t *object = json_array_get(list, i);

		if (json_is_object(object))
			read_owner(sr, object, &owner);
		else
			read_complain(&sr->value, "", "not a list of objects");
		if (sr->value.error)
			return;
		if (first == OWNER_NONE)
			last = link_owner(sr, &owner, last);
		else if (known != OWNER_NONE && same_owner(&t->owners[known], &owner))
			known = t->owners[known].next;
		else
			merge_owner(sr, &owner, first);
	}
}

void read_owners(struct socket_reading *sr, const json_t *object)
{
	struct reading *r = &sr->value;
	const json_t *list = sr->owners ? read_member(r, object, "owners", JSON_ARRAY) : NULL;
	uint64_t inode = 0;

	if (!json_array_size(list))
		return;
	if (!read_number(r, object, "inode", UINT32_MAX, &inode) || !inode) {
		read_complain(r, "owners", "of a socket without inode");
		return;
	}
	r->path = "owners.";
	read_holders(sr, list, (uint32_t)inode);
	r->path = "";
}

int read_owners_end(struct socket_reading *sr)
{
	struct snapshot *s = sr->snapshot;

	if (owner_table_index(&s->owners))
		read_no_memory(&sr->value);
	for (size_t i = 0; i < s->listeners.count; i++) {
		struct socket *sk = s->listeners.sockets[i];

		if (sk->absence == OWNER_KNOWN)
			sk->owners = owner_table_find(&s->owners, sk->inode);
	}
	return sr->value.error;
}

void socket_reading_close(struct socket_reading *sr)
{
	free(sr->processes.slots);
	free(sr->inodes.slots);
}

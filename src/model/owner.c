// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/owner.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/socket.h"
#include "util/grow.h"
#include "util/hash.h"

static const char *const absence_tokens[OWNER_ABSENCE_COUNT] = {
	[OWNER_KNOWN] = "known",
	[OWNER_NOT_ASKED] = "not-asked",
	[OWNER_TIME_WAIT] = "time-wait",
	[OWNER_HANDSHAKE] = "handshake",
	[OWNER_ACCEPT_QUEUE] = "accept-queue",
	[OWNER_ORPHAN] = "orphan",
	[OWNER_NO_PERMISSION] = "no-permission",
	[OWNER_OTHER_NAMESPACE] = "other-pid-namespace",
	[OWNER_IN_FLIGHT] = "in-flight",
	[OWNER_KERNEL] = "kernel-socket",
	[OWNER_RACED] = "raced",
	[OWNER_SOUGHT] = "still-looking",
};

const char *owner_absence_token(enum owner_absence a)
{
	return absence_tokens[a];
}

enum owner_absence owner_absence_parse(const char *token)
{
	for (unsigned i = 0; i < OWNER_ABSENCE_COUNT; i++) {
		if (!strcmp(token, absence_tokens[i]))
			return i;
	}
	return OWNER_NOT_ASKED;
}

int64_t owner_table_process(struct owner_table *t, const struct process *p)
{
	if (GROW(t->processes, t->process_cap, t->process_count + 1))
		return -ENOMEM;
	t->processes[t->process_count] = *p;
	return t->process_count++;
}

int owner_table_add(struct owner_table *t, uint32_t inode, uint32_t process, uint32_t fd,
		    enum owner_via via)
{
	if (GROW(t->owners, t->cap, t->count + 1))
		return -ENOMEM;
	t->owners[t->count++] =
		(struct owner){.inode = inode, .process = process, .fd = fd, .via = via};
	return 0;
}

static uint32_t *head_of(const struct owner_table *t, uint32_t inode)
{
	return &t->heads[hash_u64(inode) & t->mask];
}

static int grow_heads(struct owner_table *t)
{
	uint32_t size = t->mask ? t->mask + 1 : 256;
	uint32_t *heads;

	while (size <= t->count)
		size *= 2;
	heads = realloc(t->heads, size * sizeof(*heads));
	if (!heads)
		return -ENOMEM;
	t->heads = heads;
	t->mask = size - 1;
	return 0;
}

/* Chains are built from the last holder to the first: each keeps the order of adding. */
int owner_table_index(struct owner_table *t)
{
	if (!t->heads || t->count > t->mask) {
		int error = grow_heads(t);

		if (error)
			return error;
	}
	memset(t->heads, 0xff, (t->mask + 1) * sizeof(*t->heads));
	for (uint32_t i = t->count; i-- > 0;) {
		uint32_t *head = head_of(t, t->owners[i].inode);

		if (!t->owners[i].inode)
			continue; /* spare */
		t->owners[i].next = *head;
		*head = i;
	}
	return 0;
}

static uint32_t skip_others(const struct owner_table *t, uint32_t i, uint32_t inode)
{
	while (i != OWNER_NONE && t->owners[i].inode != inode)
		i = t->owners[i].next;
	return i;
}

uint32_t owner_table_find(const struct owner_table *t, uint32_t inode)
{
	if (!t->heads || !inode)
		return OWNER_NONE;
	return skip_others(t, *head_of(t, inode), inode);
}

/* More chains, in which the holders of an inode keep their order, whatever their places are. */
static int widen(struct owner_table *t)
{
	uint32_t size = (t->mask + 1) * 2, old_mask = t->mask;
	uint32_t *old = t->heads, *heads = malloc(size * sizeof(*heads));
	uint32_t *tails = malloc(size * sizeof(*tails));

	if (!heads || !tails) {
		free(heads);
		free(tails);
		return -ENOMEM;
	}
	memset(heads, 0xff, size * sizeof(*heads));
	t->heads = heads;
	t->mask = size - 1;
	for (uint32_t chain = 0; chain <= old_mask; chain++) {
		for (uint32_t i = old[chain], next; i != OWNER_NONE; i = next) {
			uint32_t *head = head_of(t, t->owners[i].inode);

			next = t->owners[i].next;
			t->owners[i].next = OWNER_NONE;
			*(*head == OWNER_NONE ? head : &t->owners[tails[head - heads]].next) = i;
			tails[head - heads] = i;
		}
	}
	free(tails);
	free(old);
	return 0;
}

/* A place for one more, taken from the spare ones first; OWNER_NONE without memory. */
static uint32_t take_place(struct owner_table *t)
{
	uint32_t i = t->spare;

	if (i) {
		t->spare = t->owners[i - 1].next;
		return i - 1;
	}
	if (owner_table_add(t, 0, 0, 0, VIA_DESCRIPTOR))
		return OWNER_NONE;
	if (!t->heads ? owner_table_index(t) : t->count > t->mask && widen(t)) {
		t->count--;
		return OWNER_NONE;
	}
	return t->count - 1;
}

int owner_table_insert(struct owner_table *t, uint32_t inode, uint32_t process, uint32_t fd,
		       enum owner_via via)
{
	uint32_t i = take_place(t), *at;

	if (i == OWNER_NONE)
		return -ENOMEM;
	at = head_of(t, inode);
	while (*at != OWNER_NONE)
		at = &t->owners[*at].next;
	t->owners[i] = (struct owner){
		.inode = inode, .process = process, .fd = fd, .via = via, .next = OWNER_NONE};
	*at = i;
	return 0;
}

static void make_spare(struct owner_table *t, uint32_t *at)
{
	uint32_t i = *at;

	*at = t->owners[i].next;
	t->owners[i] = (struct owner){.next = t->spare};
	t->spare = i + 1;
}

void owner_table_drop(struct owner_table *t, uint32_t inode)
{
	uint32_t *at = t->heads ? head_of(t, inode) : NULL;

	while (at && *at != OWNER_NONE) {
		if (t->owners[*at].inode == inode)
			make_spare(t, at);
		else
			at = &t->owners[*at].next;
	}
}

void owner_table_remove(struct owner_table *t, uint32_t inode, uint32_t process, uint32_t fd,
			enum owner_via via)
{
	uint32_t *at = t->heads ? head_of(t, inode) : NULL;

	while (at && *at != OWNER_NONE) {
		const struct owner *o = &t->owners[*at];

		if (o->inode == inode && o->process == process && o->fd == fd && o->via == via)
			make_spare(t, at);
		else
			at = &t->owners[*at].next;
	}
}

uint32_t owner_table_next(const struct owner_table *t, uint32_t i)
{
	return skip_others(t, t->owners[i].next, t->owners[i].inode);
}

const struct process *owner_table_pid(const struct owner_table *t, int32_t pid)
{
	for (uint32_t i = 0; i < t->process_count; i++) {
		if (t->processes[i].pid == pid)
			return &t->processes[i];
	}
	return NULL;
}

static char *copy_text(const char *text)
{
	return text ? strdup(text) : NULL;
}

struct process process_copy(const struct process *p)
{
	struct process copy = *p;

	copy.user = copy_text(p->user);
	copy.exe = copy_text(p->exe);
	copy.unit = copy_text(p->unit);
	copy.container = copy_text(p->container);
	copy.cgroup = copy_text(p->cgroup);
	copy.forwards = copy_text(p->forwards);
	return copy;
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

bool process_same(const struct process *a, const struct process *b)
{
	return a->pid == b->pid && a->ppid == b->ppid && a->started == b->started &&
	       a->uid == b->uid && a->have_uid == b->have_uid && a->exe_deleted == b->exe_deleted &&
	       a->exe_replaced == b->exe_replaced && !strcmp(a->comm, b->comm) &&
	       same_text(a->user, b->user) && same_text(a->exe, b->exe) &&
	       same_text(a->unit, b->unit) && same_text(a->container, b->container) &&
	       same_text(a->cgroup, b->cgroup) && same_text(a->forwards, b->forwards);
}

void process_clear(struct process *p)
{
	free(p->user);
	free(p->exe);
	free(p->unit);
	free(p->container);
	free(p->cgroup);
	free(p->forwards);
	*p = (struct process){0};
}

void owner_table_free(struct owner_table *t)
{
	for (uint32_t i = 0; i < t->process_count; i++)
		process_clear(&t->processes[i]);
	free(t->processes);
	free(t->owners);
	free(t->heads);
	*t = (struct owner_table){0};
}

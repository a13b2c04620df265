// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/listener_holders.h"

#include <errno.h>
#include <stdlib.h>

#include "render/cell.h"
#include "util/compare.h"
#include "util/text.h"

static int by_name(const void *a, const void *b)
{
	const struct process *x = *(const struct process *const *)a;
	const struct process *y = *(const struct process *const *)b;
	int c = strncmp(x->comm, y->comm, sizeof(x->comm));

	c = c ? c : COMPARE(x->pid, y->pid);
	return c ? c : COMPARE(x, y);
}

static bool same_name(const struct process *a, const struct process *b)
{
	return !strncmp(a->comm, b->comm, sizeof(a->comm));
}

static size_t count_owners(const struct row *row)
{
	const struct owner_table *t = &row->snapshot->owners;
	size_t n = 0;

	for (uint32_t i = row->socket->owners; i != OWNER_NONE; i = owner_table_next(t, i))
		n++;
	return n;
}

static void add_owners(struct holders *h, const struct row *row)
{
	const struct owner_table *t = &row->snapshot->owners;

	if (row->socket->owners == OWNER_NONE && row->verdict.reason != OWNER_NOT_ASKED &&
	    row->verdict.reason < OWNER_ABSENCE_COUNT)
		h->absence = row->verdict.reason;
	for (uint32_t i = row->socket->owners; i != OWNER_NONE; i = owner_table_next(t, i))
		h->list[h->count++] = &t->processes[t->owners[i].process];
}

static void drop_repeated(struct holders *h)
{
	size_t kept = 0;

	for (size_t i = 0; i < h->count; i++) {
		if (!kept || h->list[kept - 1] != h->list[i])
			h->list[kept++] = h->list[i];
	}
	h->count = kept;
}

int holders_of(struct holders *h, const struct listener_group *g)
{
	size_t n = 0;

	*h = (struct holders){0};
	for (size_t i = 0; i < g->count; i++)
		n += count_owners(listener_group_row(g, i));
	h->list = malloc((n + 1) * sizeof(*h->list));
	if (!h->list)
		return -ENOMEM;
	for (size_t i = 0; i < g->count; i++)
		add_owners(h, listener_group_row(g, i));
	if (h->count)
		qsort(h->list, h->count, sizeof(*h->list), by_name);
	drop_repeated(h);
	return 0;
}

/* One past the last holder of the same name as holder `i`. */
static size_t end_of_name(const struct holders *h, size_t i)
{
	size_t end = i;

	while (end < h->count && same_name(h->list[i], h->list[end]))
		end++;
	return end;
}

bool holders_same_programs(const struct holders *a, const struct holders *b)
{
	size_t i = 0, j = 0;

	for (; i < a->count && j < b->count; i = end_of_name(a, i), j = end_of_name(b, j)) {
		if (!same_name(a->list[i], b->list[j]))
			return false;
	}
	return i == a->count && j == b->count;
}

/* "nginx[812,813]", or "nginx[812]+1" where eyes have less room. */
static void put_program(struct out *o, const struct holders *h, size_t i, size_t end, bool brief)
{
	const char *comm = h->list[i]->comm;

	if (brief) {
		cell_process(o, h->list[i]);
		if (end - i > 1) {
			out_char(o, '+');
			out_u64(o, end - i - 1);
		}
		return;
	}
	text_safe(o, comm, strnlen(comm, sizeof(h->list[i]->comm)), TEXT_CELL);
	for (size_t p = i; p < end; p++) {
		out_char(o, p == i ? '[' : ',');
		out_i64(o, h->list[p]->pid);
	}
	out_char(o, ']');
}

void holders_put_programs(struct out *o, const struct holders *h, bool brief)
{
	for (size_t i = 0, end; i < h->count; i = end) {
		end = end_of_name(h, i);
		if (i)
			out_char(o, ',');
		put_program(o, h, i, end, brief);
	}
	if (h->absence == OWNER_KNOWN)
		return;
	if (h->count)
		out_char(o, ',');
	out_char(o, '(');
	out_str(o, owner_absence_token(h->absence));
	out_char(o, ')');
}

/* A list of distinct words, of which eyes see the first and how many more. */
struct words {
	struct out *out;
	size_t start, first_end; /* of the list, and of its first word */
	size_t count;
};

static bool has_word(const char *list, size_t n, const char *word, size_t len)
{
	while (n) {
		const char *comma = memchr(list, ',', n);
		size_t here = comma ? (size_t)(comma - list) : n;

		if (here == len && !memcmp(list, word, len))
			return true;
		list += here + !!comma;
		n -= here + !!comma;
	}
	return false;
}

/* Takes in the word that was appended behind the list at `at`, without a comma. */
static void end_word(struct words *w, size_t at)
{
	struct out *o = w->out;
	size_t len = o->len - at;

	if (o->error || !len)
		return;
	if (!w->count++) {
		w->first_end = o->len;
		return;
	}
	if (has_word(o->data + w->start, at - w->start, o->data + at, len)) {
		o->len = at;
		w->count--;
		return;
	}
	out_char(o, ',');
	if (o->error)
		return;
	memmove(o->data + at + 1, o->data + at, len);
	o->data[at] = ',';
}

static void end_words(struct words *w, bool brief)
{
	if (!brief || w->count < 2)
		return;
	w->out->len = w->first_end;
	out_char(w->out, '+');
	out_u64(w->out, w->count - 1);
}

static void put_user(struct out *o, const struct process *p)
{
	if (p->user)
		text_safe(o, p->user, strlen(p->user), TEXT_CELL);
	else if (p->have_uid)
		out_u64(o, p->uid);
}

static void put_unit(struct out *o, const struct process *p)
{
	if (p->container) {
		out_str(o, "container:");
		text_safe(o, p->container, strlen(p->container), TEXT_CELL);
	} else if (p->unit) {
		text_safe(o, p->unit, strlen(p->unit), TEXT_CELL);
	}
}

/* As systemctl takes it: a unit without suffix is a service. */
static void put_short_unit(struct out *o, const struct process *p)
{
	static const char suffix[] = ".service";
	size_t start = o->len, n = sizeof(suffix) - 1;

	put_unit(o, p);
	if (!o->error && !p->container && o->len - start > n &&
	    !memcmp(o->data + o->len - n, suffix, n))
		o->len -= n;
}

static void put_distinct(struct out *o, const struct holders *h, bool brief,
			 void (*put)(struct out *o, const struct process *p))
{
	struct words w = {.out = o, .start = o->len};

	for (size_t i = 0; i < h->count; i++) {
		size_t at = o->len;

		put(o, h->list[i]);
		end_word(&w, at);
	}
	end_words(&w, brief);
}

void holders_put_users(struct out *o, const struct listener_group *g, const struct holders *h,
		       bool brief)
{
	const struct socket *sk = listener_group_first(g);

	put_distinct(o, h, brief, put_user);
	if (!h->count && sk->inode)
		out_u64(o, sk->uid);
}

void holders_put_units(struct out *o, const struct holders *h, bool brief)
{
	put_distinct(o, h, brief, brief ? put_short_unit : put_unit);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/order.h"

#include <errno.h>
#include <stdlib.h>

#include "explain/classify.h"
#include "ui/order_sort.h"
#include "util/compare.h"
#include "util/grow.h"
#include "util/hash.h"

static int compare(const struct order *o, const struct live_socket *a, const struct live_socket *b)
{
	int result = columns_compare(o->sort, &a->row, &b->row);

	if (!result)
		result = COMPARE(a->id, b->id);
	return o->inverted ? -result : result;
}

static int by_order(const void *a, const void *b, void *order)
{
	return compare(order, *(struct live_socket *const *)a, *(struct live_socket *const *)b);
}

static int forget_all(struct order *o)
{
	o->count = 0;
	o->complete = o->parted = false;
	return -ENOMEM;
}

static int add_moved(struct order *o, struct live_socket *s)
{
	if (GROW(o->moved, o->moved_cap, o->moved_count + 1))
		return -ENOMEM;
	o->moved[o->moved_count++] = s;
	return 0;
}

bool order_judge(struct live_socket *s)
{
	struct verdict before = s->row.verdict;

	if (s->judged && !before.listener)
		return false;
	classify(&s->row);
	s->judged = true;
	return s->row.verdict.situation != before.situation ||
	       s->row.verdict.details != before.details || s->row.verdict.reason != before.reason;
}

static bool matches(const struct order *o, const struct live_socket *s)
{
	return !o->filter || expr_match(o->filter, &s->row);
}

/* Those of the list that are not over and match; `needs` is known. */
static int collect(struct order *o, struct live_socket *const *list, size_t count)
{
	o->count = 0;
	if (GROW(o->sockets, o->cap, count))
		return forget_all(o);
	for (size_t i = 0; i < count; i++) {
		struct live_socket *s = list[i];

		if (o->needs & WANT_SITUATION)
			order_judge(s);
		if (!live_is_over(o->live, s) && matches(o, s))
			o->sockets[o->count++] = s;
	}
	return 0;
}

static void turn_over(struct order *o)
{
	for (size_t i = 0; i < o->count / 2; i++) {
		struct live_socket *s = o->sockets[i];

		o->sockets[i] = o->sockets[o->count - 1 - i];
		o->sockets[o->count - 1 - i] = s;
	}
}

int order_rebuild(struct order *o)
{
	o->needs = (o->filter ? expr_needs(o->filter) : 0) | columns_need(o->sort);
	if (collect(o, o->live->sockets, o->live->count))
		return -ENOMEM;
	o->complete = !o->filter;
	o->parted = false;
	if (order_sort(o->sort, o->sockets, o->count))
		return forget_all(o);
	if (o->inverted)
		turn_over(o);
	return 0;
}

/* What is shown and the whole change places. */
static void swap_whole(struct order *o)
{
	struct order_list shown = {o->sockets, o->count, o->cap};

	o->sockets = o->whole.sockets;
	o->count = o->whole.count;
	o->cap = o->whole.cap;
	o->whole = shown;
}

int order_refilter(struct order *o, const struct expr *filter)
{
	o->filter = filter;
	/* Verdicts may be others by now, and so may be the order. */
	if (!(o->complete || o->parted) || columns_need(o->sort) & WANT_SITUATION)
		return order_rebuild(o);
	if (o->complete != !filter)
		swap_whole(o);
	o->complete = !filter;
	o->parted = filter;
	o->needs = (filter ? expr_needs(filter) : 0) | columns_need(o->sort);
	return filter ? collect(o, o->whole.sockets, o->whole.count) : 0;
}

void order_invert(struct order *o)
{
	o->inverted = !o->inverted;
	turn_over(o);
	if (o->parted) {
		swap_whole(o);
		turn_over(o);
		swap_whole(o);
	}
}

static size_t place_in_set(const struct order *o, const struct live_socket *s)
{
	size_t at = hash_u64((uintptr_t)s) & o->set_mask;

	while (o->set[at] && o->set[at] != s)
		at = (at + 1) & o->set_mask;
	return at;
}

/* What moved, by address: most sockets are looked up in vain, and are not touched for it. */
static int make_set(struct order *o)
{
	size_t size = 256;

	while (size < o->moved_count * 2)
		size *= 2;
	if (!o->set || size - 1 > o->set_mask || size < (o->set_mask + 1) / 8) {
		free(o->set);
		o->set = malloc(size * sizeof(struct live_socket *));
		if (!o->set)
			return -ENOMEM;
		o->set_mask = size - 1;
	}
	memset(o->set, 0, (o->set_mask + 1) * sizeof(struct live_socket *));
	for (size_t i = 0; i < o->moved_count; i++)
		o->set[place_in_set(o, o->moved[i])] = o->moved[i];
	return 0;
}

static void take_out(struct order *o)
{
	size_t left = 0;

	for (size_t i = 0; i < o->count; i++) {
		struct live_socket *s = o->sockets[i];

		if (!o->set[place_in_set(o, s)])
			o->sockets[left++] = s;
	}
	o->count = left;
}

static void drop_over(struct order *o)
{
	size_t left = 0;

	for (size_t i = 0; i < o->moved_count; i++) {
		if (!live_is_over(o->live, o->moved[i]))
			o->moved[left++] = o->moved[i];
	}
	o->moved_count = left;
}

static void drop_others(struct order *o)
{
	size_t left = 0;

	for (size_t i = 0; i < o->moved_count; i++) {
		if (matches(o, o->moved[i]))
			o->moved[left++] = o->moved[i];
	}
	o->moved_count = left;
}

static void sort_moved(struct order *o)
{
	if (o->moved_count)
		qsort_r(o->moved, o->moved_count, sizeof(*o->moved), by_order, o);
}

/* How many of the first `n` come before a socket, which is likely to be near the end of them. */
static size_t count_before(const struct order *o, const struct live_socket *s, size_t n)
{
	size_t low = 0, high = n, step = 1;

	while (high && step <= high && compare(o, o->sockets[high - step], s) > 0) {
		high -= step;
		step *= 2;
	}
	low = step < high ? high - step : 0;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare(o, o->sockets[middle], s) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* From the end, so that nothing is in the way. */
static int merge(struct order *o)
{
	size_t old = o->count, left = o->moved_count;

	if (GROW(o->sockets, o->cap, old + left))
		return -ENOMEM;
	o->count = old + left;
	while (left) {
		struct live_socket *s = o->moved[left - 1];
		size_t before = count_before(o, s, old);

		memmove(&o->sockets[before + left], &o->sockets[before],
			(old - before) * sizeof(*o->sockets));
		o->sockets[before + --left] = s;
		old = before;
	}
	return 0;
}

static int put_anew(struct order *o)
{
	take_out(o);
	return merge(o);
}

int order_update(struct order *o)
{
	const struct live *l = o->live;
	int error = 0;

	if (l->renamed && o->needs & WANT_OWNERS)
		return order_rebuild(o);
	o->moved_count = 0;
	for (size_t i = 0; i < l->news_count && !error; i++)
		error = add_moved(o, l->news[i]);
	if (o->needs & WANT_SITUATION) {
		for (size_t i = 0; i < l->count && !error; i++) {
			if (order_judge(l->sockets[i]) && !l->sockets[i]->told)
				error = add_moved(o, l->sockets[i]);
		}
	}
	if (!o->moved_count)
		return 0;
	error = error ? error : make_set(o);
	if (error)
		return forget_all(o);
	drop_over(o);
	if (!o->parted)
		drop_others(o);
	sort_moved(o);
	if (o->parted) {
		swap_whole(o);
		error = put_anew(o);
		swap_whole(o);
		drop_others(o);
	}
	return error || put_anew(o) ? forget_all(o) : 0;
}

void order_free(struct order *o)
{
	free(o->sockets);
	free(o->whole.sockets);
	free(o->moved);
	free(o->set);
	*o = (struct order){0};
}

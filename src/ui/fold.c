// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/fold.h"

#include <stdlib.h>
#include <string.h>

#include "util/grow.h"
#include "util/hash.h"

/* The place of an id, or where it is to be put. */
static size_t place_of(const struct fold *f, uint64_t id)
{
	size_t low = 0, high = f->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (f->ids[middle] < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool fold_is_open(const struct fold *f, uint64_t id)
{
	size_t at = place_of(f, id);

	return at < f->count && f->ids[at] == id;
}

bool fold_set(struct fold *f, uint64_t id, bool open)
{
	size_t at = place_of(f, id);
	bool is_open = at < f->count && f->ids[at] == id;

	if (is_open == open)
		return true;
	if (open && GROW(f->ids, f->cap, f->count + 1))
		return false;
	if (open)
		memmove(f->ids + at + 1, f->ids + at, (f->count++ - at) * sizeof(*f->ids));
	else
		memmove(f->ids + at, f->ids + at + 1, (--f->count - at) * sizeof(*f->ids));
	if (open)
		f->ids[at] = id;
	return true;
}

void fold_close_all(struct fold *f)
{
	f->count = 0;
}

void fold_free(struct fold *f)
{
	free(f->ids);
	*f = (struct fold){0};
}

uint64_t fold_hash(uint64_t id, const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		id = hash_u64(id * 31 + (unsigned char)text[i]);
	return hash_u64(id + n);
}

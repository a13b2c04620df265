// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/seen.h"

#include <errno.h>
#include <stdlib.h>

#include "util/hash.h"

enum { HASHES = 2 }; /* for each cookie kept: chains are mostly empty */

/* Number 0 is out of the ring from the start, so that chains may end in it. */
static uint32_t first_number(const struct seen *s)
{
	return s->size + 1;
}

static int open_size(struct seen *s, uint32_t size, bool all)
{
	*s = (struct seen){.size = size, .all = all};
	s->next = first_number(s);
	s->cookies = malloc(size * sizeof(*s->cookies));
	s->before = malloc(size * sizeof(*s->before));
	s->latest = calloc((size_t)size * HASHES, sizeof(*s->latest));
	if (s->cookies && s->before && s->latest)
		return 0;
	seen_close(s);
	return -ENOMEM;
}

int seen_open(struct seen *s, bool all)
{
	return open_size(s, SEEN_WINDOW, all);
}

void seen_close(struct seen *s)
{
	free(s->cookies);
	free(s->before);
	free(s->latest);
	s->cookies = NULL;
	s->before = s->latest = NULL;
}

static uint32_t *latest_of(const struct seen *s, uint64_t cookie)
{
	return &s->latest[(uint32_t)(hash_quick(cookie) >> 32) & (s->size * HASHES - 1)];
}

static void note(struct seen *s, uint64_t cookie, uint32_t *latest)
{
	uint32_t place = s->next & (s->size - 1);

	s->cookies[place] = cookie;
	s->before[place] = *latest;
	*latest = s->next++;
}

static int grow(struct seen *s)
{
	struct seen larger;
	int error = open_size(&larger, s->size * 2, true);

	if (error)
		return error;
	for (uint32_t i = 0; i < s->size; i++)
		note(&larger, s->cookies[i], latest_of(&larger, s->cookies[i]));
	seen_close(s);
	*s = larger;
	return 0;
}

int seen_before(struct seen *s, uint64_t cookie)
{
	uint32_t *latest = latest_of(s, cookie);

	for (uint32_t i = *latest; s->next - i <= s->size; i = s->before[i & (s->size - 1)]) {
		if (s->cookies[i & (s->size - 1)] == cookie)
			return 1;
	}
	note(s, cookie, latest);
	return s->all && s->next - first_number(s) == s->size ? grow(s) : 0;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/seen.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/hash.h"

/* The slot that holds the cookie, or the free one where it belongs. Cookies are never 0. */
static uint64_t *slot_of(uint64_t *slots, uint32_t size, uint64_t cookie)
{
	uint32_t i = (uint32_t)(hash_quick(cookie) >> 32) & (size - 1);

	while (slots[i] && slots[i] != cookie)
		i = (i + 1) & (size - 1);
	return &slots[i];
}

int seen_open(struct seen *s, bool all)
{
	*s = (struct seen){.size = SEEN_WINDOW * 2, .all = all};
	for (int i = 0; i < (all ? 1 : 2); i++) {
		s->slots[i] = calloc(s->size, sizeof(uint64_t));
		if (!s->slots[i]) {
			seen_close(s);
			return -ENOMEM;
		}
	}
	return 0;
}

void seen_close(struct seen *s)
{
	free(s->slots[0]);
	free(s->slots[1]);
	s->slots[0] = s->slots[1] = NULL;
}

static int grow(struct seen *s)
{
	uint64_t *larger = calloc((size_t)s->size * 2, sizeof(uint64_t));

	if (!larger)
		return -ENOMEM;
	for (uint32_t i = 0; i < s->size; i++) {
		if (s->slots[0][i])
			*slot_of(larger, s->size * 2, s->slots[0][i]) = s->slots[0][i];
	}
	free(s->slots[0]);
	s->slots[0] = larger;
	s->size *= 2;
	return 0;
}

static void next_generation(struct seen *s)
{
	uint64_t *old = s->slots[1];

	memset(old, 0, s->size * sizeof(uint64_t));
	s->slots[1] = s->slots[0];
	s->slots[0] = old;
	s->count = 0;
}

int seen_before(struct seen *s, uint64_t cookie)
{
	uint64_t *slot = slot_of(s->slots[0], s->size, cookie);
	int error;

	if (*slot)
		return 1;
	if (!s->all && *slot_of(s->slots[1], s->size, cookie))
		return 1;
	*slot = cookie;
	if (++s->count < s->size / 2)
		return 0;
	if (!s->all) {
		next_generation(s);
		return 0;
	}
	error = grow(s);
	return error;
}

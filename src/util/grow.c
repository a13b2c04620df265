// SPDX-License-Identifier: GPL-2.0-or-later
#include "util/grow.h"

#include <stdlib.h>

static const size_t first_cap = 8;

void *grow_array(void *array, size_t size, size_t count, size_t limit, size_t *cap)
{
	size_t more_cap = *cap ? *cap : first_cap;
	void *more;

	while (more_cap < count && more_cap <= limit / 2)
		more_cap *= 2;
	if (more_cap < count)
		return NULL;
	more = reallocarray(array, more_cap, size);
	if (more)
		*cap = more_cap;
	return more;
}

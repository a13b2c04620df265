// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UTIL_GROW_H
#define UTIL_GROW_H

#include <errno.h>
#include <stddef.h>

/*
 * The malloc()ed array, moved perhaps, with room for `count` elements of `size` bytes or more, and
 * that room in `cap`, which never passes `limit`; NULL without memory, the array being as it was.
 */
void *grow_array(void *array, size_t size, size_t count, size_t limit, size_t *cap);

/*
 * Makes room for `count` elements in an array that has room for `cap`: 0 or -ENOMEM, after which both
 * are as they were. Room doubles, so that adding n elements singly takes O(n). An array starts as
 * NULL with a `cap` of 0, of any unsigned type. Evaluates its arguments more than once.
 */
#define GROW(array, cap, count)                                                  \
	((count) <= (cap) ? 0 : __extension__({                                  \
		size_t grow_cap = (cap);                                         \
		void *grow_more = grow_array((array), sizeof(*(array)), (count), \
					     (__typeof__(cap))-1, &grow_cap);    \
                                                                                 \
		if (grow_more) {                                                 \
			(array) = grow_more;                                     \
			(cap) = (__typeof__(cap))grow_cap;                       \
		}                                                                \
		grow_more ? 0 : -ENOMEM;                                         \
	}))

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UTIL_DIGITS_H
#define UTIL_DIGITS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * Decimal digits and blanks at a raw pointer, for what is written a million times.
 */

enum { DIGITS_ROOM = 21 }; /* bytes that any number may touch: 20 digits and one behind */

/* Numbers of two digits and more, for digits_put(). */
char *digits_put_long(char *p, uint64_t v);

/* Writes `v` at `p`, no NUL; returns where it ends. Two bytes behind may be written to. */
static inline __attribute__((always_inline)) char *digits_put(char *p, uint64_t v)
{
	if (v >= 10)
		return digits_put_long(p, v);
	*p = (char)('0' + v);
	return p + 1;
}

/* The same; returns how many there are. */
static inline size_t format_u64(char *p, uint64_t v)
{
	return (size_t)(digits_put(p, v) - p);
}

enum { BLANKS = 16 }; /* put_blanks() may touch as many bytes behind */

/* Writes blanks from `p` to `end`, at least one; returns `end`. */
static inline char *put_blanks(char *p, char *end)
{
	do {
		memset(p, ' ', BLANKS);
		p += BLANKS;
	} while (p < end);
	return end;
}

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UTIL_DIGITS_H
#define UTIL_DIGITS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * Decimal digits at a raw pointer, for numbers that are written a million times.
 */

enum { DIGITS_ROOM = 21 }; /* bytes that a number may touch: its 20 digits and one behind */

/* Numbers of two digits and more, for digits_put(). */
char *digits_put_long(char *p, uint64_t v);

/* Writes `v` at `p`, no NUL; returns where it ends. The byte behind may be written to. */
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

#endif

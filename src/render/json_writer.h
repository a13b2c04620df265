// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef RENDER_JSON_WRITER_H
#define RENDER_JSON_WRITER_H

#include "render/view.h"

/* All that stands before the first socket of a snapshot, "sockets":[ included. */
void json_snapshot_head(struct out *o, const struct snapshot *s,
			const struct view_options *options);

/*
 * Writing at a raw pointer, for what is written a million times. The room was reserved before;
 * each returns the place behind what it wrote.
 */

/* Doubles, and so most readers, hold every whole number up to this. */
#define JSON_EXACT_MAX (1ULL << 53)

/* Bytes of the longest number with its quotes. */
enum { JSON_NUMBER_ROOM = 22 };

static inline char *pen_bytes(char *p, const void *bytes, size_t n)
{
	memcpy(p, bytes, n);
	return p + n;
}

/* A string literal. */
#define PEN(p, literal) pen_bytes(p, literal, sizeof(literal) - 1)

/* "00" to "99", and a NUL. */
extern const char json_pairs[201];

/* Two digits of v < 100. */
static inline char *pen_pair(char *p, uint32_t v)
{
	memcpy(p, json_pairs + v * 2, 2);
	return p + 2;
}

/* One digit or two of v < 100; two bytes are written to. */
static inline __attribute__((always_inline)) char *pen_head(char *p, uint32_t v)
{
	size_t skip = v < 10;

	memcpy(p, json_pairs + v * 2 + skip, 2);
	return p + 2 - skip;
}

static inline char *pen_four(char *p, uint32_t v)
{
	return pen_pair(pen_pair(p, v / 100), v % 100);
}

/* A number of two digits and more. */
char *pen_long_number(char *p, uint64_t v);

/* Decimal digits; one byte behind them may be written to. */
static inline __attribute__((always_inline)) char *pen_number(char *p, uint64_t v)
{
	if (v >= 10)
		return pen_long_number(p, v);
	*p = (char)('0' + v);
	return p + 1;
}

static inline char *pen_u64(char *p, uint64_t v)
{
	if (v <= JSON_EXACT_MAX)
		return pen_number(p, v);
	*p++ = '"';
	p += format_u64(p, v);
	*p++ = '"';
	return p;
}

#endif

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

static inline char *pen_u64(char *p, uint64_t v)
{
	if (v <= JSON_EXACT_MAX)
		return digits_put(p, v);
	*p++ = '"';
	p = digits_put(p, v);
	*p++ = '"';
	return p;
}

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UTIL_OUT_H
#define UTIL_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "util/digits.h"

/*
 * A run of bytes being written: to a file descriptor in large writes, or (fd -1) kept in memory.
 * The first failure sticks in `error` as a negative errno; later writes are dropped, so that
 * callers check once, at the end. The memory is the struct's own: out_free() releases it.
 */
struct out {
	char *data;
	size_t len, cap;
	int fd;
	int error;
};

/* A memory buffer. */
#define OUT_MEMORY       \
	{                \
		.fd = -1 \
	}

/* Room for `want` more bytes, flushing or growing. NULL when that failed. */
char *out_reserve_slow(struct out *o, size_t want);

/* Sends what is buffered to the descriptor; nothing for a memory buffer. Returns o->error. */
int out_flush(struct out *o);

void out_free(struct out *o);

static inline char *out_reserve(struct out *o, size_t want)
{
	if (o->data && o->cap - o->len >= want)
		return o->data + o->len;
	return out_reserve_slow(o, want);
}

/* out_put() where there is no room yet. */
void out_put_large(struct out *o, const void *bytes, size_t n);

static inline void out_put(struct out *o, const void *bytes, size_t n)
{
	if (o->cap - o->len < n) {
		out_put_large(o, bytes, n);
		return;
	}
	if (!n)
		return;
	memcpy(o->data + o->len, bytes, n);
	o->len += n;
}

static inline void out_char(struct out *o, char c)
{
	char *p = out_reserve(o, 1);

	if (p) {
		*p = c;
		o->len++;
	}
}

static inline void out_str(struct out *o, const char *s)
{
	out_put(o, s, strlen(s));
}

/* Append a character n times, a number in decimal or, without 0x, in hexadecimal digits. */
void out_repeat(struct out *o, char c, size_t n);
void out_u64(struct out *o, uint64_t v);
void out_i64(struct out *o, int64_t v);
void out_hex(struct out *o, uint64_t v);
void out_printf(struct out *o, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The memory buffer as a string, NUL-terminated; valid until the next write. "" after a failure. */
const char *out_text(struct out *o);

#endif

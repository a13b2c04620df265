// SPDX-License-Identifier: GPL-2.0-or-later
#include "util/out.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A write wakes the reader: on few processors it then takes the writer's turn. */
enum { WRITE_SIZE = 128 * 1024 };

int out_flush(struct out *o)
{
	size_t done = 0;

	if (o->fd < 0)
		return o->error;
	while (!o->error && done < o->len) {
		ssize_t n = write(o->fd, o->data + done, o->len - done);

		if (n >= 0)
			done += (size_t)n;
		else if (errno != EINTR)
			o->error = -errno;
	}
	o->len = 0;
	return o->error;
}

void out_free(struct out *o)
{
	free(o->data);
	o->data = NULL;
	o->len = o->cap = 0;
}

char *out_reserve_slow(struct out *o, size_t want)
{
	size_t cap = o->cap ? o->cap : (o->fd < 0 ? 256 : WRITE_SIZE);
	char *data;

	if (o->fd >= 0 && o->len)
		out_flush(o);
	if (o->error)
		return NULL;
	while (cap - o->len < want)
		cap *= 2;
	if (cap == o->cap)
		return o->data + o->len;
	data = realloc(o->data, cap);
	if (!data) {
		o->error = -ENOMEM;
		return NULL;
	}
	o->data = data;
	o->cap = cap;
	return o->data + o->len;
}

void out_put_large(struct out *o, const void *bytes, size_t n)
{
	char *p = out_reserve_slow(o, n);

	if (!p)
		return;
	memcpy(p, bytes, n);
	o->len += n;
}

void out_repeat(struct out *o, char c, size_t n)
{
	char *p = out_reserve(o, n);

	if (!p)
		return;
	memset(p, c, n);
	o->len += n;
}

void out_u64(struct out *o, uint64_t v)
{
	char *p = out_reserve(o, DIGITS_ROOM);

	if (p)
		o->len += format_u64(p, v);
}

void out_i64(struct out *o, int64_t v)
{
	if (v < 0)
		out_char(o, '-');
	out_u64(o, v < 0 ? -(uint64_t)v : (uint64_t)v);
}

void out_hex(struct out *o, uint64_t v)
{
	char digits[16];
	size_t at = sizeof(digits);

	do {
		digits[--at] = "0123456789abcdef"[v & 15];
		v >>= 4;
	} while (v);
	out_put(o, digits + at, sizeof(digits) - at);
}

void out_printf(struct out *o, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (n < 0 || !out_reserve(o, (size_t)n + 1))
		return;
	va_start(args, format);
	vsnprintf(o->data + o->len, (size_t)n + 1, format, args);
	va_end(args);
	o->len += (size_t)n;
}

const char *out_text(struct out *o)
{
	if (!out_reserve(o, 1))
		return "";
	o->data[o->len] = '\0';
	return o->data;
}

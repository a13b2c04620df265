// SPDX-License-Identifier: GPL-2.0-or-later
#include "util/digits.h"

/* "00" to "99". */
static const char pairs[201] = "00010203040506070809"
			       "10111213141516171819"
			       "20212223242526272829"
			       "30313233343536373839"
			       "40414243444546474849"
			       "50515253545556575859"
			       "60616263646566676869"
			       "70717273747576777879"
			       "80818283848586878889"
			       "90919293949596979899";

/* Two digits of v < 100. */
static inline char *put_pair(char *p, uint32_t v)
{
	memcpy(p, pairs + v * 2, 2);
	return p + 2;
}

/* One digit or two of v < 100; two bytes are written to. */
static inline char *put_head(char *p, uint32_t v)
{
	size_t skip = v < 10;

	memcpy(p, pairs + v * 2 + skip, 2);
	return p + 2 - skip;
}

static inline char *put_four(char *p, uint32_t v)
{
	return put_pair(put_pair(p, v / 100), v % 100);
}

/* Apart, so that the common numbers need no frame. */
static __attribute__((noinline)) char *put_huge(char *p, uint64_t v)
{
	char tmp[20];
	size_t at = sizeof(tmp);

	while (v >= 10) {
		at -= 2;
		put_pair(tmp + at, (uint32_t)(v % 100));
		v /= 100;
	}
	if (v)
		tmp[--at] = (char)('0' + v);
	memcpy(p, tmp + at, sizeof(tmp) - at);
	return p + sizeof(tmp) - at;
}

char *digits_put_long(char *p, uint64_t v)
{
	uint32_t top = (uint32_t)v;

	if (v < 100)
		return put_pair(p, top);
	if (v < 10000)
		return put_pair(put_head(p, top / 100), top % 100);
	if (v > UINT32_MAX)
		return put_huge(p, v);
	top /= 10000;
	if (top < 100)
		p = put_head(p, top);
	else if (top < 10000)
		p = put_pair(put_head(p, top / 100), top % 100);
	else
		p = put_four(put_head(p, top / 10000), top % 10000);
	return put_four(p, (uint32_t)v % 10000);
}

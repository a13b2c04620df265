// SPDX-License-Identifier: GPL-2.0-or-later
#include "util/digits.h"

/* "000" to "999", four bytes apart. */
#define TEN(ab) \
	ab "0\0" ab "1\0" ab "2\0" ab "3\0" ab "4\0" ab "5\0" ab "6\0" ab "7\0" ab "8\0" ab "9\0"
#define HUNDRED(a) \
	TEN(a "0") \
	TEN(a "1") \
	TEN(a "2") TEN(a "3") TEN(a "4") TEN(a "5") TEN(a "6") TEN(a "7") TEN(a "8") TEN(a "9")

static const char triples[] = HUNDRED("0") HUNDRED("1") HUNDRED("2") HUNDRED("3") HUNDRED("4")
	HUNDRED("5") HUNDRED("6") HUNDRED("7") HUNDRED("8") HUNDRED("9");

enum { THOUSAND = 1000, MILLION = 1000 * 1000, BILLION = 1000 * 1000 * 1000 };

/* Three digits of v < 1000; a fourth byte is written to. */
static inline char *put_three(char *p, uint32_t v)
{
	memcpy(p, triples + (size_t)v * 4, 4);
	return p + 3;
}

/* One digit to three of v < 1000; three bytes are written to. */
static inline char *put_head(char *p, uint32_t v)
{
	size_t skip = (size_t)(v < 100) + (v < 10);

	memcpy(p, triples + (size_t)v * 4 + skip, 3);
	return p + 3 - skip;
}

static inline char *put_six(char *p, uint32_t v)
{
	return put_three(put_three(p, v / THOUSAND), v % THOUSAND);
}

/* Apart, so that the common numbers need no frame. */
static __attribute__((noinline)) char *put_huge(char *p, uint64_t v)
{
	uint32_t rest = (uint32_t)(v % BILLION);

	p = digits_put(p, v / BILLION);
	return put_six(put_three(p, rest / MILLION), rest % MILLION);
}

char *digits_put_long(char *p, uint64_t v)
{
	uint32_t n = (uint32_t)v;

	if (v < THOUSAND)
		return put_head(p, n);
	if (v < MILLION)
		return put_three(put_head(p, n / THOUSAND), n % THOUSAND);
	if (v < BILLION)
		return put_six(put_head(p, n / MILLION), n % MILLION);
	return put_huge(p, v);
}

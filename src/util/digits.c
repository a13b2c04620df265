// SPDX-License-Identifier: GPL-2.0-or-later
#include "util/digits.h"

/* Numbers that begin with `a`, in order, each with the bytes `t` behind its digits. */
#define ONES(a, t) a "0" t a "1" t a "2" t a "3" t a "4" t a "5" t a "6" t a "7" t a "8" t a "9" t
#define TENS(a, t)     \
	ONES(a "1", t) \
	ONES(a "2", t) \
	ONES(a "3", t) \
	ONES(a "4", t) \
	ONES(a "5", t) \
	ONES(a "6", t) \
	ONES(a "7", t) \
	ONES(a "8", t) \
	ONES(a "9", t)
#define HUNDRED(a, t) ONES(a "0", t) TENS(a, t)
#define HUNDREDS(t)     \
	HUNDRED("1", t) \
	HUNDRED("2", t) \
	HUNDRED("3", t) \
	HUNDRED("4", t) \
	HUNDRED("5", t) \
	HUNDRED("6", t) \
	HUNDRED("7", t) \
	HUNDRED("8", t) \
	HUNDRED("9", t)

/* "000" to "999", four bytes apart. */
static const char triples[] = HUNDRED("0", "\0") HUNDREDS("\0");

/* "0" to "999", four bytes apart; the fourth is how many digits there are. */
static const char heads[] = ONES("", "\0\0\1") TENS("", "\0\2") HUNDREDS("\3");

enum { THOUSAND = 1000, MILLION = 1000 * 1000, BILLION = 1000 * 1000 * 1000 };

/* Three digits of v < 1000; a fourth byte is written to. */
static inline char *put_three(char *p, uint32_t v)
{
	memcpy(p, triples + (size_t)v * 4, 4);
	return p + 3;
}

/* One digit to three of v < 1000; four bytes are written to. */
static inline char *put_head(char *p, uint32_t v)
{
	const char *head = heads + (size_t)v * 4;

	memcpy(p, head, 4);
	return p + head[3];
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

// SPDX-License-Identifier: GPL-2.0-or-later
#include "filter/quantity.h"

#include <strings.h>

/* A name in small letters is taken in any case; a capital B is one: a byte is no bit. */
struct unit {
	const char *name;
	uint64_t factor;
};

static const uint64_t second = 1000 * 1000;

static const struct unit times[] = {
	{"us", 1},          {"ms", 1000},         {"s", second},        {"sec", second},
	{"m", 60 * second}, {"min", 60 * second}, {"h", 3600 * second}, {"d", 86400 * second},
	{NULL, 0},
};

static const struct unit counts[] = {
	{"", 1}, {"k", 1000}, {"m", 1000000}, {"g", 1000000000}, {NULL, 0},
};

static const struct unit sizes[] = {
	{"", 1},
	{"b", 1},
	{"k", 1u << 10},
	{"kib", 1u << 10},
	{"kb", 1000},
	{"m", 1u << 20},
	{"mib", 1u << 20},
	{"mb", 1000000},
	{"g", 1u << 30},
	{"gib", 1u << 30},
	{"gb", 1000000000},
	{"t", UINT64_C(1) << 40},
	{"tib", UINT64_C(1) << 40},
	{"tb", UINT64_C(1000000000000)},
	{NULL, 0},
};

/* Bytes first: what is no capital B there is a bit. */
static const struct unit rates[] = {
	{"B", 8},
	{"kB", 8000},
	{"KB", 8000},
	{"KiB", 8 << 10},
	{"MB", 8000000},
	{"MiB", 8 << 20},
	{"GB", UINT64_C(8000000000)},
	{"GiB", UINT64_C(8) << 30},
	{"", 1},
	{"b", 1},
	{"bit", 1},
	{"k", 1000},
	{"kb", 1000},
	{"kbit", 1000},
	{"m", 1000000},
	{"mb", 1000000},
	{"mbit", 1000000},
	{"g", 1000000000},
	{"gb", 1000000000},
	{"gbit", 1000000000},
	{NULL, 0},
};

static const struct unit percents[] = {{"", 1}, {"%", 1}, {NULL, 0}};

static const struct unit *units_of(enum field_kind kind)
{
	switch (kind) {
	case KIND_BYTES: return sizes;
	case KIND_US:
	case KIND_MS: return times;
	case KIND_RATE: return rates;
	case KIND_PERCENT: return percents;
	default: return counts;
	}
}

const char *quantity_expected(enum field_kind kind)
{
	switch (kind) {
	case KIND_BYTES: return "a number of bytes, like 100, 64k or 1M";
	case KIND_US:
	case KIND_MS: return "a time with its unit, like 100ms, 30s or 5m";
	case KIND_RATE: return "a rate, like 10Mbit or 1.2MB/s";
	case KIND_PERCENT: return "a percentage, like 50%";
	case KIND_HEX: return "a number, like 16 or 0x10";
	default: return "a number, like 3 or 10k";
	}
}

static uint64_t factor_of(const struct unit *units, const char *s, size_t n)
{
	for (; units->name; units++) {
		bool exact = strchr(units->name, 'B');

		if (strlen(units->name) == n &&
		    !(exact ? strncmp(units->name, s, n) : strncasecmp(units->name, s, n)))
			return units->factor;
	}
	return 0;
}

/* One number with one unit, its digits and at most nine behind the point; moves *s behind it. */
static bool read_part(const struct unit *units, const char **s, const char *end, uint64_t *number)
{
	enum { PLACES = 9 };
	const char *at = *s, *name;
	uint64_t whole = 0, part = 0, scale = 1, factor;
	int places = 0;

	if (at == end || *at < '0' || *at > '9')
		return false;
	for (; at < end && *at >= '0' && *at <= '9'; at++) {
		if (__builtin_mul_overflow(whole, 10, &whole) ||
		    __builtin_add_overflow(whole, (uint64_t)(*at - '0'), &whole))
			return false;
	}
	if (at < end && *at == '.') {
		for (at++; at < end && *at >= '0' && *at <= '9'; at++) {
			if (++places > PLACES)
				return false;
			part = part * 10 + (uint64_t)(*at - '0');
			scale *= 10;
		}
		if (!places)
			return false;
	}
	for (name = at; at < end && (*at < '0' || *at > '9');)
		at++;
	factor = factor_of(units, name, (size_t)(at - name));
	/* Nothing is counted in halves. */
	if (!factor || (part && factor == 1))
		return false;
	*s = at;
	part = (uint64_t)((unsigned __int128)part * factor / scale);
	return !__builtin_mul_overflow(whole, factor, number) &&
	       !__builtin_add_overflow(*number, part, number);
}

static bool read_hex(const char *s, size_t n, uint64_t *number)
{
	bool hex = n > 2 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X');
	unsigned base = hex ? 16 : 10;

	*number = 0;
	for (size_t i = hex ? 2 : 0; i < n; i++) {
		char c = s[i];
		unsigned digit = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
				 : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10
				 : c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + 10
							: 99;

		if (digit >= base || __builtin_mul_overflow(*number, base, number) ||
		    __builtin_add_overflow(*number, digit, number))
			return false;
	}
	return n;
}

/* "/s" and "ps" say what a rate is anyway. */
static size_t without_per_second(const char *s, size_t n)
{
	if (n > 2 && s[n - 1] == 's' && (s[n - 2] == '/' || s[n - 2] == 'p'))
		return n - 2;
	return n;
}

bool quantity_parse(enum field_kind kind, const char *s, size_t n, uint64_t *number)
{
	bool time = kind == KIND_US || kind == KIND_MS;
	const char *end;

	if (kind == KIND_HEX)
		return read_hex(s, n, number);
	if (kind == KIND_RATE)
		n = without_per_second(s, n);
	end = s + n;
	*number = 0;
	if (time && n == 1 && *s == '0')
		return true;
	do {
		uint64_t part;

		if (!read_part(units_of(kind), &s, end, &part) ||
		    __builtin_add_overflow(*number, part, number))
			return false;
	} while (time && s < end);
	return s == end;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/units.h"

#define KILO 1000ULL
#define MEGA (1000 * KILO)
#define GIGA (1000 * MEGA)
#define TERA (1000 * GIGA)

static inline char *number(char *p, uint64_t v)
{
	return digits_put(p, v);
}

/* A string literal. */
#define WORD(p, literal) ((char *)memcpy(p, literal, sizeof(literal) - 1) + sizeof(literal) - 1)

static char *word(char *p, const char *s)
{
	size_t n = strlen(s);

	memcpy(p, s, n);
	return p + n;
}

/* Tenths of a unit, with one decimal below 100 units, none above. */
static inline __attribute__((always_inline)) char *decimal(char *p, uint64_t tenths)
{
	p = number(p, tenths / 10);
	if (tenths < 1000 && tenths % 10) {
		*p++ = '.';
		*p++ = (char)('0' + tenths % 10);
	}
	return p;
}

/* Two neighbouring units, the lower one left out when it is zero. */
static char *pair(char *p, uint64_t high, char high_unit, uint64_t low, char low_unit)
{
	p = number(p, high);
	*p++ = high_unit;
	if (low) {
		p = number(p, low);
		*p++ = low_unit;
	}
	return p;
}

static char *seconds(char *p, uint64_t s)
{
	if (s < 60)
		return pair(p, s, 's', 0, 0);
	if (s < 3600)
		return pair(p, s / 60, 'm', s % 60, 's');
	if (s < 86400)
		return pair(p, s / 3600, 'h', s / 60 % 60, 'm');
	return pair(p, s / 86400, 'd', s / 3600 % 24, 'h');
}

char *units_format_us(char *p, uint64_t us)
{
	if (us < 1000)
		return WORD(number(p, us), "us");
	if (us < 1000000)
		return WORD(decimal(p, us / 100), "ms");
	return units_format_ms(p, us / 1000);
}

char *units_format_ms(char *p, uint64_t ms)
{
	if (ms < 1000)
		return WORD(number(p, ms), "ms");
	if (ms < 10000)
		return WORD(decimal(p, ms / 100), "s");
	return seconds(p, ms / 1000);
}

char *units_format_rate(char *p, uint64_t bytes_per_second)
{
	uint64_t bits = bytes_per_second > UINT64_MAX / 8 ? UINT64_MAX : bytes_per_second * 8;

	if (bits < KILO)
		return WORD(number(p, bits), "bit/s");
	if (bits < MEGA)
		return WORD(decimal(p, bits / (KILO / 10)), "kbit/s");
	if (bits < GIGA)
		return WORD(decimal(p, bits / (MEGA / 10)), "Mbit/s");
	if (bits < TERA)
		return WORD(decimal(p, bits / (GIGA / 10)), "Gbit/s");
	return WORD(decimal(p, bits / (TERA / 10)), "Tbit/s");
}

void units_us(struct out *o, uint64_t us)
{
	char text[UNITS_TEXT];

	out_put(o, text, (size_t)(units_format_us(text, us) - text));
}

void units_ms(struct out *o, uint64_t ms)
{
	char text[UNITS_TEXT];

	out_put(o, text, (size_t)(units_format_ms(text, ms) - text));
}

void units_bytes(struct out *o, uint64_t bytes)
{
	static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
	char text[UNITS_TEXT];
	uint64_t scale;
	unsigned i = 0;
	char *end;

	while (i < 6 && bytes >> (10 * (i + 1)))
		i++;
	scale = 1ULL << (10 * i);
	end = decimal(text, bytes / scale * 10 + bytes % scale * 10 / scale);
	out_put(o, text, (size_t)(word(end, units[i]) - text));
}

void units_rate(struct out *o, uint64_t bytes_per_second)
{
	char text[UNITS_TEXT];

	out_put(o, text, (size_t)(units_format_rate(text, bytes_per_second) - text));
}

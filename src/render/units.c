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

/* value/scale with one decimal below 100, none above. Inline: a scale that is known divides fast. */
static inline __attribute__((always_inline)) char *scaled(char *p, uint64_t value, uint64_t scale)
{
	uint64_t tenths = value / scale * 10 + value % scale * 10 / scale;

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
		return WORD(scaled(p, us, 1000), "ms");
	return units_format_ms(p, us / 1000);
}

char *units_format_ms(char *p, uint64_t ms)
{
	if (ms < 1000)
		return WORD(number(p, ms), "ms");
	if (ms < 10000)
		return WORD(scaled(p, ms, 1000), "s");
	return seconds(p, ms / 1000);
}

char *units_format_rate(char *p, uint64_t bytes_per_second)
{
	uint64_t bits = bytes_per_second > UINT64_MAX / 8 ? UINT64_MAX : bytes_per_second * 8;

	if (bits < KILO)
		return WORD(number(p, bits), "bit/s");
	if (bits < MEGA)
		return WORD(scaled(p, bits, KILO), "kbit/s");
	if (bits < GIGA)
		return WORD(scaled(p, bits, MEGA), "Mbit/s");
	if (bits < TERA)
		return WORD(scaled(p, bits, GIGA), "Gbit/s");
	return WORD(scaled(p, bits, TERA), "Tbit/s");
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
	unsigned i = 0;

	while (i < 6 && bytes >> (10 * (i + 1)))
		i++;
	out_put(o, text, (size_t)(word(scaled(text, bytes, 1ULL << (10 * i)), units[i]) - text));
}

void units_rate(struct out *o, uint64_t bytes_per_second)
{
	char text[UNITS_TEXT];

	out_put(o, text, (size_t)(units_format_rate(text, bytes_per_second) - text));
}

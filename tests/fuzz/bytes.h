// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef TESTS_FUZZ_BYTES_H
#define TESTS_FUZZ_BYTES_H

#include <stddef.h>
#include <stdint.h>

/* An input that is read as a sequence of small numbers; behind its end all are 0. */
struct bytes {
	const uint8_t *at, *end;
};

static inline uint8_t take_byte(struct bytes *b)
{
	return b->at < b->end ? *b->at++ : 0;
}

static inline uint32_t take_number(struct bytes *b, unsigned bytes)
{
	uint32_t number = 0;

	while (bytes--)
		number = number << 8 | take_byte(b);
	return number;
}

#endif

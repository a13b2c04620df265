// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef FILTER_QUANTITY_H
#define FILTER_QUANTITY_H

#include "model/field.h"

/*
 * Reads a number with the unit that its kind takes:
 *
 *	COUNT     3, 10k (thousands)
 *	BYTES     100, 64k (1024 each), 64KiB, 64kB (1000 each)
 *	US, MS    100ms, 1.5s, 3m20s; 0 alone needs no unit
 *	RATE      10Mbit, 10M, 1.2MB/s, 100KiB/s; a bare number is bits a second
 *	PERCENT   50, 50%
 *	HEX       0x10, 16
 *
 * *number is in microseconds for both kinds of durations, in bits a second for rates. False where
 * it is none, or does not fit.
 */
bool quantity_parse(enum field_kind kind, const char *s, size_t n, uint64_t *number);

/* What a number of this kind looks like, for people: "a time with its unit, like 100ms or 5m". */
const char *quantity_expected(enum field_kind kind);

#endif

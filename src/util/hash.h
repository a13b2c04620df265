// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UTIL_HASH_H
#define UTIL_HASH_H

#include <stdint.h>

/* Spreads an integer over 64 bits (the finalizer of MurmurHash3, public domain). */
static inline uint64_t hash_u64(uint64_t v)
{
	v ^= v >> 33;
	v *= 0xff51afd7ed558ccdULL;
	v ^= v >> 33;
	v *= 0xc4ceb9fe1a85ec53ULL;
	return v ^ v >> 33;
}

/* The same in one multiplication (Fibonacci hashing): use the high bits. */
static inline uint64_t hash_quick(uint64_t v)
{
	return v * 0x9e3779b97f4a7c15ULL;
}

#endif

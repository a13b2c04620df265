// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* What libFuzzer, or replay.c in its place, calls with one input. Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the program, and tells why, where something does not hold of an input. */
#define HOLDS(condition, ...)                                                        \
	do {                                                                         \
		if (!(condition))                                                    \
			fuzz_fail(__FILE__, __LINE__, #condition, ": " __VA_ARGS__); \
	} while (0)

_Noreturn void fuzz_fail(const char *file, int line, const char *condition, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* A copy that ends where its memory ends, so that no byte behind it is read unseen. */
void *fuzz_copy(const void *data, size_t size);

#endif

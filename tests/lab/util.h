// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef LAB_UTIL_H
#define LAB_UTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	EXIT_USAGE = 2,
	EXIT_LAB = 4,     // a socket could not be made or does not hold its state
	EXIT_SKIP = 77,   // this machine does not permit a lab; automake's number
	EXIT_LIMIT = 124, // the time limit was reached; timeout(1)'s number
};

// One line on standard error, "lab: " before it; die() then exits.
void note(const char *format, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void die(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));

// These die when memory is out.
void *xcalloc(size_t count, size_t size);
void *xgrow(void *array, size_t *capacity, size_t need, size_t size);

// Writes text to a file below /proc; false with errno where that fails.
bool write_text(const char *path, const char *text);

int64_t now_ms(void);

#endif

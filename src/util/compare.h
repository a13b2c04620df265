// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UTIL_COMPARE_H
#define UTIL_COMPARE_H

/* -1, 0 or 1, for comparators: a difference could overflow. Evaluates its arguments twice. */
#define COMPARE(a, b) (((a) > (b)) - ((a) < (b)))

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef MODEL_SORT_KEY_H
#define MODEL_SORT_KEY_H

#include "model/field.h"

/*
 * What field_compare() and row_compare() compare, as numbers, so that many rows are sorted without
 * comparing any two: each row has a sequence of them. Rows are in the order of the first number
 * that differs. *more tells whether rows that have this number, and those before it, may differ in
 * the next; the same for all of them.
 */
uint64_t field_sort_key(const struct field *f, const struct row *row, unsigned depth, bool *more);
uint64_t row_sort_key(const struct row *row, unsigned depth, bool *more);

#endif

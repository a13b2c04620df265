// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UI_FOLD_H
#define UI_FOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Which lines of a tree are unfolded, by the id of what they are about. Starts zeroed. */
struct fold {
	uint64_t *ids; /* in order */
	size_t count, cap;
};

/* Whether it is unfolded; at first none is. */
bool fold_is_open(const struct fold *f, uint64_t id);

/* Folds or unfolds; false without memory. */
bool fold_set(struct fold *f, uint64_t id, bool open);

void fold_close_all(struct fold *f);
void fold_free(struct fold *f);

/* Mixes a string into an id. */
uint64_t fold_hash(uint64_t id, const char *text, size_t n);

#endif

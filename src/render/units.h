// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef RENDER_UNITS_H
#define RENDER_UNITS_H

#include "util/out.h"

enum { UNITS_TEXT = 24 }; /* bytes that any of these takes at most */

/* Each writes at `p`, no NUL, and returns where it ends. */
char *units_format_us(char *p, uint64_t us);
char *units_format_ms(char *p, uint64_t ms);
char *units_format_rate(char *p, uint64_t bytes_per_second);

/* Durations as people read them, no space inside: 75us, 1.3ms, 12s, 3m20s, 5h12m, 8d3h. */
void units_us(struct out *o, uint64_t us);
void units_ms(struct out *o, uint64_t ms);

/* Sizes: 512B, 12.5KiB, 3.4MiB. */
void units_bytes(struct out *o, uint64_t bytes);

/* Rates of bytes a second, shown as bits a second like other network tools: 12.5Mbit/s. */
void units_rate(struct out *o, uint64_t bytes_per_second);

#endif

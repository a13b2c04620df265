// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/graph.h"

#include "util/text.h"

enum { LEVELS = 8 };

static const char *const blocks[LEVELS] = {
	"\xe2\x96\x81", "\xe2\x96\x82", "\xe2\x96\x83", "\xe2\x96\x84",
	"\xe2\x96\x85", "\xe2\x96\x86", "\xe2\x96\x87", "\xe2\x96\x88",
};
static const char *const ascii[LEVELS] = {"_", ".", ":", "-", "=", "+", "*", "#"};

static uint32_t most_of(const uint32_t *values, size_t count)
{
	uint32_t most = 0;

	for (size_t i = 0; i < count; i++) {
		if (values[i] != GRAPH_UNKNOWN && values[i] > most)
			most = values[i];
	}
	return most;
}

/* Whatever is more than nothing stands above the ground. */
static unsigned level_of(uint32_t value, uint32_t most)
{
	return value ? (unsigned)(((uint64_t)value * (LEVELS - 1) + most - 1) / most) : 0;
}

void graph_put(struct out *o, const uint32_t *values, size_t count, unsigned cols)
{
	const char *const *marks = text_utf8() ? blocks : ascii;
	uint32_t most;

	if (count > cols) {
		values += count - cols;
		count = cols;
	}
	most = most_of(values, count);
	for (size_t i = 0; i < count; i++)
		out_str(o, values[i] == GRAPH_UNKNOWN ? " " : marks[level_of(values[i], most)]);
}

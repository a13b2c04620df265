// SPDX-License-Identifier: GPL-2.0-or-later
#include "filter/fault.h"

enum { WORD = 64 }; /* bytes shown of a word */

static void put_word(struct out *o, const char *word, size_t len)
{
	out_char(o, '\'');
	out_put(o, word, len < WORD ? len : WORD - 4);
	out_str(o, len < WORD ? "'" : "...'");
}

void fault_put(struct out *o, const char *text, const struct filter_error *e)
{
	if (e->limit) {
		out_printf(o, "the filter is too large: %s", e->expected);
		return;
	}
	if (!e->len) {
		out_printf(o, "the filter ends where %s was expected", e->expected);
		return;
	}
	put_word(o, text + e->offset, e->len);
	out_printf(o, " is not %s", e->expected);
	if (e->nearest)
		out_printf(o, "; did you mean '%s'?", e->nearest);
}

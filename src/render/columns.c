// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/columns.h"

#include <errno.h>

static bool columns_have(const struct columns *c, const struct field *f)
{
	for (size_t i = 0; i < c->count; i++) {
		if (c->fields[i] == f)
			return true;
	}
	return false;
}

static int add(struct columns *c, const struct field *f, bool descending)
{
	if (columns_have(c, f))
		return 0;
	if (c->count == COLUMNS_MAX)
		return -E2BIG;
	c->fields[c->count] = f;
	c->descending[c->count++] = descending;
	return 0;
}

static void drop(struct columns *c, const struct field *f)
{
	size_t kept = 0;

	for (size_t i = 0; i < c->count; i++) {
		if (c->fields[i] != f)
			c->fields[kept++] = c->fields[i];
	}
	c->count = kept;
}

/* The next word of a comma-separated list; false at its end. */
static bool next_word(const char **at, const char **word, size_t *len)
{
	if (!**at)
		return false;
	*word = *at;
	*len = strcspn(*at, ",");
	*at += *len + ((*at)[*len] == ',');
	return true;
}

int columns_parse(struct columns *c, const char *list, const char **word, size_t *len)
{
	const char *at = list;

	if (*list != '+' && *list != '-')
		c->count = 0;
	while (next_word(&at, word, len)) {
		char edit = **word == '+' || **word == '-' ? **word : 0;
		const struct field *f;
		int error;

		*word += !!edit;
		*len -= !!edit;
		f = field_find(*word, *len);
		if (!f)
			return -ENOENT;
		if (edit == '-') {
			drop(c, f);
			continue;
		}
		error = add(c, f, false);
		if (error)
			return error;
	}
	*word = list;
	*len = strlen(list);
	return c->count ? 0 : -EINVAL;
}

int columns_parse_sort(struct columns *c, const char *list, const char **word, size_t *len)
{
	const char *at = list;

	c->count = 0;
	while (next_word(&at, word, len)) {
		bool descending = **word == '-';
		const struct field *f;
		int error;

		*word += descending;
		*len -= descending;
		f = field_find(*word, *len);
		if (!f)
			return -ENOENT;
		error = add(c, f, descending);
		if (error)
			return error;
	}
	*word = list;
	*len = strlen(list);
	return c->count ? 0 : -EINVAL;
}

uint32_t columns_need(const struct columns *c)
{
	uint32_t need = 0;

	for (size_t i = 0; i < c->count; i++)
		need |= c->fields[i]->needs;
	return need;
}

int columns_compare(const struct columns *keys, const struct row *a, const struct row *b)
{
	for (size_t i = 0; i < keys->count; i++) {
		int c = field_compare(keys->fields[i], a, b);

		if (c)
			return keys->descending[i] ? -c : c;
	}
	return row_compare(a, b);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/message.h"

#include "model/field.h"
#include "render/cell.h"
#include "render/units.h"
#include "util/hash.h"

const char *message_translate(const char *message)
{
	return message;
}

static bool put_value(struct out *o, const struct field *f, const struct row *row)
{
	struct value v;

	if (!f || f->kind == KIND_WHAT || !field_get(f, row, &v))
		return false;
	if (f->kind == KIND_BYTES)
		units_bytes(o, v.number);
	else
		cell_value(o, f, row, &v, CELL_BRIEF);
	return true;
}

static bool put_field(struct out *o, const char *name, size_t n, const void *row)
{
	return put_value(o, field_find(name, n), row);
}

void message_expand(struct out *o, const char *message,
		    bool (*put)(struct out *o, const char *name, size_t n, const void *ctx),
		    const void *ctx)
{
	const char *p = message_translate(message);

	while (*p) {
		size_t n = strcspn(p, "{");
		size_t name;

		out_put(o, p, n);
		p += n;
		if (!*p)
			break;
		name = strcspn(++p, "}");
		if (!put(o, p, name, ctx))
			out_char(o, '?');
		p += name + (p[name] == '}');
	}
}

void message_put(struct out *o, const char *message, const struct row *row)
{
	message_expand(o, message, put_field, row);
}

/* Takes a message apart; one of too many parts is left to message_put(). */
static void take_apart(struct cached_message *m, const char *message)
{
	const char *p = message_translate(message);

	m->message = message;
	m->count = 0;
	while (*p) {
		struct message_part *part = &m->parts[m->count++];

		part->text = p;
		part->len = strcspn(p, "{");
		part->field = NULL;
		p += part->len;
		if (*p) {
			size_t name = strcspn(++p, "}");

			part->field = field_find(p, name);
			p += name + (p[name] == '}');
		}
		if (m->count == sizeof(m->parts) / sizeof(m->parts[0]) && *p) {
			m->count = 0;
			return;
		}
	}
}

void message_put_cached(struct out *o, struct message_cache *cache, const char *message,
			const struct row *row)
{
	size_t size = sizeof(cache->entries) / sizeof(cache->entries[0]);
	struct cached_message *m =
		&cache->entries[hash_quick((uintptr_t)message) >> 58 & (size - 1)];

	if (m->message != message)
		take_apart(m, message);
	if (!m->count) {
		message_put(o, message, row);
		return;
	}
	for (size_t i = 0; i < m->count; i++) {
		out_put(o, m->parts[i].text, m->parts[i].len);
		if (m->parts[i].field && !put_value(o, m->parts[i].field, row))
			out_char(o, '?');
	}
}

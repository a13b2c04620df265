// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/message.h"

#ifdef ENABLE_NLS
#include <libintl.h>
#endif

#include "model/field.h"
#include "render/cell.h"
#include "render/units.h"
#include "util/hash.h"
#include "util/translate.h"

#ifdef ENABLE_NLS

#define DOMAIN "tcpstate"

static bool translating;

void message_set_catalogues(const char *directory)
{
	translating = directory && bindtextdomain(DOMAIN, directory) &&
		      bind_textdomain_codeset(DOMAIN, "UTF-8");
}

const char *message_translate(const char *message)
{
	/* The empty id is the catalogue's header. */
	return translating && *message ? dgettext(DOMAIN, message) : message;
}

#else

void message_set_catalogues(const char *directory)
{
	(void)directory;
}

const char *message_translate(const char *message)
{
	return message;
}

#endif

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

/* The next piece of a message: text, then a name in braces or a bracket; false at the end. */
static bool next_piece(const char **at, struct message_part *part)
{
	const char *p = *at;

	if (!*p)
		return false;
	*part = (struct message_part){.text = p, .len = strcspn(p, "{[]")};
	p += part->len;
	if (*p == '{') {
		part->name = ++p;
		part->name_len = strcspn(p, "}");
		p += part->name_len + (p[part->name_len] == '}');
	} else if (*p) {
		part->bracket = *p++;
	}
	*at = p;
	return true;
}

/* What stands in brackets goes again where a value in it was absent. */
struct optional {
	size_t start;
	bool open, lacks;
};

static void put_bracket(struct out *o, struct optional *optional, char bracket)
{
	if (bracket == '[')
		*optional = (struct optional){.start = o->len, .open = true};
	else if (bracket == ']' && optional->open && optional->lacks)
		o->len = optional->start;
}

void message_expand(struct out *o, const char *message,
		    bool (*put)(struct out *o, const char *name, size_t n, const void *ctx),
		    const void *ctx)
{
	const char *at = message_translate(message);
	struct optional optional = {0};
	struct message_part part;

	while (next_piece(&at, &part)) {
		out_put(o, part.text, part.len);
		if (part.name && !put(o, part.name, part.name_len, ctx)) {
			optional.lacks = true;
			out_char(o, '?');
		}
		put_bracket(o, &optional, part.bracket);
	}
}

void message_put(struct out *o, const char *message, const struct row *row)
{
	message_expand(o, message, put_field, row);
}

struct values {
	const struct message_value *list;
	size_t count;
};

static bool put_listed(struct out *o, const char *name, size_t n, const void *ctx)
{
	const struct values *values = ctx;

	for (size_t i = 0; i < values->count; i++) {
		const struct message_value *v = &values->list[i];

		if (strlen(v->name) != n || memcmp(v->name, name, n))
			continue;
		if (v->text && !v->absent)
			out_str(o, v->text);
		else if (!v->absent)
			out_u64(o, v->number);
		return !v->absent;
	}
	return false;
}

void message_fill(struct out *o, const char *message, const struct message_value *values,
		  size_t count)
{
	struct values list = {values, count};

	message_expand(o, message, put_listed, &list);
}

void message_headed(struct out *o, const char *name, const char *text)
{
	const struct message_value values[] = {
		{.name = "name", .text = name},
		{.name = "text", .text = text},
	};

	message_fill(o, N_("{name}: {text}"), values, 2);
}

/* Takes a message apart; one of too many parts is left to message_put(). */
static void take_apart(struct cached_message *m, const char *message)
{
	const char *at = message_translate(message);
	struct message_part part;

	m->message = message;
	m->count = 0;
	while (next_piece(&at, &part)) {
		if (m->count == MESSAGE_PARTS) {
			m->count = 0;
			return;
		}
		part.field = part.name ? field_find(part.name, part.name_len) : NULL;
		m->parts[m->count++] = part;
	}
}

void message_put_cached(struct out *o, struct message_cache *cache, const char *message,
			const struct row *row)
{
	size_t size = sizeof(cache->entries) / sizeof(cache->entries[0]);
	struct cached_message *m =
		&cache->entries[hash_quick((uintptr_t)message) >> 58 & (size - 1)];
	struct optional optional = {0};

	if (m->message != message)
		take_apart(m, message);
	if (!m->count) {
		message_put(o, message, row);
		return;
	}
	for (size_t i = 0; i < m->count; i++) {
		const struct message_part *part = &m->parts[i];

		out_put(o, part->text, part->len);
		if (part->name && !put_value(o, part->field, row)) {
			optional.lacks = true;
			out_char(o, '?');
		}
		put_bracket(o, &optional, part->bracket);
	}
}

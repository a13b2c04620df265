// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef RENDER_MESSAGE_H
#define RENDER_MESSAGE_H

#include "model/field.h"

/*
 * Appends a message in which each {name} is replaced by that field of the row, with units. What
 * stands in [brackets] is left out where a value in it is absent; elsewhere an absent one becomes a
 * question mark. The words are translated first. `o` is a memory buffer.
 */
void message_put(struct out *o, const char *message, const struct row *row);

/*
 * Messages taken apart once, for views that show many rows: message_put() with a memory. Starts
 * zeroed; holds the pointers of static texts only.
 */
struct message_part {
	const char *text;
	size_t len;
	const char *name; /* in braces behind the text; NULL is none */
	size_t name_len;
	const struct field *field; /* of that name */
	char bracket;              /* behind the text; 0 is none */
};

enum { MESSAGE_PARTS = 12 };

struct message_cache {
	struct cached_message {
		const char *message;
		struct message_part parts[MESSAGE_PARTS];
		size_t count; /* 0: too many parts */
	} entries[64];
};

void message_put_cached(struct out *o, struct message_cache *cache, const char *message,
			const struct row *row);

/*
 * The same with names resolved by the caller: `put` appends the value of a name; false where it
 * knows none.
 */
void message_expand(struct out *o, const char *message,
		    bool (*put)(struct out *o, const char *name, size_t n, const void *ctx),
		    const void *ctx);

/* A named value of a message: a text made safe before, or the number where there is none. */
struct message_value {
	const char *name;
	const char *text;
	uint64_t number;
	bool absent;
};

/* The same with a list of values; names that are not in it are absent. */
void message_fill(struct out *o, const char *message, const struct message_value *values,
		  size_t count);

/* "name: text", both made safe before, with the punctuation of the user's language. */
void message_headed(struct out *o, const char *name, const char *text);

/*
 * The message in the user's language, as UTF-8. English until message_set_catalogues(), where there
 * is no catalogue or it lacks the message.
 */
const char *message_translate(const char *message);

/*
 * Says once where the catalogues of translations are, for the language of LC_MESSAGES; NULL: none.
 * Only for a terminal whose character set is UTF-8.
 */
void message_set_catalogues(const char *directory);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/read_value.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define EXACT_MAX (1ULL << 53) /* above, numbers come as strings */

enum { KEY_MAX = 64 };

static size_t line_of(const char *text, const char *at)
{
	size_t line = 1;

	while ((text = memchr(text, '\n', (size_t)(at - text)))) {
		line++;
		text++;
	}
	return line;
}

int read_complain(struct reading *r, const char *key, const char *fault)
{
	size_t n = strlen(r->path);

	if (r->error)
		return r->error;
	r->error = -EBADMSG;
	if (!*key && n)
		n--; /* the point behind the object */
	snprintf(r->complaint, r->complaint_size, "line %zu: %.*s%s%s%s", line_of(r->text, r->at),
		 (int)n, r->path, key, n || *key ? ": " : "", fault);
	return r->error;
}

void read_no_memory(struct reading *r)
{
	if (!r->error)
		r->error = -ENOMEM;
}

static const char *type_fault(json_type type)
{
	switch (type) {
	case JSON_OBJECT: return "not an object";
	case JSON_ARRAY: return "not a list";
	case JSON_STRING: return "not a string";
	default: return "of the wrong type";
	}
}

static bool is_type(const json_t *value, json_type type)
{
	return json_typeof(value) == type || (type == JSON_TRUE && json_is_false(value));
}

/* What jansson says, without the piece of the file that it quotes. */
static void complain_json(struct reading *r, const char *key, json_error_t *error)
{
	char *quote = strstr(error->text, " near ");

	if (json_error_code(error) == json_error_out_of_memory) {
		read_no_memory(r);
		return;
	}
	if (quote)
		*quote = '\0';
	/* Bytes of the file stand in some of the other messages too. */
	for (char *p = error->text; *p; p++) {
		if (*p < ' ' || *p > '~')
			*p = '?';
	}
	read_complain(r, key, error->text);
}

json_t *read_json(struct reading *r, const char *at, const char *end, json_type type,
		  const char *key)
{
	json_error_t error;
	json_t *value = json_loadb(at, (size_t)(end - at), JSON_REJECT_DUPLICATES | JSON_DECODE_ANY,
				   &error);

	r->at = at;
	if (!value) {
		complain_json(r, key, &error);
		return NULL;
	}
	if (is_type(value, type))
		return value;
	json_decref(value);
	read_complain(r, key, type_fault(type));
	return NULL;
}

json_t *read_member(struct reading *r, const json_t *object, const char *key, json_type type)
{
	json_t *value = json_object_get(object, key);

	if (!value || is_type(value, type))
		return value;
	read_complain(r, key, type_fault(type));
	return NULL;
}

/* Decimal digits and nothing else, without zeros in front. */
static bool read_digits(const char *text, size_t n, uint64_t *v)
{
	uint64_t sum = 0;

	if (!n || (n > 1 && *text == '0'))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (text[i] < '0' || text[i] > '9' || __builtin_mul_overflow(sum, 10, &sum) ||
		    __builtin_add_overflow(sum, (uint64_t)(text[i] - '0'), &sum))
			return false;
	}
	*v = sum;
	return true;
}

bool read_numbered(const char *text, const char *word, uint64_t *v)
{
	size_t n = strlen(word), len = strlen(text);

	return len > n + 2 && !strncmp(text, word, n) && text[n] == '(' && text[len - 1] == ')' &&
	       read_digits(text + n + 1, len - n - 2, v);
}

static void complain_range(struct reading *r, const char *key, uint64_t max)
{
	char fault[64];

	snprintf(fault, sizeof(fault), "not a whole number from 0 to %llu",
		 (unsigned long long)max);
	read_complain(r, key, fault);
}

bool read_number_value(struct reading *r, const json_t *value, const char *key, uint64_t max,
		       uint64_t *v)
{
	bool good = false;

	if (json_is_integer(value)) {
		good = json_integer_value(value) >= 0;
		*v = (uint64_t)json_integer_value(value);
	} else if (json_is_string(value) && max > EXACT_MAX) {
		good = read_digits(json_string_value(value), json_string_length(value), v);
	}
	if (good && *v <= max)
		return true;
	complain_range(r, key, max);
	return false;
}

bool read_number(struct reading *r, const json_t *object, const char *key, uint64_t max,
		 uint64_t *v)
{
	const json_t *value = json_object_get(object, key);

	return value && read_number_value(r, value, key, max, v);
}

bool read_signed_value(struct reading *r, const json_t *value, const char *key, int64_t *v)
{
	const char *text = json_string_value(value);
	uint64_t size;

	if (json_is_integer(value)) {
		*v = json_integer_value(value);
		return true;
	}
	if (text && read_digits(text + (*text == '-'), strlen(text + (*text == '-')), &size)) {
		uint64_t most = *text == '-' ? 1ULL << 63 : INT64_MAX;

		*v = (int64_t)(*text == '-' ? -size : size);
		if (size <= most)
			return true;
	}
	read_complain(r, key, "not a whole number of 64 bits");
	return false;
}

bool read_flag(struct reading *r, const json_t *object, const char *key)
{
	return json_is_true(read_member(r, object, key, JSON_TRUE));
}

const char *read_word(struct reading *r, const json_t *object, const char *key)
{
	return json_string_value(read_member(r, object, key, JSON_STRING));
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The bytes that a "_hex" twin stands for; false where it is none, or holds a NUL. */
static bool decode_hex(char *to, const char *hex)
{
	for (; *hex; hex += 2) {
		int high = hex_digit(hex[0]), low = high < 0 ? -1 : hex_digit(hex[1]);

		if (low < 0 || !(high | low))
			return false;
		*to++ = (char)(high << 4 | low);
	}
	*to = '\0';
	return true;
}

char *read_copy(struct reading *r, const json_t *object, const char *key)
{
	const char *text = read_word(r, object, key), *hex;
	char twin[KEY_MAX], *copy;

	snprintf(twin, sizeof(twin), "%s_hex", key);
	hex = read_word(r, object, twin);
	if (!text && !hex)
		return NULL;
	copy = strdup(hex ? hex : text);
	if (!copy) {
		read_no_memory(r);
	} else if (hex && !decode_hex(copy, hex)) {
		free(copy);
		copy = NULL;
		read_complain(r, twin, "not bytes as hexadecimal digits");
	}
	return copy;
}

bool read_text(struct reading *r, const json_t *object, const char *key, char *to, size_t size)
{
	char *copy = read_copy(r, object, key);
	bool fits = copy && strlen(copy) < size;

	if (fits)
		memcpy(to, copy, strlen(copy) + 1);
	else if (copy)
		read_complain(r, key, "too long");
	free(copy);
	return fits;
}

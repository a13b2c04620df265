// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef COLLECT_READ_VALUE_H
#define COLLECT_READ_VALUE_H

#include <jansson.h>

#include "model/pipeline.h"

/*
 * Values of a file that nobody vouches for. The first fault sticks: it sets `error` to -EBADMSG (or
 * -ENOMEM) and the complaint, and the caller looks once it has taken all it wants.
 */
struct reading {
	const char *text; /* the document, for line numbers */
	const char *at;   /* what is being read */
	const char *path; /* what stands before a key in complaints: "local." */
	char *complaint;
	size_t complaint_size;
	int error;
};

/*
 * Notes a fault of a member: "line 7: local.port: not a port number", or with "" for its key of the
 * object that is being read. Returns its error.
 */
int read_complain(struct reading *r, const char *key, const char *fault);

/* Notes the lack of memory. */
void read_no_memory(struct reading *r);

/* A value of text of its own; NULL with a complaint where it is no JSON or no `type`. */
json_t *read_json(struct reading *r, const char *at, const char *end, json_type type,
		  const char *key);

/* A member of this type; NULL where it is absent, or a fault. */
json_t *read_member(struct reading *r, const json_t *object, const char *key, json_type type);

/*
 * A whole number from 0 to `max`; where that is above 2^53 it may be written as a string. False
 * where it is absent, or a fault.
 */
bool read_number(struct reading *r, const json_t *object, const char *key, uint64_t max,
		 uint64_t *v);

/* The same of a value that is no member; `key` names it. */
bool read_number_value(struct reading *r, const json_t *value, const char *key, uint64_t max,
		       uint64_t *v);

/* A whole number of either sign. */
bool read_signed_value(struct reading *r, const json_t *value, const char *key, int64_t *v);

/* Whether a flag is there and true. */
bool read_flag(struct reading *r, const json_t *object, const char *key);

/* A string as it stands; NULL where it is absent, or a fault. */
const char *read_word(struct reading *r, const json_t *object, const char *key);

/*
 * A string of any bytes into `size` bytes, or as a copy: from its "_hex" twin where there is one.
 * False or NULL where it is absent, or a fault, one too long included.
 */
bool read_text(struct reading *r, const json_t *object, const char *key, char *to, size_t size);
char *read_copy(struct reading *r, const json_t *object, const char *key);

/* The number in "WORD(14)"; false where the text is not so. */
bool read_numbered(const char *text, const char *word, uint64_t *v);

#endif

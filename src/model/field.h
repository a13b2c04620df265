// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef MODEL_FIELD_H
#define MODEL_FIELD_H

#include "model/verdict.h"

/* What a value is: how it is shown, compared and parsed. */
enum field_kind {
	KIND_COUNT, /* a number of things */
	KIND_BYTES,
	KIND_US,   /* microseconds */
	KIND_MS,   /* milliseconds */
	KIND_RATE, /* bytes a second */
	KIND_PERCENT,
	KIND_HEX,
	KIND_STATE, /* a kernel state number */
	KIND_TIMER, /* enum timer_kind, or a number nobody knows */
	KIND_TOKEN, /* a word of this program or the kernel: safe */
	KIND_TEXT,  /* bytes from outside: made safe before they are shown */
	KIND_ADDRESS,
	KIND_ENDPOINT, /* address and port */
	KIND_OWNERS,   /* the holders of a socket, or why there are none */
	KIND_FLAGS,    /* SOCKOPT_*: bits with a word each */
	KIND_DETAILS,  /* DETAIL_* */
	KIND_WHAT,     /* the situation's line */
};

struct value {
	union {
		uint64_t number;
		struct {
			const char *bytes;
			size_t len;
		} text;
		const struct endpoint *endpoint; /* of `socket` */
	};
	const struct socket *socket;
};

/* One thing that can be said of a socket: column, sort key, filter word and JSON key. */
struct field {
	const char *name;
	const char *aliases; /* separated by spaces */
	const char *header;
	enum field_kind kind;
	uint32_t needs; /* WANT_* */
	/* Fills the value; false where the socket has none. */
	bool (*get)(const struct row *row, struct value *value);
	/* The member of tcp_info or memory it is, for those; width 0 for others. */
	uint16_t offset;
	uint8_t width, shift, mask;
	const char *json; /* where it stands in a socket of the JSON form */
	const char *help;
};

extern const struct field fields[];
extern const size_t field_count;

/* The field by name or alias (any case, '_' as '-'); NULL if there is none. */
const struct field *field_find(const char *name, size_t n);

/* The number of a field that is a member of tcp_info or memory; false where it is absent. */
static inline bool field_member(const struct field *f, const struct socket *sk, uint64_t *number)
{
	const char *at = (const char *)&sk->info + f->offset;
	uint64_t v64;
	uint32_t v32;
	uint16_t v16;

	if (f->needs == WANT_MEMORY) {
		if (!(sk->have & HAVE_MEMORY))
			return false;
		at = (const char *)&sk->memory + f->offset;
	} else if (sk->info_len < f->offset + f->width || sk->kernel_state == STATE_LISTEN) {
		return false; /* on listeners some members repeat the queues: they are no data */
	}
	switch (f->width) {
	case 4:
		memcpy(&v32, at, sizeof(v32));
		*number = v32;
		return true;
	case 8:
		memcpy(&v64, at, sizeof(v64));
		*number = v64;
		return f->kind != KIND_RATE || v64 != UINT64_MAX; /* no limit is no number */
	case 2:
		memcpy(&v16, at, sizeof(v16));
		*number = v16;
		return true;
	default:
		*number = (uint8_t)*at;
		if (f->mask)
			*number = *number >> f->shift & f->mask;
		return true;
	}
}

/* Fills the value of a field for a row; false where it is absent. */
static inline bool field_get(const struct field *f, const struct row *row, struct value *value)
{
	value->socket = row->socket;
	return f->get ? f->get(row, value) : field_member(f, row->socket, &value->number);
}

/* Whether values of this kind are numbers, shown on the right. */
static inline bool field_is_number(const struct field *f)
{
	return f->kind <= KIND_HEX;
}

/* Orders two rows by a field: absent last, then by value. Total together with row_compare(). */
int field_compare(const struct field *f, const struct row *a, const struct row *b);

/* The order of tables: state, local end, peer, then cookie and inode. */
int row_compare(const struct row *a, const struct row *b);

/* Time since data last came or went, milliseconds; false where tcp_info is absent. */
bool socket_idle(const struct socket *sk, uint64_t *ms);

/* Whom the bind address alone lets in; a firewall or a redirection is not seen. */
const char *socket_reach(const struct socket *sk);

/* A lower bound of the time spent in the state, milliseconds; false where nothing tells. */
bool socket_age(const struct socket *sk, uint64_t *ms);

#endif

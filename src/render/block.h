// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef RENDER_BLOCK_H
#define RENDER_BLOCK_H

#include "render/columns.h"
#include "render/style.h"

/* What ss's letters add below a row. */
enum {
	BLOCK_EXTENDED = 1, /* -e: uid, inode, cookie, cgroup */
	BLOCK_TIMER = 2,    /* -o */
	BLOCK_MEMORY = 4,   /* -m */
	BLOCK_INFO = 8,     /* -i: congestion control and tcp_info */
	BLOCK_TOS = 16,     /* --tos */
	BLOCK_CGROUP = 32,  /* --cgroup */
	BLOCK_SOCKOPT = 64, /* --inet-sockopt */
};

enum { BLOCK_THEMES = 19, BLOCK_ITEMS = 64, BLOCK_LEAD = 64 };

/*
 * A field with what it takes to write it a million times. A member of tcp_info or memory is read
 * where it stands in the socket: the 8 bytes at `offset`, the member last, masked and shifted.
 */
struct block_item {
	const struct field *field;
	uint64_t mask;    /* of the 8 bytes, before the shift; 0: no member, field_get() has it */
	uint64_t nothing; /* a value of a member that is not shown; zeros by block_part.memory */
	uint16_t offset;
	uint16_t end; /* bytes of tcp_info or memory that must have come */
	uint8_t shift;
	uint8_t kind; /* enum field_kind */
	uint8_t len;
	uint8_t shares; /* fields from here on that are shares of the time busy */
	char label[24]; /* " name:" */
};

/* The chosen parts with their fields looked up; `count` 0 has none. */
struct block {
	struct block_part {
		struct block_item items[BLOCK_ITEMS];
		size_t count;
		uint32_t part;         /* BLOCK_* */
		unsigned cong_kind;    /* CONG_INFO_* that a socket must have for it; 0: any */
		const char *heading;   /* translated */
		char lead[BLOCK_LEAD]; /* what its line begins with */
		size_t lead_len;
		bool memory; /* its members are of memory, and shown if zero; else of tcp_info */
	} parts[BLOCK_THEMES];
	size_t count;
	size_t indent; /* of lines, in columns; items begin with a blank */
};

/* On a terminal each theme has its heading and lines, else each part one line. */
void block_prepare(struct block *b, uint32_t parts, const struct style *style);

/* Writes the parts as indented lines, wrapped to the terminal. */
void block_put(struct out *o, const struct block *b, const struct style *style,
	       const struct row *row);

/* WANT_* of the chosen parts. */
uint32_t block_needs(uint32_t parts);

#endif

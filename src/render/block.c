// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/block.h"

#include <stdio.h>

#include "render/cell.h"
#include "render/units.h"

enum {
	INDENT = 8,
	INFINITE_SSTHRESH = 0x7fffffff, /* TCP_INFINITE_SSTHRESH, include/net/tcp.h */
};

/* The fields of each part, by name, in the order they are shown. */
static const struct part {
	uint32_t part;
	const char *fields;
} parts[] = {
	{BLOCK_TIMER, "timer expires tries"},
	{BLOCK_EXTENDED, "detail uid user unit container inode cookie shutdown v6only mark cgroup"},
	{BLOCK_MEMORY, "rmem rcvbuf wmem sndbuf fwd-alloc wmem-queued optmem backlog-mem drops"},
	{BLOCK_INFO,
	 "cong ulp rtt rttvar minrtt rto ato mss pmtu rcv-mss advmss cwnd ssthresh snd-wscale "
	 "rcv-wscale bytes-sent bytes-acked bytes-received bytes-retrans segs-out segs-in "
	 "lastsnd lastrcv lastack unacked retrans-now retrans lost sacked backoff probes notsent "
	 "rate pacing-rate app-limited busy rwnd-limited sndbuf-limited rcv-space rcv-rtt snd-wnd "
	 "rcv-wnd reordering rcv-ooo"},
};

static const size_t part_count = sizeof(parts) / sizeof(parts[0]);

_Static_assert(sizeof(parts) / sizeof(parts[0]) == BLOCK_PARTS, "a part for each letter");

void block_prepare(struct block *b, uint32_t wanted)
{
	b->count = 0;
	for (size_t i = 0; i < part_count; i++) {
		struct block_part *part = &b->parts[b->count];

		if (!(wanted & parts[i].part))
			continue;
		part->count = 0;
		for (const char *p = parts[i].fields; *p;) {
			struct block_item *item = &part->items[part->count++];
			size_t n = strcspn(p, " ");

			item->field = field_find(p, n);
			item->len = (size_t)snprintf(item->label, sizeof(item->label),
						     " %.*s:", (int)n, p);
			p += n + strspn(p + n, " ");
		}
		b->count++;
	}
}

uint32_t block_needs(uint32_t wanted)
{
	uint32_t need = 0;
	struct block b;

	block_prepare(&b, wanted);
	for (size_t i = 0; i < b.count; i++) {
		for (size_t k = 0; k < b.parts[i].count; k++)
			need |= b.parts[i].items[k].field->needs;
	}
	return need;
}

/* A zero counter says nothing, nor does a limit not set; of memory a zero is worth knowing. */
static bool worth_showing(const struct field *f, const struct row *row, struct value *v)
{
	if (f->needs == WANT_MEMORY)
		return field_member(f, row->socket, &v->number);
	if (f->width)
		return field_member(f, row->socket, &v->number) && v->number &&
		       v->number != INFINITE_SSTHRESH;
	if (!field_get(f, row, v))
		return false;
	return !field_is_number(f) || v->number;
}

/*
 * Moves the item written since `start` to a line of its own where it goes beyond the width.
 * `column` is where the item before ended; returns where this one ends.
 */
static size_t place(struct out *o, size_t start, size_t column, size_t width)
{
	size_t len = o->len - start;

	if (column + len <= width)
		return column + len;
	if (!out_reserve(o, INDENT))
		return column;
	memmove(o->data + start + INDENT, o->data + start, len);
	o->data[start] = '\n';
	memset(o->data + start + 1, ' ', INDENT - 1);
	o->len += INDENT;
	return INDENT - 1 + len;
}

static void put_value(struct out *o, const struct field *f, const struct row *row,
		      const struct value *v)
{
	char *p = o->data + o->len;

	switch (f->kind) {
	case KIND_COUNT:
	case KIND_BYTES: o->len += format_u64(p, v->number); break;
	case KIND_US: o->len += (size_t)(units_format_us(p, v->number) - p); break;
	case KIND_MS: o->len += (size_t)(units_format_ms(p, v->number) - p); break;
	default: cell_value(o, f, row, v, CELL_FULL);
	}
}

/* An item never takes this much; its room is reserved before, so that `start` stays good. */
enum { ITEM_ROOM = 8192 };

static void put_part(struct out *o, const struct block_part *part, size_t width,
		     const struct row *row)
{
	size_t column = 0;

	for (size_t i = 0; i < part->count; i++) {
		const struct block_item *item = &part->items[i];
		struct value v;
		size_t start;

		if (!worth_showing(item->field, row, &v))
			continue;
		if (!out_reserve(o, ITEM_ROOM))
			return;
		if (!column) {
			out_repeat(o, ' ', INDENT - 1);
			column = INDENT - 1;
		}
		start = o->len;
		memcpy(o->data + o->len, item->label, sizeof(item->label));
		o->len += item->len;
		put_value(o, item->field, row, &v);
		column = place(o, start, column, width);
	}
	if (column)
		out_char(o, '\n');
}

void block_put(struct out *o, const struct block *b, const struct style *style,
	       const struct row *row)
{
	size_t width = style->terminal ? style->width : SIZE_MAX;

	for (size_t i = 0; i < b->count; i++)
		put_part(o, &b->parts[i], width, row);
}

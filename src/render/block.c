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
	{BLOCK_TOS, "tos tclass class-id"},
	{BLOCK_CGROUP, "cgroup cgroup-id"},
	{BLOCK_SOCKOPT, "sockopt"},
	{BLOCK_INFO,
	 "cong ulp rtt rttvar minrtt rto ato mss pmtu rcv-mss advmss cwnd ssthresh snd-wscale "
	 "rcv-wscale bytes-sent bytes-acked bytes-received bytes-retrans segs-out segs-in "
	 "lastsnd lastrcv lastack unacked retrans-now retrans lost sacked backoff probes notsent "
	 "rate pacing-rate app-limited busy rwnd-limited sndbuf-limited rcv-space rcv-rtt snd-wnd "
	 "rcv-wnd reordering rcv-ooo"},
};

static const size_t part_count = sizeof(parts) / sizeof(parts[0]);

_Static_assert(sizeof(parts) / sizeof(parts[0]) == BLOCK_PARTS, "a part for each letter");

/*
 * Where in a socket the member stands, and which values are left out: a zero counter says nothing,
 * nor does a limit not set; of memory a zero is worth knowing.
 */
static void prepare_member(struct block_item *item, const struct field *f)
{
	bool memory = f->needs == WANT_MEMORY;
	size_t base = memory ? offsetof(struct socket, memory) : offsetof(struct socket, info);
	unsigned bits = f->width * 8u;

	item->end = f->offset + f->width;
	item->offset = (uint16_t)(base + item->end - sizeof(uint64_t));
	item->shift = f->shift;
	if (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
		item->shift = (uint8_t)(f->shift + 64 - bits);
	item->mask = (f->mask ? f->mask : UINT64_MAX >> (64 - bits)) << item->shift;
	item->nothing = memory || f->kind == KIND_RATE ? UINT64_MAX : 0;
	if (!memory && f->offset == offsetof(struct tcp_metrics, snd_ssthresh))
		item->nothing = INFINITE_SSTHRESH;
}

static void prepare_item(struct block_item *item, const char *name, size_t n)
{
	const struct field *f = field_find(name, n);

	*item = (struct block_item){.field = f, .kind = (uint8_t)f->kind};
	item->len = (uint8_t)snprintf(item->label, sizeof(item->label), " %.*s:", (int)n, name);
	if (f->width)
		prepare_member(item, f);
}

void block_prepare(struct block *b, uint32_t wanted)
{
	b->count = 0;
	for (size_t i = 0; i < part_count; i++) {
		struct block_part *part = &b->parts[b->count];

		if (!(wanted & parts[i].part))
			continue;
		part->count = 0;
		part->memory = parts[i].part == BLOCK_MEMORY;
		for (const char *p = parts[i].fields; *p;) {
			size_t n = strcspn(p, " ");

			prepare_item(&part->items[part->count++], p, n);
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

/* How many bytes the kernel sent of what the part's members stand in. */
static size_t bytes_came(const struct block_part *part, const struct socket *sk)
{
	if (part->memory)
		return sk->have & HAVE_MEMORY ? sizeof(sk->memory) : 0;
	/* On listeners some members repeat the queues: they are no data. */
	return sk->kernel_state == STATE_LISTEN ? 0 : sk->info_len;
}

/*
 * The number of a member; false where it is absent or says nothing. `came` and `zeros` are the
 * same for all members: constants leave nothing to ask at each.
 */
static inline bool get_member(const struct block_item *item, const struct socket *sk, size_t came,
			      bool zeros, uint64_t *number)
{
	uint64_t word;

	if (item->end > came)
		return false;
	memcpy(&word, (const char *)sk + item->offset, sizeof(word));
	word &= item->mask;
	if (!word && !zeros)
		return false;
	*number = word >> item->shift;
	return *number != item->nothing;
}

static bool get_other(const struct field *f, const struct row *row, struct value *v)
{
	return field_get(f, row, v) && (!field_is_number(f) || v->number);
}

enum {
	MEMBER_ROOM = sizeof(((struct block_item *)0)->label) + UNITS_TEXT + INDENT,
	PART_ROOM = INDENT + BLOCK_ITEMS * MEMBER_ROOM,
	OTHER_ROOM = 8192,
};

static inline char *put_label(char *p, const struct block_item *item)
{
	memcpy(p, item->label, sizeof(item->label));
	return p + item->len;
}

static inline char *put_member(char *p, const struct block_item *item, uint64_t number)
{
	p = put_label(p, item);
	if (item->kind <= KIND_BYTES)
		return digits_put(p, number);
	switch (item->kind) {
	case KIND_US: return units_format_us(p, number);
	case KIND_MS: return units_format_ms(p, number);
	default: return units_format_rate(p, number);
	}
}

/* Moves an item of `n` bytes to a line of its own; returns where it ends then. */
static char *break_line(char *start, size_t n)
{
	memmove(start + INDENT, start, n);
	*start = '\n';
	memset(start + 1, ' ', INDENT - 1);
	return start + INDENT + n;
}

/*
 * An item that is no member. `column` is where the one before ended; returns where this one does,
 * in a line of its own where it would go beyond the width.
 */
static size_t put_other(struct out *o, const struct block_item *item, const struct row *row,
			const struct value *v, size_t column, size_t width)
{
	size_t start, n;

	if (!out_reserve(o, OTHER_ROOM))
		return column;
	start = o->len;
	o->len = (size_t)(put_label(o->data + start, item) - o->data);
	cell_value(o, item->field, row, v, CELL_FULL);
	if (o->len < start)
		start = 0; /* so long that what stood before was flushed: no terminal */
	n = o->len - start;
	if (column + n <= width || !out_reserve(o, INDENT))
		return column + n;
	o->len = (size_t)(break_line(o->data + start, n) - o->data);
	return INDENT - 1 + n;
}

static inline __attribute__((always_inline)) void put_items(struct out *o,
							    const struct block_part *part,
							    size_t width, const struct row *row,
							    size_t came, bool zeros)
{
	const struct block_item *item = part->items, *end = item + part->count;
	const struct socket *sk = row->socket;
	size_t column = INDENT - 1;
	char *p = out_reserve(o, PART_ROOM);

	if (!p)
		return;
	memset(p, ' ', INDENT - 1);
	p += INDENT - 1;
	for (; item < end; item++) {
		struct value v;

		if (item->mask) {
			uint64_t number;
			char *start = p;

			if (!get_member(item, sk, came, zeros, &number))
				continue;
			p = put_member(p, item, number);
			column += (size_t)(p - start);
			if (column > width) {
				column = INDENT - 1 + (size_t)(p - start);
				p = break_line(start, (size_t)(p - start));
			}
		} else if (get_other(item->field, row, &v)) {
			o->len = (size_t)(p - o->data);
			column = put_other(o, item, row, &v, column, width);
			p = out_reserve(o, PART_ROOM);
			if (!p)
				return;
		}
	}
	if (column == INDENT - 1)
		return; /* nothing to show: not even the indentation */
	*p++ = '\n';
	o->len = (size_t)(p - o->data);
}

static void put_part(struct out *o, const struct block_part *part, size_t width,
		     const struct row *row)
{
	size_t came = bytes_came(part, row->socket);

	if (!part->memory && came == sizeof(row->socket->info)) /* as a rule */
		put_items(o, part, width, row, sizeof(row->socket->info), false);
	else
		put_items(o, part, width, row, came, part->memory);
}

void block_put(struct out *o, const struct block *b, const struct style *style,
	       const struct row *row)
{
	size_t width = style->terminal ? style->width : SIZE_MAX;

	for (size_t i = 0; i < b->count; i++)
		put_part(o, &b->parts[i], width, row);
}

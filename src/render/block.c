// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/block.h"

#include <stdio.h>

#include "render/cell.h"
#include "render/message.h"
#include "render/units.h"
#include "util/text.h"
#include "util/translate.h"

enum {
	INDENT = 8,
	HEADED_INDENT = 4,              /* of headings */
	INFINITE_SSTHRESH = 0x7fffffff, /* TCP_INFINITE_SSTHRESH, include/net/tcp.h */
};

/*
 * The fields of each part by name, in the order they are shown; a part has several themes. On a
 * terminal each theme has lines of its own, else each part has one line, but for what only sockets
 * of that congestion control have.
 */
static const struct theme {
	uint32_t part;
	unsigned cong_kind; /* CONG_INFO_* */
	const char *heading;
	const char *fields;
} themes[] = {
	{BLOCK_TIMER, 0, N_("timer"), "timer expires tries"},
	{BLOCK_EXTENDED, 0, N_("socket"),
	 "detail uid user unit container inode cookie shutdown v6only mark md5 cgroup"},
	{BLOCK_MEMORY, 0, N_("memory"),
	 "rmem rcvbuf wmem sndbuf fwd-alloc wmem-queued optmem backlog-mem drops"},
	{BLOCK_TOS, 0, N_("class"), "tos tclass class-id"},
	{BLOCK_CGROUP, 0, N_("control group"), "cgroup cgroup-id"},
	{BLOCK_SOCKOPT, 0, N_("options"), "sockopt"},
	{BLOCK_INFO, 0, N_("round trip"), "rtt rttvar minrtt rcv-rtt rto ato"},
	{BLOCK_INFO, 0, N_("congestion"), "cong ulp cwnd ssthresh reordering"},
	{BLOCK_INFO, 0, N_("window"), "snd-wnd rcv-wnd rcv-space snd-wscale rcv-wscale"},
	{BLOCK_INFO, 0, N_("segment"), "mss pmtu rcv-mss advmss"},
	{BLOCK_INFO, 0, N_("rate"), "rate pacing-rate app-limited"},
	{BLOCK_INFO, 0, N_("held back"),
	 "busy rwnd-limited sndbuf-limited rwnd-share sndbuf-share network-share app-share"},
	{BLOCK_INFO, 0, N_("sent"), "bytes-sent bytes-acked segs-out notsent unacked"},
	{BLOCK_INFO, 0, N_("lost"),
	 "retrans bytes-retrans retrans-now lost sacked dsack-dups backoff probes total-rto"},
	{BLOCK_INFO, 0, N_("received"), "bytes-received segs-in rcv-ooo"},
	{BLOCK_INFO, 0, N_("idle"), "lastsnd lastrcv lastack"},
	{BLOCK_INFO, CONG_INFO_BBR, N_("algorithm"), "cc-bandwidth"},
	{BLOCK_INFO, CONG_INFO_VEGAS, N_("algorithm"), "cc-enabled cc-rtt cc-minrtt"},
	{BLOCK_INFO, CONG_INFO_DCTCP, N_("algorithm"), "cc-enabled cc-alpha cc-marked cc-acked"},
};

static const size_t theme_count = sizeof(themes) / sizeof(themes[0]);

_Static_assert(sizeof(themes) / sizeof(themes[0]) == BLOCK_THEMES, "room for each theme");

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

/* Shares of no time at all stand side by side: the first tells how many are passed over then. */
static uint8_t count_shares(const char *names)
{
	uint8_t count = 0;

	for (size_t n; (n = strcspn(names, " ")) > 6 && !memcmp(names + n - 6, "-share", 6);
	     names += n + strspn(names + n, " "))
		count++;
	return count;
}

static void add_items(struct block_part *part, const char *names)
{
	for (const char *p = names; *p;) {
		size_t n = strcspn(p, " ");

		prepare_item(&part->items[part->count], p, n);
		part->items[part->count++].shares = count_shares(p);
		p += n + strspn(p + n, " ");
	}
}

/* The part a theme's items go to: the last, if they belong to its line. */
static struct block_part *part_for(struct block *b, const struct theme *t, bool headed)
{
	struct block_part *last = b->count ? &b->parts[b->count - 1] : NULL;

	if (!headed && last && last->part == t->part && last->cong_kind == t->cong_kind)
		return last;
	last = &b->parts[b->count++];
	last->part = t->part;
	last->cong_kind = t->cong_kind;
	last->heading = message_translate(t->heading);
	last->memory = t->part == BLOCK_MEMORY;
	last->count = 0;
	return last;
}

static size_t heading_width(const struct block_part *part)
{
	return text_width(part->heading, strlen(part->heading));
}

/* What a part's line begins with: up to where its first item's blank comes. */
static void prepare_lead(struct block_part *part, const struct style *style, size_t columns)
{
	struct out lead = OUT_MEMORY;
	size_t at = 0;

	if (style->terminal) {
		at = HEADED_INDENT + heading_width(part);
		out_repeat(&lead, ' ', HEADED_INDENT);
		paint_on(&lead, style, PAINT_DIM);
		out_str(&lead, part->heading);
		paint_off(&lead, style, PAINT_DIM);
	}
	out_repeat(&lead, ' ', columns - at);
	part->lead_len = lead.len < sizeof(part->lead) ? lead.len : 0;
	memset(part->lead, ' ', sizeof(part->lead));
	memcpy(part->lead, lead.data ? lead.data : "", part->lead_len);
	out_free(&lead);
}

void block_prepare(struct block *b, uint32_t wanted, const struct style *style)
{
	b->count = 0;
	b->indent = INDENT;
	for (size_t i = 0; i < theme_count; i++) {
		struct block_part *part;

		if (!(wanted & themes[i].part))
			continue;
		part = part_for(b, &themes[i], style->terminal);
		add_items(part, themes[i].fields);
		if (style->terminal && HEADED_INDENT + heading_width(part) + 2 > b->indent)
			b->indent = HEADED_INDENT + heading_width(part) + 2;
	}
	for (size_t i = 0; i < b->count; i++)
		prepare_lead(&b->parts[i], style, b->indent - 1);
}

uint32_t block_needs(uint32_t wanted)
{
	uint32_t need = 0;

	for (size_t i = 0; i < theme_count; i++) {
		const char *p = themes[i].fields;

		while (wanted & themes[i].part && *p) {
			size_t n = strcspn(p, " ");

			need |= field_find(p, n)->needs;
			p += n + strspn(p + n, " ");
		}
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
	MEMBER_ROOM = sizeof(((struct block_item *)0)->label) + UNITS_TEXT + BLOCK_LEAD,
	PART_ROOM = BLOCK_LEAD + BLOCK_ITEMS * MEMBER_ROOM,
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
static char *break_line(char *start, size_t n, size_t indent)
{
	memmove(start + indent, start, n);
	*start = '\n';
	memset(start + 1, ' ', indent - 1);
	return start + indent + n;
}

/*
 * An item that is no member. `column` is where the one before ended; returns where this one does,
 * in a line of its own where it would go beyond the width.
 */
static size_t put_other(struct out *o, const struct block_item *item, const struct row *row,
			const struct value *v, size_t column, size_t width, size_t indent)
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
	if (column + n <= width || !out_reserve(o, indent))
		return column + n;
	o->len = (size_t)(break_line(o->data + start, n, indent) - o->data);
	return indent - 1 + n;
}

static inline __attribute__((always_inline)) void put_items(struct out *o, const struct block *b,
							    const struct block_part *part,
							    size_t width, const struct row *row,
							    size_t came, bool zeros)
{
	const struct block_item *item = part->items, *end = item + part->count;
	const struct socket *sk = row->socket;
	size_t column = b->indent - 1;
	char *p = out_reserve(o, PART_ROOM);

	if (!p)
		return;
	memcpy(p, part->lead, sizeof(part->lead));
	p += part->lead_len;
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
				column = b->indent - 1 + (size_t)(p - start);
				p = break_line(start, (size_t)(p - start), b->indent);
			}
		} else if (item->shares && !socket_info(sk, busy_time, 0)) {
			item += item->shares - 1;
		} else if (get_other(item->field, row, &v)) {
			o->len = (size_t)(p - o->data);
			column = put_other(o, item, row, &v, column, width, b->indent);
			p = out_reserve(o, PART_ROOM);
			if (!p)
				return;
		}
	}
	if (column == b->indent - 1)
		return; /* nothing to show: not even the indentation */
	*p++ = '\n';
	o->len = (size_t)(p - o->data);
}

static void put_part(struct out *o, const struct block *b, const struct block_part *part,
		     size_t width, const struct row *row)
{
	size_t came = bytes_came(part, row->socket);

	if (!part->memory && came == sizeof(row->socket->info)) /* as a rule */
		put_items(o, b, part, width, row, sizeof(row->socket->info), false);
	else
		put_items(o, b, part, width, row, came, part->memory);
}

/* Whose numbers there are to show: bbr has none before it has sent. */
static unsigned cong_kind(const struct socket *sk)
{
	if (!(sk->have & HAVE_CONG_INFO) ||
	    (sk->cong_info.kind == CONG_INFO_BBR && !sk->cong_info.bbr.bandwidth))
		return CONG_INFO_NONE;
	return sk->cong_info.kind;
}

void block_put(struct out *o, const struct block *b, const struct style *style,
	       const struct row *row)
{
	size_t width = style->terminal ? style->width : SIZE_MAX;
	unsigned kind = cong_kind(row->socket);

	for (size_t i = 0; i < b->count; i++) {
		if (!b->parts[i].cong_kind || b->parts[i].cong_kind == kind)
			put_part(o, b, &b->parts[i], width, row);
	}
}

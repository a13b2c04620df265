// SPDX-License-Identifier: GPL-2.0-or-later
/* All that is known of one socket, in words. */
#include "ui/detail_text.h"

#include "explain/closer.h"
#include "explain/state_text.h"
#include "render/block.h"
#include "render/cell.h"
#include "render/holder.h"
#include "render/message.h"
#include "render/page.h"
#include "render/units.h"
#include "ui/graph.h"
#include "util/text.h"
#include "util/translate.h"

enum { INDENT = 8 }; /* of what hangs below a label of a page */

/* The readings of one number. */
typedef uint32_t reading(const struct trail_sample *s);

static void heading(struct out *o, const struct style *style, const char *message)
{
	out_char(o, '\n');
	page_line(o, style, message_translate(message), PAINT_BOLD);
}

/* A message about the row behind a label. */
static void put(struct out *o, const struct style *style, const char *label, const char *message,
		const struct row *row)
{
	struct out text = OUT_MEMORY;

	message_put(&text, message, row);
	page_text(o, style, label, out_text(&text));
	out_free(&text);
}

static const char *time_text(struct out *o, uint64_t since, uint64_t now)
{
	o->len = 0;
	units_ms(o, now > since ? (now - since) / 1000 * 1000 : 0);
	return out_text(o);
}

static void put_identity(struct out *o, const struct style *style, const struct detail_facts *f)
{
	const struct socket *sk = f->row.socket;
	enum paint paint = paint_of_state(sk->kernel_state);
	struct out text = OUT_MEMORY;

	paint_on(o, style, paint);
	state_put(o, sk->kernel_state);
	paint_off(o, style, paint);
	out_str(o, "  ");
	paint_on(o, style, PAINT_BOLD);
	cell_put(o, field_find("local", 5), &f->row, CELL_FULL);
	if (socket_has_peer(sk)) {
		out_str(o, "  ");
		cell_put(o, field_find("peer", 4), &f->row, CELL_FULL);
	}
	paint_off(o, style, PAINT_BOLD);
	out_char(o, '\n');
	message_put(&text, f->row.verdict.situation->line, &f->row);
	page_line(o, style, out_text(&text), PAINT_NONE);
	out_free(&text);
}

static void put_gone(struct out *o, const struct style *style, const struct detail_facts *f)
{
	struct out ago = OUT_MEMORY, text = OUT_MEMORY;
	const struct message_value value = {.name = "time",
					    .text = time_text(&ago, f->past->went, f->now)};

	message_fill(&text, N_("Gone since {time}. This is how it was last seen:"), &value, 1);
	page_line(o, style, out_text(&text), PAINT_NOTICE);
	out_free(&text);
	out_free(&ago);
}

static void put_meaning(struct out *o, const struct style *style, const struct detail_facts *f)
{
	const struct situation *s = f->row.verdict.situation;
	const struct state_text *state = state_text(f->row.socket->kernel_state);

	out_char(o, '\n');
	page_text(o, style, PAGE_LABEL("means"), message_translate(s->more));
	page_text(o, style, PAGE_LABEL("next"), message_translate(s->next));
	page_text(o, style, PAGE_LABEL("do"), message_translate(s->todo));
	if (state)
		page_text(o, style, PAGE_LABEL("state"), message_translate(state->meaning));
}

/* "812: nginx: worker process", one line for each holder. */
static void put_commands(struct out *o, const struct style *style, const struct detail_facts *f)
{
	const char *p = f->command, *end = p ? p + f->command_len : NULL;
	const char *label = PAGE_LABEL("runs");

	while (p && p < end) {
		size_t pid_len = strnlen(p, (size_t)(end - p));
		const char *line = p + pid_len + (p + pid_len < end);
		size_t len = strnlen(line, (size_t)(end - line));
		struct out pid = OUT_MEMORY, safe = OUT_MEMORY, text = OUT_MEMORY;

		text_safe(&pid, p, pid_len, TEXT_CELL);
		text_safe(&safe, line, len, TEXT_LINE);
		message_headed(&text, out_text(&pid), out_text(&safe));
		page_text(o, style, label, out_text(&text));
		out_free(&pid);
		out_free(&safe);
		out_free(&text);
		label = "";
		p = line + len + 1;
	}
}

static void put_holder(struct out *o, const struct style *style, const struct detail_facts *f)
{
	const struct remedy *closer =
		f->row.socket->kernel_state == STATE_LISTEN ? closer_of(&f->row) : NULL;
	struct out text = OUT_MEMORY;

	out_char(o, '\n');
	if (f->row.verdict.reason == OWNER_SOUGHT)
		out_str(&text, message_translate(N_("being looked for")));
	else
		holder_put(&text, &f->row);
	page_text(o, style, PAGE_LABEL("owner"), out_text(&text));
	out_free(&text);
	put_commands(o, style, f);
	if (closer)
		put(o, style, PAGE_LABEL("closes"), closer->text, &f->row);
}

static void put_queues(struct out *o, const struct style *style, const struct row *row)
{
	const struct socket *sk = row->socket;

	if (sk->kernel_state == STATE_LISTEN)
		put(o, style, PAGE_LABEL("queues"),
		    N_("{accept-queue} connections wait for accept()[; the queue is full when more "
		       "than {backlog} do]"),
		    row);
	else if (!sk->recv_queue && !sk->send_queue)
		put(o, style, PAGE_LABEL("queues"),
		    N_("empty: nothing waits to be read, nothing to be acknowledged"), row);
	else if (sk->recv_queue == 1 && sk->kernel_state == STATE_CLOSE_WAIT)
		put(o, style, PAGE_LABEL("queues"),
		    N_("the peer's FIN, which the program has not read yet; {sendq} written and not "
		       "acknowledged by the peer yet"),
		    row);
	else
		put(o, style, PAGE_LABEL("queues"),
		    N_("{recvq} received and not read by the program yet, {sendq} written and not "
		       "acknowledged by the peer yet"),
		    row);
}

static void put_timer(struct out *o, const struct style *style, const struct row *row)
{
	const struct socket *sk = row->socket;

	if (sk->have & HAVE_TIMER && sk->timer == TIMER_NONE)
		put(o, style, PAGE_LABEL("timer"), N_("none runs"), row);
	else if (sk->have & HAVE_TIMER && !sk->retrans)
		put(o, style, PAGE_LABEL("timer"), N_("{timer}[, fires in {expires}]"), row);
	else if (sk->have & HAVE_TIMER)
		put(o, style, PAGE_LABEL("timer"),
		    N_("{timer}[, fires in {expires}][, fired {tries} times in vain]"), row);
}

/* Whom the address lets in; the interface it is bound to. */
static void put_ends(struct out *o, const struct style *style, const struct row *row)
{
	if (row->socket->kernel_state == STATE_LISTEN)
		put(o, style, PAGE_LABEL("reach"), N_("{reach}[, interface {interface}]"), row);
	else if (row->socket->interface)
		put(o, style, PAGE_LABEL("reach"), N_("interface {interface} only"), row);
}

static void put_change(struct out *o, const struct style *style, const struct detail_facts *f,
		       unsigned i)
{
	const struct live_socket *past = f->past;
	unsigned after = i ? past->was[i - 1] : f->row.socket->kernel_state;
	struct out ago = OUT_MEMORY, text = OUT_MEMORY, from = OUT_MEMORY, to = OUT_MEMORY;

	state_put(&from, past->was[i]);
	state_put(&to, after);
	message_fill(&text, N_("{time} ago it went from {before} to {after}"),
		     (struct message_value[]){
			     {.name = "time", .text = time_text(&ago, past->was_until[i], f->now)},
			     {.name = "before", .text = out_text(&from)},
			     {.name = "after", .text = out_text(&to)},
		     },
		     3);
	page_text(o, style, "", out_text(&text));
	out_free(&ago);
	out_free(&text);
	out_free(&from);
	out_free(&to);
}

static void put_past(struct out *o, const struct style *style, const struct detail_facts *f)
{
	struct out ago = OUT_MEMORY, text = OUT_MEMORY;
	const struct message_value value = {.name = "time",
					    .text = time_text(&ago, f->past->came, f->now)};
	unsigned count = 0;

	if (f->past->came)
		message_fill(&text, N_("first seen {time} ago"), &value, 1);
	else
		out_str(&text, message_translate(N_("there since before this view was opened")));
	page_text(o, style, PAGE_LABEL("past"), out_text(&text));
	while (count < LIVE_WAS && f->past->was[count])
		count++;
	while (count)
		put_change(o, style, f, --count);
	out_free(&ago);
	out_free(&text);
}

static uint32_t recv_queue_of(const struct trail_sample *s)
{
	return s->recv_queue;
}

static uint32_t send_queue_of(const struct trail_sample *s)
{
	return s->send_queue;
}

static uint32_t rtt_of(const struct trail_sample *s)
{
	return s->rtt ? s->rtt : GRAPH_UNKNOWN;
}

/* The oldest first; returns how many there are. */
static size_t readings(const struct trail *t, reading *of, uint32_t values[TRAIL_SAMPLES])
{
	for (unsigned i = 0; i < t->count; i++)
		values[i] =
			of(&t->samples[(t->next + TRAIL_SAMPLES - t->count + i) % TRAIL_SAMPLES]);
	return t->count;
}

static void put_line(struct out *o, const struct style *style, const uint32_t *values, size_t count)
{
	out_repeat(o, ' ', INDENT);
	paint_on(o, style, PAINT_GOOD);
	graph_put(o, values, count, style->width > INDENT ? style->width - INDENT : 1);
	paint_off(o, style, PAINT_GOOD);
	out_char(o, '\n');
}

/* "now 75us, least 50us, most 1.2ms", and the graph below it. */
static void put_graph(struct out *o, const struct style *style, const struct trail *t,
		      const char *label, reading *of, void (*unit)(struct out *o, uint64_t v))
{
	uint32_t values[TRAIL_SAMPLES], least = UINT32_MAX, most = 0;
	size_t count = readings(t, of, values);
	struct out texts[3] = {OUT_MEMORY, OUT_MEMORY, OUT_MEMORY}, text = OUT_MEMORY;

	for (size_t i = 0; i < count; i++) {
		if (values[i] == GRAPH_UNKNOWN)
			continue;
		least = values[i] < least ? values[i] : least;
		most = values[i] > most ? values[i] : most;
	}
	if (least == UINT32_MAX)
		return;
	unit(&texts[0], values[count - 1]);
	unit(&texts[1], least);
	unit(&texts[2], most);
	message_fill(&text, N_("[now {now}, ]least {least}, most {most}"),
		     (struct message_value[]){
			     {.name = "now",
			      .text = out_text(&texts[0]),
			      .absent = values[count - 1] == GRAPH_UNKNOWN},
			     {.name = "least", .text = out_text(&texts[1])},
			     {.name = "most", .text = out_text(&texts[2])},
		     },
		     3);
	page_text(o, style, label, out_text(&text));
	if (most)
		put_line(o, style, values, count);
	for (int i = 0; i < 3; i++)
		out_free(&texts[i]);
	out_free(&text);
}

static void put_history(struct out *o, const struct style *style, const struct detail_facts *f)
{
	bool listening = f->row.socket->kernel_state == STATE_LISTEN;

	heading(o, style, N_("Recently"));
	put_past(o, style, f);
	if (!f->trail || f->trail->count < 2)
		return;
	put_graph(o, style, f->trail, "recvq", recv_queue_of, listening ? out_u64 : units_bytes);
	if (listening)
		return;
	put_graph(o, style, f->trail, "sendq", send_queue_of, units_bytes);
	put_graph(o, style, f->trail, "rtt", rtt_of, units_us);
}

static void put_numbers(struct out *o, const struct style *style, const struct row *row)
{
	struct block block;

	heading(o, style, N_("All numbers (tcpstate --columns help says what each is)"));
	block_prepare(&block, BLOCK_EXTENDED | BLOCK_TIMER | BLOCK_MEMORY | BLOCK_INFO, style);
	block_put(o, &block, style, row);
}

void detail_text(struct out *o, const struct style *style, const struct detail_facts *f)
{
	if (f->past->went)
		put_gone(o, style, f);
	put_identity(o, style, f);
	put_meaning(o, style, f);
	put_holder(o, style, f);
	out_char(o, '\n');
	put_queues(o, style, &f->row);
	put_timer(o, style, &f->row);
	put_ends(o, style, &f->row);
	if (!f->saved)
		put_history(o, style, f);
	put_numbers(o, style, &f->row);
}

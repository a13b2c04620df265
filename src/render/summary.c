// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/summary.h"

#include <stdlib.h>
#include <sys/socket.h>

#include "explain/situation.h"
#include "explain/state_text.h"
#include "render/grid.h"
#include "render/health.h"
#include "render/json.h"
#include "render/message.h"
#include "util/translate.h"

/* Situations that are worth a look when they last or grow. */
static const struct notable {
	enum situation_name situation;
	const char *message;
} notables[] = {
	{SITUATION_LISTEN_QUEUE_FULL,
	 N_("listeners with a full accept queue: new clients wait or are dropped")},
	{SITUATION_SYN_SENT_UNANSWERED, N_("SYN sent again, no answer so far")},
	{SITUATION_SYN_RECEIVED_UNANSWERED, N_("SYN-ACK sent again, the client has not answered")},
	{SITUATION_ESTABLISHED_RETRANSMITTING, N_("data sent again after a timeout")},
	{SITUATION_ESTABLISHED_PEER_WINDOW_CLOSED, N_("data waits: the peer has no room")},
	{SITUATION_ESTABLISHED_KEEPALIVE_UNANSWERED, N_("keepalive probes without an answer")},
	{SITUATION_ESTABLISHED_BLOCKED, N_("data waits: nothing leaves this host")},
	{SITUATION_ESTABLISHED_PROBING, N_("data waits, and the kernel probes")},
	{SITUATION_FIN_WAIT_1_RETRANSMITTING, N_("FIN or data before it sent again")},
	{SITUATION_FIN_WAIT_1_PEER_WINDOW_CLOSED,
	 N_("data before the FIN waits: the peer has no room")},
	{SITUATION_FIN_WAIT_2_HELD_BY_APP, N_("shut down here, the program keeps the descriptor")},
	{SITUATION_CLOSE_WAIT_APP_MUST_CLOSE,
	 N_("the peer has closed, the program's close() is due")},
	{SITUATION_CLOSE_WAIT_UNREAD_DATA, N_("the peer has closed, its data is not read yet")},
	{SITUATION_CLOSE_WAIT_NEVER_ACCEPTED,
	 N_("the peer has closed before accept(): no process")},
	{SITUATION_CLOSE_WAIT_RETRANSMITTING, N_("the peer has closed, our data is sent again")},
	{SITUATION_CLOSE_WAIT_PEER_WINDOW_CLOSED,
	 N_("the peer has closed its side and has no room for our data")},
	{SITUATION_CLOSING_RETRANSMITTING, N_("FIN sent again in a simultaneous close")},
	{SITUATION_LAST_ACK_RETRANSMITTING, N_("last FIN sent again, no answer so far")},
	{SITUATION_LAST_ACK_PEER_WINDOW_CLOSED,
	 N_("data before the last FIN waits: the peer has no room")},
	{SITUATION_CLOSED_CONNECT_FAILED, N_("connect() failed, the descriptor is still open")},
};

enum { NOTABLE_COUNT = sizeof(notables) / sizeof(notables[0]) };

struct summary {
	struct view view;
	bool json;
	uint64_t states[UINT8_MAX + 1][2]; /* IPv4, IPv6 */
	uint64_t situations[SITUATION_COUNT];
	uint64_t not_accepted, orphans;
	struct health health;
};

static int take(struct sink *sink, struct row *row)
{
	struct summary *s = (struct summary *)sink;

	s->view.shown++;
	s->states[row->socket->kernel_state & UINT8_MAX][row->socket->family == AF_INET6]++;
	s->not_accepted += !!(row->verdict.details & DETAIL_NOT_ACCEPTED);
	s->orphans += !!(row->verdict.details & DETAIL_ORPHAN);
	if (row->verdict.situation)
		s->situations[row->verdict.situation - situations]++;
	return health_take(&s->health, row);
}

static uint64_t total(const struct summary *s, unsigned state)
{
	return s->states[state][0] + s->states[state][1];
}

/* The states in the table's order, then the unknown ones that were met; false at the end. */
static bool next_state(const struct summary *s, unsigned *i, unsigned *state)
{
	while (state_next(i, state)) {
		if (state_token(*state) || total(s, *state))
			return true;
	}
	return false;
}

/* What the kernel counts. */

struct kernel_line {
	const char *counter;
	const char *message;
};

static const struct kernel_line now_lines[] = {
	{"Tcp.CurrEstab", N_("ESTABLISHED and CLOSE_WAIT, in this namespace")},
	{"sockstat.TCP.inuse", N_("IPv4 sockets in use, in this namespace")},
	{"sockstat.TCP6.inuse", N_("IPv6 sockets in use, in this namespace")},
	{"sockstat.TCP.tw", N_("TIME_WAIT, and FIN_WAIT_2 kept likewise, in this namespace")},
	{"sockstat.TCP.orphan", N_("closed by their programs and not done yet, whole host")},
	{"sockstat.TCP.alloc", N_("sockets allocated in any state, whole host")},
	{"sockstat.TCP.mem", N_("memory pages of all TCP buffers, whole host")},
};

static const struct kernel_line since_lines[] = {
	{"Tcp.ActiveOpens", N_("connections begun from here")},
	{"Tcp.PassiveOpens", N_("handshakes completed for listeners")},
	{"Tcp.AttemptFails", N_("handshakes that failed, in either direction")},
	{"Tcp.EstabResets", N_("resets in ESTABLISHED or CLOSE_WAIT")},
	{"Tcp.OutSegs", N_("segments sent")},
	{"Tcp.RetransSegs", N_("segments sent again")},
	{"TcpExt.ListenOverflows", N_("accept queue found full")},
	{"TcpExt.ListenDrops", N_("packets dropped at listeners, overflows too")},
	{"TcpExt.SyncookiesSent", N_("SYN cookies sent instead of queueing")},
	{"TcpExt.TCPTimeWaitOverflow", N_("TIME_WAIT skipped, there were too many")},
};

enum {
	NOW_COUNT = sizeof(now_lines) / sizeof(now_lines[0]),
	SINCE_COUNT = sizeof(since_lines) / sizeof(since_lines[0]),
};

/* As text. */

static const struct grid_column state_columns[] = {
	{"STATE", false, 0}, {"TOTAL", true, 0},    {"IPV4", true, 0},
	{"IPV6", true, 0},   {"MEANING", false, 0},
};

static const struct grid_column notable_columns[] = {
	{"SITUATION", false, 0},
	{"COUNT", true, 0},
	{"MEANING", false, 0},
};

static const struct grid_column now_columns[] = {
	{"KERNEL-NOW", false, 0},
	{"COUNT", true, 0},
	{"MEANING", false, 0},
};

static const struct grid_column since_columns[] = {
	{"KERNEL-SINCE-BOOT", false, 0},
	{"COUNT", true, 0},
	{"MEANING", false, 0},
};

#define LAYOUT(list)                                                                    \
	{                                                                               \
		.columns = (list), .count = sizeof(list) / sizeof((list)[0]), .gap = 1, \
		.header = true, .wrap = true,                                           \
	}

static const struct grid_layout state_layout = LAYOUT(state_columns);
static const struct grid_layout notable_layout = LAYOUT(notable_columns);
static const struct grid_layout now_layout = LAYOUT(now_columns);
static const struct grid_layout since_layout = LAYOUT(since_columns);

static void put_count(struct grid *g, uint64_t n)
{
	out_u64(&g->text, n);
	grid_cell(g, n ? PAINT_NONE : PAINT_DIM);
}

static void put_message(struct grid *g, const char *message, enum paint paint)
{
	out_str(&g->text, message_translate(message));
	grid_cell(g, paint);
}

static void put_state(struct grid *g, const struct summary *s, unsigned state)
{
	const struct state_text *text = state_text(state);
	bool any = total(s, state);

	state_put(&g->text, state);
	grid_cell(g, any ? paint_of_state(state) : PAINT_DIM);
	put_count(g, total(s, state));
	put_count(g, s->states[state][0]);
	put_count(g, s->states[state][1]);
	put_message(g, text ? text->summary : N_("a number that this version does not know"),
		    any ? PAINT_NONE : PAINT_DIM);
}

static int put_states(const struct summary *s)
{
	struct grid g = GRID(&state_layout);
	unsigned i = 0, state;
	int error;

	while (next_state(s, &i, &state))
		put_state(&g, s, state);
	error = grid_put(&g, s->view.out, &s->view.options->style);
	grid_free(&g);
	return error;
}

static bool put_number(struct out *o, const char *name, size_t n, const void *ctx)
{
	if (n != 5 || memcmp(name, "count", n))
		return false;
	out_u64(o, *(const uint64_t *)ctx);
	return true;
}

static void put_details(const struct summary *s)
{
	struct out *o = s->view.out;

	out_char(o, '\n');
	message_expand(o, "not accepted yet: {count}", put_number, &s->not_accepted);
	out_char(o, '\n');
	message_expand(o, "orphans: {count}", put_number, &s->orphans);
	out_char(o, '\n');
}

static void put_note(const struct summary *s, const char *note)
{
	const struct style *style = &s->view.options->style;
	struct out *o = s->view.out;

	if (!note || !style->header)
		return;
	paint_on(o, style, PAINT_DIM);
	out_str(o, message_translate(note));
	paint_off(o, style, PAINT_DIM);
	out_char(o, '\n');
}

/* Writes a grid behind an empty line, and a note; nothing where it has no rows. */
static int put_section(struct grid *g, const struct summary *s, const char *note)
{
	bool rows = g->count;
	int error = 0;

	if (rows)
		out_char(s->view.out, '\n');
	if (rows || g->text.error)
		error = grid_put(g, s->view.out, &s->view.options->style);
	if (rows)
		put_note(s, note);
	grid_free(g);
	return error;
}

static int put_notables(const struct summary *s)
{
	struct grid g = GRID(&notable_layout);

	for (unsigned i = 0; i < NOTABLE_COUNT; i++) {
		uint64_t n = s->situations[notables[i].situation];

		if (!n)
			continue;
		out_str(&g.text, situations[notables[i].situation].id);
		grid_cell(&g, PAINT_NOTICE);
		put_count(&g, n);
		put_message(&g, notables[i].message, PAINT_NONE);
	}
	return put_section(&g, s, N_("tcpstate --explain=SITUATION says more"));
}

static int put_kernel(const struct summary *s, const struct grid_layout *layout,
		      const struct kernel_line *lines, unsigned count, const char *note)
{
	const struct snapshot *snapshot = s->view.snapshot;
	struct grid g = GRID(layout);

	for (unsigned i = 0; i < count && snapshot->namespace_count; i++) {
		uint64_t v;

		if (!netns_counter(&snapshot->namespaces[0], lines[i].counter, &v))
			continue;
		out_str(&g.text, lines[i].counter);
		grid_cell(&g, PAINT_NONE);
		put_count(&g, v);
		put_message(&g, lines[i].message, PAINT_NONE);
	}
	return put_section(&g, s, note);
}

static int put_text(const struct summary *s)
{
	int error = put_states(s);

	if (error)
		return error;
	put_details(s);
	out_char(s->view.out, '\n');
	health_put_line(s->view.out, &s->view.options->style, &s->health);
	error = put_notables(s);
	if (!error)
		error = put_kernel(s, &now_layout, now_lines, NOW_COUNT, NULL);
	if (!error)
		error = put_kernel(
			s, &since_layout, since_lines, SINCE_COUNT,
			N_("counted since boot, or since this network namespace began: only "
			   "growth tells"));
	return error;
}

static void json_states(struct out *o, char *sep, const struct summary *s)
{
	char list = '{';
	unsigned i = 0, state;

	json_key(o, sep, "states");
	while (next_state(s, &i, &state)) {
		char item = '{';

		json_item(o, &list);
		out_char(o, '"');
		state_put(o, state);
		out_str(o, "\":");
		json_count(o, &item, "inet", s->states[state][0]);
		json_count(o, &item, "inet6", s->states[state][1]);
		json_count(o, &item, "total", total(s, state));
		json_close(o, &item, '}');
	}
	json_close(o, &list, '}');
}

static void json_details(struct out *o, char *sep, const struct summary *s)
{
	char list = '{';

	json_key(o, sep, "details");
	json_count(o, &list, detail_tokens[DETAIL_INDEX_NOT_ACCEPTED], s->not_accepted);
	json_count(o, &list, detail_tokens[DETAIL_INDEX_ORPHAN], s->orphans);
	json_close(o, &list, '}');
	json_key(o, sep, "situations");
	list = '{';
	for (unsigned i = 0; i < SITUATION_COUNT; i++) {
		if (s->situations[i])
			json_count(o, &list, situations[i].id, s->situations[i]);
	}
	json_close(o, &list, '}');
}

static void json_kernel(struct out *o, char *sep, const struct snapshot *snapshot)
{
	const struct netns *ns = snapshot->namespaces;
	size_t count = snapshot->namespace_count ? ns->counter_count : 0;
	char list = '{';

	json_key(o, sep, "kernel");
	for (size_t i = 0; i < count; i++) {
		/* Of a saved snapshot they are any bytes. */
		json_item(o, &list);
		json_quote(o, ns->counters[i].name);
		out_char(o, ':');
		json_u64(o, ns->counters[i].value);
	}
	json_close(o, &list, '}');
}

/* Absent where there were too many sockets to judge. */
static void json_health(struct out *o, char *sep, const struct health *h)
{
	char list = '[';

	if (h->too_many)
		return;
	json_key(o, sep, "health");
	for (size_t i = 0; i < h->found.count; i++) {
		char item = '{';

		json_item(o, &list);
		json_key(o, &item, "id");
		json_quote(o, h->found.findings[i]->kind->id);
		json_key(o, &item, "severity");
		json_quote(o, severity_token(h->found.findings[i]->severity));
		json_close(o, &item, '}');
	}
	json_close(o, &list, ']');
}

static int put_json(const struct summary *s)
{
	struct out *o = s->view.out;
	char sep = ',';

	json_head(o, s->view.snapshot, s->view.options);
	json_states(o, &sep, s);
	json_details(o, &sep, s);
	json_kernel(o, &sep, s->view.snapshot);
	json_health(o, &sep, &s->health);
	json_tail(o, s->view.snapshot, s->view.shown);
	return o->error;
}

static int end(struct view *view)
{
	struct summary *s = (struct summary *)view;
	int error = health_judge(&s->health, view);

	if (error)
		return error;
	return s->json ? put_json(s) : put_text(s);
}

static void free_summary(struct view *view)
{
	health_free(&((struct summary *)view)->health);
	free(view);
}

static struct view *make(bool json)
{
	struct summary *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->json = json;
	s->view.sink.take = take;
	s->view.end = end;
	s->view.free = free_summary;
	return &s->view;
}

struct view *summary_view(void)
{
	return make(false);
}

struct view *summary_json_view(void)
{
	return make(true);
}

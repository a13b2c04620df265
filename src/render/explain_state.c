// SPDX-License-Identifier: GPL-2.0-or-later
/* The page of one state, or of one situation, and the overview of all states. */
#include <stdlib.h>

#include "explain/state_text.h"
#include "render/cell.h"
#include "render/census.h"
#include "render/explain.h"
#include "render/health.h"
#include "render/json.h"
#include "render/message.h"
#include "render/page.h"
#include "render/units.h"
#include "util/translate.h"

enum { NAMED_PROCESSES = 3 };

struct page {
	struct view view;
	struct census censuses[STATE_COUNT]; /* by place in the order of states */
	struct health health;                /* of pages of a single state */
};

/* The state that options->subject names, where it names a single one. */
static unsigned subject_state(const struct page *p)
{
	const char *subject = p->view.options->subject;
	uint32_t mask = state_parse(subject, strlen(subject));

	return (unsigned)__builtin_ctz(mask);
}

static int take(struct sink *sink, struct row *row)
{
	struct page *p = (struct page *)sink;
	unsigned rank = state_rank(row->socket->kernel_state);

	p->view.shown++;
	return rank < STATE_COUNT ? census_add(&p->censuses[rank], row) : 0;
}

/* Findings about one state come of the others too. */
static int take_for_state(struct sink *sink, struct row *row)
{
	struct page *p = (struct page *)sink;
	int error = health_take(&p->health, row);

	if (error || row->socket->kernel_state != subject_state(p))
		return error;
	return take(sink, row);
}

static void free_page(struct view *view)
{
	struct page *p = (struct page *)view;

	health_free(&p->health);

	for (unsigned i = 0; i < STATE_COUNT; i++)
		census_free(&p->censuses[i]);
	free(p);
}

static struct view *page_view(int (*end)(struct view *view))
{
	struct page *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->view.sink.take = take;
	p->view.end = end;
	p->view.free = free_page;
	return &p->view;
}

/* A name in bold, and in a clause what it is; NULL has none. */
static void put_headline(struct out *o, const struct style *style, const char *name,
			 const char *summary)
{
	struct out painted = OUT_MEMORY;

	paint_on(&painted, style, PAINT_BOLD);
	out_str(&painted, name);
	paint_off(&painted, style, PAINT_BOLD);
	if (summary)
		message_headed(o, out_text(&painted), message_translate(summary));
	else
		out_str(o, out_text(&painted));
	out_str(o, "\n\n");
	out_free(&painted);
}

/* How many there are; with `s` also of which family, and since when. */
static void put_count(struct page *p, uint64_t count, const struct standing *s)
{
	struct out text = OUT_MEMORY, age = OUT_MEMORY;
	bool families = s && s->count, oldest = s && s->have_oldest;

	if (oldest)
		units_ms(&age, s->oldest_ms);
	message_fill(&text,
		     N_("{count} now[: {inet} IPv4, {inet6} IPv6][, oldest at least {oldest}]"),
		     (struct message_value[]){
			     {.name = "count", .number = count},
			     {"inet", NULL, families ? s->inet : 0, !families},
			     {"inet6", NULL, families ? s->inet6 : 0, !families},
			     {"oldest", out_text(&age), 0, !oldest},
		     },
		     4);
	page_text(p->view.out, &p->view.options->style, PAGE_LABEL("here"), out_text(&text));
	out_free(&age);
	out_free(&text);
}

/* Another item of a list of data. */
static void put_item(struct out *o, const char *message, uint64_t count)
{
	if (o->len)
		out_str(o, ", ");
	message_fill(o, message, &(struct message_value){.name = "count", .number = count}, 1);
}

static void put_processes(struct out *o, const struct census *c, const struct snapshot *s)
{
	uint64_t count, left = c->standing.count - c->without_process;
	uint32_t process;

	for (unsigned i = 0; i < NAMED_PROCESSES && census_largest(c, i, &process, &count); i++) {
		if (i)
			out_str(o, ", ");
		cell_process(o, &s->owners.processes[process]);
		out_char(o, ' ');
		out_u64(o, count);
		left -= count;
	}
	if (left)
		put_item(o, N_("others {count}"), left);
	if (c->without_process && c->without_process < c->standing.count)
		put_item(o, N_("no process {count}"), c->without_process);
}

static void put_limits(struct out *o, unsigned state, const struct snapshot *s)
{
	const enum sysctl_name *name = standing_sysctls(state);

	for (; *name != SYSCTL_COUNT; name++) {
		const struct sysctl_value *v = snapshot_sysctl(s, 0, *name);

		if (!v)
			continue;
		if (o->len)
			out_str(o, ", ");
		out_str(o, sysctls[*name].name);
		out_char(o, ' ');
		out_i64(o, v->value);
		if (*name == SYSCTL_ip_local_port_range) {
			out_char(o, '-');
			out_i64(o, v->upper);
		}
	}
}

/* Whose they are, and the settings in force. */
static void put_where(struct page *p, unsigned state)
{
	const struct style *style = &p->view.options->style;
	const struct census *c = &p->censuses[state_rank(state)];
	struct out text = OUT_MEMORY;

	put_processes(&text, c, p->view.snapshot);
	if (text.len)
		page_text(p->view.out, style, "", out_text(&text));
	text.len = 0;
	put_limits(&text, state, p->view.snapshot);
	if (text.len)
		page_text(p->view.out, style, "", out_text(&text));
	out_free(&text);
}

/* How this host stands: at most five lines. */
static void put_standing(struct page *p, unsigned state)
{
	const struct style *style = &p->view.options->style;
	const struct census *c = &p->censuses[state_rank(state)];
	struct standing_verdict verdict = standing_judge(state, &c->standing, p->view.snapshot);
	struct out text = OUT_MEMORY;

	put_count(p, c->standing.count, &c->standing);
	put_where(p, state);
	message_fill(&text, verdict.message,
		     (struct message_value[]){
			     {.name = "count", .number = verdict.count},
			     {.name = "limit", .number = verdict.limit},
			     {.name = "most", .number = verdict.most},
			     {.name = "percent", .number = verdict.percent},
		     },
		     4);
	page_painted(p->view.out, style, "", out_text(&text),
		     verdict.notice ? PAINT_NOTICE : PAINT_NONE);
	out_free(&text);
}

void explain_put_state(struct out *o, const struct style *style, unsigned state)
{
	const struct state_text *t = state_text(state);
	const struct {
		const char *label, *text;
	} parts[] = {
		{PAGE_LABEL("means"), t->meaning}, {PAGE_LABEL("in"), t->enter},
		{PAGE_LABEL("out"), t->leave},     {PAGE_LABEL("lasts"), t->lasts},
		{PAGE_LABEL("worry"), t->worry},   {PAGE_LABEL("fault"), t->side},
		{PAGE_LABEL("do"), t->todo},
	};

	put_headline(o, style, state_token(state), t->summary);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		page_text(o, style, parts[i].label, message_translate(parts[i].text));
}

static int end_state(struct view *view)
{
	struct page *p = (struct page *)view;
	unsigned state = subject_state(p);
	const struct style *style = &view->options->style;
	int error;

	explain_put_state(view->out, style, state);
	out_char(view->out, '\n');
	put_standing(p, state);
	error = health_judge(&p->health, view);
	if (!error)
		health_put_findings(view->out, style, &p->health, 1u << state);
	return error;
}

struct view *explain_state_view(void)
{
	struct view *view = page_view(end_state);

	if (view)
		view->sink.take = take_for_state;
	return view;
}

/* What comes before the slash of its id. */
static unsigned situation_state(const struct situation *s)
{
	return (unsigned)__builtin_ctz(state_parse(s->id, strcspn(s->id, "/")));
}

static int take_for_situation(struct sink *sink, struct row *row)
{
	struct page *p = (struct page *)sink;
	int error = health_take(&p->health, row);

	if (error || row->verdict.situation != situation_find(p->view.options->subject))
		return error;
	return take(sink, row);
}

static int end_situation(struct view *view)
{
	struct page *p = (struct page *)view;
	const struct situation *s = situation_find(view->options->subject);
	unsigned state = situation_state(s);
	const struct census *c = &p->censuses[state_rank(state)];
	const struct style *style = &view->options->style;
	int error = health_judge(&p->health, view);

	put_headline(view->out, style, s->id, NULL);
	page_text(view->out, style, PAGE_LABEL("means"), message_translate(s->more));
	page_text(view->out, style, PAGE_LABEL("next"), message_translate(s->next));
	page_text(view->out, style, PAGE_LABEL("do"), message_translate(s->todo));
	out_char(view->out, '\n');
	put_count(p, c->standing.count, &c->standing);
	put_where(p, state);
	health_put_findings(view->out, style, &p->health, 1u << state);
	return error;
}

struct view *explain_situation_view(void)
{
	struct view *view = page_view(end_situation);

	if (view)
		view->sink.take = take_for_situation;
	return view;
}

static int end_states(struct view *view)
{
	struct page *p = (struct page *)view;
	const struct style *style = &view->options->style;
	const char *subject = view->options->subject;
	uint32_t asked = subject ? state_parse(subject, strlen(subject)) : UINT32_MAX;
	struct out *o = view->out;

	paint_on(o, style, PAINT_HEADER);
	out_printf(o, "%-12s %7s  %s", "STATE", "HERE", "MEANING");
	paint_off(o, style, PAINT_HEADER);
	out_char(o, '\n');
	for (unsigned i = 0; i < STATE_COUNT; i++) {
		unsigned state = state_order[i];
		uint64_t count = p->censuses[i].standing.count;

		if (!(asked >> state & 1))
			continue;

		paint_on(o, style, count ? paint_of_state(state) : PAINT_DIM);
		out_printf(o, "%-12s", state_token(state));
		paint_off(o, style, count ? paint_of_state(state) : PAINT_DIM);
		out_printf(o, " %7llu  %s\n", (unsigned long long)count,
			   message_translate(state_text(state)->summary));
	}
	out_char(o, '\n');
	out_str(o, message_translate("tcpstate --explain STATE tells all about one; --explain "
				     ":PORT about a port."));
	out_char(o, '\n');
	return 0;
}

struct view *explain_states_view(void)
{
	return page_view(end_states);
}

static void put_json_state(struct page *p, struct out *o, unsigned state)
{
	const struct census *c = &p->censuses[state_rank(state)];
	bool first = true;

	out_printf(o, "{\"state\":\"%s\",\"count\":%llu,\"inet\":%llu,\"inet6\":%llu",
		   state_token(state), (unsigned long long)c->standing.count,
		   (unsigned long long)c->standing.inet, (unsigned long long)c->standing.inet6);
	if (c->standing.have_oldest)
		out_printf(o, ",\"oldest_ms\":%llu", (unsigned long long)c->standing.oldest_ms);
	out_str(o, ",\"situations\":{");
	for (unsigned i = 0; i < SITUATION_COUNT; i++) {
		if (!c->standing.by_situation[i])
			continue;
		out_printf(o, "%s\"%s\":%llu", first ? "" : ",", situations[i].id,
			   (unsigned long long)c->standing.by_situation[i]);
		first = false;
	}
	out_str(o, "},\"limits\":{");
	first = true;
	for (const enum sysctl_name *n = standing_sysctls(state); *n != SYSCTL_COUNT; n++) {
		const struct sysctl_value *v = snapshot_sysctl(p->view.snapshot, 0, *n);

		if (!v)
			continue;
		out_printf(o, "%s\"%s\":", first ? "" : ",", sysctls[*n].name);
		json_setting(o, *n, v);
		first = false;
	}
	out_str(o, "}}");
}

/* The numbers of the state asked for, of all states without one. */
static int end_json(struct view *view)
{
	struct page *p = (struct page *)view;
	const char *subject = view->options->subject;
	uint32_t mask = subject ? state_parse(subject, strlen(subject)) : STATES_ALL;
	bool first = true;

	json_head(view->out, view->snapshot, view->options);
	out_str(view->out, ",\n \"explain\": [");
	for (unsigned i = 0; i < STATE_COUNT; i++) {
		if (mask && !(mask & 1u << state_order[i]))
			continue;
		out_str(view->out, first ? "\n  " : ",\n  ");
		put_json_state(p, view->out, state_order[i]);
		first = false;
	}
	out_str(view->out, "]");
	json_tail(view->out, view->snapshot, view->shown);
	return 0;
}

struct view *explain_state_json_view(void)
{
	return page_view(end_json);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* What people are told, in the order in which it helps: answer, holders, attempts, notes. */
#include <errno.h>
#include <stdlib.h>

#include "render/cell.h"
#include "render/grid.h"
#include "render/holder.h"
#include "render/message.h"
#include "render/page.h"
#include "render/units.h"
#include "render/why.h"
#include "render/why_json.h"
#include "util/compare.h"
#include "util/text.h"
#include "util/translate.h"

enum { SHOWN_GROUPS = 8 };

/* Blockers of which the same is to be told; the first lasts longest. */
struct group {
	const struct blocker *first;
	size_t count;
	uint32_t process; /* of the owner table; OWNER_NONE has none */
	const char *pass;
	const struct remedy *remedy;
};

/* What the {names} of a message stand for. */
struct names {
	const struct why *w;
	const struct why_case *c;
	const struct blocker *blocker; /* NULL is none */
	int attempt;                   /* enum bind_attempt; -1 is none */
	const struct group *groups;    /* all of them */
};

static uint32_t process_of(const struct row *row)
{
	uint32_t owner = row ? row->socket->owners : OWNER_NONE;

	return owner == OWNER_NONE ? OWNER_NONE : row->snapshot->owners.owners[owner].process;
}

static bool put_setting(struct out *o, const struct snapshot *s, enum sysctl_name name)
{
	const struct sysctl_value *v = snapshot_sysctl(s, 0, name);

	if (!v)
		return false;
	out_i64(o, v->value);
	if (v->upper)
		out_printf(o, "-%lld", (long long)v->upper);
	return true;
}

static bool is_name(const char *name, size_t n, const char *wanted)
{
	return strlen(wanted) == n && !memcmp(name, wanted, n);
}

static bool put_last(struct out *o, const struct row *row)
{
	if (!row || row->socket->timer == TIMER_NONE || !(row->socket->have & HAVE_TIMER))
		return false;
	units_ms(o, row->socket->expires);
	return true;
}

static bool put_answer(struct out *o, const char *name, size_t n, const struct names *names)
{
	char room[WHY_TOKEN];
	int attempt = names->attempt;

	if (attempt < 0)
		return false;
	if (is_name(name, n, "attempt"))
		out_str(o, bind_attempts[attempt].shown);
	else if (is_name(name, n, "predicted"))
		out_str(o, why_token(room, names->c->asked->predicted.of[attempt]));
	else if (is_name(name, n, "answer") || is_name(name, n, "error"))
		out_str(o, why_token(room, why_answers(names->w, names->c)->of[attempt]));
	else
		return false;
	return true;
}

static bool put_field(struct out *o, const char *name, size_t n, const struct row *row)
{
	const struct field *f = field_find(name, n);
	struct value v;

	if (!f || !row || !field_get(f, row, &v))
		return false;
	cell_value(o, f, row, &v, CELL_BRIEF);
	return true;
}

static bool put_name(struct out *o, const char *name, size_t n, const void *ctx)
{
	const struct names *names = ctx;
	const struct row *row = names->blocker ? names->blocker->row : NULL;
	const struct snapshot *s = names->w->view.snapshot;
	const char *asker = names->w->inquiry->user, *address = names->c->asked->text;

	if (is_name(name, n, "port")) {
		out_u64(o, names->c->asked->local.port);
	} else if (is_name(name, n, "address")) {
		text_safe(o, address, strlen(address), TEXT_LINE);
	} else if (is_name(name, n, "asker") && asker) {
		text_safe(o, asker, strlen(asker), TEXT_LINE);
	} else if (is_name(name, n, "holder") && row) {
		out_u64(o, row->socket->uid);
	} else if (is_name(name, n, "range")) {
		return put_setting(o, s, SYSCTL_ip_local_port_range);
	} else if (is_name(name, n, "start")) {
		return put_setting(o, s, SYSCTL_ip_unprivileged_port_start);
	} else if (is_name(name, n, "last")) {
		return put_last(o, row);
	} else {
		return put_answer(o, name, n, names) || put_field(o, name, n, row);
	}
	return true;
}

static void put_part(const struct names *names, const char *label, const char *message)
{
	struct out text = OUT_MEMORY;

	message_expand(&text, message, put_name, names);
	page_text(names->w->view.out, &names->w->view.options->style, label, out_text(&text));
	out_free(&text);
}

/* ---- the answer */

static void put_line(const struct names *names, const char *message, enum paint paint)
{
	const struct style *style = &names->w->view.options->style;
	struct out *o = names->w->view.out;
	struct out text = OUT_MEMORY;

	message_expand(&text, message, put_name, names);
	paint_on(o, style, paint);
	out_put(o, text.data, text.len);
	paint_off(o, style, paint);
	out_char(o, '\n');
	out_free(&text);
}

/* The deciding case, and any other that is answered differently. */
static void put_answers(const struct why *w)
{
	int decided = why_answers(w, &w->cases[0])->of[BIND_PLAIN];

	for (unsigned i = 0; i < w->inquiry->count; i++) {
		struct names names = {w, &w->cases[i], NULL, BIND_PLAIN, NULL};
		const struct bind_answers *a = why_answers(w, names.c);
		int plain = a->of[BIND_PLAIN];

		if (i && plain == decided)
			continue;
		put_line(&names, why_answer(w->inquiry, plain),
			 plain == BIND_WORKS ? PAINT_GOOD : PAINT_BAD);
		for (int k = BIND_REUSEADDR; plain != BIND_WORKS && k < BIND_ATTEMPTS; k++) {
			names.attempt = k;
			if (a->of[k] == BIND_WORKS)
				put_line(&names, why_notes[NOTE_WORKS_WITH].text, PAINT_GOOD);
		}
	}
}

/* ---- what is in the way */

static int by_address(const struct row *a, const struct row *b)
{
	return a && b ? row_compare(a, b) : 0;
}

static int by_group(const struct group *a, const struct group *b)
{
	int order = COMPARE(a->first->name, b->first->name);

	/* The first refusal of the kernel is the one that bind() returns. */
	if (!a->first->row || !b->first->row)
		return a->first->row ? 1 : b->first->row ? -1 : COMPARE(a->first, b->first);
	order = order ? order : COMPARE(a->process, b->process);
	order = order ? order : COMPARE(a->pass, b->pass);
	return order ? order : COMPARE(a->remedy, b->remedy);
}

static int by_group_and_time(const void *x, const void *y)
{
	const struct group *a = x, *b = y;
	int order = by_group(a, b);

	if (order || !a->first->row)
		return order;
	order = COMPARE(b->first->row->socket->expires, a->first->row->socket->expires);
	return order ? order : by_address(a->first->row, b->first->row);
}

/* Groups of one each, sorted, then joined; NULL without memory. For the caller to free. */
static struct group *find_groups(const struct why *w, const struct why_case *c, size_t *count)
{
	struct group *groups = calloc(c->count + 1, sizeof(*groups));
	size_t n = 0;

	if (!groups)
		return NULL;
	for (size_t i = 0; i < c->count; i++) {
		const struct blocker *b = &c->blockers[i];

		groups[i] =
			(struct group){b, 1, process_of(b->row), why_pass(w->inquiry, c->asked, b),
				       why_remedy(w->inquiry, c->asked, b)};
	}
	qsort(groups, c->count, sizeof(*groups), by_group_and_time);
	for (size_t i = 0; i < c->count; i++) {
		if (n && !by_group(&groups[n - 1], &groups[i]))
			groups[n - 1].count++;
		else
			groups[n++] = groups[i];
	}
	*count = n;
	return groups;
}

static void put_count(const struct why *w, const char *before, const char *message, size_t count)
{
	struct message_value value = {.name = "count", .number = count};
	struct out text = OUT_MEMORY;

	out_str(&text, before);
	message_fill(&text, message, &value, 1);
	out_put(w->view.out, text.data, text.len);
	out_free(&text);
}

/* "listener  0.0.0.0:8080", with the peer where there is one */
static void put_heading(const struct names *names, const struct group *g)
{
	const struct style *style = &names->w->view.options->style;
	const struct blocker_kind *kind = &blocker_kinds[g->first->name];
	struct out *o = names->w->view.out;
	const struct row *row = g->first->row;

	out_char(o, '\n');
	paint_on(o, style, PAINT_BOLD);
	out_str(o, kind->id);
	paint_off(o, style, PAINT_BOLD);
	if (row) {
		out_str(o, "  ");
		put_field(o, "local", 5, row);
	}
	if (row && socket_has_peer(row->socket)) {
		out_str(o, "  ");
		put_field(o, "peer", 4, row);
	}
	if (g->count > 1)
		put_count(names->w, "  ", N_("and {count} more"), g->count - 1);
	out_char(o, '\n');
}

/* In full where it is not the holder of the group before. */
static void put_holder(const struct names *names, const struct group *g)
{
	struct out text = OUT_MEMORY;

	if (g->process != OWNER_NONE && g != names->groups && g[-1].process == g->process)
		put_field(&text, "process", 7, g->first->row);
	else
		holder_put(&text, g->first->row);
	page_text(names->w->view.out, &names->w->view.options->style, PAGE_LABEL("holder"),
		  out_text(&text));
	out_free(&text);
}

static void put_group(struct names *names, const struct group *g)
{
	const struct row *row = g->first->row;

	names->blocker = g->first;
	put_heading(names, g);
	put_part(names, PAGE_LABEL("is"), blocker_kinds[g->first->name].line);
	if (row && row->socket->inode)
		put_holder(names, g);
	put_part(names, PAGE_LABEL("until"), blocker_kinds[g->first->name].until);
	if (g->pass)
		put_part(names, PAGE_LABEL("past"), g->pass);
	put_part(names, PAGE_LABEL("do"), g->remedy->text);
	names->blocker = NULL;
}

static int put_blockers(const struct why *w)
{
	struct names names = {w, &w->cases[0], NULL, -1, NULL};
	size_t count = 0, left = 0;
	struct group *groups = find_groups(w, names.c, &count);

	if (!groups)
		return -ENOMEM;
	names.groups = groups;
	for (size_t i = 0; i < count; i++) {
		if (i < SHOWN_GROUPS)
			put_group(&names, &groups[i]);
		else
			left += groups[i].count;
	}
	if (left) {
		put_count(w, "\n", N_("and {count} more"), left);
		out_char(w->view.out, '\n');
	}
	free(groups);
	return 0;
}

/* ---- the attempts */

static enum paint paint_of(int answer)
{
	return answer == BIND_WORKS ? PAINT_GOOD : answer == BIND_UNKNOWN ? PAINT_NONE : PAINT_BAD;
}

/* The answer, and where it differs what was predicted. */
static void put_attempt(struct grid *grid, const struct why *w, const struct why_case *c,
			int attempt)
{
	struct names names = {w, c, NULL, attempt, NULL};
	int answer = why_answers(w, c)->of[attempt];
	char room[WHY_TOKEN];

	if (why_differs(w->inquiry, c->asked, attempt))
		message_expand(&grid->text, why_notes[NOTE_ANSWER_DIFFERS].text, put_name, &names);
	else
		out_str(&grid->text, why_token(room, answer));
	grid_cell(grid, paint_of(answer));
}

static int put_attempts(const struct why *w)
{
	static const struct grid_column columns[] = {
		{.header = ""}, {.header = ""}, {.header = ""}};
	struct grid_layout layout = {
		.columns = columns, .count = 1 + w->inquiry->count, .gap = 2, .blank = true};
	struct grid grid = GRID(&layout);
	int error;

	out_char(w->view.out, '\n');
	out_str(&grid.text, w->inquiry->tried ? "ATTEMPT" : "PREDICTED");
	grid_cell(&grid, PAINT_HEADER);
	for (unsigned i = 0; i < w->inquiry->count; i++) {
		const char *text = w->inquiry->cases[i].text;

		text_safe(&grid.text, text, strlen(text), TEXT_CELL);
		grid_cell(&grid, PAINT_HEADER);
	}
	for (int a = 0; a < BIND_ATTEMPTS; a++) {
		out_str(&grid.text, bind_attempts[a].shown);
		grid_cell(&grid, PAINT_NONE);
		for (unsigned i = 0; i < w->inquiry->count; i++) {
			put_attempt(&grid, w, &w->cases[i], a);
		}
	}
	error = grid_put(&grid, w->view.out, &w->view.options->style);
	grid_free(&grid);
	return error;
}

static void put_notes(const struct why *w)
{
	struct names names = {w, &w->cases[0], NULL, -1, NULL};
	const struct remedy *note;
	unsigned next = 0;

	while ((note = why_note(w->inquiry, w->view.snapshot, &next))) {
		out_str(w->view.out, names.attempt == -1 ? "\n" : "");
		names.attempt = BIND_PLAIN;
		put_part(&names, PAGE_LABEL("note"), note->text);
	}
}

/* ---- the views */

static int put_text(struct why *w)
{
	int error;

	put_answers(w);
	error = put_blockers(w);
	if (!error)
		error = put_attempts(w);
	if (!error)
		put_notes(w);
	return error;
}

static int take(struct sink *sink, struct row *row)
{
	struct why *w = (struct why *)sink;

	w->view.shown++;
	return rows_keep(&w->rows, row);
}

static int end_text(struct view *view)
{
	struct why *w = (struct why *)view;
	int error = why_judge(w);

	return error ? error : put_text(w);
}

static int end_json(struct view *view)
{
	struct why *w = (struct why *)view;
	int error = why_judge(w);

	return error ? error : why_put_json(w);
}

static void free_why(struct view *view)
{
	struct why *w = (struct why *)view;

	for (unsigned i = 0; i < BIND_CASES; i++)
		free(w->cases[i].blockers);
	rows_free(&w->rows);
	free(w);
}

static struct view *make_view(int (*end)(struct view *view))
{
	struct why *w = calloc(1, sizeof(*w));

	if (!w)
		return NULL;
	w->view.sink.take = take;
	w->view.end = end;
	w->view.free = free_why;
	return &w->view;
}

struct view *why_view(void)
{
	return make_view(end_text);
}

struct view *why_json_view(void)
{
	return make_view(end_json);
}

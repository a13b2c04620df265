// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/listeners.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "render/cell.h"
#include "render/grid.h"
#include "render/rows.h"
#include "util/compare.h"
#include "util/text.h"

/* Groups. */

static bool v6only(const struct socket *sk)
{
	return sk->have & HAVE_V6ONLY && sk->v6only;
}

/* Port, then address; equal for the members of a group. */
static int compare_place(const struct socket *a, const struct socket *b)
{
	int c = COMPARE(a->local.port, b->local.port);

	c = c ? c : COMPARE(a->family == AF_INET6, b->family == AF_INET6);
	c = c ? c : address_compare(&a->local.address, &b->local.address);
	c = c ? c : COMPARE(a->interface, b->interface);
	c = c ? c : COMPARE(a->netns, b->netns);
	return c ? c : COMPARE(v6only(a), v6only(b));
}

static int by_place(const void *a, const void *b)
{
	const struct socket *x = (*(const struct row *const *)a)->socket;
	const struct socket *y = (*(const struct row *const *)b)->socket;
	int c = compare_place(x, y);

	c = c ? c : COMPARE(x->inode, y->inode);
	return c ? c : COMPARE(x->cookie, y->cookie);
}

const struct row *listener_group_row(const struct listener_group *g, size_t i)
{
	return i < g->part[0].count ? g->part[0].rows[i] : g->part[1].rows[i - g->part[0].count];
}

static const struct socket *first_socket(const struct listener_group *g)
{
	return g->part[0].rows[0]->socket;
}

/* Processes. */

/* The holders of a group's sockets, each once, by name and pid. */
struct holders {
	const struct process **list;
	size_t count;
	uint8_t absence; /* why a member has none; OWNER_KNOWN when all have or nobody can tell */
};

static int by_name(const void *a, const void *b)
{
	const struct process *x = *(const struct process *const *)a;
	const struct process *y = *(const struct process *const *)b;
	int c = strncmp(x->comm, y->comm, sizeof(x->comm));

	c = c ? c : COMPARE(x->pid, y->pid);
	return c ? c : COMPARE(x, y);
}

static bool same_name(const struct process *a, const struct process *b)
{
	return !strncmp(a->comm, b->comm, sizeof(a->comm));
}

static size_t count_owners(const struct row *row)
{
	const struct owner_table *t = &row->snapshot->owners;
	size_t n = 0;

	for (uint32_t i = row->socket->owners; i != OWNER_NONE; i = owner_table_next(t, i))
		n++;
	return n;
}

static void add_owners(struct holders *h, const struct row *row)
{
	const struct owner_table *t = &row->snapshot->owners;

	if (row->socket->owners == OWNER_NONE && row->verdict.reason != OWNER_NOT_ASKED &&
	    row->verdict.reason < OWNER_ABSENCE_COUNT)
		h->absence = row->verdict.reason;
	for (uint32_t i = row->socket->owners; i != OWNER_NONE; i = owner_table_next(t, i))
		h->list[h->count++] = &t->processes[t->owners[i].process];
}

static void drop_repeated(struct holders *h)
{
	size_t kept = 0;

	for (size_t i = 0; i < h->count; i++) {
		if (!kept || h->list[kept - 1] != h->list[i])
			h->list[kept++] = h->list[i];
	}
	h->count = kept;
}

static int holders_of(struct holders *h, const struct listener_group *g)
{
	size_t n = 0;

	*h = (struct holders){0};
	for (size_t i = 0; i < g->count; i++)
		n += count_owners(listener_group_row(g, i));
	h->list = malloc((n + 1) * sizeof(*h->list));
	if (!h->list)
		return -ENOMEM;
	for (size_t i = 0; i < g->count; i++)
		add_owners(h, listener_group_row(g, i));
	if (h->count)
		qsort(h->list, h->count, sizeof(*h->list), by_name);
	drop_repeated(h);
	return 0;
}

/* One past the last holder of the same name as holder `i`. */
static size_t end_of_name(const struct holders *h, size_t i)
{
	size_t end = i;

	while (end < h->count && same_name(h->list[i], h->list[end]))
		end++;
	return end;
}

static bool same_programs(const struct holders *a, const struct holders *b)
{
	size_t i = 0, j = 0;

	for (; i < a->count && j < b->count; i = end_of_name(a, i), j = end_of_name(b, j)) {
		if (!same_name(a->list[i], b->list[j]))
			return false;
	}
	return i == a->count && j == b->count;
}

/* Pairs of families. */

static bool is_any(const struct listener_group *g, int family)
{
	const struct socket *sk = first_socket(g);

	return sk->family == family && !address_is_mapped(family, &sk->local.address) &&
	       address_scope(family, &sk->local.address) == SCOPE_ANY;
}

/* 127.0.0.1 or ::1. */
static bool is_home(const struct listener_group *g)
{
	static const struct address home4 = {{127, 0, 0, 1}};
	static const struct address home6 = {{[15] = 1}};
	const struct socket *sk = first_socket(g);

	return !address_compare(&sk->local.address, sk->family == AF_INET6 ? &home6 : &home4);
}

static bool may_begin_pair(const struct listener_group *g)
{
	return first_socket(g)->family == AF_INET && (is_any(g, AF_INET) || is_home(g));
}

static bool same_owner(const struct listener_group *a, const struct listener_group *b, int *error)
{
	const struct socket *x = first_socket(a), *y = first_socket(b);
	struct holders p = {0}, q = {0};
	bool same = false;

	*error = holders_of(&p, a);
	if (!*error)
		*error = holders_of(&q, b);
	if (!*error)
		same = same_programs(&p, &q) && p.absence == q.absence &&
		       (p.count || x->uid == y->uid);
	free(p.list);
	free(q.list);
	return same;
}

static bool may_pair(const struct listener_group *four, const struct listener_group *six)
{
	const struct socket *x = first_socket(four), *y = first_socket(six);

	if (x->interface != y->interface || x->netns != y->netns)
		return false;
	if (is_any(four, AF_INET))
		return is_any(six, AF_INET6) && (v6only(y) || !(y->have & HAVE_V6ONLY));
	return first_socket(six)->family == AF_INET6 && is_home(six);
}

/* Joins [::] into the group of 0.0.0.0, [::1] into that of 127.0.0.1; it is left empty. */
static int join_pair(struct listener_group *four, struct listener_group *end)
{
	uint16_t port = first_socket(four)->local.port;
	int error = 0;

	for (struct listener_group *six = four + 1; six < end && !error; six++) {
		if (six->count && first_socket(six)->local.port != port)
			break;
		if (!six->count || !may_pair(four, six) || !same_owner(four, six, &error))
			continue;
		four->part[1] = six->part[0];
		four->count += six->count;
		six->count = 0;
		break;
	}
	return error;
}

static size_t make_groups(struct listener_group *groups, const struct row *const *rows, size_t n)
{
	size_t count = 0;

	for (size_t i = 0, next; i < n; i = next) {
		for (next = i + 1; next < n; next++) {
			if (compare_place(rows[i]->socket, rows[next]->socket))
				break;
		}
		groups[count] = (struct listener_group){.count = next - i};
		groups[count].part[0].rows = rows + i;
		groups[count++].part[0].count = next - i;
	}
	return count;
}

static size_t drop_joined(struct listener_group *groups, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		if (groups[i].count)
			groups[kept++] = groups[i];
	}
	return kept;
}

int listeners_group(const struct row **rows, size_t n, struct listener_group **groups,
		    size_t *count)
{
	struct listener_group *g = malloc((n + 1) * sizeof(*g));
	int error = 0;

	*groups = NULL;
	*count = 0;
	if (!g)
		return -ENOMEM;
	if (n)
		qsort(rows, n, sizeof(struct row *), by_place);
	n = make_groups(g, rows, n);
	for (size_t i = 0; i < n && !error; i++) {
		if (g[i].count && may_begin_pair(&g[i]))
			error = join_pair(&g[i], g + n);
	}
	if (error) {
		free(g);
		return error;
	}
	*groups = g;
	*count = drop_joined(g, n);
	return 0;
}

/* Cells. */

static void put_interface(struct out *o, const struct row *row)
{
	const char *name = snapshot_interface(row->snapshot, row->socket->interface);

	out_char(o, '%');
	if (name)
		text_safe(o, name, strlen(name), TEXT_CELL);
	else
		out_u64(o, row->socket->interface);
}

const char *listener_group_reach(const struct listener_group *g)
{
	const char *reach = socket_reach(first_socket(g));

	return g->part[1].count && !strcmp(reach, "any-ipv4") ? "any" : reach;
}

void listener_group_put_reach(struct out *o, const struct listener_group *g)
{
	out_str(o, listener_group_reach(g));
	if (first_socket(g)->interface)
		put_interface(o, g->part[0].rows[0]);
}

static void put_address(struct out *o, const struct row *row, bool port)
{
	const struct socket *sk = row->socket;
	bool brackets = sk->family == AF_INET6;

	if (port) {
		cell_endpoint(o, row->snapshot, sk, &sk->local);
		return;
	}
	if (brackets)
		out_char(o, '[');
	cell_address(o, row->snapshot, sk, &sk->local);
	if (brackets)
		out_char(o, ']');
}

void listener_group_put_address(struct out *o, const struct listener_group *g, bool ports)
{
	put_address(o, g->part[0].rows[0], ports);
	if (g->part[1].count) {
		out_char(o, ',');
		put_address(o, g->part[1].rows[0], ports);
	}
}

static bool fuller(const struct socket *a, const struct socket *b)
{
	/* A queue holds one more than its backlog. */
	uint64_t x = (uint64_t)a->recv_queue * ((uint64_t)b->send_queue + 1);
	uint64_t y = (uint64_t)b->recv_queue * ((uint64_t)a->send_queue + 1);

	return x > y;
}

const struct socket *listener_group_fullest(const struct listener_group *g)
{
	const struct socket *best = first_socket(g);

	for (size_t i = 1; i < g->count; i++) {
		const struct socket *sk = listener_group_row(g, i)->socket;

		if (fuller(sk, best))
			best = sk;
	}
	return best;
}

void listener_group_put_queue(struct out *o, const struct listener_group *g)
{
	const struct socket *sk = listener_group_fullest(g);

	out_u64(o, sk->recv_queue);
	out_char(o, '/');
	if (sk->have & HAVE_BACKLOG)
		out_u64(o, sk->send_queue);
	else
		out_char(o, '-');
	if (g->count > (g->part[1].count ? 2 : 1)) {
		out_char(o, 'x');
		out_u64(o, g->count);
	}
}

enum paint listener_group_paint(const struct listener_group *g)
{
	const struct socket *sk = listener_group_fullest(g);

	if (!(sk->have & HAVE_BACKLOG))
		return PAINT_NONE;
	if (sk->recv_queue > sk->send_queue)
		return PAINT_BAD;
	return sk->recv_queue > sk->send_queue / 2 ? PAINT_NOTICE : PAINT_NONE;
}

static enum paint put_drops(struct out *o, const struct listener_group *g)
{
	uint64_t drops = 0;
	bool known = false;

	for (size_t i = 0; i < g->count; i++) {
		const struct socket *sk = listener_group_row(g, i)->socket;

		if (sk->have & HAVE_MEMORY) {
			drops += sk->memory.drops;
			known = true;
		}
	}
	if (known)
		out_u64(o, drops);
	return drops ? PAINT_NOTICE : PAINT_NONE;
}

/* "nginx[812,813]", or "nginx[812]+1" where eyes have less room. */
static void put_program(struct out *o, const struct holders *h, size_t i, size_t end, bool brief)
{
	const char *comm = h->list[i]->comm;

	if (brief) {
		cell_process(o, h->list[i]);
		if (end - i > 1) {
			out_char(o, '+');
			out_u64(o, end - i - 1);
		}
		return;
	}
	text_safe(o, comm, strnlen(comm, sizeof(h->list[i]->comm)), TEXT_CELL);
	for (size_t p = i; p < end; p++) {
		out_char(o, p == i ? '[' : ',');
		out_i64(o, h->list[p]->pid);
	}
	out_char(o, ']');
}

static void put_programs(struct out *o, const struct holders *h, bool brief)
{
	for (size_t i = 0, end; i < h->count; i = end) {
		end = end_of_name(h, i);
		if (i)
			out_char(o, ',');
		put_program(o, h, i, end, brief);
	}
	if (h->absence == OWNER_KNOWN)
		return;
	if (h->count)
		out_char(o, ',');
	out_char(o, '(');
	out_str(o, owner_absence_token(h->absence));
	out_char(o, ')');
}

/* A list of distinct words, of which eyes see the first and how many more. */
struct words {
	struct out *out;
	size_t start, first_end; /* of the list, and of its first word */
	size_t count;
};

static bool has_word(const char *list, size_t n, const char *word, size_t len)
{
	while (n) {
		const char *comma = memchr(list, ',', n);
		size_t here = comma ? (size_t)(comma - list) : n;

		if (here == len && !memcmp(list, word, len))
			return true;
		list += here + !!comma;
		n -= here + !!comma;
	}
	return false;
}

/* Takes in the word that was appended behind the list at `at`, without a comma. */
static void end_word(struct words *w, size_t at)
{
	struct out *o = w->out;
	size_t len = o->len - at;

	if (o->error || !len)
		return;
	if (!w->count++) {
		w->first_end = o->len;
		return;
	}
	if (has_word(o->data + w->start, at - w->start, o->data + at, len)) {
		o->len = at;
		w->count--;
		return;
	}
	out_char(o, ',');
	if (o->error)
		return;
	memmove(o->data + at + 1, o->data + at, len);
	o->data[at] = ',';
}

static void end_words(struct words *w, bool brief)
{
	if (!brief || w->count < 2)
		return;
	w->out->len = w->first_end;
	out_char(w->out, '+');
	out_u64(w->out, w->count - 1);
}

static void put_user(struct out *o, const struct process *p)
{
	if (p->user)
		text_safe(o, p->user, strlen(p->user), TEXT_CELL);
	else if (p->have_uid)
		out_u64(o, p->uid);
}

static void put_unit(struct out *o, const struct process *p)
{
	if (p->container) {
		out_str(o, "container:");
		text_safe(o, p->container, strlen(p->container), TEXT_CELL);
	} else if (p->unit) {
		text_safe(o, p->unit, strlen(p->unit), TEXT_CELL);
	}
}

/* As systemctl takes it: a unit without suffix is a service. */
static void put_short_unit(struct out *o, const struct process *p)
{
	static const char suffix[] = ".service";
	size_t start = o->len, n = sizeof(suffix) - 1;

	put_unit(o, p);
	if (!o->error && !p->container && o->len - start > n &&
	    !memcmp(o->data + o->len - n, suffix, n))
		o->len -= n;
}

static void put_distinct(struct out *o, const struct holders *h, bool brief,
			 void (*put)(struct out *o, const struct process *p))
{
	struct words w = {.out = o, .start = o->len};

	for (size_t i = 0; i < h->count; i++) {
		size_t at = o->len;

		put(o, h->list[i]);
		end_word(&w, at);
	}
	end_words(&w, brief);
}

static void put_users(struct out *o, const struct listener_group *g, const struct holders *h,
		      bool brief)
{
	const struct socket *sk = first_socket(g);

	put_distinct(o, h, brief, put_user);
	if (!h->count && sk->inode)
		out_u64(o, sk->uid);
}

/* View. */

static const struct grid_column columns[] = {
	{"PORT", true, 0},  {"ADDRESS", false, 0},  {"REACH", false, 0}, {"QUEUE", true, 0},
	{"DROPS", true, 0}, {"PROCESS", false, 12}, {"USER", false, 6},  {"UNIT", false, 6},
};

static const struct grid_layout layout = {
	.columns = columns,
	.count = sizeof(columns) / sizeof(columns[0]),
	.gap = 1,
	.header = true,
};

struct listeners {
	struct view view;
	struct rows rows;
};

static int put_group(struct grid *grid, const struct listener_group *g, bool brief)
{
	struct out *o = &grid->text;
	struct holders h;
	int error = holders_of(&h, g);

	if (error)
		return error;
	out_u64(o, first_socket(g)->local.port);
	grid_cell(grid, PAINT_BOLD);
	listener_group_put_address(o, g, false);
	grid_cell(grid, PAINT_NONE);
	listener_group_put_reach(o, g);
	grid_cell(grid, PAINT_NONE);
	listener_group_put_queue(o, g);
	grid_cell(grid, listener_group_paint(g));
	grid_cell(grid, put_drops(o, g));
	put_programs(o, &h, brief);
	grid_cell(grid, h.count ? PAINT_NONE : PAINT_DIM);
	put_users(o, g, &h, brief);
	grid_cell(grid, PAINT_NONE);
	put_distinct(o, &h, brief, brief ? put_short_unit : put_unit);
	grid_cell(grid, PAINT_NONE);
	free(h.list);
	return 0;
}

static int put_groups(struct listeners *l, const struct listener_group *groups, size_t count)
{
	const struct style *style = &l->view.options->style;
	struct grid grid = GRID(&layout);
	int error = 0;

	for (size_t i = 0; i < count && !error; i++)
		error = put_group(&grid, &groups[i], style->terminal);
	if (!error)
		error = grid_put(&grid, l->view.out, style);
	grid_free(&grid);
	return error;
}

static int end(struct view *view)
{
	struct listeners *l = (struct listeners *)view;
	const struct row **rows = malloc((l->rows.count + 1) * sizeof(*rows));
	struct listener_group *groups = NULL;
	size_t count;
	int error = rows ? 0 : -ENOMEM;

	for (size_t i = 0; i < l->rows.count && !error; i++)
		rows[i] = &l->rows.rows[i];
	if (!error)
		error = listeners_group(rows, l->rows.count, &groups, &count);
	if (!error)
		error = put_groups(l, groups, count);
	free(groups);
	free(rows);
	return error;
}

static int take(struct sink *sink, struct row *row)
{
	struct listeners *l = (struct listeners *)sink;

	if (row->socket->kernel_state != STATE_LISTEN)
		return 0;
	l->view.shown++;
	return rows_keep(&l->rows, row);
}

static void free_listeners(struct view *view)
{
	struct listeners *l = (struct listeners *)view;

	rows_free(&l->rows);
	free(l);
}

struct view *listeners_view(void)
{
	struct listeners *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	l->view.sink.take = take;
	l->view.end = end;
	l->view.free = free_listeners;
	return &l->view;
}

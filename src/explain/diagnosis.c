// SPDX-License-Identifier: GPL-2.0-or-later
#include "explain/diagnosis.h"

#include <errno.h>
#include <stdlib.h>

#include "util/compare.h"
#include "util/hash.h"

const struct process *row_process(const struct row *row)
{
	const struct owner_table *t = &row->snapshot->owners;

	if (row->socket->owners == OWNER_NONE)
		return NULL;
	return &t->processes[t->owners[row->socket->owners].process];
}

bool process_is_stopped(const struct process *p)
{
	return p->state == 'T' || p->state == 't';
}

/* The rows may be of two samples: what is compared is the same in both. */
int by_process(const struct row *a, const struct row *b)
{
	const struct process *p = row_process(a), *q = row_process(b);

	return COMPARE(p ? p->pid : -1, q ? q->pid : -1);
}

/* A user may run several programs: it is as near as one comes. */
int by_holder(const struct row *a, const struct row *b)
{
	int order = by_process(a, b);

	if (order || row_process(a))
		return order;
	order = by_netns(a, b);
	return order ? order : COMPARE(a->socket->uid, b->socket->uid);
}

static int compare_address(const struct row *a, const struct row *b, const struct endpoint *p,
			   const struct endpoint *q)
{
	int order = COMPARE(a->socket->family, b->socket->family);

	return order ? order : memcmp(&p->address, &q->address, sizeof(p->address));
}

int by_netns(const struct row *a, const struct row *b)
{
	return COMPARE(a->socket->netns, b->socket->netns);
}

int by_listener(const struct row *a, const struct row *b)
{
	const struct socket *p = a->verdict.listener, *q = b->verdict.listener;
	int order;

	if (!p || !q)
		return COMPARE(!p, !q);
	order = COMPARE(p->cookie, q->cookie);
	if (!order)
		order = COMPARE(p->netns, q->netns);
	if (!order)
		order = COMPARE(p->family, q->family);
	if (!order)
		order = COMPARE(p->local.port, q->local.port);
	return order ? order : address_compare(&p->local.address, &q->local.address);
}

int by_local_end(const struct row *a, const struct row *b)
{
	const struct endpoint *p = &a->socket->local, *q = &b->socket->local;
	int order = by_netns(a, b);

	if (!order)
		order = COMPARE(p->port, q->port);
	return order ? order : compare_address(a, b, p, q);
}

int by_peer_address(const struct row *a, const struct row *b)
{
	int order = by_netns(a, b);

	return order ? order : compare_address(a, b, &a->socket->peer, &b->socket->peer);
}

int by_destination(const struct row *a, const struct row *b)
{
	int order = by_peer_address(a, b);

	return order ? order : COMPARE(a->socket->peer.port, b->socket->peer.port);
}

/* Rows of known age first, the oldest first. */
static int by_age(const struct row *a, const struct row *b)
{
	uint64_t p = 0, q = 0;
	bool know_p = socket_age(a->socket, &p), know_q = socket_age(b->socket, &q);
	int order = COMPARE(know_q, know_p);

	return order ? order : COMPARE(q, p);
}

static int compare_rows(const void *a, const void *b, void *order)
{
	const struct row *p = *(const struct row *const *)a, *q = *(const struct row *const *)b;
	int result = (*(row_order **)order)(p, q);

	if (!result)
		result = by_age(p, q);
	return result ? result : row_compare(p, q);
}

/* Rows of a sample that pass the test, in order. */
struct chosen {
	const struct row **rows;
	size_t count;
};

static struct chosen choose(struct diagnosis *d, const struct sample *sample, row_test *test,
			    row_order *order)
{
	struct chosen c = {malloc((sample->count + 1) * sizeof(*c.rows)), 0};

	if (!c.rows) {
		d->error = -ENOMEM;
		return c;
	}
	for (size_t i = 0; i < sample->count; i++) {
		if (test(d, &sample->rows[i]))
			c.rows[c.count++] = &sample->rows[i];
	}
	qsort_r(c.rows, c.count, sizeof(*c.rows), compare_rows, &order);
	return c;
}

/* Where the run of rows of one group ends that starts there. */
static size_t run_end(const struct chosen *c, size_t start, row_order *order)
{
	size_t end = start + 1;

	while (end < c->count && !order(c->rows[start], c->rows[end]))
		end++;
	return end;
}

static bool is_aged(const struct row *row)
{
	uint64_t age;

	return socket_age(row->socket, &age) && age >= AGED_MS;
}

/* Those of known age are first. */
static size_t count_aged(const struct row *const *rows, size_t count)
{
	size_t aged = 0;

	while (aged < count && is_aged(rows[aged]))
		aged++;
	return aged;
}

static void judge_run(struct diagnosis *d, const struct row *const *rows, size_t count,
		      size_t aged_before, group_judge *judge)
{
	struct group g = {.diagnosis = d,
			  .rows = rows,
			  .count = count,
			  .aged = count_aged(rows, count),
			  .aged_before = aged_before};

	g.have_oldest = socket_age(rows[0]->socket, &g.oldest_ms);
	judge(d, &g);
}

/* Goes through the groups of both samples at once. */
static void judge_runs(struct diagnosis *d, const struct chosen *now, const struct chosen *before,
		       row_order *order, group_judge *judge)
{
	size_t at = 0;

	for (size_t start = 0, end; start < now->count; start = end) {
		size_t from;

		end = run_end(now, start, order);
		while (at < before->count && order(before->rows[at], now->rows[start]) < 0)
			at++;
		from = at;
		while (at < before->count && !order(before->rows[at], now->rows[start]))
			at++;
		judge_run(d, now->rows + start, end - start,
			  count_aged(before->rows + from, at - from), judge);
	}
}

void diagnosis_groups(struct diagnosis *d, row_test *test, row_order *order, group_judge *judge)
{
	static const struct sample none;
	struct chosen now = choose(d, d->now, test, order);
	struct chosen before = choose(d, d->before ? d->before : &none, test, order);

	if (now.rows && before.rows)
		judge_runs(d, &now, &before, order, judge);
	free(now.rows);
	free(before.rows);
}

const struct row *diagnosis_earlier(const struct diagnosis *d, const struct row *row)
{
	uint64_t cookie = row->socket->cookie;
	size_t i = hash_quick(cookie) >> 32;

	if (!d->earlier_size || !(row->socket->have & HAVE_COOKIE))
		return NULL;
	for (;; i++) {
		const struct row *earlier = d->earlier[i & (d->earlier_size - 1)];

		if (!earlier || earlier->socket->cookie == cookie)
			return earlier;
	}
}

size_t group_aged_growth(const struct group *g)
{
	size_t stayed = 0;

	if (!g->diagnosis->before || snapshot_lacks_sockets(g->diagnosis->before->snapshot) ||
	    g->aged <= g->aged_before)
		return 0;
	for (size_t i = 0; i < g->aged; i++) {
		const struct row *earlier = diagnosis_earlier(g->diagnosis, g->rows[i]);

		stayed += earlier && is_aged(earlier) &&
			  earlier->socket->kernel_state == g->rows[i]->socket->kernel_state;
	}
	return stayed == g->aged_before ? g->aged - g->aged_before : 0;
}

size_t group_distinct(struct diagnosis *d, const struct group *g, row_order *order)
{
	struct chosen c = {malloc(g->count * sizeof(*c.rows)), g->count};
	size_t distinct = 0;

	if (!c.rows) {
		d->error = -ENOMEM;
		return 0;
	}
	memcpy(c.rows, g->rows, g->count * sizeof(*c.rows));
	qsort_r(c.rows, c.count, sizeof(*c.rows), compare_rows, &order);
	for (size_t start = 0; start < c.count; start = run_end(&c, start, order))
		distinct++;
	free(c.rows);
	return distinct;
}

uint64_t percent_of(uint64_t part, uint64_t whole)
{
	if (part <= UINT64_MAX / 100)
		return part * 100 / whole;
	return whole >= 100 ? part / (whole / 100) : UINT64_MAX;
}

struct reading diagnosis_counter(const struct diagnosis *d, uint32_t netns, const char *name)
{
	const struct snapshot *now = d->now->snapshot;
	struct reading r = {0};
	uint64_t then;

	if (netns >= now->namespace_count)
		return r;
	r.known = netns_counter(&now->namespaces[netns], name, &r.total);
	if (!r.known || !d->before || netns >= d->before->snapshot->namespace_count)
		return r;
	r.compared = netns_counter(&d->before->snapshot->namespaces[netns], name, &then);
	r.grown = r.compared && r.total > then ? r.total - then : 0;
	return r;
}

uint64_t diagnosis_interval(const struct diagnosis *d)
{
	return d->before ? snapshot_interval(d->before->snapshot, d->now->snapshot) : 0;
}

struct finding *diagnosis_note(struct diagnosis *d, enum finding_name name, enum severity severity,
			       const struct row *row)
{
	struct finding *f = finding_list_add(d->found, name, severity);

	if (!f) {
		d->error = -ENOMEM;
		return NULL;
	}
	if (row) {
		f->process = row_process(row);
		f->netns = row->socket->netns;
		finding_show(f, row);
	}
	return f;
}

struct finding *diagnosis_of_netns(struct diagnosis *d, enum finding_name name,
				   enum severity severity, uint32_t netns)
{
	const struct snapshot *s = d->now->snapshot;
	struct finding *f = diagnosis_note(d, name, severity, NULL);

	if (!f)
		return NULL;
	f->netns = netns;
	if (s->namespace_count > 1 && s->namespaces[netns].id)
		finding_cite(f, EVIDENCE_NETNS, s->namespaces[netns].id);
	return f;
}

struct finding *diagnosis_find(struct diagnosis *d, enum finding_name name, enum severity severity,
			       const struct group *g)
{
	struct finding *f = diagnosis_note(d, name, severity, g->rows[0]);

	if (!f)
		return NULL;
	finding_cite(f, EVIDENCE_SOCKETS, g->count);
	if (g->have_oldest)
		finding_cite(f, EVIDENCE_OLDEST, g->oldest_ms);
	for (size_t i = 1; i < g->count && i < FINDING_EXAMPLES; i++)
		finding_show(f, g->rows[i]);
	return f;
}

struct finding *diagnosis_find_led(struct diagnosis *d, enum finding_name name,
				   enum severity severity, const struct group *g, size_t first)
{
	struct finding *f = diagnosis_note(d, name, severity, g->rows[first]);

	if (!f)
		return NULL;
	finding_cite(f, EVIDENCE_SOCKETS, g->count);
	for (size_t i = 0; i < g->count && f->example_count < FINDING_EXAMPLES; i++) {
		if (i != first)
			finding_show(f, g->rows[i]);
	}
	return f;
}

/* Remembers the earlier rows by cookie. */
static int index_earlier(struct diagnosis *d)
{
	size_t size = 16;

	if (!d->before)
		return 0;
	while (size < d->before->count * 2)
		size *= 2;
	d->earlier = calloc(size, sizeof(*d->earlier));
	if (!d->earlier)
		return -ENOMEM;
	d->earlier_size = size;
	for (size_t n = 0; n < d->before->count; n++) {
		const struct row *row = &d->before->rows[n];
		size_t i = hash_quick(row->socket->cookie) >> 32;

		if (!(row->socket->have & HAVE_COOKIE))
			continue;
		while (d->earlier[i & (size - 1)])
			i++;
		d->earlier[i & (size - 1)] = row;
	}
	return 0;
}

static int by_first_example(const struct finding *f, const struct finding *g)
{
	if (!f->example_count || !g->example_count)
		return COMPARE(g->example_count, f->example_count);
	return row_compare(f->examples[0], g->examples[0]);
}

/* Worst first, then as the catalogue has them, then those with more sockets. */
static int worse(const void *a, const void *b)
{
	const struct finding *f = *(struct finding *const *)a, *g = *(struct finding *const *)b;
	int order = COMPARE(g->severity, f->severity);

	if (!order)
		order = COMPARE(f->kind, g->kind);
	if (!order)
		order = COMPARE(g->evidence[0].value, f->evidence[0].value);
	if (!order)
		order = COMPARE(f->netns, g->netns);
	if (!order)
		order = by_first_example(f, g);
	return order ? order
		     : COMPARE(f->process ? f->process->pid : 0, g->process ? g->process->pid : 0);
}

static void (*const judges[])(struct diagnosis *d) = {
#define JUDGE(name) judge_##name,
#include "explain/judges.def"
#undef JUDGE
};

int diagnose(const struct sample *now, const struct sample *before, struct finding_list *found)
{
	struct diagnosis d = {.now = now, .before = before, .found = found};

	d.error = index_earlier(&d);
	if (!d.error) {
		for (size_t i = 0; i < sizeof(judges) / sizeof(judges[0]); i++)
			judges[i](&d);
		chain_causes(found);
		if (found->count)
			qsort(found->findings, found->count, sizeof(*found->findings), worse);
	}
	free(d.earlier);
	return d.error;
}

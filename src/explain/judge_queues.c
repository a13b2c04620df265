// SPDX-License-Identifier: GPL-2.0-or-later
/* Findings about what waits at listeners. */
#include "explain/diagnosis.h"

#include <errno.h>
#include <stdlib.h>

#include "util/compare.h"

bool listener_is_full(const struct socket *listener)
{
	return listener->have & HAVE_BACKLOG && listener->recv_queue > listener->send_queue;
}

static bool is_listener(const struct diagnosis *d, const struct row *row)
{
	(void)d;
	return row->socket->kernel_state == STATE_LISTEN;
}

static bool is_full(const struct diagnosis *d, const struct row *row)
{
	return is_listener(d, row) && listener_is_full(row->socket);
}

void diagnosis_cite_vitals(struct finding *f)
{
	const struct process *p = f->process;

	if (p && p->have_descriptors)
		finding_cite(f, EVIDENCE_DESCRIPTORS, p->descriptors);
	if (p && p->have_descriptor_limit && p->descriptor_limit != UINT64_MAX)
		finding_cite(f, EVIDENCE_DESCRIPTOR_LIMIT, p->descriptor_limit);
	if (p && process_is_stopped(p))
		finding_cite(f, EVIDENCE_STOPPED, 1);
}

static void cite_queue(struct finding *f, const struct socket *listener)
{
	finding_cite(f, EVIDENCE_ACCEPT_QUEUE, listener->recv_queue);
	if (listener->have & HAVE_BACKLOG)
		finding_cite(f, EVIDENCE_BACKLOG, listener->send_queue);
}

/* Full in the earlier sample too: no burst. */
static bool lasts(const struct diagnosis *d, const struct group *g)
{
	for (size_t i = 0; i < g->count; i++) {
		const struct row *earlier = diagnosis_earlier(d, g->rows[i]);

		if (earlier && is_full(d, earlier))
			return true;
	}
	return false;
}

/* A group is one port: of SO_REUSEPORT's several queues each full one counts. */
static void judge_full(struct diagnosis *d, const struct group *g)
{
	bool burst = d->before && !lasts(d, g);
	struct finding *f = diagnosis_find(d, FINDING_ACCEPT_QUEUE_FULL,
					   burst ? SEVERITY_WARNING : SEVERITY_CRITICAL, g);

	if (!f)
		return;
	cite_queue(f, g->rows[0]->socket);
	diagnosis_cite_vitals(f);
}

static bool is_waiting(const struct diagnosis *d, const struct row *row)
{
	(void)d;
	return row->verdict.details & DETAIL_NOT_ACCEPTED;
}

const struct process *listener_process(const struct row *row)
{
	struct row listener = {.snapshot = row->snapshot, .socket = row->verdict.listener};

	if (!listener.socket)
		listener.socket = snapshot_listener(row->snapshot, row->socket, false);
	return listener.socket ? row_process(&listener) : NULL;
}

static void judge_waiting(struct diagnosis *d, const struct group *g)
{
	const struct socket *listener = g->rows[0]->verdict.listener;
	struct finding *f;

	if (!g->aged)
		return;
	f = diagnosis_find(d, FINDING_NEVER_ACCEPTED, SEVERITY_WARNING, g);
	if (!f)
		return;
	finding_cite(f, EVIDENCE_AGED, g->aged);
	if (!listener)
		return;
	f->process = listener_process(g->rows[0]);
	cite_queue(f, listener);
	diagnosis_cite_vitals(f);
}

static uint32_t drops_since(const struct row *row, const struct row *earlier)
{
	uint32_t drops = row->socket->have & HAVE_MEMORY ? row->socket->memory.drops : 0;

	if (!earlier)
		return drops;
	/* A counter of 32 bits goes round. */
	return earlier->socket->have & HAVE_MEMORY ? drops - earlier->socket->memory.drops : 0;
}

/* Packets that a listener has dropped between the samples. */
static uint32_t drops_grown(const struct diagnosis *d, const struct row *row)
{
	const struct row *earlier = diagnosis_earlier(d, row);

	return earlier ? drops_since(row, earlier) : 0;
}

static bool is_overflowing(const struct diagnosis *d, const struct row *row)
{
	return is_listener(d, row) && drops_grown(d, row) &&
	       diagnosis_counter(d, row->socket->netns, "TcpExt.ListenOverflows").grown;
}

static void cite_overflows(struct diagnosis *d, struct finding *f, uint32_t netns)
{
	struct reading overflows = diagnosis_counter(d, netns, "TcpExt.ListenOverflows");
	struct reading drops = diagnosis_counter(d, netns, "TcpExt.ListenDrops");

	finding_cite(
		f, overflows.compared ? EVIDENCE_LISTEN_OVERFLOWS : EVIDENCE_LISTEN_OVERFLOWS_TOTAL,
		overflows.compared ? overflows.grown : overflows.total);
	if (drops.known)
		finding_cite(f,
			     drops.compared ? EVIDENCE_LISTEN_DROPS : EVIDENCE_LISTEN_DROPS_TOTAL,
			     drops.compared ? drops.grown : drops.total);
	if (overflows.compared)
		finding_cite(f, EVIDENCE_INTERVAL, diagnosis_interval(d));
}

static void judge_overflowing(struct diagnosis *d, const struct group *g)
{
	uint64_t drops = 0;
	struct finding *f =
		diagnosis_note(d, FINDING_ACCEPT_QUEUE_OVERFLOW, SEVERITY_WARNING, g->rows[0]);

	if (!f)
		return;
	for (size_t i = 0; i < g->count; i++)
		drops += drops_grown(d, g->rows[i]);
	finding_cite(f, EVIDENCE_PACKETS_DROPPED, drops);
	cite_overflows(d, f, g->rows[0]->socket->netns);
	cite_queue(f, g->rows[0]->socket);
	diagnosis_cite_vitals(f);
}

/* The listener of a namespace that has dropped most since it was made; NULL where none has. */
static const struct row *most_dropping(const struct diagnosis *d, uint32_t netns)
{
	const struct row *most = NULL;

	for (size_t i = 0; i < d->now->count; i++) {
		const struct row *row = &d->now->rows[i];

		if (is_listener(d, row) && row->socket->netns == netns &&
		    drops_since(row, NULL) > (most ? drops_since(most, NULL) : 0))
			most = row;
	}
	return most;
}

static bool is_told(const struct diagnosis *d, uint32_t netns)
{
	for (size_t i = 0; i < d->now->count; i++) {
		const struct row *row = &d->now->rows[i];

		if (row->socket->netns == netns && is_overflowing(d, row))
			return true;
	}
	return false;
}

/*
 * Where no listener can be named; or there is one sample only, which tells something only of a
 * listener that is still there.
 */
static void judge_overflows(struct diagnosis *d, uint32_t netns)
{
	struct reading r = diagnosis_counter(d, netns, "TcpExt.ListenOverflows");
	const struct row *most = r.compared ? NULL : most_dropping(d, netns);
	struct finding *f;

	if (!(r.compared ? r.grown && !is_told(d, netns) : r.total && most))
		return;
	if (most)
		f = diagnosis_note(d, FINDING_ACCEPT_QUEUE_OVERFLOW, SEVERITY_NOTE, most);
	else
		f = diagnosis_of_netns(d, FINDING_ACCEPT_QUEUE_OVERFLOW, SEVERITY_WARNING, netns);
	if (!f)
		return;
	if (most)
		finding_cite(f, EVIDENCE_PACKETS_DROPPED_TOTAL, drops_since(most, NULL));
	cite_overflows(d, f, netns);
}

/* Listeners that share the connections to an address and port (SO_REUSEPORT). */
static int by_shared_end(const struct row *a, const struct row *b)
{
	int order = by_local_end(a, b);

	return order ? order : COMPARE(a->socket->interface, b->socket->interface);
}

/* What waits longest in a listener's queue. */
struct oldest {
	const struct socket *listener;
	uint64_t ms;
};

/* Of all listeners with such that is of known age, in order. */
struct oldest_list {
	struct oldest *list;
	size_t count;
};

/* Rows are copies: the same listener may stand in several places. */
static int compare_listener(const void *a, const void *b)
{
	const struct socket *p = ((const struct oldest *)a)->listener;
	const struct socket *q = ((const struct oldest *)b)->listener;
	int order = COMPARE(p->inode, q->inode);

	return order ? order : COMPARE(p->cookie, q->cookie);
}

static int compare_oldest(const void *a, const void *b)
{
	const struct oldest *p = a, *q = b;
	int order = compare_listener(p, q);

	return order ? order : COMPARE(q->ms, p->ms);
}

static int list_oldest(struct oldest_list *l, const struct sample *sample)
{
	size_t kept = 0;

	*l = (struct oldest_list){.list = malloc((sample->count + 1) * sizeof(*l->list))};
	if (!l->list)
		return -ENOMEM;
	for (size_t i = 0; i < sample->count; i++) {
		struct oldest o = {.listener = sample->rows[i].verdict.listener};

		if (o.listener && is_waiting(NULL, &sample->rows[i]) &&
		    socket_age(sample->rows[i].socket, &o.ms))
			l->list[l->count++] = o;
	}
	qsort(l->list, l->count, sizeof(*l->list), compare_oldest);
	for (size_t i = 0; i < l->count; i++) {
		if (!kept || compare_listener(&l->list[kept - 1], &l->list[i]))
			l->list[kept++] = l->list[i];
	}
	l->count = kept;
	return 0;
}

/* In milliseconds; 0 where nothing waits, or for how long is not known. */
static uint64_t oldest_waiting(const struct diagnosis *d, const struct socket *listener)
{
	const struct oldest_list *l = d->context;
	struct oldest key = {.listener = listener};
	const struct oldest *found =
		bsearch(&key, l->list, l->count, sizeof(*l->list), compare_listener);

	return found ? found->ms : 0;
}

/* The only one of them in whose queue something waits; NULL where there is none, or several. */
static const struct row *only_queued(const struct group *g)
{
	const struct row *queued = NULL;

	for (size_t i = 0; i < g->count; i++) {
		if (!g->rows[i]->socket->recv_queue)
			continue;
		if (queued)
			return NULL;
		queued = g->rows[i];
	}
	return queued;
}

static void judge_shared(struct diagnosis *d, const struct group *g)
{
	const struct row *stuck = g->count > 1 ? only_queued(g) : NULL;
	uint64_t oldest = stuck ? oldest_waiting(d, stuck->socket) : 0;
	struct finding *f;

	if (!stuck || (!listener_is_full(stuck->socket) && oldest < AGED_MS))
		return;
	f = diagnosis_note(d, FINDING_REUSEPORT_WORKER_STUCK, SEVERITY_WARNING, stuck);
	if (!f)
		return;
	finding_cite(f, EVIDENCE_LISTENERS, g->count);
	finding_cite(f, EVIDENCE_EMPTY_LISTENERS, g->count - 1);
	cite_queue(f, stuck->socket);
	if (oldest)
		finding_cite(f, EVIDENCE_OLDEST, oldest);
	diagnosis_cite_vitals(f);
}

static void judge_workers(struct diagnosis *d)
{
	struct oldest_list oldest;

	if (list_oldest(&oldest, d->now)) {
		d->error = -ENOMEM;
		return;
	}
	d->context = &oldest;
	diagnosis_groups(d, is_listener, by_shared_end, judge_shared);
	d->context = NULL;
	free(oldest.list);
}

void judge_queues(struct diagnosis *d)
{
	diagnosis_groups(d, is_full, by_local_end, judge_full);
	diagnosis_groups(d, is_waiting, by_listener, judge_waiting);
	diagnosis_groups(d, is_overflowing, by_local_end, judge_overflowing);
	for (uint32_t i = 0; i < d->now->snapshot->namespace_count; i++)
		judge_overflows(d, i);
	judge_workers(d);
}

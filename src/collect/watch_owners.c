// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Who holds the sockets under watch. At first all processes are walked, as for any snapshot; then new
 * sockets are looked for where they are likely, in processes that listen on their port or have got
 * sockets lately, and in new processes. All others are gone through in turn.
 */
#include <errno.h>
#include <stdlib.h>

#include "collect/services.h"
#include "collect/watcher.h"
#include "util/compare.h"
#include "util/grow.h"

enum {
	SEARCH_SHARE = 30000, /* nanoseconds of ours for each millisecond of the interval: 3% */
	OTHERS_SHARE = 10000, /* 1% */
	VERIFY_SHARE = 5000,  /* 0.5% */
	STRETCH_MOST = 10,
	PORTS = 65536,
	DEEP_AFTER = 3,    /* refreshes a socket is sought before all is walked for it */
	DEEP_EVERY = 5000, /* milliseconds between two such walks */
	DEEP_SHARE = 50,   /* and so many times as long as one takes of ours */
	WANTED = WANT_OWNERS | WANT_PROCESS | WANT_VITALS,
};

static bool still_there(void *ctx, const struct socket *sk)
{
	struct watcher *w = ctx;

	if (sk->kernel_state == STATE_CLOSED || sk->kernel_state == STATE_LISTEN || !w->lookup.nl)
		return true;
	return diag_still_there(&w->lookup, sk);
}

int watch_owners_open(struct watcher *w)
{
	struct watch_owners *o = &w->owners;
	int64_t start = watch_time();
	int error;

	o->listeners = calloc(PORTS, sizeof(*o->listeners));
	if (!o->listeners)
		return -ENOMEM;
	error = owners_open(&o->search, &w->snapshot, WANTED, still_there, w);
	o->open = true;
	o->deep_time = w->now;
	o->deep_cost = watch_time() - start;
	return error ? error : services_note_proxies(&w->snapshot);
}

/* Room for one more place. */
static int add_place(uint32_t **list, size_t *count, size_t *cap, uint32_t place)
{
	if (GROW(*list, *cap, *count + 1))
		return -ENOMEM;
	(*list)[(*count)++] = place;
	return 0;
}

static void stop_seeking(struct watcher *w, struct watched *e)
{
	w->owners.sought -= e->flags & WATCHED_SOUGHT ? 1 : 0;
	e->flags &= (uint8_t)~WATCHED_SOUGHT;
}

int watch_owners_again(struct watcher *w, uint32_t place)
{
	struct watch_owners *o = &w->owners;
	struct watched *e = &w->table.all[place];

	stop_seeking(w, e);
	e->flags &= (uint8_t) ~(WATCHED_SETTLED | WATCHED_HOLDERS);
	if (e->flags & WATCHED_AGAIN)
		return 0;
	e->flags |= WATCHED_AGAIN;
	return add_place(&o->again, &o->again_count, &o->again_cap, place);
}

uint8_t *watch_owners_marks(struct watch_owners *o, uint32_t index)
{
	uint32_t cap = o->mark_cap ? o->mark_cap : 64;
	uint8_t *more;

	while (cap <= index)
		cap *= 2;
	if (cap == o->mark_cap)
		return &o->marks[index];
	more = realloc(o->marks, cap);
	if (!more)
		return NULL;
	memset(more + o->mark_cap, 0, cap - o->mark_cap);
	o->marks = more;
	o->mark_cap = cap;
	return &o->marks[index];
}

void watch_owners_forget(struct watcher *w, uint32_t place)
{
	const struct owner_table *t = &w->snapshot.owners;
	struct watched *e = &w->table.all[place];

	for (uint32_t i = owner_table_find(t, e->inode); i != OWNER_NONE;
	     i = owner_table_next(t, i)) {
		uint8_t *marks = watch_owners_marks(&w->owners, t->owners[i].process);

		if (marks)
			*marks |= MARK_LOST;
	}
	stop_seeking(w, e);
	e->sought = 0;
	e->flags &= (uint8_t) ~(WATCHED_SETTLED | WATCHED_HOLDERS);
	owner_table_drop(&w->snapshot.owners, e->inode);
}

static bool settle(struct watcher *w, struct watched *e, enum owner_absence absence)
{
	stop_seeking(w, e);
	e->flags |= WATCHED_SETTLED;
	e->absence = (uint8_t)absence;
	return false;
}

/* What cannot be remembered is looked for all the same, in the other processes' turn. */
static bool seek(struct watcher *w, uint32_t place)
{
	struct watch_owners *o = &w->owners;
	struct watched *e = &w->table.all[place];

	if (!(e->flags & WATCHED_SOUGHT)) {
		e->flags |= WATCHED_SOUGHT;
		o->sought++;
		add_place(&o->seek, &o->seek_count, &o->seek_cap, place);
	}
	return true;
}

bool watch_owners_resolve(struct watcher *w, uint32_t place, struct socket *sk)
{
	struct owners *search = &w->owners.search;
	struct watched *e = &w->table.all[place];

	sk->absence = OWNER_NOT_ASKED;
	sk->owners = sk->inode ? owner_table_find(&w->snapshot.owners, sk->inode) : OWNER_NONE;
	if (sk->owners != OWNER_NONE) {
		sk->absence = OWNER_KNOWN;
		stop_seeking(w, e);
		return false;
	}
	if (!sk->inode || search->proc < 0 || w->snapshot.missing[MISSING_PROCFS].set)
		return false;
	if (w->round == 1 && !(e->flags & (WATCHED_SETTLED | WATCHED_SOUGHT))) {
		owners_resolve(search, sk);
		if (sk->absence == OWNER_KNOWN)
			return false;
		if (sk->absence != OWNER_RACED)
			settle(w, e, sk->absence);
	} else if (owners_search_is_vain(search, sk)) {
		settle(w, e, OWNER_NO_PERMISSION);
	}
	sk->absence = e->flags & WATCHED_SETTLED ? e->absence : OWNER_SOUGHT;
	return !(e->flags & WATCHED_SETTLED) && seek(w, place);
}

static int tell_process(struct watcher *w, uint32_t index)
{
	uint8_t *marks = watch_owners_marks(&w->owners, index);

	if (!marks)
		return -ENOMEM;
	if (*marks & MARK_TOLD)
		return 0;
	*marks |= MARK_TOLD;
	return w->sink->process(w->sink->ctx, index, &w->snapshot.owners.processes[index]);
}

int watch_owners_tell(struct watcher *w, uint32_t place)
{
	const struct owner_table *t = &w->snapshot.owners;
	struct watched *e = &w->table.all[place];
	struct owner some[64], *holders = some;
	uint32_t first = owner_table_find(t, e->inode);
	size_t count = 0;
	int error = 0;

	for (uint32_t i = first; i != OWNER_NONE; i = owner_table_next(t, i))
		count++;
	if (count > sizeof(some) / sizeof(some[0]))
		holders = malloc(count * sizeof(*holders));
	if (!holders)
		return -ENOMEM;
	count = 0;
	for (uint32_t i = first; i != OWNER_NONE && !error; i = owner_table_next(t, i)) {
		error = tell_process(w, t->owners[i].process);
		holders[count++] = t->owners[i];
	}
	if (!error)
		error = w->sink->holders(w->sink->ctx, e->inode, holders, count);
	if (holders != some)
		free(holders);
	e->flags |= WATCHED_HOLDERS;
	return error;
}

/* What is not yet done each refresh: the likely processes, in the order of their likelihood. */
static int by_likelihood(const void *va, const void *vb)
{
	const struct watch_process *a = *(struct watch_process *const *)va;
	const struct watch_process *b = *(struct watch_process *const *)vb;
	uint32_t x = a->hits + a->heat, y = b->hits + b->heat;

	return x != y ? COMPARE(y, x) : COMPARE(b->pid, a->pid);
}

/* The processes that listen where new sockets came from. */
static void count_hits(struct watcher *w)
{
	const struct owner_table *t = &w->snapshot.owners;

	for (size_t i = 0; i < w->pending.count; i++) {
		uint32_t listener = w->owners.listeners[w->pending.sockets[i]->local.port];
		uint32_t inode = listener ? w->table.all[listener - 1].inode : 0;

		for (uint32_t o = owner_table_find(t, inode); o != OWNER_NONE;
		     o = owner_table_next(t, o)) {
			int32_t pid = t->processes[t->owners[o].process].pid;
			struct watch_process *p = watch_process_find(&w->owners, pid);

			if (p)
				p->hits++;
		}
	}
}

/*
 * A deadline for a share of the interval, in nanoseconds for each millisecond: of the real one, but
 * for a pause.
 */
static int64_t deadline(const struct watcher *w, int64_t share)
{
	uint64_t least = w->watch->interval_ms, most = least * STRETCH_MOST;
	uint64_t ms = w->interval < least ? least : w->interval > most ? most : w->interval;

	return watch_time() + (int64_t)ms * share;
}

static int search_likely(struct watcher *w, int64_t until)
{
	struct watch_owners *o = &w->owners;
	struct watch_process **likely = malloc((o->count + 1) * sizeof(struct watch_process *));
	size_t count = 0;
	int error = 0;

	if (!likely)
		return -ENOMEM;
	for (size_t i = 0; i < o->count; i++) {
		if (o->all[i].hits || o->all[i].heat || o->all[i].fresh)
			likely[count++] = &o->all[i];
	}
	qsort(likely, count, sizeof(*likely), by_likelihood);
	for (size_t i = 0; i < count && !error && watch_time() < until; i++) {
		if (o->sought || likely[i]->fresh)
			error = watch_scan(w, likely[i], SCAN_NEW, until);
		likely[i]->heat /= 2;
		likely[i]->hits = 0;
	}
	free(likely);
	return error;
}

/* Many new sockets are gone before they could be found: no reason to search further. */
static void give_up_gone(struct watcher *w)
{
	for (size_t i = 0; w->lookup.nl && i < w->pending.count && w->owners.sought; i++) {
		const struct socket *sk = w->pending.sockets[i];
		uint32_t place = watched_find(&w->table, watched_id(sk));

		if (place == WATCHED_NONE || !(w->table.all[place].flags & WATCHED_SOUGHT))
			continue;
		if (watch_get(w, place, 0) || w->at_hand.inode != sk->inode)
			settle(w, &w->table.all[place], OWNER_RACED);
	}
}

static int search_others(struct watcher *w, int64_t until)
{
	struct watch_owners *o = &w->owners;
	int error = 0;

	for (size_t i = 0; i < o->count && o->sought && !error && watch_time() < until; i++) {
		o->next = (o->next + 1) % o->count;
		error = watch_scan(w, &o->all[o->next], SCAN_CHANGED, until);
	}
	return error;
}

int watch_owners_search(struct watcher *w)
{
	int64_t until = deadline(w, SEARCH_SHARE);
	int error;

	if (w->owners.search.proc < 0)
		return 0;
	error = watch_processes_list(w);
	if (error)
		return error;
	count_hits(w);
	error = search_likely(w, until);
	if (!error)
		give_up_gone(w);
	return error ? error : search_others(w, deadline(w, OTHERS_SHARE));
}

/* Forgets the places that are sought no more; whether one has been for long. */
static bool age_sought(struct watcher *w)
{
	struct watch_owners *o = &w->owners;
	size_t left = 0;
	bool old = false;

	for (size_t i = 0; i < o->seek_count; i++) {
		struct watched *e = &w->table.all[o->seek[i]];

		if (!e->id || !(e->flags & WATCHED_SOUGHT))
			continue;
		e->sought += e->sought < UINT8_MAX;
		old |= e->sought > DEEP_AFTER;
		o->seek[left++] = o->seek[i];
	}
	o->seek_count = left;
	return old;
}

static bool deep_is_due(const struct watcher *w)
{
	const struct watch_owners *o = &w->owners;
	uint64_t rest = (uint64_t)(o->deep_cost / 1000000 * DEEP_SHARE);

	return w->now - o->deep_time >= (rest > DEEP_EVERY ? rest : DEEP_EVERY);
}

/* The search that a snapshot makes, for all that were not found otherwise. */
static int search_deep(struct watcher *w)
{
	struct watch_owners *o = &w->owners;
	int64_t start = watch_time();
	int error = 0;

	owners_renew(&o->search);
	owners_received(&o->search);
	for (size_t i = 0; i < o->seek_count && !error; i++) {
		uint32_t place = o->seek[i];
		struct watched *e = &w->table.all[place];

		if (!e->id || !(e->flags & WATCHED_SOUGHT) || watch_get(w, place, 0))
			continue;
		owners_resolve(&o->search, &w->at_hand);
		if (w->at_hand.absence == OWNER_RACED)
			continue;
		error = watch_owners_again(w, place);
		if (w->at_hand.absence != OWNER_KNOWN)
			settle(w, e, w->at_hand.absence);
	}
	o->deep_time = w->now;
	o->deep_cost = watch_time() - start;
	return error ? error : watch_owners_note(w);
}

/* What a process is may change too: it has executed another program. */
static int read_again(struct watcher *w, struct watch_process *p)
{
	struct owners *search = &w->owners.search;
	struct process now, *known = &w->snapshot.owners.processes[p->index];
	int error = process_read(&now, search->proc, p->pid, WANTED);
	uint8_t *marks;

	if (error)
		return error == -ESRCH ? 0 : error;
	if (now.started != known->started)
		error = watch_scan_gone(w, p);
	if (now.have_uid)
		now.user = user_names_get(&search->users, now.uid);
	now.forwards = known->forwards;
	now.have_descriptors = known->have_descriptors;
	now.descriptors = known->descriptors;
	known->forwards = NULL;
	process_clear(known);
	*known = now;
	marks = watch_owners_marks(&w->owners, p->index);
	if (error || !marks || !(*marks & MARK_TOLD))
		return error ? error : marks ? 0 : -ENOMEM;
	*marks &= (uint8_t)~MARK_TOLD;
	return tell_process(w, p->index);
}

static int verify_turn(struct watcher *w, int64_t until)
{
	struct watch_owners *o = &w->owners;
	int error = 0;

	for (size_t i = 0; i < o->count && !error && watch_time() < until; i++) {
		struct watch_process *p = &o->all[o->turn % o->count];

		if (p->index != OWNER_NONE && !p->verify_at)
			error = read_again(w, p);
		if (!error)
			error = watch_scan(w, p, SCAN_VERIFY, until);
		if (!p->verify_at)
			o->turn = (o->turn + 1) % o->count;
	}
	return error;
}

int watch_owners_verify(struct watcher *w)
{
	int error = 0;

	if (w->owners.search.proc < 0)
		return 0;
	if (age_sought(w) && deep_is_due(w))
		error = search_deep(w);
	return error ? error : verify_turn(w, deadline(w, VERIFY_SHARE));
}

void watch_owners_close(struct watcher *w)
{
	struct watch_owners *o = &w->owners;

	if (o->open)
		owners_close(&o->search);
	for (size_t i = 0; i < o->count; i++)
		free(o->all[i].fds);
	free(o->all);
	free(o->marks);
	free(o->spare);
	free(o->listeners);
	free(o->scratch);
	free(o->seek);
	free(o->again);
	*o = (struct watch_owners){0};
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/ahead.h"

#include <stdlib.h>

#include "util/thread.h"

static char *buffer_of(const struct ahead *a, unsigned number)
{
	return a->buffers + number % AHEAD_SLOTS * a->source->size;
}

/* Waits for a free slot; false when no more are wanted. */
static bool may_receive(struct ahead *a)
{
	bool go_on;

	pthread_mutex_lock(&a->lock);
	while (!a->stop && a->received - a->taken == AHEAD_SLOTS)
		pthread_cond_wait(&a->freed, &a->lock);
	go_on = !a->stop;
	pthread_mutex_unlock(&a->lock);
	return go_on;
}

/* Enters a result. The caller is woken for several at once: each wakening costs both threads. */
static void enter(struct ahead *a, ssize_t result, bool last)
{
	pthread_mutex_lock(&a->lock);
	a->results[a->received++ % AHEAD_SLOTS] = result;
	a->ended = last;
	if (last || a->received - a->taken >= AHEAD_BATCH)
		pthread_cond_signal(&a->filled);
	pthread_mutex_unlock(&a->lock);
}

static void *receive_all(void *arg)
{
	struct ahead *a = arg;
	const struct ahead_source *s = a->source;
	bool last = false;

	while (!last && may_receive(a)) {
		/* `received` is written by this thread alone. */
		char *buffer = buffer_of(a, a->received);
		ssize_t result = s->receive(s->ctx, buffer, s->size);

		last = s->is_last(s->ctx, buffer, result);
		enter(a, result, last);
	}
	return NULL;
}

static void release(struct ahead *a)
{
	pthread_cond_destroy(&a->filled);
	pthread_cond_destroy(&a->freed);
	pthread_mutex_destroy(&a->lock);
	free(a->buffers);
	a->buffers = NULL;
}

bool ahead_open(struct ahead *a, const struct ahead_source *source)
{
	*a = (struct ahead){.source = source,
			    .lock = PTHREAD_MUTEX_INITIALIZER,
			    .filled = PTHREAD_COND_INITIALIZER,
			    .freed = PTHREAD_COND_INITIALIZER};
	a->buffers = malloc(AHEAD_SLOTS * source->size);
	if (!a->buffers)
		return false;
	if (!thread_start(&a->thread, receive_all, a))
		release(a);
	return a->buffers;
}

/* Gives the slot in the caller's hands back. */
static void give_back(struct ahead *a)
{
	if (!a->handed_out)
		return;
	a->handed_out = false;
	a->taken++;
	if (a->received - a->taken <= AHEAD_SLOTS - AHEAD_BATCH)
		pthread_cond_signal(&a->freed);
}

ssize_t ahead_next(struct ahead *a, const void **data)
{
	ssize_t result = 0;

	pthread_mutex_lock(&a->lock);
	give_back(a);
	while (a->received == a->taken && !a->ended)
		pthread_cond_wait(&a->filled, &a->lock);
	if (a->received != a->taken) {
		result = a->results[a->taken % AHEAD_SLOTS];
		*data = buffer_of(a, a->taken);
		a->handed_out = true;
	}
	pthread_mutex_unlock(&a->lock);
	return result;
}

void ahead_close(struct ahead *a)
{
	if (!ahead_is_open(a))
		return;
	pthread_mutex_lock(&a->lock);
	a->stop = true;
	pthread_cond_signal(&a->freed);
	pthread_mutex_unlock(&a->lock);
	pthread_join(a->thread, NULL);
	release(a);
}

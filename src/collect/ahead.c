// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/ahead.h"

#include <stdlib.h>

#include "util/thread.h"

static char *buffer_of(const struct ahead *a, unsigned number)
{
	return a->buffers + number % AHEAD_SLOTS * a->sources->size;
}

/* Waits for a free slot and claims it; false when no more are wanted. */
static bool claim(struct ahead *a, unsigned *number)
{
	bool go_on;

	pthread_mutex_lock(&a->lock);
	while (!a->stop && a->claimed - a->taken == AHEAD_SLOTS)
		pthread_cond_wait(&a->freed, &a->lock);
	go_on = !a->stop;
	if (go_on)
		*number = a->claimed++;
	pthread_mutex_unlock(&a->lock);
	return go_on;
}

/* Enters a result. The caller is woken for several at once: each wakening costs both threads. */
static void enter(struct ahead *a, unsigned number, ssize_t result)
{
	pthread_mutex_lock(&a->lock);
	a->results[number % AHEAD_SLOTS] = result;
	a->is_filled[number % AHEAD_SLOTS] = true;
	if (++a->ready >= AHEAD_BATCH)
		pthread_cond_signal(&a->filled);
	pthread_mutex_unlock(&a->lock);
}

static void receive_all(struct ahead *a, const struct ahead_source *s)
{
	unsigned number;
	bool last = false;

	while (!last && claim(a, &number)) {
		char *buffer = buffer_of(a, number);
		ssize_t result = s->receive(s->ctx, buffer, s->size);

		last = s->is_last(s->ctx, buffer, result);
		enter(a, number, result);
	}
}

/* NULL when each source has been begun: then this thread ends. */
static const struct ahead_source *next_source(struct ahead *a)
{
	const struct ahead_source *source = NULL;

	pthread_mutex_lock(&a->lock);
	if (a->begun < a->source_count)
		source = &a->sources[a->begun++];
	else if (!--a->running)
		pthread_cond_signal(&a->filled);
	pthread_mutex_unlock(&a->lock);
	return source;
}

static void *run(void *arg)
{
	struct ahead *a = arg;

	for (const struct ahead_source *s; (s = next_source(a));)
		receive_all(a, s);
	return NULL;
}

static bool start_thread(struct ahead *a)
{
	bool started;

	/* Held, so that the thread waits until it has been counted. */
	pthread_mutex_lock(&a->lock);
	started = thread_start(&a->threads[a->thread_count], run, a);
	a->thread_count += started;
	a->running += started;
	pthread_mutex_unlock(&a->lock);
	return started;
}

static void release(struct ahead *a)
{
	pthread_cond_destroy(&a->filled);
	pthread_cond_destroy(&a->freed);
	pthread_mutex_destroy(&a->lock);
	free(a->buffers);
	a->buffers = NULL;
}

bool ahead_open(struct ahead *a, const struct ahead_source *sources, unsigned count)
{
	*a = (struct ahead){.sources = sources,
			    .source_count = count,
			    .lock = PTHREAD_MUTEX_INITIALIZER,
			    .filled = PTHREAD_COND_INITIALIZER,
			    .freed = PTHREAD_COND_INITIALIZER};
	a->buffers = malloc(AHEAD_SLOTS * sources->size);
	if (!a->buffers)
		return false;
	while (a->thread_count < count && a->thread_count < AHEAD_THREADS && start_thread(a))
		;
	if (!a->thread_count)
		release(a);
	return a->buffers;
}

/* Gives the slot in the caller's hands back. */
static void give_back(struct ahead *a)
{
	if (!a->handed_out)
		return;
	a->handed_out = false;
	a->is_filled[a->taken++ % AHEAD_SLOTS] = false;
	a->ready--;
	if (a->claimed - a->taken <= AHEAD_SLOTS - AHEAD_BATCH)
		pthread_cond_broadcast(&a->freed);
}

ssize_t ahead_next(struct ahead *a, const void **data)
{
	unsigned slot;
	ssize_t result = 0;

	pthread_mutex_lock(&a->lock);
	give_back(a);
	slot = a->taken % AHEAD_SLOTS;
	while (!a->is_filled[slot] && a->running)
		pthread_cond_wait(&a->filled, &a->lock);
	if (a->is_filled[slot]) {
		result = a->results[slot];
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
	a->begun = a->source_count;
	pthread_cond_broadcast(&a->freed);
	pthread_mutex_unlock(&a->lock);
	for (unsigned i = 0; i < a->thread_count; i++)
		pthread_join(a->threads[i], NULL);
	release(a);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef COLLECT_AHEAD_H
#define COLLECT_AHEAD_H

#include <pthread.h>
#include <stdbool.h>
#include <sys/types.h>

enum {
	AHEAD_SLOTS = 8,   /* results kept at most */
	AHEAD_BATCH = 4,   /* results, or free slots, for which a waiting thread is woken */
	AHEAD_THREADS = 2, /* that receive, at most */
};

/* Where results come from. Both functions are called by one other thread only. */
struct ahead_source {
	/* Fills up to `size` bytes of `buffer`; returns their number, or a negative errno. */
	ssize_t (*receive)(void *ctx, void *buffer, size_t size);
	/* Whether nothing may be received after this result: another receive() could wait for ever. */
	bool (*is_last)(void *ctx, const void *data, ssize_t result);
	void *ctx;
	size_t size; /* bytes of a buffer */
};

/*
 * Receives ahead: other threads, one for each source, call receive() again and again while the
 * first works on what came before. For a dump receive() is where the kernel does its work, so all
 * overlap. Every result, errors too, comes once, and those of one source in order. The members are
 * its own.
 */
struct ahead {
	const struct ahead_source *sources;
	unsigned source_count;
	pthread_t threads[AHEAD_THREADS];
	unsigned thread_count;
	pthread_mutex_t lock; /* of all below but the buffers' contents */
	pthread_cond_t filled, freed;
	char *buffers; /* AHEAD_SLOTS of the sources' size; NULL: not open */
	ssize_t results[AHEAD_SLOTS];
	bool is_filled[AHEAD_SLOTS];
	unsigned claimed, taken; /* counted through; slot number modulo AHEAD_SLOTS */
	unsigned ready;          /* filled and not taken */
	unsigned begun;          /* sources */
	unsigned running;        /* threads */
	bool handed_out;         /* result `taken` is in the caller's hands */
	bool stop;               /* no more are wanted */
};

/*
 * Starts to receive from `count` sources of one buffer size, which must outlive it. Where only one
 * thread is to be had it takes one source after the other. False where that would not gain (one
 * processor), or no thread can be had: nothing was received then, and the caller goes on alone.
 * Otherwise ahead_close() is due.
 */
bool ahead_open(struct ahead *a, const struct ahead_source *sources, unsigned count);

/* Whether ahead_open() succeeded and ahead_close() was not called. */
static inline bool ahead_is_open(const struct ahead *a)
{
	return a->buffers;
}

/*
 * The next result of a receive(), waited for; *data is valid until the next call, or ahead_close().
 * Behind the last of all: 0.
 */
ssize_t ahead_next(struct ahead *a, const void **data);

/* Ends the threads, once a receive() under way has returned. May be called when not open. */
void ahead_close(struct ahead *a);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UTIL_THREAD_H
#define UTIL_THREAD_H

#include <pthread.h>
#include <stdbool.h>

/* Processors that this thread may run on: at least 1. */
int thread_processors(void);

/*
 * Starts `run(arg)` in a second thread, where there is a second processor for it; all signals stay
 * with the threads of before. True: it is due to be joined. False: the caller goes on alone.
 */
bool thread_start(pthread_t *thread, void *(*run)(void *), void *arg);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#include "util/thread.h"

#include <sched.h>
#include <signal.h>

int thread_processors(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) ? 1 : CPU_COUNT(&set);
}

/* The processors this thread may run on but the one it runs on; false where there is no other. */
static bool other_processors(cpu_set_t *all, cpu_set_t *others)
{
	int here = sched_getcpu();

	if (sched_getaffinity(0, sizeof(*all), all) || CPU_COUNT(all) < 2)
		return false;
	*others = *all;
	if (here >= 0)
		CPU_CLR(here, others);
	return true;
}

/*
 * Left to itself the kernel often queues a new thread behind the one that made it, where it begins
 * only once that one waits: for work of a millisecond, too late. Where it goes later is free again.
 */
static bool start_elsewhere(pthread_t *thread, void *(*run)(void *), void *arg)
{
	cpu_set_t all, others;
	pthread_attr_t attributes;
	bool started;

	if (!other_processors(&all, &others) || pthread_attr_init(&attributes))
		return false;
#ifdef HAVE_PTHREAD_ATTR_SETAFFINITY_NP
	pthread_attr_setaffinity_np(&attributes, sizeof(others), &others);
#endif
	started = !pthread_create(thread, &attributes, run, arg);
	pthread_attr_destroy(&attributes);
	if (started)
		pthread_setaffinity_np(*thread, sizeof(all), &all);
	return started;
}

bool thread_start(pthread_t *thread, void *(*run)(void *), void *arg)
{
	sigset_t every, before;
	bool started;

	sigfillset(&every);
	pthread_sigmask(SIG_SETMASK, &every, &before);
	started = start_elsewhere(thread, run, arg);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return started;
}

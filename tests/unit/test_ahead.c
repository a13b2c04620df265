// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Receiving ahead from sources that number what they give: order, errors, ends and early ends.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include "collect/ahead.h"

enum {
	SIZE = 512,
	MANY = 5000,
	FOR_EVER = -1,
	EVERY = 7, /* of so many results one is an error */
};

/* What the second thread sees, for the first to judge: it may not assert. */
struct numbers {
	struct ahead_source source;
	int count;   /* of results; FOR_EVER has no last */
	bool slow;   /* takes its time now and then */
	bool fails;  /* some results are errors, the last too */
	int least;   /* bytes of the shortest result, by which several sources are told apart */
	int threads; /* of this process, before it began */
	atomic_int received, taken;
	atomic_bool too_far, after_last, signals;
};

static void rest(void)
{
	const struct timespec t = {.tv_nsec = 200 * 1000};

	nanosleep(&t, NULL);
}

static ssize_t expected(const struct numbers *n, int number)
{
	if (n->fails && number == n->count - 1)
		return -EIO;
	if (n->fails && number % EVERY == EVERY - 1)
		return -EINTR;
	return n->least ? n->least + number % 100 : SIZE - number % 100;
}

static ssize_t receive(void *ctx, void *buffer, size_t size)
{
	struct numbers *n = ctx;
	int number = atomic_load(&n->received);
	ssize_t result = expected(n, number);
	sigset_t blocked;

	if (n->count != FOR_EVER && number >= n->count)
		n->after_last = true;
	if (number - atomic_load(&n->taken) >= AHEAD_SLOTS)
		n->too_far = true;
	if (pthread_sigmask(SIG_BLOCK, NULL, &blocked) || !sigismember(&blocked, SIGINT) ||
	    !sigismember(&blocked, SIGTERM))
		n->signals = true;
	if (n->slow && number % 50 == 0)
		rest();
	if (result > 0 && (size_t)result <= size)
		memset(buffer, (uint8_t)number, (size_t)result);
	atomic_store(&n->received, number + 1);
	return result;
}

static bool is_last(void *ctx, const void *data, ssize_t result)
{
	const struct numbers *n = ctx;

	(void)data;
	(void)result;
	return n->received == n->count;
}

static int threads(void)
{
	DIR *d = opendir("/proc/self/task");
	int count = 0;

	assert_non_null(d);
	for (struct dirent *e; (e = readdir(d));)
		count += e->d_name[0] != '.';
	closedir(d);
	return count;
}

static void begin(struct numbers *n, struct ahead *a)
{
	n->source = (struct ahead_source){receive, is_last, n, SIZE};
	n->threads = threads();
	if (!ahead_open(a, &n->source, 1)) {
		assert_int_equal(n->received, 0);
		skip(); /* one processor */
	}
	assert_true(ahead_is_open(a));
}

/* Nothing wrong was seen, and the thread has gone. */
static void end(struct numbers *n, struct ahead *a)
{
	int received;

	ahead_close(a);
	received = n->received;
	assert_false(ahead_is_open(a));
	assert_false(n->too_far);
	assert_false(n->after_last);
	assert_false(n->signals);
	/* A thread that has been joined may still be listed for a moment. */
	for (int i = 0; i < 1000 && threads() > n->threads; i++)
		rest();
	assert_int_equal(threads(), n->threads);
	assert_int_equal(n->received, received);
	ahead_close(a);
}

static void judge_one(struct numbers *n, int number, ssize_t result, const uint8_t *bytes)
{
	assert_int_equal(result, expected(n, number));
	for (ssize_t i = 0; i < result; i++)
		assert_int_equal(bytes[i], (uint8_t)number);
	atomic_store(&n->taken, number + 1);
}

static void take_one(struct numbers *n, struct ahead *a, int number)
{
	const void *data = NULL;
	ssize_t result = ahead_next(a, &data);

	judge_one(n, number, result, data);
}

static void take_all(struct numbers *n, bool slowly)
{
	const void *data;
	struct ahead a;

	begin(n, &a);
	for (int i = 0; i < n->count; i++) {
		if (slowly && i % 30 == 0)
			rest();
		take_one(n, &a, i);
	}
	/* Behind the last nothing is waited for. */
	assert_int_equal(ahead_next(&a, &data), 0);
	assert_int_equal(ahead_next(&a, &data), 0);
	end(n, &a);
}

static void test_order(void **state)
{
	(void)state;
	for (int pace = 0; pace < 4; pace++) {
		struct numbers n = {.count = MANY, .slow = pace & 1};

		take_all(&n, pace & 2);
	}
}

/* Each source's results in its own order, by as many threads as there are, or one after another. */
static void take_several(struct numbers *n, unsigned count)
{
	struct ahead_source sources[] = {{receive, is_last, n, SIZE},
					 {receive, is_last, n + 1, SIZE},
					 {receive, is_last, n + 2, SIZE}};
	int before = threads();
	struct ahead a;
	const void *data;
	ssize_t result;

	n[1].least = 1;
	n[2].least = 201;
	if (!ahead_open(&a, sources, count))
		skip(); /* one processor */
	while ((result = ahead_next(&a, &data)) > 0) {
		struct numbers *from = &n[result > 400 ? 0 : result <= 100 ? 1 : 2];

		judge_one(from, from->taken, result, data);
	}
	assert_int_equal(result, 0);
	for (unsigned i = 0; i < count; i++) {
		assert_int_equal(n[i].taken, n[i].count);
		assert_false(n[i].after_last || n[i].signals);
	}
	n->threads = before;
	end(n, &a);
}

static void test_two_sources(void **state)
{
	(void)state;
	for (int pace = 0; pace < 4; pace++) {
		struct numbers n[3] = {{.count = MANY, .slow = pace & 1},
				       {.count = MANY / 2, .slow = pace & 2}};

		take_several(n, 2);
	}
	for (int count = 1; count <= 2 * AHEAD_SLOTS; count++) {
		struct numbers n[3] = {{.count = 1}, {.count = count}};

		take_several(n, 2);
	}
}

static void test_more_sources_than_threads(void **state)
{
	struct numbers n[] = {{.count = MANY}, {.count = 3}, {.count = MANY}};

	(void)state;
	take_several(n, AHEAD_THREADS + 1);
}

static void test_early_end_of_two(void **state)
{
	(void)state;
	for (int taken = 0; taken <= 3 * AHEAD_SLOTS; taken++) {
		struct numbers n = {.count = FOR_EVER, .taken = MANY}; /* not judged */
		struct numbers other = n;
		struct ahead_source sources[] = {{receive, is_last, &n, SIZE},
						 {receive, is_last, &other, SIZE}};
		struct ahead a;
		const void *data;

		n.threads = threads();
		if (!ahead_open(&a, sources, 2))
			skip(); /* one processor */
		for (int i = 0; i < taken; i++)
			assert_true(ahead_next(&a, &data) > 0);
		end(&n, &a);
	}
}

static void test_few(void **state)
{
	(void)state;
	for (int count = 1; count <= 2 * AHEAD_SLOTS; count++) {
		struct numbers n = {.count = count}, slow = {.count = count, .slow = true};

		take_all(&n, false);
		take_all(&slow, false);
	}
}

static void test_errors_in_order(void **state)
{
	struct numbers n = {.count = MANY, .fails = true};

	(void)state;
	take_all(&n, false);
}

/* A caller that has enough. */
static void test_early_end(void **state)
{
	(void)state;
	for (int taken = 0; taken <= 3 * AHEAD_SLOTS; taken++) {
		struct numbers n = {.count = FOR_EVER, .slow = taken & 1};
		struct ahead a;

		begin(&n, &a);
		for (int i = 0; i < taken; i++)
			take_one(&n, &a, i);
		end(&n, &a);
	}
}

static void test_waits_for_room(void **state)
{
	struct numbers n = {.count = FOR_EVER};
	struct ahead a;

	(void)state;
	begin(&n, &a);
	for (int i = 0; i < 10000 && n.received < AHEAD_SLOTS; i++)
		rest();
	assert_int_equal(n.received, AHEAD_SLOTS);
	for (int i = 0; i < MANY; i++)
		take_one(&n, &a, i);
	end(&n, &a);
}

static void test_one_processor(void **state)
{
	struct numbers n = {.count = 1};
	struct ahead a;
	cpu_set_t all, one;

	(void)state;
	n.source = (struct ahead_source){receive, is_last, &n, SIZE};
	assert_int_equal(sched_getaffinity(0, sizeof(all), &all), 0);
	CPU_ZERO(&one);
	for (size_t i = 0; i < CPU_SETSIZE && !CPU_COUNT(&one); i++) {
		if (CPU_ISSET(i, &all))
			CPU_SET(i, &one);
	}
	assert_int_equal(sched_setaffinity(0, sizeof(one), &one), 0);
	assert_false(ahead_open(&a, &n.source, 1));
	assert_int_equal(sched_setaffinity(0, sizeof(all), &all), 0);
	assert_false(ahead_is_open(&a));
	assert_int_equal(n.received, 0);
	ahead_close(&a);
}

static void *nothing(void *arg)
{
	return arg;
}

/* A sanitizer may add a thread of its own to the first. */
static int start_first(void **state)
{
	pthread_t thread;

	(void)state;
	return pthread_create(&thread, NULL, nothing, NULL) || pthread_join(thread, NULL) ? -1 : 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_few),
		cmocka_unit_test(test_two_sources),
		cmocka_unit_test(test_more_sources_than_threads),
		cmocka_unit_test(test_early_end_of_two),
		cmocka_unit_test(test_errors_in_order),
		cmocka_unit_test(test_early_end),
		cmocka_unit_test(test_waits_for_room),
		cmocka_unit_test(test_one_processor),
	};

	return cmocka_run_group_tests(tests, start_first, NULL);
}

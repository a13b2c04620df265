// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef EXPLAIN_DIAGNOSIS_H
#define EXPLAIN_DIAGNOSIS_H

#include "explain/diagnose.h"

/*
 * What the judges (judge_*.c) share. A judge looks at the rows, in groups that belong together, and
 * at the counters, and adds findings. It never fails: a lack of memory is noted here.
 */
struct diagnosis {
	const struct sample *now;
	const struct sample *before; /* NULL: one sample only */
	struct finding_list *found;
	int error;
	const struct row **earlier; /* the rows of `before` by cookie: open addressing */
	size_t earlier_size;
	const void *context; /* of the judge at work, for its tests */
};

enum { AGED_MS = 60000 }; /* half-close and a slow program are legal for a while */

/* Rows of one kind that have something in common; never empty. */
struct group {
	const struct diagnosis *diagnosis;
	const struct row *const *rows; /* those of known age first, oldest first */
	size_t count;
	size_t aged;        /* known to be AGED_MS or older */
	size_t aged_before; /* what was so in the earlier sample, of rows that belong here */
	bool have_oldest;
	uint64_t oldest_ms;
};

typedef bool row_test(const struct diagnosis *d, const struct row *row);
typedef int row_order(const struct row *a, const struct row *b); /* 0: the same group */
typedef void group_judge(struct diagnosis *d, const struct group *g);

/* Judges each group of the rows that pass the test. Rows of the earlier sample are tested too. */
void diagnosis_groups(struct diagnosis *d, row_test *test, row_order *order, group_judge *judge);

/*
 * Orders: rows without a process, or without a listener, make one group; by_holder parts those
 * without a process by namespace and user.
 */
row_order by_process, by_holder, by_listener, by_local_end, by_peer_address, by_destination,
	by_netns;

/* The process of the row's first holder; NULL where none is known. */
const struct process *row_process(const struct row *row);

/* By a signal, or by a debugger; false where that is not known. */
bool process_is_stopped(const struct process *p);

/* The same socket in the earlier sample; NULL where there is none. */
const struct row *diagnosis_earlier(const struct diagnosis *d, const struct row *row);

/*
 * How many more than in the earlier sample are AGED_MS or older, 0 where one that was so then has
 * left its state since, or the earlier sample may lack sockets: what comes and goes does not grow.
 */
size_t group_aged_growth(const struct group *g);

/* How many different ones there are of what `order` compares. */
size_t group_distinct(struct diagnosis *d, const struct group *g, row_order *order);

/* Rounded down; the whole is not 0. */
uint64_t percent_of(uint64_t part, uint64_t whole);

struct reading {
	bool known;
	uint64_t total; /* since the namespace began */
	bool compared;  /* there are two samples */
	uint64_t grown; /* between them */
};

/* A counter of /proc/net/netstat or snmp, by its name there, of the namespace of `netns` index. */
struct reading diagnosis_counter(const struct diagnosis *d, uint32_t netns, const char *name);

/* Time between the samples in milliseconds, 0 with one only. */
uint64_t diagnosis_interval(const struct diagnosis *d);

/*
 * A finding about a group: its process, SOCKETS, OLDEST and examples are filled in. NULL without
 * memory.
 */
struct finding *diagnosis_find(struct diagnosis *d, enum finding_name name, enum severity severity,
			       const struct group *g);

/*
 * The same, led by its row of index `first` instead of the first, without OLDEST: for what has
 * no age.
 */
struct finding *diagnosis_find_led(struct diagnosis *d, enum finding_name name,
				   enum severity severity, const struct group *g, size_t first);

/* A finding about no rows: a namespace, a host, or a single row (NULL has none). */
struct finding *diagnosis_note(struct diagnosis *d, enum finding_name name, enum severity severity,
			       const struct row *row);

/*
 * Whether a process (by_process) holds half-closed connections longer than is usual: a minute, and
 * many of them, more and more, or a tenth of its descriptors.
 */
bool held_too_long(const struct group *g);

/* Cites what made it so. */
void cite_held(struct finding *f, const struct group *g);

/* A finding about a namespace: says which where there are several. */
struct finding *diagnosis_of_netns(struct diagnosis *d, enum finding_name name,
				   enum severity severity, uint32_t netns);

/* Cites what a process is doing, as far as it was read. */
void diagnosis_cite_vitals(struct finding *f);

/* The process that accepts what comes to the row's end; NULL where none is known. */
const struct process *listener_process(const struct row *row);

/* Whether more wait to be accepted than the backlog. */
bool listener_is_full(const struct socket *listener);

/*
 * Whether the connection itself shows that only its large segments are lost: others get through, or
 * the peer was heard since they went out.
 */
bool row_large_stuck_alone(const struct row *row);

/* The judges, judge_NAME() in judge_NAME.c (judges.def). */
#define JUDGE(name) void judge_##name(struct diagnosis *d);
#include "explain/judges.def"
#undef JUDGE

/* Drops what another finding tells, and finds of what each is a consequence (causes.def). */
void chain_causes(struct finding_list *found);

#endif

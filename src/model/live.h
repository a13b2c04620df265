// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef MODEL_LIVE_H
#define MODEL_LIVE_H

#include "model/verdict.h"

enum {
	LIVE_STATES =
		16, /* kernel states counted: above all of them, the last counts the unknown */
	LIVE_HISTORY = 120,    /* refreshes whose counts are kept */
	LIVE_LINGER_MS = 2500, /* a socket that went is shown so long */
	LIVE_WAS = 4,          /* earlier states kept */
	TRAIL_SAMPLES = 120,   /* of one socket's history */
};

/* One reading of a socket under watch. */
struct trail_sample {
	uint64_t time; /* live.now at the reading */
	uint32_t recv_queue, send_queue;
	uint32_t rtt; /* microseconds; 0 is unknown */
	uint8_t state;
};

/* A ring of readings: the oldest is at `next` once it is full. */
struct trail {
	struct trail_sample samples[TRAIL_SAMPLES];
	unsigned count, next;
};

/*
 * A socket under watch. It is found by its id: the kernel's cookie, or where there is none a number
 * that its feed has made of its addresses.
 */
struct live_socket {
	struct row row; /* its socket is the entry's own; the verdict that of the last classify() */
	uint64_t id;
	uint64_t read;                /* milliseconds, live.now, when its numbers were read */
	uint64_t came;                /* when it was first seen; 0: it was there before us */
	uint64_t changed;             /* when it last changed its state; 0 never */
	uint64_t went;                /* when it was found gone; 0: it is there */
	uint8_t was[LIVE_WAS];        /* its states before this one, the last first; 0 ends them */
	uint64_t was_until[LIVE_WAS]; /* when it left each */
	bool judged;                  /* the verdict is that of these numbers */
	bool told;                    /* stands in live.news */
	bool tagged;                  /* by the user */
	struct trail *trail;          /* NULL: nobody follows it */
	struct live_socket *next;     /* in its hash chain */
	size_t place;                 /* in live.sockets */
};

/* How many there were, as of one refresh. */
struct live_count {
	uint64_t time;
	uint32_t states[LIVE_STATES];
	/* Since the refresh before: sockets, and by state those that came into it and left it. */
	uint32_t came, went;
	uint32_t entered[LIVE_STATES], left[LIVE_STATES];
};

/* How the feed fares. */
struct live_tick {
	uint32_t took_ms;     /* the last refresh */
	uint32_t interval_ms; /* from one to the next, stretched where refreshing takes longer */
	int error;            /* why it failed, negative errno; 0 it did not */
	char complaint[160];  /* and in words; "" has none */
};

/* What came of closing a socket or signalling a process. */
struct live_outcome {
	uint32_t deed; /* the asker's number */
	int error;     /* 0 it was done, else a negative errno */
	bool remains;  /* the socket is there nevertheless (act/destroy.h) */
};

/* Something found wrong (explain/findings.def), already in words: it was judged elsewhere. */
struct live_finding {
	char *id;         /* "close-wait-leak" */
	uint8_t severity; /* enum severity of explain/finding.h */
	char *line;       /* headline, untrusted bytes made safe */
	char *text;       /* evidence, meaning and what to do: lines; safe too */
};

void live_finding_clear(struct live_finding *f);

/*
 * All sockets as last known, changed bit by bit as a feed (model/feed.h) tells. Its snapshot has the
 * owners, namespaces and listeners that rows refer to, as any other.
 */
struct live {
	struct snapshot snapshot;
	struct live_socket **sockets; /* all, also those that linger, in no order */
	size_t count, cap;
	struct live_socket **chains; /* by id */
	size_t mask;

	uint64_t now;       /* milliseconds of CLOCK_MONOTONIC at the last refresh */
	uint64_t refreshes; /* completed */
	bool saved;         /* a snapshot from a file: nothing will change */
	struct live_tick tick;
	struct live_count history[LIVE_HISTORY]; /* ring */
	unsigned history_count, history_next;
	uint32_t states[LIVE_STATES]; /* sockets there now, by kernel state */
	uint32_t hidden; /* sockets there now whose owner privileges hide */
	uint32_t came, went;          /* in the refresh under way */
	uint32_t entered[LIVE_STATES], left[LIVE_STATES]; /* since the last refresh */

	struct live_socket **news; /* came, changed or went since live_settle() */
	size_t news_count, news_cap;
	bool renamed; /* since then a process is another program, though its sockets are no news */

	struct live_outcome *outcomes; /* not yet looked at; the reader sets the count to 0 */
	size_t outcome_count, outcome_cap;

	struct live_finding *findings; /* the worst first */
	size_t finding_count;
	uint64_t findings_time; /* live.now when they were found; 0: not yet looked for */

	uint64_t command_id; /* the socket whose holders' command lines these are; 0 none */
	char *command;       /* "812\0nginx: worker\0", pairs, untrusted bytes */
	size_t command_len;
};

/* Feeds call these. Those with a result return 0 or -ENOMEM. */

/* A refresh begins: `now` in milliseconds of CLOCK_MONOTONIC. */
void live_begin(struct live *l, uint64_t now);

/* Between two refreshes: the sockets put next were read now. */
void live_now(struct live *l, uint64_t now);

/*
 * A socket that is new, or whose numbers are. Its `owners` is ignored: holders are found by inode,
 * so they are told before, and a socket whose holders change is put again. Without tcp_info an
 * earlier one is forgotten.
 */
int live_put(struct live *l, uint64_t id, const struct socket *sk);

/* A socket is there no more; an id nobody knows is passed over. */
void live_gone(struct live *l, uint64_t id);

/* The process of that index, replacing another; takes over its strings. */
int live_process(struct live *l, uint32_t index, const struct process *p);

/* The holders of an inode, in place of those before; their `process` are indexes given before. */
int live_holders(struct live *l, uint32_t inode, const struct owner *holders, size_t count);

/* A namespace by its index, in place of what was known of it; takes over its memory. */
int live_netns(struct live *l, uint32_t index, struct netns *ns);

/* The name of an interface. */
int live_interface(struct live *l, uint32_t index, const char *name);

/* The systemd socket unit of a listener, by its inode. */
int live_socket_unit(struct live *l, uint32_t inode, const char *unit);

/*
 * What else a snapshot says of the host: its name, the time, what was asked for and what is missing.
 * The rest of `about` is not looked at.
 */
int live_about(struct live *l, const struct snapshot *about);

/* All findings, the worst first, in place of those before; takes over the array and its strings. */
void live_findings(struct live *l, struct live_finding *findings, size_t count);

/* The command lines of a socket's holders (struct live, command). */
int live_command(struct live *l, uint64_t id, const char *pairs, size_t len);

/* Keeps what came of a deed, for the pane that asked for it. -ENOMEM. */
int live_outcome(struct live *l, const struct live_outcome *outcome);

/* The refresh is over. */
int live_end(struct live *l, const struct live_tick *tick);

/* The rest is for who looks at it. */

/* The socket by id; NULL where it is not known, or no more. */
struct live_socket *live_find(const struct live *l, uint64_t id);

/* Whether it is gone for long enough to be forgotten. */
bool live_is_over(const struct live *l, const struct live_socket *s);

/* Forgets the news, and frees each socket that live_is_over(). */
void live_settle(struct live *l);

/* Starts its trail, from the present numbers on. -ENOMEM. */
int live_follow(struct live_socket *s);

void live_free(struct live *l);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef MODEL_PIPELINE_H
#define MODEL_PIPELINE_H

#include "model/verdict.h"

enum { FAMILY_INET = 1, FAMILY_INET6 = 2, FAMILY_BOTH = 3 };

/* What a view needs to know; collect asks the kernel for no more. */
struct request {
	uint32_t states;      /* kernel state mask, STATE_BIT() and STATES_* */
	uint32_t families;    /* FAMILY_* */
	uint32_t want;        /* WANT_* */
	const void *bytecode; /* struct inet_diag_bc_op; NULL has none */
	size_t bytecode_len;  /* bytes */
	bool all_seen; /* never a socket twice, whatever the memory; else within SEEN_WINDOW */
	bool one_walk; /* never two side by side: the processors are needed for what comes of the rows */
	bool no_probe; /* no socket of ours is made to find out if bound ones are told: MISSING_BOUND */
};

/* Takes rows one by one. The row and its socket are the caller's and end with the call. */
struct sink {
	/* Returns 0, or a negative errno that ends the collecting. */
	int (*take)(struct sink *sink, struct row *row);
};

/* Where rows come from: the kernel, a saved snapshot, a test. */
struct source {
	/*
	 * Fills the snapshot and hands every socket to the sink. Returns 0 also when something is
	 * missing (the snapshot says what), a negative errno when nothing could be had or the
	 * sink refused; `complaint` then names what failed.
	 */
	int (*refresh)(struct source *source, const struct request *request,
		       struct snapshot *snapshot, struct sink *sink);
	void (*close)(struct source *source);
	char complaint[160];
};

#endif

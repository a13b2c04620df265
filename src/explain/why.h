// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef EXPLAIN_WHY_H
#define EXPLAIN_WHY_H

#include "explain/remedy.h"
#include "model/bind.h"
#include "model/verdict.h"

enum blocker_name {
#define BLOCKER(name, ...) BLOCKER_##name,
#include "explain/blockers.def"
#undef BLOCKER
	BLOCKER_COUNT,
};

enum note_name {
#define NOTE(name, ...) NOTE_##name,
#include "explain/bind_notes.def"
#undef NOTE
	NOTE_COUNT,
};

extern const struct remedy why_notes[NOTE_COUNT];

struct blocker_kind {
	const char *id;
	const char *when;  /* it applies */
	const char *line;  /* what people are told */
	const char *until; /* it is in the way until ... */
};

extern const struct blocker_kind blocker_kinds[BLOCKER_COUNT];

/*
 * One thing in the way of a bind. What it does to an attempt is an errno, BIND_WORKS where that gets
 * past, or BIND_UNKNOWN.
 */
struct blocker {
	const struct row *row; /* the socket; NULL: it is none */
	enum blocker_name name;
	struct bind_answers blocks;
};

/*
 * Whether a socket is in the way; fills *b. The row is classified. Follows the kernel's rules
 * (inet_csk_get_port() in net/ipv4/inet_connection_sock.c), as measured in tests/why.test: a listener
 * yields to SO_REUSEPORT on both sides with the same uid only; any other socket to SO_REUSEADDR, or
 * to SO_REUSEPORT and the same uid (whatever the uid in TIME_WAIT), where it has set the same.
 */
bool why_blocks(const struct bind_inquiry *q, const struct bind_case *c, const struct row *row,
		struct blocker *b);

enum { WHY_REFUSALS = 3 };

/*
 * What is in the way without being a socket; returns how many. bind() returns the errno of the
 * first.
 */
size_t why_refusals(const struct bind_inquiry *q, const struct bind_case *c,
		    const struct snapshot *s, struct blocker refusals[WHY_REFUSALS]);

/*
 * The answers that follow from all blockers of a case, refusals in their order; BIND_UNKNOWN where
 * the snapshot may lack sockets and none was in the way.
 */
struct bind_answers why_predict(const struct snapshot *s, const struct blocker *blockers, size_t n);

/*
 * Where a bind was tried and refused, and no blocker accounts for it, fills *b with that; false
 * where there is nothing to account for.
 */
bool why_unaccounted(const struct bind_inquiry *q, const struct bind_case *c,
		     const struct blocker *blockers, size_t n, struct blocker *b);

/*
 * Which options get past it, as far as its options or the kernel's answer tell, an English message
 * id; NULL where it is no socket, or goes with its listener.
 */
const char *why_pass(const struct bind_inquiry *q, const struct bind_case *c,
		     const struct blocker *b);

/* What helps. Never NULL. */
const struct remedy *why_remedy(const struct bind_inquiry *q, const struct bind_case *c,
				const struct blocker *b);

/* Whether the kernel answers an attempt otherwise than predicted for sure. */
bool why_differs(const struct bind_inquiry *q, const struct bind_case *c, int attempt);

/* What else to tell at the end: the next note from *i = 0 on; NULL after the last. */
const struct remedy *why_note(const struct bind_inquiry *q, const struct snapshot *s, unsigned *i);

/* The first line, an English message id, for an answer to a plain bind. */
const char *why_answer(const struct bind_inquiry *q, int answer);

#endif

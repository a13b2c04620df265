// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef MODEL_VERDICT_H
#define MODEL_VERDICT_H

#include "model/snapshot.h"

/* What Linux adds to the RFC's states. DETAIL(name, token, help) */
#define DETAIL_TABLE                                                                            \
	DETAIL(REQUEST_SOCKET, "request-socket", "a handshake kept in a small structure")       \
	DETAIL(MINISOCKET, "minisocket", "the remains of a closed connection, about 250 bytes") \
	DETAIL(ORPHAN, "orphan", "closed by its program, the kernel finishes alone")            \
	DETAIL(NOT_ACCEPTED, "not-accepted", "waits in a listener's accept queue")              \
	DETAIL(BOUND_ONLY, "bound-only", "has a port, neither listens nor is connected")        \
	DETAIL(MPTCP_SUBFLOW, "mptcp-subflow", "belongs to a Multipath TCP connection")         \
	DETAIL(FAST_OPEN, "fast-open", "data came with the SYN (RFC 7413)")

enum {
#define DETAIL(name, ...) DETAIL_INDEX_##name,
	DETAIL_TABLE
#undef DETAIL
		DETAIL_COUNT,
};

enum {
#define DETAIL(name, ...) DETAIL_##name = 1u << DETAIL_INDEX_##name,
	DETAIL_TABLE
#undef DETAIL
};

extern const char *const detail_tokens[DETAIL_COUNT];

/*
 * One case of what may be going on with a socket. Texts are English message ids in which {name}
 * stands for a field (model/field.h) of that socket; render translates and fills them.
 */
struct situation {
	const char *id;   /* "close-wait/app-must-close" */
	const char *line; /* one line for the table */
	const char *more; /* what is going on, in full */
	const char *next; /* who acts next, and how long this may last */
	const char *todo; /* what to do about it */
};

/* What explain says of one socket. */
struct verdict {
	const struct situation *situation; /* NULL before classification */
	const struct socket *listener;     /* whose accept queue it waits in; NULL is unknown */
	uint16_t details;                  /* DETAIL_* */
	uint8_t reason;                    /* enum owner_absence */
};

/* A socket on its way from collect to the screen. */
struct row {
	const struct snapshot *snapshot;
	const struct socket *socket;
	struct verdict verdict;
};

#endif

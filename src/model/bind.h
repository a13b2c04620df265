// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef MODEL_BIND_H
#define MODEL_BIND_H

#include "model/address.h"

/* The ways in which a bind is tried. BIND_ATTEMPT(name, JSON key, what people are shown) */
#define BIND_ATTEMPT_TABLE                                   \
	BIND_ATTEMPT(PLAIN, "plain", "plain")                \
	BIND_ATTEMPT(REUSEADDR, "reuseaddr", "SO_REUSEADDR") \
	BIND_ATTEMPT(REUSEPORT, "reuseport", "SO_REUSEPORT")

enum bind_attempt {
#define BIND_ATTEMPT(name, ...) BIND_##name,
	BIND_ATTEMPT_TABLE
#undef BIND_ATTEMPT
		BIND_ATTEMPTS,
};

struct bind_attempt_row {
	const char *key, *shown;
};

extern const struct bind_attempt_row bind_attempts[BIND_ATTEMPTS];

/* An answer is an errno, or one of these. */
enum { BIND_WORKS = 0, BIND_UNKNOWN = -1 };

/* The answer to each attempt. */
struct bind_answers {
	int of[BIND_ATTEMPTS];
};

/* What beside other sockets decides. Without `known` nobody has looked. */
struct bind_place {
	bool known;
	int socket_error; /* errno: there is no such socket, or no such interface for it; 0 is none */
	int address_error; /* errno: the address is refused whatever the port; 0 is none */
	bool low_ports;    /* privileged ports may be bound */
	bool tentative;    /* the address waits for duplicate address detection */
	bool duplicate;    /* which has failed */
};

enum { BIND_TEXT = ADDRESS_TEXT + 32 };

/* One local end that is asked about. */
struct bind_case {
	char text[BIND_TEXT]; /* for people: [::]:8080; its interface's name may be any bytes */
	uint8_t family;       /* of the socket; AF_INET6 with :: takes IPv4 too */
	uint32_t interface;   /* that the socket is bound to, index; 0 is none */
	struct endpoint local;
	struct bind_place place;
	struct bind_answers kernel;    /* where the inquiry was tried */
	struct bind_answers predicted; /* where the sockets were looked at */
};

enum { BIND_CASES = 2 };

/* "Why can't I bind?" */
struct bind_inquiry {
	struct bind_case cases[BIND_CASES]; /* the first decides */
	unsigned count;                     /* 0: nobody asks */
	uint32_t uid;                       /* whose socket it would be */
	bool live;                          /* about this host now, not about a saved snapshot */
	bool tried;                         /* the kernel was asked */
	const char *user;                   /* --user's name for the uid; NULL is oneself */
};

#endif

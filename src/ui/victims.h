// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UI_VICTIMS_H
#define UI_VICTIMS_H

#include "ui/app.h"
#include "ui/targets.h"

/* A process that is to be signalled, copied as it was when the page was opened. */
struct victim {
	struct process process; /* its strings are the victim's */
	uint32_t sockets;       /* that it holds */
	uint64_t socket;        /* one of them; 0 none */
	char *command;          /* its command line, untrusted; NULL: not known */
	bool asked;             /* for that; an answer came */
	bool session;           /* one is the connection over which who asks works */
	bool over;
	int error; /* of the signal: 0 or a negative errno */
};

struct victims {
	struct victim *list;
	size_t count;
};

/* The holders of these sockets, each once. Returns 0, also without any, or -ENOMEM. */
int victims_of(struct victims *v, struct targets *t, const struct app *a);

/* One process, by its index in the owner table. */
int victims_one(struct victims *v, const struct process *p, const struct app *a);

void victims_free(struct victims *v);

/* The socket whose holders' command lines are to be asked for next; 0: all are known that can be. */
uint64_t victims_ask(const struct victims *v);

/* Takes those that came (struct live, command). */
void victims_take_commands(struct victims *v, const struct live *l);

/* Appends who it is, what it holds, and what is to be known before. */
void victim_put(struct out *o, const struct style *style, const struct victim *v);

/* Appends "nginx[812]: " and a text, translated already: a line. */
void victim_put_told(struct out *o, const struct victim *v, const char *text);

/* The same with what came of it: "sent"; only for one that is over. */
void victim_put_outcome(struct out *o, const struct victim *v);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UI_VICTIMS_H
#define UI_VICTIMS_H

#include "ui/app.h"
#include "ui/targets.h"

/* A process that is to be signalled, copied as it was when the page was opened. */
struct victim {
	struct process process; /* its strings are the victim's */
	uint32_t sockets;       /* that it holds */
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

/* Appends who it is, what it holds, and what is to be known before; `commands` as in struct live. */
void victim_put(struct out *o, const struct style *style, const struct victim *v,
		const char *commands, size_t len);

/* Appends "nginx[812]: " and a text, translated already: a line. */
void victim_put_told(struct out *o, const struct victim *v, const char *text);

/* The same with what came of it: "sent"; only for one that is over. */
void victim_put_outcome(struct out *o, const struct victim *v);

#endif

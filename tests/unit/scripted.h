// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef TESTS_SCRIPTED_H
#define TESTS_SCRIPTED_H

#include "ui/app.h"

/*
 * The interactive program driven by a script, without a terminal: a feed that tells what the test
 * says, keys by their names, and the screen as text. Anything unexpected fails the test.
 */
struct scripted {
	struct app app;
	struct app_options options;
	struct feed feed;
	struct watch watch; /* as last asked for, without ids */
	struct live live;
	struct screen screen;
	uint32_t inode;
	uint64_t ids;
};

void scripted_open(struct scripted *s, unsigned rows, unsigned cols);
void scripted_close(struct scripted *s);
void scripted_resize(struct scripted *s, unsigned rows, unsigned cols);

/* A refresh at that time, in milliseconds: what is put between the two, and then all is told. */
void scripted_begin(struct scripted *s, uint64_t now);
void scripted_end(struct scripted *s);

/* A process; returns its index. `unit` may be NULL. */
uint32_t scripted_process(struct scripted *s, int32_t pid, int32_t ppid, const char *comm,
			  const char *user, const char *unit);

enum { NOBODY = UINT32_MAX };

/*
 * A new socket, held by a process or by NOBODY: "LISTEN 0.0.0.0 80" or "ESTABLISHED 127.0.0.1 80
 * 192.0.2.1 40000". Returns its id.
 */
uint64_t scripted_put(struct scripted *s, const char *words, uint32_t process);

/* The same socket with other numbers. */
void scripted_state(struct scripted *s, uint64_t id, unsigned state);
void scripted_queues(struct scripted *s, uint64_t id, uint32_t recv, uint32_t send);

/* Presses keys, named as in ui/keys.def and separated by spaces. */
void scripted_keys(struct scripted *s, const char *keys);

/* Clicks on a cell of the screen. */
void scripted_click(struct scripted *s, unsigned row, unsigned col);

/* Does all that the program would do by itself before it waits for keys. */
void scripted_idle(struct scripted *s);

/* The lines of the screen from `first` on are those of the text, to its end. */
void scripted_expect(struct scripted *s, unsigned first, const char *text);

/* The cells of a line that have all of these LOOK_* bits, as text; "" none. */
void scripted_expect_look(struct scripted *s, unsigned row, uint8_t bits, const char *text);

#endif

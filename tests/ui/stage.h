// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef TESTS_UI_STAGE_H
#define TESTS_UI_STAGE_H

#include "ui/app.h"

/*
 * The interactive program without terminal, clock or feed: sockets are put by hand, keys are given
 * by name, and what stands on the screen is read.
 */
struct stage {
	struct app app;
	struct app_options options;
	struct live live;
	struct feed feed;
	struct screen screen;
	struct watch watch; /* as last asked for; without its ids */
	uint64_t now;       /* milliseconds */
	struct out text;
};

/* Opens it on a screen of that size. A failure ends the test. */
void stage_open(struct stage *s, unsigned rows, unsigned cols, const char *filter);
void stage_close(struct stage *s);
void stage_resize(struct stage *s, unsigned rows, unsigned cols);

/* A refresh `ms` after the one before: between the two, sockets are put and go. */
void stage_begin(struct stage *s, unsigned ms);
void stage_end(struct stage *s);

/* 127.0.0.1:sport to 127.0.0.2:dport. */
void stage_put(struct stage *s, uint64_t id, uint8_t state, uint16_t sport, uint16_t dport,
	       uint32_t recv_queue);

/* Keys by their names, separated by blanks: "Down Down F6". */
void stage_keys(struct stage *s, const char *names);

/* Each character is a key. */
void stage_type(struct stage *s, const char *text);
/* A click on what stands there now. */
void stage_click(struct stage *s, unsigned row, unsigned col);

/* Draws, and gives the screen's lines, each ended by a line feed; valid until the next call. */
const char *stage_screen(struct stage *s);

/* One of its lines, without line feed. */
const char *stage_line(struct stage *s, unsigned row);

/* The id of the chosen socket; 0 none. */
uint64_t stage_chosen(const struct stage *s);

#endif

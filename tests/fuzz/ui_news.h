// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef TESTS_FUZZ_UI_NEWS_H
#define TESTS_FUZZ_UI_NEWS_H

#include "bytes.h"
#include "model/live.h"

/* What a feed may tell, one after another. */
enum news {
	NEWS_BEGIN,
	NEWS_END,
	NEWS_PUT,
	NEWS_MANY, /* puts */
	NEWS_GONE,
	NEWS_PROCESS,
	NEWS_NETNS,
	NEWS_ABOUT,
	NEWS_FINDINGS,
	NEWS_COMMAND,
	NEWS_OUTCOME,
	NEWS_INTERFACE,
	NEWS_SOCKET_UNIT,
	NEWS_COUNT,
};

/* A first refresh: a few processes and sockets. */
void news_first(struct live *l);

/* Tells it to a live view: what just, the bytes say. All of it keeps to what live.h asks of feeds. */
void news_tell(struct live *l, enum news news, struct bytes *b);

#endif

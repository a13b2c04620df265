// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/feed_saved.h"

#include <errno.h>
#include <stdlib.h>

struct saved {
	struct feed feed; /* first: it is its feed */
	struct sink sink;
	struct snapshot snapshot; /* until it is received */
	bool told;
};

static int keep(struct sink *sink, struct row *row)
{
	struct saved *f = (struct saved *)((char *)sink - offsetof(struct saved, sink));

	return socket_list_add(&f->snapshot.kept, row->socket) ? 0 : -ENOMEM;
}

/* What the sockets refer to becomes the live view's own; of listeners it makes its own list. */
static void hand_over(struct saved *f, struct live *live)
{
	snapshot_free(&live->snapshot);
	live->snapshot = f->snapshot;
	live->snapshot.kept = live->snapshot.listeners = (struct socket_list){0};
	socket_list_free(&f->snapshot.listeners);
}

static int receive(struct feed *feed, struct live *live)
{
	struct saved *f = (struct saved *)feed;
	struct socket_list kept = f->snapshot.kept;
	int error = 0;

	if (f->told)
		return 0;
	f->told = true;
	live->saved = true;
	hand_over(f, live);
	f->snapshot = (struct snapshot){0};
	live_begin(live, 0);
	/* No two may be taken for one, whatever the file says their cookies are. */
	for (size_t i = 0; i < kept.count && !error; i++)
		error = live_put(live, i + 1, kept.sockets[i]);
	socket_list_free(&kept);
	return error ? error : live_end(live, &(struct live_tick){0});
}

static int cannot_act(struct feed *feed, const struct deed *deed)
{
	(void)feed;
	(void)deed;
	return -EOPNOTSUPP;
}

static void close_saved(struct feed *feed)
{
	struct saved *f = (struct saved *)feed;

	snapshot_free(&f->snapshot);
	free(f);
}

struct feed *feed_saved(struct source *source, const struct request *request, int *error)
{
	struct saved *f = calloc(1, sizeof(*f));

	*error = -ENOMEM;
	if (!f)
		return NULL;
	f->feed = (struct feed){
		.fd = -1, .receive = receive, .act = cannot_act, .close = close_saved};
	f->sink.take = keep;
	*error = source->refresh(source, request, &f->snapshot, &f->sink);
	if (!*error)
		return &f->feed;
	close_saved(&f->feed);
	return NULL;
}

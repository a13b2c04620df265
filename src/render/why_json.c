// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/why_json.h"

#include <sys/socket.h>

#include "render/json.h"

static void put_answers(struct out *o, char *sep, const char *key, const struct bind_answers *a)
{
	char inner = '{', room[WHY_TOKEN];

	json_key(o, sep, key);
	for (int i = 0; i < BIND_ATTEMPTS; i++) {
		json_key(o, &inner, bind_attempts[i].key);
		json_quote(o, why_token(room, a->of[i]));
	}
	json_close(o, &inner, '}');
}

static void put_case(struct out *o, char *sep, const struct why *w, const struct why_case *c)
{
	struct out address = OUT_MEMORY;

	address_put(&address, c->asked->family, &c->asked->local.address);
	json_text(o, sep, "address", out_text(&address));
	out_free(&address);
	if (c->asked->interface)
		json_count(o, sep, "interface_index", c->asked->interface);
	json_count(o, sep, "port", c->asked->local.port);
	json_text(o, sep, "family", c->asked->family == AF_INET6 ? "inet6" : "inet");
	if (w->inquiry->tried)
		put_answers(o, sep, "attempts", &c->asked->kernel);
	put_answers(o, sep, "predicted", &c->asked->predicted);
}

static void put_others(struct out *o, char *sep, const struct why *w)
{
	char list = '[';

	if (w->inquiry->count < 2)
		return;
	json_key(o, sep, "others");
	for (unsigned i = 1; i < w->inquiry->count; i++) {
		char inner = '{';

		json_item(o, &list);
		put_case(o, &inner, w, &w->cases[i]);
		json_close(o, &inner, '}');
	}
	json_close(o, &list, ']');
}

static void put_notes(struct out *o, char *sep, const struct why *w)
{
	const struct remedy *note;
	char list = '[';
	unsigned i = 0;

	json_key(o, sep, "notes");
	while ((note = why_note(w->inquiry, w->view.snapshot, &i))) {
		json_item(o, &list);
		json_quote(o, note->id);
	}
	json_close(o, &list, ']');
}

static void put_options(struct out *o, char *sep, const struct socket *sk)
{
	char inner = '{';

	if (!(sk->have & HAVE_REUSE))
		return;
	json_key(o, sep, "options");
	json_key(o, &inner, "reuseaddr");
	json_bool(o, sk->reuse & REUSE_ADDRESS);
	json_key(o, &inner, "reuseport");
	json_bool(o, sk->reuse & REUSE_PORT);
	json_close(o, &inner, '}');
}

/* The socket, where it is one, as snapshots have it, with members more. */
static int put_blocker(struct out *o, const struct why *w, const struct why_case *c,
		       const struct blocker *b)
{
	struct out object = OUT_MEMORY;
	char sep = '{';
	int error;

	if (b->row) {
		json_socket(&object, b->row);
		object.len -= object.len > 0; /* reopens it */
		sep = ',';
	}
	json_key(&object, &sep, "reason");
	json_quote(&object, blocker_kinds[b->name].id);
	json_key(&object, &sep, "remedy");
	json_quote(&object, why_remedy(w->inquiry, c->asked, b)->id);
	put_answers(&object, &sep, "blocks", &b->blocks);
	if (b->row)
		put_options(&object, &sep, b->row->socket);
	json_close(&object, &sep, '}');
	out_put(o, object.data, object.len);
	error = object.error;
	out_free(&object);
	return error;
}

static int put_blockers(struct out *o, char *sep, const struct why *w, uint64_t *sockets)
{
	const struct why_case *c = &w->cases[0];
	int error = 0;

	json_key(o, sep, "blockers");
	out_char(o, '[');
	for (size_t i = 0; i < c->count && !error; i++) {
		out_str(o, i ? ",\n" : "\n");
		error = put_blocker(o, w, c, &c->blockers[i]);
		*sockets += c->blockers[i].row != NULL;
	}
	out_char(o, ']');
	return error;
}

int why_put_json(struct why *w)
{
	struct out *o = w->view.out;
	uint64_t sockets = 0;
	char sep = '{';
	int error;

	json_head(o, w->view.snapshot, w->view.options);
	out_str(o, ",\n\"why\":");
	put_case(o, &sep, w, &w->cases[0]);
	json_count(o, &sep, "uid", w->inquiry->uid);
	json_text(o, &sep, "user", w->inquiry->user);
	put_others(o, &sep, w);
	put_notes(o, &sep, w);
	error = put_blockers(o, &sep, w, &sockets);
	json_close(o, &sep, '}');
	json_tail(o, w->view.snapshot, sockets);
	return error;
}

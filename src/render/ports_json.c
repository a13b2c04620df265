// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/ports_map.h"

#include <stdlib.h>

#include "render/json.h"
#include "render/listener_group.h"

static void json_states(struct out *o, char *sep, const struct line *l)
{
	struct states s;
	unsigned i = 0, state;
	char inner = '{';

	ports_count_states(&s, l);
	json_key(o, sep, "states");
	while (ports_next_state(&s, &i, &state)) {
		json_item(o, &inner);
		out_char(o, '"');
		state_put(o, state);
		out_str(o, "\":");
		json_u64(o, s.count[state]);
	}
	json_close(o, &inner, '}');
}

static void json_listener(struct out *o, const struct listener_group *l)
{
	const struct socket *fullest = listener_group_fullest(l);
	char sep = '{', inner = '[';

	json_key(o, &sep, "endpoints");
	for (size_t i = 0; i < 2 && l->part[i].count; i++) {
		const struct row *row = l->part[i].rows[0];

		json_item(o, &inner);
		json_endpoint(o, row->snapshot, row->socket, &row->socket->local);
	}
	json_close(o, &inner, ']');
	json_key(o, &sep, "reach");
	out_char(o, '"');
	out_str(o, listener_group_reach(l));
	out_char(o, '"');
	json_count(o, &sep, "accept_queue", fullest->recv_queue);
	if (fullest->have & HAVE_BACKLOG)
		json_count(o, &sep, "backlog", fullest->send_queue);
	json_count(o, &sep, "sockets", l->count);
	json_close(o, &sep, '}');
}

static int json_listeners(struct out *o, char *sep, const struct program *g)
{
	struct listener_group *groups;
	char inner = '[';
	size_t count;
	int error = listeners_group(g->listeners, g->listener_count, &groups, &count);

	json_key(o, sep, "listens");
	for (size_t i = 0; i < count && !error; i++) {
		json_item(o, &inner);
		json_listener(o, &groups[i]);
	}
	json_close(o, &inner, ']');
	free(groups);
	return error;
}

static void json_line(struct out *o, const struct map *m, const struct line *l)
{
	const struct tally_key *key = &l->tallies->key;
	struct socket sk = {.family = key->family, .peer = {key->peer, key->peer_port}};
	char sep = '{';

	if (key->flow == FLOW_CONNECT) {
		json_key(o, &sep, "peer");
		json_endpoint(o, m->snapshot, &sk, &sk.peer);
	} else {
		json_count(o, &sep, "port", key->port);
	}
	if (key->flow == FLOW_CLIENT)
		json_count(o, &sep, "addresses", l->addresses);
	json_count(o, &sep, "sockets", l->sockets);
	json_states(o, &sep, l);
	json_close(o, &sep, '}');
}

static int json_flow(struct out *o, char *sep, const struct map *m, const struct program *g,
		     enum flow flow)
{
	static const char *const keys[] = {
		[FLOW_CLIENT] = "clients",
		[FLOW_CONNECT] = "connects",
		[FLOW_BOUND] = "bound",
	};
	struct line *lines;
	char inner = '[';
	size_t count;
	int error = ports_find_lines(g, flow, &lines, &count);

	if (error)
		return error;
	json_key(o, sep, keys[flow]);
	for (size_t i = 0; i < count; i++) {
		json_item(o, &inner);
		json_line(o, m, &lines[i]);
	}
	json_close(o, &inner, ']');
	free(lines);
	return 0;
}

static int json_program(struct out *o, const struct map *m, const struct program *g)
{
	char sep = '{', inner = '[';
	int error;

	json_process(o, &sep, &m->processes[g->head]);
	json_key(o, &sep, "workers");
	for (size_t i = 0; i < g->process_count; i++) {
		if (g->processes[i] == g->head)
			continue;
		json_item(o, &inner);
		json_i64(o, m->processes[g->processes[i]].pid);
	}
	json_close(o, &inner, ']');
	error = json_listeners(o, &sep, g);
	for (enum flow f = FLOW_CLIENT; f <= FLOW_BOUND && !error; f++)
		error = json_flow(o, &sep, m, g, f);
	json_close(o, &sep, '}');
	return error;
}

/* What has no process: one object a reason. */
static int json_no_process(struct out *o, char *sep, const struct program *g)
{
	char inner = '{', list = '[';
	int error;

	json_key(o, sep, "no_process");
	error = json_listeners(o, &inner, g);
	json_key(o, &inner, "reasons");
	for (size_t at = 0; at < g->tally_count;) {
		struct line l = ports_next_line(g, &at);
		char item = '{';

		json_item(o, &list);
		json_key(o, &item, "owner_reason");
		json_quote(o, owner_absence_token(l.tallies->key.reason));
		json_count(o, &item, "sockets", l.sockets);
		json_states(o, &item, &l);
		json_close(o, &item, '}');
	}
	json_close(o, &list, ']');
	json_close(o, &inner, '}');
	return error;
}

int ports_put_json(struct ports *p, const struct map *m)
{
	struct out *o = p->view.out;
	const struct program *last = m->count ? &m->programs[m->count - 1] : NULL;
	char sep = ',', list = '[';
	int error = 0;

	json_head(o, p->view.snapshot, p->view.options);
	json_key(o, &sep, "processes");
	for (size_t i = 0; i < m->count && m->programs[i].head != NO_PROGRAM && !error; i++) {
		json_item(o, &list);
		out_char(o, '\n');
		error = json_program(o, m, &m->programs[i]);
	}
	json_close(o, &list, ']');
	if (last && last->head == NO_PROGRAM && !error)
		error = json_no_process(o, &sep, last);
	json_tail(o, p->view.snapshot, p->view.shown);
	return error;
}

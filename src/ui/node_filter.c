// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/node_filter.h"

#include <ctype.h>
#include <strings.h>
#include <sys/socket.h>

enum {
	PIDS_NAMED = 32,
	PORTS_NAMED = 32,
};

static bool same_name(const struct process *a, const struct process *b)
{
	return a && b && !strncmp(a->comm, b->comm, sizeof(a->comm));
}

static bool name_is_shared(const struct port_tree *t, const struct process *p)
{
	unsigned count = 0;

	for (size_t i = 0; i < t->count; i = t->nodes[i].end)
		count += same_name(port_tree_process(t, t->nodes[i].sum.head), p);
	return count > 1;
}

/* Whether it is a word that means only itself. */
static bool is_word(const char *name, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!isalnum((unsigned char)name[i]) && !strchr("_-", name[i]))
			return false;
	}
	return n && isalpha((unsigned char)*name) && state_parse(name, n) == 0 &&
	       strcasecmp(name, "none") && strcasecmp(name, "any") && strcasecmp(name, "and") &&
	       strcasecmp(name, "or") && strcasecmp(name, "not");
}

/* A pattern: what a filter might take for something else is any character. */
static void put_name(struct out *o, const struct process *p)
{
	size_t n = strnlen(p->comm, sizeof(p->comm));
	bool digits = true;

	if (is_word(p->comm, n)) {
		out_str(o, "process=");
		out_put(o, p->comm, n);
		return;
	}
	out_str(o, "process='");
	for (size_t i = 0; i < n; i++) {
		char c = p->comm[i];
		bool plain = isalnum((unsigned char)c) || (c && strchr("_-+./:@ ", c));

		digits &= isdigit((unsigned char)c) != 0;
		/* Digits alone would be a process id. */
		out_char(o, plain && (!digits || i + 1 < n) ? c : '?');
	}
	out_char(o, '\'');
}

static void put_pid(struct out *o, const struct process *p)
{
	out_printf(o, "process=%d", p->pid);
}

static void put_pids(struct out *o, const struct port_tree *t, const struct program *g)
{
	unsigned count = 0;

	out_char(o, '(');
	for (size_t i = 0; i < g->process_count; i++) {
		const struct process *p = port_tree_process(t, g->processes[i]);

		if (!p || g->processes[i] >= t->holds_count || !t->holds[g->processes[i]])
			continue;
		out_str(o, count++ ? " or " : "");
		put_pid(o, p);
	}
	out_char(o, ')');
}

static const struct node *program_of(const struct port_tree *t, const struct node *node)
{
	while (node > t->nodes && node->depth)
		node--;
	return node;
}

static void put_program(struct out *o, const struct port_tree *t, const struct node *node)
{
	const struct node *top = program_of(t, node);
	const struct process *p = port_tree_process(t, top->sum.head);

	if (!p)
		out_str(o, "process=none");
	else if (name_is_shared(t, p) && top->sum.processes <= PIDS_NAMED)
		put_pids(o, t, node->program);
	else
		put_name(o, p);
}

static void put_peer(struct out *o, const struct tally_key *key)
{
	bool six = key->family == AF_INET6;

	out_str(o, six ? " dst = [" : " dst = ");
	address_put(o, key->family, &key->peer);
	out_printf(o, "%s:%u", six ? "]" : "", key->peer_port);
}

/* What connects out comes from no port that is listened on. */
static void put_connects(struct out *o, const struct port_tree *t, const struct node *node)
{
	const struct node *top = program_of(t, node);
	unsigned named = 0;

	out_str(o, " exclude LISTEN");
	for (const struct node *n = top + 1; n < t->nodes + top->end && named < PORTS_NAMED; n++) {
		if (n->kind != NODE_CLIENTS)
			continue;
		out_printf(o, " sport != :%u", n->line.tallies->key.port);
		named++;
	}
}

void node_filter_put(struct out *o, const struct port_tree *t, const struct node *node)
{
	const struct process *p;

	if (node->kind == NODE_PROCESS) {
		p = port_tree_process(t, node->process);
		if (p)
			put_pid(o, p);
		return;
	}
	if (node->kind == NODE_REASON) {
		out_printf(o, "reason=%s", owner_absence_token(node->line.tallies->key.reason));
		return;
	}
	put_program(o, t, node);
	switch ((enum node_kind)node->kind) {
	case NODE_LISTEN:
		out_printf(o, " state LISTEN sport = :%u",
			   listener_group_first(&node->group)->local.port);
		break;
	case NODE_CLIENTS:
		out_printf(o, " exclude LISTEN sport = :%u", node->line.tallies->key.port);
		break;
	case NODE_BOUND: out_printf(o, " sport = :%u", node->line.tallies->key.port); break;
	case NODE_CONNECTS: put_connects(o, t, node); break;
	case NODE_CONNECT: put_peer(o, &node->line.tallies->key); break;
	default: break;
	}
}

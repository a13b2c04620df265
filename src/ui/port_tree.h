// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UI_PORT_TREE_H
#define UI_PORT_TREE_H

#include "render/listener_group.h"
#include "render/ports_map.h"
#include "ui/app.h"

/*
 * The port map as a tree: programs, and below each its processes, what it listens on, its clients
 * and its peers. The sockets are counted in slices, so that keys need not wait for it.
 */
enum node_kind {
	NODE_PROGRAM,
	NODE_PROCESSES, /* heading of more than one */
	NODE_PROCESS,
	NODE_LISTEN,
	NODE_CLIENTS,  /* of one port */
	NODE_CONNECTS, /* heading of more than a few peers */
	NODE_CONNECT,  /* one peer */
	NODE_BOUND,
	NODE_REASON, /* sockets that nobody holds */
};

/* What a program comes to. */
struct program_sum {
	uint64_t sockets, clients, connects;
	uint32_t processes; /* that hold any */
	uint32_t head;      /* index of the process it is named by; NO_PROGRAM: nobody's */
};

struct node {
	uint64_t id;
	uint8_t kind;  /* enum node_kind */
	uint8_t depth; /* 0: a program */
	uint32_t end;  /* index behind the last below it */
	const struct program *program;
	struct program_sum sum; /* PROGRAM */
	union {
		uint32_t process;            /* PROCESS: index */
		struct listener_group group; /* LISTEN */
		struct line line; /* CLIENTS, CONNECT, BOUND, REASON; CONNECTS: without tallies */
	};
};

struct port_tree {
	const struct app *app;
	const struct live *live;
	struct ports *ports;
	struct map map;
	bool mapped;
	uint8_t *holds; /* by process: that it holds a socket */
	uint32_t holds_count;
	size_t counted; /* sockets so far */
	struct node *nodes;
	size_t count, cap;
};

/* Begins to count the sockets that match the filter of now, which is not to change meanwhile. -ENOMEM. */
int port_tree_begin(struct port_tree *t, const struct app *app);

/* Counts so many sockets more, until `counted` has come to all of them. -ENOMEM. */
int port_tree_count(struct port_tree *t, size_t most);

/* Sorts what was counted by program, then makes the nodes: a while each. -ENOMEM. */
int port_tree_map(struct port_tree *t);
int port_tree_make(struct port_tree *t);

/* A process by its index, as it is known now; NULL where it is not known any more. */
const struct process *port_tree_process(const struct port_tree *t, uint32_t index);

void port_tree_free(struct port_tree *t);

#endif

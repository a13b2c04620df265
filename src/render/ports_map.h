// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef RENDER_PORTS_MAP_H
#define RENDER_PORTS_MAP_H

/* The parts of the port map (render/ports.h): its rows are counted, mapped, and written. */

#include "render/rows.h"
#include "render/view.h"

enum { NO_PROGRAM = UINT32_MAX }; /* sorts last */

enum flow {
	FLOW_CLIENT,  /* came to a port that is listened on */
	FLOW_CONNECT, /* all other connections */
	FLOW_BOUND,   /* has a port, neither listens nor is connected */
	FLOW_LISTEN,
};

/* What sockets that are counted together have in common. No padding: compared as bytes. */
struct tally_key {
	uint32_t program; /* index of a process; NO_PROGRAM: only reason and state are set */
	uint8_t flow, family, state, reason;
	uint16_t port, peer_port; /* the local port of clients; the peer's of connects */
	struct address peer;
};

struct tally {
	struct tally_key key;
	uint32_t count;
};

/* Tallies by key. */
struct tallies {
	struct tally *list;
	uint32_t count, cap;
	uint32_t *slots; /* open addressing: index + 1, 0 is free */
	uint32_t mask;
};

struct listen {
	uint32_t program;
	uint32_t row; /* index */
};

struct ports {
	struct view view;
	bool json;
	struct tallies tallies;
	struct tallies listened; /* ports, by namespace in place of the program */
	size_t listeners_seen;   /* of the snapshot's */
	struct rows rows;        /* that listen */
	struct listen *listens;
	size_t listen_count, listen_cap;
	uint32_t *above; /* by process: another of its program; itself at the top */
	uint32_t process_count;
	uint32_t *programs; /* holders of the socket at hand, one of each name */
	size_t program_count, program_cap;
};

/* The view's take(): counts a row. */
int ports_take(struct sink *sink, struct row *row);

/* By program, then as the lines of its block come. */
int ports_compare_tallies(const void *a, const void *b);

/* Whether the tallies are of the same address and port at the other end. */
bool ports_same_peer(const struct tally_key *a, const struct tally_key *b);

/* Makes room for processes, each a program of its own until it is united. -ENOMEM. */
int ports_room_for_processes(struct ports *p, uint32_t count);

/* The process that stands for the program of one; ports_unite() makes two programs one. */
uint32_t ports_top_of(struct ports *p, uint32_t process);
void ports_unite(struct ports *p, uint32_t upper, uint32_t lower);

bool ports_same_name(const struct process *a, const struct process *b);

void ports_free_counts(struct ports *p);

/* A program, its processes, and where its tallies and listeners stand in their sorted lists. */
struct program {
	uint32_t head;             /* index of its uppermost process, or NO_PROGRAM */
	const uint32_t *processes; /* all of it, by pid */
	size_t process_count;
	const struct tally *tallies;
	size_t tally_count;
	const struct row **listeners;
	size_t listener_count;
	uint32_t lowest_port; /* that it listens on; above all ports where it does not */
	uint64_t connections;
};

struct map {
	const struct snapshot *snapshot;
	const struct process *processes;
	uint32_t process_count;
	uint32_t *order;   /* processes by pid, then by program */
	uint32_t *parents; /* by process; NO_PROGRAM where it is not known */
	uint32_t *heads;   /* by process: the uppermost of its program */
	const struct row **listeners;
	struct program *programs;
	size_t count;
};

/* Makes the map once all rows came. -ENOMEM. */
int ports_map_make(struct map *m, struct ports *p);
void ports_map_free(struct map *m);

/* Tallies that make one line, and what they come to. */
struct line {
	const struct tally *tallies;
	size_t tally_count;
	uint64_t sockets, addresses;
};

/* The line that begins at the program's tally `*at`, which moves behind it. */
struct line ports_next_line(const struct program *g, size_t *at);

/* All lines of a flow, for the caller to free. -ENOMEM. */
int ports_find_lines(const struct program *g, enum flow flow, struct line **lines, size_t *count);

/* Sockets of a line by state. */
struct states {
	uint64_t count[UINT8_MAX + 1];
};

void ports_count_states(struct states *s, const struct line *l);

/* The states there are, in the table's order, unknown ones behind; false at the end. */
bool ports_next_state(const struct states *s, unsigned *i, unsigned *state);

/* Writes the map as JSON. */
int ports_put_json(struct ports *p, const struct map *m);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#include "steps.h"

#include "netns.h"
#include "util.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/stat.h>

const struct family families[] = {
	{"4", INET, AF_INET, "::ffff:10.77.0.1", "::ffff:10.77.0.2"},
	{"6", INET6, AF_INET6, "fd77::1", "fd77::2"},
	{"mapped", MAPPED, AF_INET6, "::ffff:10.77.0.1", "::ffff:10.77.0.2"},
	{"link", LINK, AF_INET6, "fe80::77:1", "fe80::77:2"},
	{.name = NULL},
};

static uint16_t take_port(uint16_t *next)
{
	if (*next == UINT16_MAX)
		die(EXIT_LAB, "too many sockets: the ports are used up");
	return (*next)++;
}

void take_local_port(struct making *m)
{
	m->local.port = take_port(&m->lab->next_local);
}

void take_peer_port(struct making *m)
{
	m->peer.port = take_port(&m->lab->next_peer);
}

struct row *add_row(struct making *m, const struct expectation *expect, int fd)
{
	struct row *row = manifest_add(&m->lab->manifest);
	struct stat status;

	row->kind = m->kind->name;
	row->expect = *expect;
	row->family = m->family->domain;
	row->local = m->local;
	if (m->peer.port)
		row->peer = m->peer;
	row->link_local = m->family->bit == LINK;
	row->fd = fd;
	row->with = m->with;
	if (fd >= 0 && fstat(fd, &status) == 0)
		row->inode = status.st_ino;
	return row;
}

static void add_main_row(struct making *m, bool slow)
{
	struct expectation expect = m->kind->expect;

	// What is told apart by whether a retransmission came is certain only where none can come.
	if (m->kind->slow && slow)
		expect.later = NULL;
	else if (m->kind->slow)
		expect.retransmits = ANY_RETRANSMITS;
	add_row(m, &expect, m->fd);
}

void make_one(struct lab *lab, const struct kind *kind, const struct family *family)
{
	struct making m = {.lab = lab, .kind = kind, .family = family, .fd = -1, .listener = -1};
	bool slow = kind->slow && netns_slow_retransmission(true);

	inet_pton(AF_INET6, family->local, &m.local.address);
	inet_pton(AF_INET6, family->peer, &m.peer.address);
	for (size_t i = 0; i < STEPS_MAX && kind->steps[i]; i++)
		kind->steps[i](&m);
	if (kind->expect.state)
		add_main_row(&m, slow);
	if (slow)
		netns_slow_retransmission(false);
	// The device's queue is short.
	peer_pump(lab->peer, 0);
}

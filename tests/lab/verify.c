// SPDX-License-Identifier: GPL-2.0-or-later
#include "verify.h"

#include "netns.h"
#include "util.h"

#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>

// A socket's identity. The inode is part of it because the members of a SO_REUSEPORT group share
// all the rest.
struct key {
	const struct end *local, *peer;
	ino_t inode;
	sa_family_t family;
};

static int compare_ends(const struct end *a, const struct end *b)
{
	int order = memcmp(&a->address, &b->address, sizeof(a->address));

	return order ? order : (a->port > b->port) - (a->port < b->port);
}

static int compare_keys(struct key a, struct key b)
{
	int order = (a.family > b.family) - (a.family < b.family);

	if (!order)
		order = compare_ends(a.local, b.local);
	if (!order)
		order = compare_ends(a.peer, b.peer);
	if (!order)
		order = (a.inode > b.inode) - (a.inode < b.inode);
	return order;
}

static struct key key_of_row(const struct row *row)
{
	return (struct key){&row->local, &row->peer, row->inode, row->family};
}

static struct key key_of_found(const struct found *found)
{
	return (struct key){&found->local, &found->peer, found->inode, found->family};
}

static int compare_rows(const void *a, const void *b)
{
	return compare_keys(key_of_row(*(const struct row *const *)a),
			    key_of_row(*(const struct row *const *)b));
}

static int compare_found(const void *a, const void *b)
{
	return compare_keys(key_of_found(a), key_of_found(b));
}

static bool is_full(const struct expectation *expect)
{
	return !(expect->detail & (REQUEST_SOCKET | MINISOCKET | BOUND_ONLY));
}

static bool agrees(const struct row *row, const struct found *found)
{
	const struct expectation *expect = &row->expect;

	return found->state == expect->state && found->full == is_full(expect) &&
	       found->recv_queue == (unsigned)expect->recv_queue &&
	       found->send_queue == (unsigned)expect->send_queue &&
	       (!expect->timers || expect->timers & 1u << found->timer) &&
	       !(expect->retransmits == NO_RETRANSMITS && found->retransmits) &&
	       !(expect->retransmits == SOME_RETRANSMITS && !found->retransmits) &&
	       (!row->link_local || found->interface == netns_device_index());
}

static void describe(char *text, size_t size, const struct found *found)
{
	char local[64], peer[64] = "no peer";

	end_print(local, sizeof(local), &found->local);
	if (found->peer.port)
		end_print(peer, sizeof(peer), &found->peer);
	snprintf(text, size, "%s %s %s, inode %lu, queues %u %u, timer %u, retransmits %u, %s",
		 state_name(found->state), local, peer, (unsigned long)found->inode,
		 found->recv_queue, found->send_queue, found->timer, found->retransmits,
		 found->full ? "full" : "not a full socket");
}

static void complain(char complaint[COMPLAINT_SIZE], const struct row *row,
		     const struct found *found)
{
	char seen[256] = "nothing", local[64];

	if (found)
		describe(seen, sizeof(seen), found);
	if (!row) {
		snprintf(complaint, COMPLAINT_SIZE, "a socket too many: %s", seen);
		return;
	}
	end_print(local, sizeof(local), &row->local);
	snprintf(complaint, COMPLAINT_SIZE, "%s: wanted %s (%s) at %s, queues %d %d; saw %s",
		 row->kind, state_name(row->expect.state), row->expect.situation, local,
		 row->expect.recv_queue, row->expect.send_queue, seen);
}

// Walks both sorted lists side by side.
static bool compare_lists(const struct row *const *rows, size_t row_count,
			  const struct found_list *found, char complaint[COMPLAINT_SIZE])
{
	size_t r = 0, f = 0;

	while (r < row_count || f < found->count) {
		const struct row *row = r < row_count ? rows[r] : NULL;
		const struct found *seen = f < found->count ? &found->items[f] : NULL;
		int order = !row ? 1 : !seen ? -1 : 0;

		if (order == 0)
			order = compare_keys(key_of_row(row), key_of_found(seen));
		if (order != 0 || !agrees(row, seen)) {
			complain(complaint, order > 0 ? NULL : row, order < 0 ? NULL : seen);
			return false;
		}
		r++;
		f++;
	}
	return true;
}

bool verify(const struct manifest *manifest, struct found_list *found,
	    char complaint[COMPLAINT_SIZE])
{
	const struct row **rows = xcalloc(manifest->count + 1, sizeof(*rows));
	bool same;

	for (size_t i = 0; i < manifest->count; i++)
		rows[i] = &manifest->rows[i];
	qsort(rows, manifest->count, sizeof(*rows), compare_rows);
	diag_dump(found);
	if (found->count)
		qsort(found->items, found->count, sizeof(*found->items), compare_found);
	same = compare_lists(rows, manifest->count, found, complaint);
	free(rows);
	return same;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What shows that a descriptor is a socket: its link, or the list of an io_uring's files.
 */
#include "collect/owners_walk.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/grow.h"
#include "util/hash.h"

enum {
	COPIES = 16, /* descriptors of one socket kept from a batch */
	COPY_SLOTS = 4096,
	RING_BYTES = 4 * 1024 * 1024,
};

bool owners_socket_link(const char *link, size_t n, uint32_t *inode)
{
	static const char prefix[] = "socket:[";
	uint64_t v = 0;
	size_t i = sizeof(prefix) - 1;

	if (n < sizeof(prefix) + 1 || memcmp(link, prefix, sizeof(prefix) - 1))
		return false;
	for (; i < n && link[i] >= '0' && link[i] <= '9' && v <= UINT32_MAX; i++)
		v = v * 10 + (unsigned)(link[i] - '0');
	*inode = (uint32_t)v;
	return i == n - 1 && link[i] == ']';
}

int owners_batch_add(struct owners_batch *b, uint32_t inode, uint32_t fd, enum owner_via via)
{
	if (GROW(b->owners, b->cap, b->count + 1))
		return -ENOMEM;
	b->owners[b->count++] = (struct owner){.inode = inode, .fd = fd, .via = via};
	return 0;
}

void owners_batch_thin(struct owners_batch *b)
{
	struct {
		uint32_t inode, count;
	} seen[COPY_SLOTS] = {0};
	size_t kept = 0, used = 0;

	if (b->count <= COPIES)
		return;
	for (size_t i = 0; i < b->count; i++) {
		uint32_t inode = b->owners[i].inode;
		size_t slot = hash_u64(inode) % COPY_SLOTS;

		while (seen[slot].count && seen[slot].inode != inode)
			slot = (slot + 1) % COPY_SLOTS;
		if (!seen[slot].count && used < COPY_SLOTS / 2) {
			seen[slot].inode = inode;
			used++;
		}
		if (seen[slot].inode != inode || seen[slot].count++ < COPIES)
			b->owners[kept++] = b->owners[i];
	}
	b->count = kept;
}

/* "    3: socket:[1234]", the third of the ring's files. */
static int ring_line(struct owners_batch *b, const char *line, size_t n)
{
	char *end;
	unsigned long index;
	uint32_t inode;

	errno = 0;
	index = strtoul(line, &end, 10);
	if (end == line || errno || index >= 1ul << 30 || strncmp(end, ": ", 2))
		return 0;
	end += 2;
	n -= (size_t)(end - line);
	if (n && end[n - 1] == '\n')
		n--;
	if (!owners_socket_link(end, n, &inode))
		return 0;
	return owners_batch_add(b, inode, (uint32_t)index, VIA_IO_URING);
}

int owners_ring(struct owners_batch *b, int proc, const char *fdinfo)
{
	static const char heading[] = "UserFiles:";
	FILE *f = process_open_text(proc, fdinfo);
	bool inside = false;
	size_t cap = 0, total = 0;
	char *line = NULL;
	int error = 0;
	ssize_t n;

	if (!f)
		return errno == ENOMEM ? -ENOMEM : 0;
	while (!error && total < RING_BYTES && (n = getline(&line, &cap, f)) > 0) {
		total += (size_t)n;
		if (line[0] != ' ')
			inside = !strncmp(line, heading, sizeof(heading) - 1);
		else if (inside)
			error = ring_line(b, line, (size_t)n);
	}
	free(line);
	fclose(f);
	return error;
}

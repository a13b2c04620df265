// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/numbers.h"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

/* As getdents64() fills in. */
struct entry {
	uint64_t inode;
	int64_t offset;
	uint16_t size; /* bytes, of the whole entry */
	uint8_t type;
	char name[];
};

void numbers_begin(struct numbers *n, int fd)
{
	n->fd = fd;
	n->error = 0;
	n->at = n->len = 0;
}

bool numbers_refill(struct numbers *n)
{
	long got;

	do {
		got = syscall(SYS_getdents64, n->fd, n->entries, sizeof(n->entries));
	} while (got < 0 && errno == EINTR);
	n->error = got < 0 ? -errno : 0;
	n->at = 0;
	n->len = got > 0 ? (uint32_t)got : 0;
	return got > 0;
}

static bool parse(const char *name, uint32_t *number)
{
	uint64_t v = 0;

	if (!*name)
		return false;
	for (; *name; name++) {
		if (*name < '0' || *name > '9')
			return false;
		v = v * 10 + (unsigned)(*name - '0');
		if (v > INT32_MAX)
			return false;
	}
	*number = (uint32_t)v;
	return true;
}

bool numbers_take(struct numbers *n, uint32_t *number)
{
	while (n->at < n->len) {
		const struct entry *e = (const struct entry *)(n->entries + n->at);

		n->at += e->size;
		n->name = e->name;
		if (parse(e->name, number))
			return true;
	}
	return false;
}

bool numbers_next(struct numbers *n, uint32_t *number)
{
	do {
		if (numbers_take(n, number))
			return true;
	} while (numbers_refill(n));
	return false;
}

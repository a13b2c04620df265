// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What has become of a socket that no table of descriptors held in the first walk.
 */
#include "collect/owners_walk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	SEARCHES = 16,
	SEARCH_TIME = 400 * 1000 * 1000, /* nanoseconds of ours after which none is begun */
	ASKS = 256,
	UNIX_SOCKETS = 2048, /* looked at for descriptors in flight */
};

/* Whether messages with descriptors wait in the queue of this UNIX socket. */
static bool holds_messages(const struct owners *o, uint32_t inode, unsigned *looked)
{
	const struct owner_table *t = &o->snapshot->owners;

	for (uint32_t i = owner_table_find(t, inode); i != OWNER_NONE; i = owner_table_next(t, i)) {
		const struct owner *holder = &t->owners[i];
		char path[48], text[1024];
		const char *count;

		if (holder->via != VIA_DESCRIPTOR)
			continue;
		++*looked;
		snprintf(path, sizeof(path), "%d/fdinfo/%u", t->processes[holder->process].pid,
			 holder->fd);
		if (process_read_text(o->proc, path, text, sizeof(text)) < 0)
			continue;
		count = strstr(text, "\nscm_fds:");
		return count && strtoul(count + strlen("\nscm_fds:"), NULL, 10);
	}
	return false;
}

/* The seventh word of a line of /proc/net/unix; 0 where there is none. */
static uint32_t unix_inode(const char *line)
{
	for (int word = 0; word < 6; word++) {
		line += strspn(line, " ");
		line += strcspn(line, " ");
	}
	return (uint32_t)strtoul(line, NULL, 10);
}

/*
 * Whether some descriptor, of whatever, is in flight. The kernel counts them for each receiving
 * socket, but says nowhere which they are.
 */
static bool some_in_flight(const struct owners *o)
{
	FILE *f = process_open_text(o->proc, "thread-self/net/unix");
	bool found = false;
	unsigned looked = 0;
	char *line = NULL;
	size_t cap = 0;

	if (!f)
		return false;
	while (!found && looked < UNIX_SOCKETS && getline(&line, &cap, f) > 0) {
		uint32_t inode = unix_inode(line);

		found = inode && holds_messages(o, inode, &looked);
	}
	free(line);
	fclose(f);
	return found;
}

/* Our own time: on a busy machine a search costs no more of it. */
static int64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

/* Whether a search was made after the row at hand had been received; makes one if it may. */
static bool searched(struct owners *o)
{
	int64_t start;

	if (o->searches && o->searched == o->arrival)
		return true;
	if (o->searches == SEARCHES || o->search_time > SEARCH_TIME)
		return false;
	start = now();
	o->searches++;
	o->searched = o->arrival;
	o->in_flight = IN_FLIGHT_UNKNOWN;
	/* Out of memory is no reason to lose the row: the table stays as it was, or has more. */
	if (owners_walk(o, true) < 0)
		o->searches = SEARCHES;
	o->search_time += now() - start;
	return true;
}

/* So many are asked for; beyond, what was true of most of them. */
static bool is_still_there(struct owners *o, const struct socket *sk)
{
	bool there;

	if (!o->still_there)
		return true;
	if (o->asks == ASKS)
		return o->there > ASKS / 2;
	there = o->still_there(o->ctx, sk);
	o->asks++;
	o->there += there;
	return there;
}

/* What is hidden from a plain user belongs to others, and so do their sockets. */
bool owners_search_is_vain(const struct owners *o, const struct socket *sk)
{
	return o->hidden && !o->privileged && sk->uid != o->uid;
}

/* Why nobody has it. Where many are held out of sight, no search goes on until each was searched for. */
static enum owner_absence not_found(struct owners *o, const struct socket *sk, bool searched)
{
	if ((!searched && !o->snapshot->other_pid_namespace) || !is_still_there(o, sk))
		return OWNER_RACED;
	if (o->hidden)
		return OWNER_NO_PERMISSION;
	if (o->snapshot->other_pid_namespace)
		return OWNER_OTHER_NAMESPACE;
	if (o->in_flight == IN_FLIGHT_UNKNOWN)
		o->in_flight = some_in_flight(o) ? IN_FLIGHT_SOME : IN_FLIGHT_NONE;
	return o->in_flight == IN_FLIGHT_SOME ? OWNER_IN_FLIGHT : OWNER_KERNEL;
}

static enum owner_absence find(struct owners *o, struct socket *sk)
{
	struct missing *procfs = &o->snapshot->missing[MISSING_PROCFS];
	bool done;

	if (procfs->set) {
		procfs->sockets++;
		return OWNER_NOT_ASKED;
	}
	if (o->proc < 0)
		return OWNER_NOT_ASKED;
	sk->owners = owner_table_find(&o->snapshot->owners, sk->inode);
	if (sk->owners != OWNER_NONE)
		return OWNER_KNOWN;
	if (owners_search_is_vain(o, sk))
		return OWNER_NO_PERMISSION;
	done = searched(o);
	sk->owners = owner_table_find(&o->snapshot->owners, sk->inode);
	return sk->owners != OWNER_NONE ? OWNER_KNOWN : not_found(o, sk, done);
}

void owners_renew(struct owners *o)
{
	o->searches = o->asks = o->there = 0;
	o->search_time = 0;
	o->arrival++;
}

void owners_received(struct owners *o)
{
	o->grouped = true;
	o->arrival++;
}

void owners_resolve(struct owners *o, struct socket *sk)
{
	if (!o->grouped)
		o->arrival++;
	sk->owners = OWNER_NONE;
	sk->absence = sk->inode ? find(o, sk) : OWNER_NOT_ASKED;
}

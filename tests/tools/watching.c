// SPDX-License-Identifier: GPL-2.0-or-later
// watching: a live feed without a screen. Commands on standard input, a line each:
//
//   refresh N      waits for N more refreshes; prints "refreshed N came=C went=W lost=L sockets=S
//                  took=MS error=E COMPLAINT": lost are of those that were there at the first
//   print          the store, a line for each socket, and "end"
//   interval MS, want MASK, look ID, command ID, findings 0|1, pause 0|1
//   close ID, signal PID STARTED SIGNAL     prints "outcome ERROR REMAINS"
//   findings?      "finding SEVERITY ID" lines and "end", once there are some
//   usage          "usage parent-ms child-ms parent-kb child-kb pid": time spent, memory held
//
// A socket: ID STATE LOCAL PORT PEER PORT RECVQ SENDQ INODE ABSENCE INFO pid/fd,...

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "cli/apart.h"

struct watching {
	struct feed *feed;
	struct live live;
	struct watch watch;
	uint64_t ids[FEED_LOOKED_AT];
	int child;
};

static void fail(const char *what, int error)
{
	printf("failed %s: %s\n", what, strerror(-error));
	fflush(stdout);
	exit(1);
}

static void receive(struct watching *w, int timeout)
{
	struct pollfd fd = {.fd = w->feed->fd, .events = POLLIN};
	int error;

	poll(&fd, 1, timeout);
	error = w->feed->receive(w->feed, &w->live);
	if (error)
		fail("receive", error);
}

// Sockets that were there from the beginning and have gone in this refresh.
static unsigned count_lost(const struct live *l)
{
	unsigned lost = 0;

	for (size_t i = 0; i < l->news_count; i++)
		lost += l->news[i]->went == l->now && !l->news[i]->came;
	return lost;
}

static void refresh(struct watching *w, long n)
{
	unsigned lost = 0;

	uint64_t last = w->live.refreshes;
	uint64_t until = last + (uint64_t)n;
	uint64_t came = 0;
	uint64_t went = 0;

	while (w->live.refreshes < until && !w->live.tick.error) {
		receive(w, 1000);
		if (w->live.refreshes == last)
			continue;
		last = w->live.refreshes;
		came += w->live.came;
		went += w->live.went;
		lost += count_lost(&w->live);
		live_settle(&w->live);
	}
	printf("refreshed %" PRIu64 " came=%" PRIu64 " went=%" PRIu64
	       " lost=%u sockets=%zu took=%u error=%d %s\n",
	       w->live.refreshes, came, went, lost, w->live.count, w->live.tick.took_ms,
	       w->live.tick.error, w->live.tick.complaint);
}

static void print_end(const struct socket *sk, const struct endpoint *e)
{
	char text[INET6_ADDRSTRLEN];

	inet_ntop(sk->family, e->address.bytes, text, sizeof(text));
	printf(" %s %u", text, e->port);
}

static void print_socket(const struct watching *w, const struct live_socket *s)
{
	const struct owner_table *t = &w->live.snapshot.owners;
	const struct socket *sk = s->row.socket;

	printf("%" PRIu64 " %s", s->id, s->went ? "went" : state_token(sk->kernel_state));
	print_end(sk, &sk->local);
	print_end(sk, &sk->peer);
	printf(" %u %u %u %s %u ", sk->recv_queue, sk->send_queue, sk->inode,
	       owner_absence_token(sk->absence), sk->info_len);
	for (uint32_t i = owner_table_find(t, sk->inode); i != OWNER_NONE;
	     i = owner_table_next(t, i))
		printf("%d/%u,", t->processes[t->owners[i].process].pid, t->owners[i].fd);
	printf("\n");
}

static void print_all(const struct watching *w)
{
	for (size_t i = 0; i < w->live.count; i++)
		print_socket(w, w->live.sockets[i]);
	printf("end\n");
}

static void outcome(struct watching *w)
{
	while (!w->live.outcome_count)
		receive(w, 1000);
	w->live.outcome_count = 0;
	printf("outcome %d %d\n", -w->live.outcomes[0].error, w->live.outcomes[0].remains);
}

static void act(struct watching *w, const struct deed *deed)
{
	int error = w->feed->act(w->feed, deed);

	if (error)
		fail("act", error);
	outcome(w);
}

static void close_socket(struct watching *w, uint64_t id)
{
	const struct live_socket *s = live_find(&w->live, id);
	struct deed deed = {.number = 1, .kind = DEED_CLOSE};

	if (!s)
		fail("close", -ENOENT);
	memcpy(&deed.socket, s->row.socket, socket_size(s->row.socket));
	act(w, &deed);
}

static void print_command(struct watching *w, uint64_t id)
{
	w->watch.command_id = id;
	w->feed->watch(w->feed, &w->watch);
	while (w->live.command_id != id)
		receive(w, 1000);
	printf("command");
	for (size_t at = 0; at < w->live.command_len; at += strlen(w->live.command + at) + 1)
		printf(" [%s]", w->live.command + at);
	printf("\n");
}

static void print_findings(struct watching *w)
{
	while (!w->live.findings_time)
		receive(w, 1000);
	for (size_t i = 0; i < w->live.finding_count; i++)
		printf("finding %d %s %s\n%s", w->live.findings[i].severity, w->live.findings[i].id,
		       w->live.findings[i].line, w->live.findings[i].text);
	printf("end\n");
}

// Milliseconds that a process has spent, and its resident kilobytes.
static void usage_of(int pid, long *ms, long *kb)
{
	char path[64];
	char text[1024];
	unsigned long user;
	unsigned long system;
	FILE *f;
	size_t n;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	f = fopen(path, "re");
	n = f ? fread(text, 1, sizeof(text) - 1, f) : 0;
	text[n] = '\0';
	if (f)
		fclose(f);
	*ms = *kb = -1;
	if (!n || sscanf(strrchr(text, ')') + 1,
			 " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %*d %*d %*d %*d %*d "
			 "%*d %*u %*u %ld",
			 &user, &system, kb) != 3)
		return;
	*ms = (long)(user + system) * 1000 / sysconf(_SC_CLK_TCK);
	*kb *= sysconf(_SC_PAGESIZE) / 1024;
}

static int child_of_ours(void)
{
	char path[64];
	int pid = -1;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/task/%d/children", getpid());
	f = fopen(path, "re");
	if (f && fscanf(f, "%d", &pid) != 1)
		pid = -1;
	if (f)
		fclose(f);
	return pid;
}

static void usage(const struct watching *w)
{
	long ms[2];
	long kb[2];

	usage_of(getpid(), &ms[0], &kb[0]);
	usage_of(w->child, &ms[1], &kb[1]);
	printf("usage %ld %ld %ld %ld %d\n", ms[0], ms[1], kb[0], kb[1], w->child);
}

static void set(struct watching *w)
{
	int error = w->feed->watch(w->feed, &w->watch);

	if (error)
		fail("watch", error);
}

static void obey(struct watching *w, const char *line)
{
	struct deed deed = {.number = 2, .kind = DEED_SIGNAL};
	char word[32] = "";
	uint64_t number = 0;

	sscanf(line, "%31s %" SCNu64, word, &number);
	if (!strcmp(word, "refresh")) {
		refresh(w, (long)number);
	} else if (!strcmp(word, "print")) {
		print_all(w);
	} else if (!strcmp(word, "usage")) {
		usage(w);
	} else if (!strcmp(word, "close")) {
		close_socket(w, number);
	} else if (!strcmp(word, "command")) {
		print_command(w, number);
	} else if (!strcmp(word, "findings?")) {
		print_findings(w);
	} else if (!strcmp(word, "hurry")) {
		w->feed->hurry(w->feed);
	} else if (sscanf(line, "signal %d %" SCNu64 " %d", &deed.pid, &deed.started,
			  &deed.signal) == 3) {
		act(w, &deed);
	} else {
		if (!strcmp(word, "interval"))
			w->watch.interval_ms = (uint32_t)number;
		else if (!strcmp(word, "want"))
			w->watch.want = (uint32_t)number;
		else if (!strcmp(word, "pause"))
			w->watch.paused = number;
		else if (!strcmp(word, "findings"))
			w->watch.findings = number;
		else if (!strcmp(word, "look"))
			w->ids[w->watch.id_count++ % FEED_LOOKED_AT] = number;
		else
			fail(line, -EINVAL);
		set(w);
	}
	fflush(stdout);
}

int main(void)
{
	static struct watching w;
	char line[256];
	int error = 0;

	w.watch = (struct watch){.interval_ms = 1000, .width = 80, .ids = w.ids};
	w.feed = feed_apart(&error);
	if (!w.feed)
		fail("feed", error);
	w.child = child_of_ours();
	set(&w);
	while (fgets(line, sizeof(line), stdin))
		obey(&w, line);
	w.feed->close(w.feed);
	live_free(&w.live);
	return 0;
}

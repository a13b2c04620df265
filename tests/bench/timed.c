// SPDX-License-Identifier: GPL-2.0-or-later
// timed: runs commands in turn (A B A B ...) and prints what each run cost.
//
// It enters the network namespace once, before the first run, so that the timed part is nothing
// but fork, exec, the command itself and its end. Its own memory is small on purpose: the kernel
// counts what the forked child held before exec in the command's maximum resident size.
//
// One line a run, fields separated by tabs: round (0 and below: warm-up), command (from 0),
// status (exit status, or 128 + signal), wall ns, user us, system us, maximum resident KiB,
// bytes and lines written to standard output. After a run that fails, no other follows.

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_COMMANDS 8
#define BLOCK        128 // counted in bytes of 8 bits, so at most 255
#define READ_SIZE    (64 * 1024)

_Static_assert(BLOCK <= UINT8_MAX && READ_SIZE % BLOCK == 0, "a block's count fits its type");

struct options {
	const char *netns;
	long rounds;
	long warmups;
	unsigned limit; // seconds a run may take, 0: any
	bool piped;
};

struct cost {
	int status;
	int64_t wall_ns;
	struct rusage usage;
	unsigned long bytes;
	unsigned long lines;
};

static _Noreturn void fail(const char *what)
{
	fprintf(stderr, "timed: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

// Counts newlines in fixed blocks, which compilers turn into vector instructions: the reader must
// not be what a fast command waits for.
static unsigned long count_lines(const char *data, size_t length)
{
	unsigned long lines = 0;
	size_t at = 0;

	for (; at + BLOCK <= length; at += BLOCK) {
		uint8_t sum = 0;

		for (size_t i = 0; i < BLOCK; i++)
			sum += data[at + i] == '\n';
		lines += sum;
	}
	for (; at < length; at++)
		lines += data[at] == '\n';
	return lines;
}

static void drain(int fd, struct cost *cost)
{
	static char buffer[READ_SIZE];

	for (;;) {
		ssize_t n = read(fd, buffer, sizeof(buffer));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			fail("read");
		if (n == 0)
			return;
		cost->bytes += (unsigned long)n;
		cost->lines += count_lines(buffer, (size_t)n);
	}
}

static _Noreturn void become(char **command, int output, pid_t parent, unsigned limit)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(127);
	dup2(output, STDOUT_FILENO);
	alarm(limit); // survives exec
	execvp(command[0], command);
	fprintf(stderr, "timed: %s: %s\n", command[0], strerror(errno));
	_exit(127);
}

static void open_output(bool piped, int ends[2])
{
	if (piped) {
		if (pipe2(ends, O_CLOEXEC))
			fail("pipe");
		return;
	}
	ends[0] = -1;
	ends[1] = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (ends[1] < 0)
		fail("/dev/null");
}

static void run(char **command, const struct options *o, struct cost *cost)
{
	pid_t self = getpid();
	int64_t start;
	int ends[2];
	int status;
	pid_t child;

	*cost = (struct cost){0};
	open_output(o->piped, ends);
	start = now_ns();
	child = fork();
	if (child < 0)
		fail("fork");
	if (child == 0)
		become(command, ends[1], self, o->limit);
	close(ends[1]);
	if (o->piped)
		drain(ends[0], cost);
	while (wait4(child, &status, 0, &cost->usage) < 0)
		if (errno != EINTR)
			fail("wait4");
	cost->wall_ns = now_ns() - start;
	if (o->piped)
		close(ends[0]);
	cost->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static long long microseconds(struct timeval t)
{
	return (long long)t.tv_sec * 1000000 + t.tv_usec;
}

static void print_cost(long round, int command, const struct cost *c)
{
	printf("%ld\t%d\t%d\t%lld\t%lld\t%lld\t%ld\t%lu\t%lu\n", round, command, c->status,
	       (long long)c->wall_ns, microseconds(c->usage.ru_utime),
	       microseconds(c->usage.ru_stime), c->usage.ru_maxrss, c->bytes, c->lines);
	fflush(stdout);
}

static void enter(const char *netns)
{
	int fd = open(netns, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || setns(fd, CLONE_NEWNET))
		fail(netns);
	close(fd);
}

// Splits the words at each ":::" and returns the number of commands.
static int split(char **words, char **commands[MAX_COMMANDS])
{
	int count = 0;

	while (*words) {
		if (count == MAX_COMMANDS)
			return -1;
		commands[count++] = words;
		while (*words && strcmp(*words, ":::"))
			words++;
		if (words == commands[count - 1])
			return -1;
		if (*words)
			*words++ = NULL;
	}
	return count;
}

static void usage(void)
{
	fputs("usage: timed [-n NETNS] [-r ROUNDS] [-w WARMUPS] [-t SECONDS] [-o pipe|null]\n"
	      "             COMMAND [ARG]... [::: COMMAND [ARG]...]...\n",
	      stderr);
	exit(2);
}

static long count_of(const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end || value < 0 || value > 1000000)
		usage();
	return value;
}

static void parse(int argc, char **argv, struct options *o)
{
	int option;

	while ((option = getopt(argc, argv, "+n:r:w:t:o:")) != -1) {
		switch (option) {
		case 'n': o->netns = optarg; break;
		case 'r': o->rounds = count_of(optarg); break;
		case 'w': o->warmups = count_of(optarg); break;
		case 't': o->limit = (unsigned)count_of(optarg); break;
		case 'o':
			if (strcmp(optarg, "pipe") && strcmp(optarg, "null"))
				usage();
			o->piped = !strcmp(optarg, "pipe");
			break;
		default: usage();
		}
	}
}

int main(int argc, char **argv)
{
	struct options o = {.rounds = 5, .warmups = 1, .piped = true};
	char **commands[MAX_COMMANDS];
	int count;

	parse(argc, argv, &o);
	count = split(argv + optind, commands);
	if (count <= 0)
		usage();
	if (o.netns)
		enter(o.netns);
	for (long round = 1 - o.warmups; round <= o.rounds; round++) {
		for (int i = 0; i < count; i++) {
			struct cost cost;

			run(commands[i], &o, &cost);
			print_cost(round, i, &cost);
			if (cost.status)
				return 0;
		}
	}
	return 0;
}

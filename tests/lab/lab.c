// SPDX-License-Identifier: GPL-2.0-or-later
// lab: real TCP sockets in every state, in a network namespace that dies with this program.
#include "holder.h"
#include "netns.h"
#include "plan.h"
#include "refresh.h"
#include "util.h"
#include "verify.h"
#include "warden.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	VERIFY_MS = 10000, // how long sockets may take to reach their states
	FIRST_LOCAL_PORT = 8001,
	FIRST_PEER_PORT = 4001,
};

static void make_wish(struct lab *lab, const struct wish *wish)
{
	const char *missing = wish->kind->missing ? wish->kind->missing() : NULL;

	if (missing) {
		note("%s is left out: %s", wish->kind->name, missing);
		return;
	}
	for (const struct family *family = families; family->name; family++) {
		size_t first = lab->manifest.count;

		if (!(wish->families & family->bit))
			continue;
		for (unsigned i = 0; i < wish->count; i++)
			make_one(lab, wish->kind, family);
		hold_rows(lab, wish->kind, first);
	}
}

static void await_all(struct lab *lab)
{
	int64_t deadline = now_ms() + VERIFY_MS;
	struct found_list found = {.items = NULL};
	char complaint[COMPLAINT_SIZE];

	peer_pump(lab->peer, 1);
	while (!verify(&lab->manifest, &found, complaint)) {
		if (now_ms() > deadline)
			die(EXIT_LAB, "%s", complaint);
		peer_pump(lab->peer, 10);
	}
	free(found.items);
}

static void write_manifest(const struct lab *lab, const char *path)
{
	FILE *out = fopen(path, "we");

	if (!out)
		die(EXIT_LAB, "%s: %s", path, strerror(errno));
	manifest_write(&lab->manifest, out);
	if (fclose(out) != 0)
		die(EXIT_LAB, "%s: %s", path, strerror(errno));
	setenv("LAB_MANIFEST", path, 1);
}

static void show_banner(const struct lab *lab)
{
	const struct row *rows = lab->manifest.rows;

	fprintf(stderr, "lab: %zu sockets, listed in $LAB_MANIFEST; exit ends them\n",
		lab->manifest.count);
	for (size_t i = 0, first = 0; i < lab->manifest.count; i++) {
		if (i + 1 < lab->manifest.count && strcmp(rows[i + 1].kind, rows[i].kind) == 0)
			continue;
		fprintf(stderr, "  %5zu  %s\n", i + 1 - first, rows[i].kind);
		first = i + 1;
	}
}

static pid_t start_command(const struct plan *plan, const struct rlimit *files)
{
	char *shell = getenv("SHELL");
	char *interactive[] = {shell && *shell ? shell : "/bin/sh", NULL};
	char **command = plan->command ? plan->command : interactive;
	pid_t pid = warden_fork();
	sigset_t none;

	if (pid < 0)
		die(EXIT_LAB, "fork: %s", strerror(errno));
	if (pid > 0)
		return pid;
	setrlimit(RLIMIT_NOFILE, files);
	signal(SIGINT, SIG_DFL);
	signal(SIGQUIT, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execvp(command[0], command);
	note("%s: %s", command[0], strerror(errno));
	_exit(errno == ENOENT ? 127 : 126);
}

// The peer works on while the command runs.
static int await_command(struct lab *lab, pid_t command)
{
	struct pollfd events[2] = {{.fd = peer_descriptor(lab->peer), .events = POLLIN},
				   {.events = POLLIN}};
	struct signalfd_siginfo ignored;
	sigset_t child;
	int status;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	events[1].fd = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
	while (waitpid(command, &status, WNOHANG) != command) {
		poll(events, 2, 1000);
		if (events[1].revents && read(events[1].fd, &ignored, sizeof(ignored)) < 0)
			continue;
		peer_pump(lab->peer, 0);
		refresh(lab);
	}
	close(events[1].fd);
	return warden_status(status);
}

struct job {
	struct plan plan;
	char manifest_path[4096];
};

static int run_lab(void *argument)
{
	struct job *job = argument;
	struct plan *plan = &job->plan;
	struct lab lab = {.next_local = FIRST_LOCAL_PORT, .next_peer = FIRST_PEER_PORT};
	struct rlimit files, raised;
	int status;

	getrlimit(RLIMIT_NOFILE, &files);
	raised = (struct rlimit){files.rlim_max, files.rlim_max};
	setrlimit(RLIMIT_NOFILE, &raised);
	lab.peer = peer_new(netns_enter());
	for (size_t i = 0; i < plan->count; i++)
		make_wish(&lab, &plan->wishes[i]);
	await_all(&lab);
	write_manifest(&lab, job->manifest_path);
	if (!plan->command)
		show_banner(&lab);
	status = await_command(&lab, start_command(plan, &files));
	free(lab.manifest.rows);
	peer_free(lab.peer);
	free(plan->wishes);
	return status;
}

static void reserve_manifest(struct job *job)
{
	const char *folder = getenv("TMPDIR");
	int fd;

	snprintf(job->manifest_path, sizeof(job->manifest_path), "%s/lab-manifest-XXXXXX",
		 folder && *folder ? folder : "/tmp");
	fd = mkstemp(job->manifest_path);
	if (fd < 0)
		die(EXIT_LAB, "%s: %s", job->manifest_path, strerror(errno));
	close(fd);
}

int main(int argc, char **argv)
{
	static struct job job;
	int status;

	plan_read(&job.plan, argc, argv);
	reserve_manifest(&job);
	status = warden_run(run_lab, &job, job.plan.limit, job.manifest_path);
	free(job.plan.wishes);
	return status;
}

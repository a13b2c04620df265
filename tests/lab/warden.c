// SPDX-License-Identifier: GPL-2.0-or-later
#include "warden.h"

#include "util.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

int warden_status(int wait_status)
{
	return WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}

static pid_t fork_with_signal(int death_signal)
{
	pid_t parent = getpid(), pid;

	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, death_signal);
		if (getppid() != parent)
			_exit(EXIT_LAB);
	}
	return pid;
}

pid_t warden_fork(void)
{
	return fork_with_signal(SIGKILL);
}

static pid_t parent_of(const char *pid)
{
	char path[64], line[512], *after_comm;
	pid_t parent = 0;
	FILE *stat;

	snprintf(path, sizeof(path), "/proc/%.20s/stat", pid);
	stat = fopen(path, "re");
	if (!stat)
		return 0;
	line[fread(line, 1, sizeof(line) - 1, stat)] = '\0';
	after_comm = strrchr(line, ')');
	if (after_comm)
		sscanf(after_comm + 1, " %*c %d", &parent);
	fclose(stat);
	return parent;
}

static void kill_children(void)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	if (!proc)
		return;
	while ((entry = readdir(proc)))
		if (isdigit((unsigned char)*entry->d_name) && parent_of(entry->d_name) == getpid())
			kill(atoi(entry->d_name), SIGKILL);
	closedir(proc);
}

// The children of a child that dies become our own, so this comes to an end only when no
// descendant is left.
static void end_descendants(void)
{
	for (;;) {
		pid_t gone;

		kill_children();
		while ((gone = waitpid(-1, NULL, WNOHANG)) > 0)
			;
		if (gone < 0 && errno == ECHILD)
			return;
		usleep(1000);
	}
}

static void watched_signals(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGCHLD);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGHUP);
}

// Waits for the child, but no longer than limit seconds, and not after a signal to end.
static int watch(pid_t child, unsigned limit)
{
	int64_t deadline = now_ms() + (int64_t)limit * 1000;
	sigset_t set;

	watched_signals(&set);
	for (;;) {
		int64_t left = limit ? deadline - now_ms() : 1000;
		struct timespec timeout = {.tv_sec = left > 0 ? left / 1000 : 0,
					   .tv_nsec = left > 0 ? left % 1000 * 1000000 : 0};
		int status, got = sigtimedwait(&set, NULL, &timeout);

		if (waitpid(child, &status, WNOHANG) == child)
			return warden_status(status);
		if (got == SIGTERM || got == SIGHUP)
			return 128 + got;
		if (limit && now_ms() >= deadline) {
			note("ended after %u seconds (--limit)", limit);
			return EXIT_LIMIT;
		}
	}
}

// Signals from the keyboard are for the COMMAND: the lab goes when that goes.
static void prepare_signals(sigset_t *before)
{
	sigset_t set;

	signal(SIGINT, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	watched_signals(&set);
	sigprocmask(SIG_BLOCK, &set, before);
}

static int finish(int status, const char *file)
{
	end_descendants();
	unlink(file);
	return status;
}

int warden_run(int (*inside)(void *), void *argument, unsigned limit, const char *file)
{
	pid_t warden, lab;

	prepare_signals(NULL);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	warden = fork_with_signal(SIGTERM);
	if (warden < 0)
		die(EXIT_LAB, "fork: %s", strerror(errno));
	if (warden > 0)
		return finish(watch(warden, 0), file);

	prctl(PR_SET_CHILD_SUBREAPER, 1);
	lab = warden_fork();
	if (lab == 0)
		exit(inside(argument));
	exit(finish(lab < 0 ? EXIT_LAB : watch(lab, limit), file));
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Gives every file named, and every file of every folder named, to a fuzz target, and tells how
 * many there were. Takes the place of libFuzzer's main(), with any compiler.
 */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"

enum { SECONDS_MAX = 20 }; /* for one input */

static const char *current;

/* What the input was, when it ends the program. */
static void tell(int number)
{
	static const char behind[] = ": this input ended it\n";

	(void)!write(STDERR_FILENO, current, strlen(current));
	(void)!write(STDERR_FILENO, behind, sizeof(behind) - 1);
	signal(number, SIG_DFL);
	raise(number);
}

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static void give_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	struct stat st;
	char *bytes;
	size_t n;

	if (!file || fstat(fileno(file), &st))
		fail(path);
	bytes = malloc((size_t)st.st_size + 1);
	if (!bytes)
		fail(path);
	n = fread(bytes, 1, (size_t)st.st_size, file);
	if (n != (size_t)st.st_size)
		fail(path);
	fclose(file);
	current = path;
	alarm(SECONDS_MAX);
	LLVMFuzzerTestOneInput((const uint8_t *)bytes, n);
	alarm(0);
	free(bytes);
}

static unsigned give_folder(const char *path)
{
	struct dirent **entries;
	int n = scandir(path, &entries, NULL, alphasort);
	unsigned given = 0;

	if (n < 0)
		fail(path);
	for (int i = 0; i < n; i++) {
		char *file = NULL;

		if (*entries[i]->d_name != '.') {
			if (asprintf(&file, "%s/%s", path, entries[i]->d_name) < 0)
				fail(path);
			give_file(file);
			given++;
		}
		free(file);
		free(entries[i]);
	}
	free(entries);
	return given;
}

int main(int argc, char **argv)
{
	static const int signals[] = {SIGABRT, SIGALRM, SIGBUS, SIGFPE, SIGILL, SIGSEGV};
	unsigned given = 0;

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		signal(signals[i], tell);
	for (int i = 1; i < argc; i++) {
		struct stat st;

		if (stat(argv[i], &st))
			fail(argv[i]);
		if (S_ISDIR(st.st_mode)) {
			given += give_folder(argv[i]);
		} else {
			give_file(argv[i]);
			given++;
		}
	}
	printf("%u inputs\n", given);
	return 0;
}

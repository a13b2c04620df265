// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A snapshot, as text and as a file: what is read of it is written and read again without loss; what
 * is not read is told in words.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "collect/read.h"

#include "fuzz.h"
#include "rewrite.h"

static int rewrite_file(const uint8_t *data, size_t size, struct out *o)
{
	int fd = memfd_create("snapshot", MFD_CLOEXEC), error, result;
	char path[64];

	HOLDS(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	result = rewrite(snapshot_source(path, &error), o);
	close(fd);
	return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct out written = OUT_MEMORY, of_file = OUT_MEMORY;
	char *text = fuzz_copy(data, size);
	int result = rewrite(snapshot_source_text(text, size), &written);

	HOLDS(rewrite_file(data, size, &of_file) == result);
	if (!result) {
		HOLDS(written.len == of_file.len &&
		      !memcmp(written.data, of_file.data, written.len));
		rewrite_same(&written);
	}
	out_free(&written);
	out_free(&of_file);
	free(text);
	return 0;
}

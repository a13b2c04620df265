// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/say.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "util/text.h"

void say(const char *format, ...)
{
	struct out o = {.fd = STDERR_FILENO};
	char *line = NULL;
	va_list args;
	int n;

	va_start(args, format);
	n = vasprintf(&line, format, args);
	va_end(args);
	if (n < 0)
		return;
	out_str(&o, "tcpstate: ");
	text_safe(&o, line, (size_t)n, TEXT_LINE);
	out_char(&o, '\n');
	out_flush(&o);
	out_free(&o);
	free(line);
}

void say_unknown(const char *kind, const char *word, size_t len, const char *nearest,
		 const char *hint)
{
	if (nearest)
		say("unknown %s '%.*s'; did you mean '%s'?", kind, (int)len, word, nearest);
	else if (hint)
		say("unknown %s '%.*s'; %s", kind, (int)len, word, hint);
	else
		say("unknown %s '%.*s'", kind, (int)len, word);
}

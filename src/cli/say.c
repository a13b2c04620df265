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

const char *say_word(char *to, const char *word, size_t len)
{
	snprintf(to, SAY_WORD, len < SAY_WORD ? "%.*s" : "%.*s...",
		 (int)(len < SAY_WORD ? len : SAY_WORD - 4), word);
	return to;
}

void say_unknown(const char *kind, const char *word, size_t len, const char *nearest,
		 const char *hint)
{
	char text[SAY_WORD];

	say_word(text, word, len);
	if (nearest)
		say("unknown %s '%s'; did you mean '%s'?", kind, text, nearest);
	else if (hint)
		say("unknown %s '%s'; %s", kind, text, hint);
	else
		say("unknown %s '%s'", kind, text);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/fault.h"

#include <unistd.h>

#include "cli/say.h"
#include "filter/fault.h"
#include "util/text.h"

enum {
	BEFORE = 36, /* bytes shown before the fault, of it, and behind it */
	CULPRIT = 40,
	BEHIND = 24,
};

static bool inside_character(char c)
{
	return (c & 0xc0) == 0x80;
}

/* Where the piece of text shown begins: no character is cut. */
static size_t beginning(const char *text, size_t offset)
{
	size_t start = offset > BEFORE ? offset - BEFORE : 0;

	while (start < offset && inside_character(text[start]))
		start++;
	return start;
}

/* As many bytes as are whole characters, `most` at most. */
static size_t whole(const char *s, size_t n, size_t most)
{
	if (n <= most)
		return n;
	while (most && inside_character(s[most]))
		most--;
	return most;
}

static void put_mark(struct out *o, size_t before, size_t width)
{
	out_str(o, "    ");
	while (before--)
		out_char(o, ' ');
	out_char(o, '^');
	while (width-- > 1)
		out_char(o, '~');
	out_char(o, '\n');
}

void fault_picture(struct out *o, const char *text, const struct filter_error *e)
{
	struct out line = OUT_MEMORY;
	size_t offset = e->offset, len = e->len;
	size_t start = beginning(text, offset), shown = whole(text + offset, len, CULPRIT);
	size_t rest = strlen(text + offset + shown), more;
	size_t before, width;

	out_str(&line, start ? "..." : "");
	text_safe(&line, text + start, offset - start, TEXT_LINE);
	before = text_width(line.data ? line.data : "", line.len);
	text_safe(&line, text + offset, shown, TEXT_LINE);
	width = text_width(line.data ? line.data : "", line.len) - before;
	more = whole(text + offset + shown, rest, BEHIND);
	text_safe(&line, text + offset + shown, more, TEXT_LINE);
	out_str(&line, more < rest ? "..." : "");
	out_str(o, "    ");
	out_put(o, line.data, line.len);
	out_char(o, '\n');
	put_mark(o, before, width);
	out_free(&line);
}

void say_fault(const char *text, const struct filter_error *e)
{
	struct out why = OUT_MEMORY, o = {.fd = STDERR_FILENO};

	fault_put(&why, text, e);
	say("%s%s", e->limit || !e->len ? "" : "filter: ", out_text(&why));
	out_free(&why);
	/* Of a single word the line has said all. */
	if (e->offset || e->len < strlen(text))
		fault_picture(&o, text, e);
	out_flush(&o);
	out_free(&o);
}

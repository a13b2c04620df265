// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/style.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum {
	RUNNING_TEXT = 80,
	NARROWEST = 10,
};

/* COLUMNS as a number that can be meant; 0 for any other text. */
static unsigned columns_wished(void)
{
	const char *columns = getenv("COLUMNS");
	size_t n = columns ? strlen(columns) : 0;

	return n && n <= 4 && strspn(columns, "0123456789") == n ? (unsigned)atoi(columns) : 0;
}

static unsigned terminal_width(void)
{
	struct winsize size;
	unsigned width = columns_wished();

	if (!width && !ioctl(STDOUT_FILENO, TIOCGWINSZ, &size))
		width = size.ws_col;
	if (!width)
		return RUNNING_TEXT;
	return width < NARROWEST ? NARROWEST : width;
}

void style_set(struct style *style, const struct options *o)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
	bool terminal = isatty(STDOUT_FILENO);

	style->header = o->header;
	style->oneline = o->oneline;
	style->terminal = terminal && !o->wide && !o->oneline;
	style->width = terminal ? terminal_width() : RUNNING_TEXT;
	style->color = terminal && !(no_color && *no_color) && !(term && !strcmp(term, "dumb"));
	if (o->color != COLOR_AUTO)
		style->color = o->color == COLOR_ALWAYS;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/clip.h"

#include "util/text.h"

/* The length of the SGR sequence at `s`, 0 where there is none. */
static size_t sgr_length(const char *s, size_t n)
{
	const char *end = n > 1 && s[0] == '\033' && s[1] == '[' ? memchr(s, 'm', n) : NULL;

	return end ? (size_t)(end - s) + 1 : 0;
}

static size_t visible_width(const char *s, size_t n)
{
	size_t width = 0;

	while (n) {
		size_t sgr = sgr_length(s, n), run = 0;

		while (!sgr && run < n && s[run] != '\033')
			run++;
		if (!sgr)
			width += text_width(s, run ? run : 1);
		run = sgr ? sgr : run ? run : 1;
		s += run;
		n -= run;
	}
	return width;
}

/* The line's head, as wide as fits before the ellipsis, with all its sequences. */
static void put_cut(struct out *to, const char *s, size_t n, size_t width)
{
	size_t room = width - text_ellipsis_width();
	bool cut = false;

	while (n) {
		size_t run = sgr_length(s, n);

		if (run) {
			out_put(to, s, run);
		} else {
			size_t fit;

			while (run < n && s[run] != '\033')
				run++;
			run = run ? run : 1;
			fit = text_fit(s, run, room);
			out_put(to, s, cut ? 0 : fit);
			room -= text_width(s, fit);
			if (!cut && fit < run) {
				out_str(to, text_ellipsis());
				cut = true;
			}
		}
		s += run;
		n -= run;
	}
}

void clip_lines(struct out *to, struct out *from, const struct style *style)
{
	size_t start = 0;
	char *newline;

	while (start < from->len &&
	       (newline = memchr(from->data + start, '\n', from->len - start))) {
		const char *line = from->data + start;
		size_t n = (size_t)(newline - line);

		/* Bytes are never fewer than columns. */
		if (n <= style->width || visible_width(line, n) <= style->width)
			out_put(to, line, n);
		else
			put_cut(to, line, n, style->width);
		out_char(to, '\n');
		start += n + 1;
	}
	memmove(from->data, from->data + start, from->len - start);
	from->len -= start;
}

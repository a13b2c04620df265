// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A filter: what is read of it holds of the same sockets here and, as far as it is compiled, in
 * the kernel; what is not read is told with a place that can be shown.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/fault.h"
#include "filter/compile.h"
#include "filter/fault.h"
#include "filter/filter.h"
#include "util/text.h"

#include "../unit/bytecode.h"
#include "../unit/filtered.h"
#include "fuzz.h"

/* What a filter says of each socket. */
struct answers {
	bool read;
	bool names_state;
	bool matches[FILTERED];
};

static const struct filtered *sockets(void)
{
	static struct filtered f;

	if (!f.rows[0].snapshot)
		HOLDS(filtered_make(&f));
	return &f;
}

/* ---- what is not read */

static bool printable(const char *s)
{
	for (; *s; s++) {
		if (*s < ' ' || *s > '~')
			return false;
	}
	return true;
}

/* Two lines, indented and of no more than a terminal's width: the text and what marks in it. */
static void check_picture(const char *text, const struct filter_error *e)
{
	enum { INDENT = 4, LINE_MAX_WIDTH = 480 }; /* of 100 bytes and dots, each as \xNN at most */
	struct out o = OUT_MEMORY;
	const char *line, *mark, *end;
	size_t caret;

	fault_picture(&o, text, e);
	line = out_text(&o);
	HOLDS(text_is_utf8(line, o.len));
	HOLDS(strlen(line) == o.len);
	mark = strchr(line, '\n');
	HOLDS(mark++);
	end = strchr(mark, '\n');
	HOLDS(end && !end[1]);
	HOLDS(!strncmp(line, "    ", INDENT) && !strncmp(mark, "    ", INDENT));
	caret = strspn(mark, " ");
	HOLDS(mark[caret] == '^');
	HOLDS(mark[caret + 1 + strspn(mark + caret + 1, "~")] == '\n');
	HOLDS(text_width(mark, (size_t)(end - mark)) <=
	      text_width(line, (size_t)(mark - 1 - line)) + 1);
	HOLDS(mark - 1 - line <= LINE_MAX_WIDTH);
	for (const char *c = line; c < end; c++)
		HOLDS((unsigned char)*c >= ' ' || c == mark - 1);
	out_free(&o);
}

/* Why, of which no more than a piece is the text's own. */
static void check_reason(const char *text, const struct filter_error *e)
{
	enum { REASON_MAX = 512 };
	struct out o = OUT_MEMORY;

	fault_put(&o, text, e);
	HOLDS(!o.error && strstr(out_text(&o), e->expected));
	HOLDS(o.len <= REASON_MAX, "%zu", o.len);
	out_free(&o);
}

static void check_fault(const char *text, const struct filter_error *e)
{
	size_t n = strlen(text);

	HOLDS(e->offset <= n && e->len <= n - e->offset, "%zu %zu", e->offset, e->len);
	HOLDS(memchr(e->expected, '\0', sizeof(e->expected)));
	HOLDS(*e->expected && printable(e->expected), "%s", e->expected);
	HOLDS(!e->nearest || (*e->nearest && printable(e->nearest)));
	check_reason(text, e);
	for (unsigned utf8 = 0; utf8 < 2; utf8++) {
		text_set_utf8(utf8);
		check_picture(text, e);
	}
}

/* ---- what is read */

/* Each condition tells a place of the text that it stands at. */
static void check_places(const struct expr *e, const char *text)
{
	if (e->kind == EXPR_AND || e->kind == EXPR_OR || e->kind == EXPR_NOT) {
		check_places(e->left, text);
		if (e->kind != EXPR_NOT)
			check_places(e->right, text);
		return;
	}
	HOLDS(e->text >= text && e->len && e->len <= strlen(text));
	HOLDS((size_t)(e->text - text) <= strlen(text) - e->len);
}

static void ask(const char *text, const struct expr *e, struct answers *a)
{
	struct split split = {.kernel = OUT_MEMORY, .here = OUT_MEMORY};
	struct out code = OUT_MEMORY;
	uint32_t states = expr_states(e);
	const char *fault;

	filter_compile(e, &code, &split);
	HOLDS(!code.error && !split.kernel.error && !split.here.error);
	fault = bytecode_fault(code.data, code.len);
	HOLDS(!fault, "%s: %s", text, fault);
	for (unsigned i = 0; i < FILTERED; i++) {
		const struct row *row = &sockets()->rows[i];
		bool passes = bytecode_passes(code.data, code.len, row->socket) &&
			      states >> row->socket->kernel_state & 1;

		a->matches[i] = expr_match(e, row);
		HOLDS(passes || !a->matches[i], "%s: the kernel keeps out socket %u", text, i);
		HOLDS(!passes || a->matches[i] || split.here.len,
		      "%s: nothing is left to be judged, but socket %u", text, i);
	}
	a->names_state = expr_names_state(e);
	HOLDS(!(expr_needs(e) & ~(uint32_t)(WANT_AUTOBOUND * 2 - 1)));
	out_free(&code);
	out_free(&split.kernel);
	out_free(&split.here);
}

static struct answers answers_of(const char *text)
{
	struct answers a = {0};
	struct filter_error error;
	struct expr *e;
	int result = filter_parse(&e, text, &error);

	HOLDS(result == 0 || result == -EINVAL, "%d", result);
	if (result) {
		HOLDS(!e);
		check_fault(text, &error);
		return a;
	}
	a.read = e;
	if (!e) {
		HOLDS(text[strspn(text, " \t\n\v\f\r")] == '\0');
		return a;
	}
	check_places(e, text);
	ask(text, e, &a);
	expr_free(e);
	return a;
}

static struct answers answers_within(const char *before, const char *text, const char *behind)
{
	struct out o = OUT_MEMORY;
	struct answers a;

	out_str(&o, before);
	out_str(&o, text);
	out_str(&o, behind);
	a = answers_of(out_text(&o));
	out_free(&o);
	return a;
}

/* The opposite holds just where the filter does not. States named first are another matter. */
static void check_opposite(const char *text, const struct answers *a)
{
	struct answers same = answers_within("( ", text, " )");
	struct answers opposite = answers_within("not ( ", text, " )");

	/* Two more of depth or size may be beyond the limit. */
	if (!same.read || !opposite.read)
		return;
	for (unsigned i = 0; i < FILTERED; i++) {
		HOLDS(same.matches[i] != opposite.matches[i], "%s: socket %u", text, i);
		HOLDS(a->names_state || same.matches[i] == a->matches[i], "%s: socket %u", text, i);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* A NUL ends it, as it does an argument. */
	size_t n = size ? strnlen((const char *)data, size) : 0;
	struct out o = OUT_MEMORY;
	struct answers a;
	char *text;

	out_put(&o, data, n);
	text = fuzz_copy(out_text(&o), n + 1);
	out_free(&o);
	a = answers_of(text);
	if (a.read)
		check_opposite(text, &a);
	free(text);
	return 0;
}

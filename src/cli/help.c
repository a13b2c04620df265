// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/help.h"

#include <string.h>
#include <unistd.h>

#include "cli/say.h"
#include "model/field.h"

enum { HELP_AT = 27, COLUMN_AT = 19, UNIT_AT = 11 };

static enum options_outcome finish(struct out *o)
{
	int error = out_flush(o);

	out_free(o);
	if (!error)
		return OPTIONS_DONE;
	say("cannot write: %s", strerror(-error));
	return OPTIONS_FAILED;
}

static void pad_to(struct out *o, size_t start, size_t column)
{
	size_t at = o->len - start;

	out_repeat(o, ' ', at < column ? column - at : 1);
}

static void put_option(struct out *o, const struct option_row *row)
{
	size_t start = o->len;

	if (row->letter)
		out_printf(o, "  -%c, --%s", row->letter, row->name);
	else
		out_printf(o, "      --%s", row->name);
	if (row->argument == ARGUMENT_NEEDED)
		out_printf(o, "=%s", row->argument_name);
	else if (row->argument == ARGUMENT_MAYBE)
		out_printf(o, "[=%s]", row->argument_name);
	pad_to(o, start, HELP_AT);
	out_printf(o, "%s\n", row->help);
}

enum options_outcome help_print(void)
{
	struct out o = {.fd = STDOUT_FILENO};
	const char *group = "";

	out_str(&o, "Usage: tcpstate [OPTIONS] [FILTER]\n"
		    "Shows every TCP socket: who owns it, its state, and what that means.\n");
	for (int i = 0; i < OPTION_COUNT; i++) {
		const struct option_row *row = &option_rows[i];

		if (!row->help)
			continue;
		if (strcmp(group, row->group))
			out_printf(&o, "\n%s:\n", row->group);
		group = row->group;
		put_option(&o, row);
	}
	out_str(&o,
		"\nFILTER, as in ss: a state (close-wait, established), :PORT, ADDRESS, ADDRESS/BITS,\n"
		"sport = :22, dport gt 1024, src, dst, joined by and, or, not, ( ).\n"
		"\nExamples:\n"
		"  tcpstate -l                   what listens here, and who opened it\n"
		"  tcpstate -w                   all sockets live, to browse, filter and close\n"
		"  tcpstate close-wait           connections a program has forgotten to close\n"
		"  tcpstate --explain TIME_WAIT  what that state is, and whether to worry\n"
		"  tcpstate --explain :8080      everything about one port\n"
		"  tcpstate --why 8080           what keeps a server from its port\n");
	return finish(&o);
}

enum options_outcome help_version(void)
{
	struct out o = {.fd = STDOUT_FILENO};

	out_str(&o, "tcpstate " PACKAGE_VERSION "\n");
	return finish(&o);
}

static const char *unit_of(const struct field *f)
{
	switch (f->kind) {
	case KIND_BYTES: return "bytes";
	case KIND_US:
	case KIND_MS: return "time";
	case KIND_RATE: return "rate";
	case KIND_PERCENT: return "percent";
	case KIND_COUNT:
	case KIND_HEX: return "number";
	case KIND_ADDRESS:
	case KIND_ENDPOINT: return "address";
	default: return "word";
	}
}

enum options_outcome help_columns(void)
{
	struct out o = {.fd = STDOUT_FILENO};

	out_str(&o, "Columns for --columns and --sort\n\n");
	for (size_t i = 0; i < field_count; i++) {
		const struct field *f = &fields[i];
		size_t start = o.len;

		if (!f->name)
			continue;
		out_printf(&o, "  %s", f->name);
		pad_to(&o, start, COLUMN_AT);
		start = o.len;
		out_str(&o, unit_of(f));
		pad_to(&o, start, UNIT_AT);
		out_printf(&o, "%s\n", f->help);
	}
	return finish(&o);
}

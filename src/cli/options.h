// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "render/block.h"

enum option_argument { ARGUMENT_NONE, ARGUMENT_NEEDED, ARGUMENT_MAYBE };

enum option_name {
#define OPTION(group, name, ...) OPTION_##name,
#include "cli/options.def"
#undef OPTION
	OPTION_COUNT,
};

struct option_row {
	const char *group; /* heading of its group in --help */
	char letter;
	const char *name;
	enum option_argument argument;
	const char *argument_name;
	const char *help; /* NULL: hidden */
};

extern const struct option_row option_rows[OPTION_COUNT];

enum view_name {
	VIEW_TABLE,
	VIEW_LISTENERS,
	VIEW_PORTS,
	VIEW_SUMMARY,
	VIEW_EXPLAIN,
	VIEW_DIAGNOSE,
	VIEW_DIAGRAM,
	VIEW_WHY,
	VIEW_KILL,
	VIEW_WATCH,
};
enum form_name { FORM_TEXT, FORM_JSON, FORM_CSV };

/* The command line as understood. Strings are argv's, but for `filter`. */
struct options {
	enum view_name view;
	enum form_name form;
	uint32_t families; /* FAMILY_* */
	uint32_t blocks;   /* BLOCK_* */
	const char *columns, *sort, *read;
	const char *netns; /* to look into; NULL: the one we are in */
	const char *filter_file;
	const char *explain; /* WHAT; NULL: all states */
	const char *why, *user;
	uint32_t interval_ms; /* between samples of --diagnose and --watch; 0: not given */
	char *filter; /* the words behind the options, joined, and the file's; "" has none */
	bool header, wide, strict, debug, oneline;
	bool resolve, numeric; /* names of addresses; and none of ports */
	bool yes, dry_run;     /* of --kill */
	enum { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER } color;
};

/* What main is to do after reading the command line. */
enum options_outcome { OPTIONS_RUN, OPTIONS_DONE, OPTIONS_WRONG, OPTIONS_FAILED };

/*
 * Reads argv. DONE: help or the version was printed. WRONG, FAILED: standard error says in a line
 * what was not understood, or what failed. Free with options_free().
 */
enum options_outcome options_parse(struct options *o, int argc, char **argv);
void options_free(struct options *o);

#endif

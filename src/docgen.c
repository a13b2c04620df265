// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Writes what repeats the tables: "docgen man <template" fills the manual's sections, "docgen
 * bash", "docgen zsh" and "docgen fish" write completions, "docgen messages" lists the message ids
 * of the tables for po/template. Used by the build only.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/options.h"
#include "explain/finding.h"
#include "explain/situation.h"
#include "explain/state_text.h"
#include "explain/why.h"
#include "filter/filter.h"
#include "model/field.h"
#include "ui/action.h"
#include "ui/mark.h"
#include "util/text.h"

/* Text in mdoc: a backslash and a leading dot or quote mean something there. */
static void put_mdoc(struct out *o, const char *s)
{
	if (*s == '.' || *s == '\'')
		out_str(o, "\\&");
	for (; *s; s++) {
		if (*s == '\\')
			out_str(o, "\\e");
		else if (*s == '-')
			out_str(o, "\\-");
		else
			out_char(o, *s);
	}
}

static void put_options(struct out *o)
{
	const char *group = "";

	for (int i = 0; i < OPTION_COUNT; i++) {
		const struct option_row *row = &option_rows[i];

		if (!row->help)
			continue;
		if (strcmp(group, row->group))
			out_printf(o, "%s.Ss %s\n.Bl -tag -width Ds\n", *group ? ".El\n" : "",
				   row->group);
		group = row->group;
		out_str(o, ".It ");
		if (row->letter)
			out_printf(o, "Fl %c , ", row->letter);
		out_str(o, "Fl \\-");
		put_mdoc(o, row->name);
		if (row->argument == ARGUMENT_NEEDED)
			out_printf(o, " Ns = Ns Ar %s", row->argument_name);
		else if (row->argument == ARGUMENT_MAYBE)
			out_printf(o, " Ns Oo = Ns Ar %s Oc", row->argument_name);
		out_char(o, '\n');
		put_mdoc(o, row->help);
		out_str(o, ".\n");
	}
	out_str(o, ".El\n");
}

static void put_tag(struct out *o, const char *tag, const char *text)
{
	out_str(o, ".It Cm ");
	put_mdoc(o, tag);
	out_char(o, '\n');
	put_mdoc(o, text);
	out_str(o, ".\n");
}

static void put_column(struct out *o, unsigned i)
{
	if (fields[i].name)
		put_tag(o, fields[i].name, fields[i].help);
}

/* What may stand behind a field in a filter. */
static const char *value_of(const struct field *f)
{
	switch (f->kind) {
	case KIND_BYTES: return "bytes";
	case KIND_US:
	case KIND_MS: return "time";
	case KIND_RATE: return "rate";
	case KIND_PERCENT: return "percent";
	case KIND_STATE: return "state";
	case KIND_TIMER:
	case KIND_TOKEN:
	case KIND_WHAT:
	case KIND_FLAGS:
	case KIND_DETAILS: return "word";
	case KIND_TEXT: return "name";
	case KIND_ADDRESS:
	case KIND_ENDPOINT: return "host";
	case KIND_OWNERS: return "name | pid";
	default: return "number";
	}
}

/* The keys of the interactive view; ^X is Ctrl and X. */
static void put_keys(struct out *o)
{
	for (int group = 0; group < GROUP_COUNT; group++) {
		out_printf(o, ".Ss %s\n.Bl -tag -width Ds -compact\n", action_groups[group]);
		for (int i = 0; i < ACTION_COUNT; i++) {
			if (action_rows[i].group == (enum action_group)group)
				put_tag(o, action_rows[i].keys, action_rows[i].help);
		}
		out_str(o, ".El\n");
	}
}

/* A sign; one that is not ASCII by its number. */
static void put_sign(struct out *o, const char *sign)
{
	uint32_t cp;

	out_str(o, ".It Li \\&");
	if (text_decode(sign, sign + strlen(sign), &cp) > 1)
		out_printf(o, "\\[u%04X]", (unsigned)cp);
	else
		put_mdoc(o, sign);
	out_char(o, '\n');
}

/* What the signs of the interactive view mean. */
static void put_marks(struct out *o)
{
	for (int group = 0; group < MARK_GROUP_COUNT; group++) {
		out_printf(o, ".Ss %s\n.Bl -tag -width Ds -compact\n", mark_groups[group]);
		for (int i = 0; i < MARK_COUNT; i++) {
			if (mark_rows[i].group != (enum mark_group)group)
				continue;
			put_sign(o, mark_rows[i].sign);
			put_mdoc(o, mark_rows[i].help);
			out_str(o, ".\n");
		}
		out_str(o, ".El\n");
	}
}

/* A word of filters, with its other names and the value it takes. */
static void put_filter(struct out *o, unsigned i)
{
	const struct field *f = &fields[i];

	if (!f->name)
		return;
	out_str(o, ".It Cm ");
	put_mdoc(o, f->name);
	for (const char *c = f->aliases; *c; c++) {
		if (c == f->aliases || *c == ' ')
			out_str(o, " | ");
		if (*c != ' ')
			put_mdoc(o, (char[]){*c, '\0'});
	}
	out_printf(o, " Ar %s\n", value_of(f));
	put_mdoc(o, f->help);
	out_str(o, ".\n");
}

static void put_state(struct out *o, unsigned i)
{
	put_tag(o, state_token(state_order[i]), state_text(state_order[i])->summary);
}

static void put_situation(struct out *o, unsigned i)
{
	put_tag(o, situations[i].id, situations[i].line);
}

static void put_finding(struct out *o, unsigned i)
{
	put_tag(o, finding_kinds[i].id, finding_kinds[i].when);
}

static void put_blocker(struct out *o, unsigned i)
{
	put_tag(o, blocker_kinds[i].id, blocker_kinds[i].when);
}

/* The rows of a table, a tag and a text each. */
static void put_list(struct out *o, void (*put_row)(struct out *o, unsigned i), unsigned count)
{
	out_str(o, ".Bl -tag -width Ds -compact\n");
	for (unsigned i = 0; i < count; i++)
		put_row(o, i);
	out_str(o, ".El\n");
}

static int man(struct out *o)
{
	const struct {
		const char *mark;
		void (*put)(struct out *o); /* or the rows of a list */
		void (*put_row)(struct out *o, unsigned i);
		unsigned count;
	} sections[] = {
		{"@OPTIONS@\n", put_options, NULL, 0},
		{"@KEYS@\n", put_keys, NULL, 0},
		{"@MARKS@\n", put_marks, NULL, 0},
		{"@COLUMNS@\n", NULL, put_column, (unsigned)field_count},
		{"@FILTERS@\n", NULL, put_filter, (unsigned)field_count},
		{"@STATES@\n", NULL, put_state, STATE_COUNT},
		{"@SITUATIONS@\n", NULL, put_situation, SITUATION_COUNT},
		{"@FINDINGS@\n", NULL, put_finding, FINDING_COUNT},
		{"@BLOCKERS@\n", NULL, put_blocker, BLOCKER_COUNT},
	};
	char line[1024];

	while (fgets(line, sizeof(line), stdin)) {
		size_t i = 0, n = sizeof(sections) / sizeof(sections[0]);

		while (i < n && strcmp(line, sections[i].mark))
			i++;
		if (i == n)
			out_str(o, line);
		else if (sections[i].put)
			sections[i].put(o);
		else
			put_list(o, sections[i].put_row, sections[i].count);
	}
	return ferror(stdin) ? -1 : 0;
}

/* What may follow an option: a list for the completions to offer. */
static void put_words(struct out *o, const char *option)
{
	unsigned i = 0;
	const char *word;

	if (!strcmp(option, "columns") || !strcmp(option, "sort")) {
		if (!strcmp(option, "columns"))
			out_str(o, "help ");
		for (size_t f = 0; f < field_count; f++) {
			if (fields[f].name)
				out_printf(o, "%s ", fields[f].name);
		}
	} else if (!strcmp(option, "explain")) {
		while ((word = state_word(&i)) && i <= STATE_COUNT)
			out_printf(o, "%s ", word);
		for (i = 0; i < SITUATION_COUNT; i++)
			out_printf(o, "%s ", situations[i].id);
		for (i = 0; i < FINDING_COUNT; i++)
			out_printf(o, "%s ", finding_kinds[i].id);
	} else if (!strcmp(option, "color")) {
		out_str(o, "auto always never");
	} else if (!strcmp(option, "")) {
		while ((word = state_word(&i)))
			out_printf(o, "%s ", word);
		for (i = 0; (word = filter_word(&i));)
			out_printf(o, "%s ", word);
		out_str(o, "and or");
	}
}

static void put_option_words(struct out *o)
{
	for (int i = 0; i < OPTION_COUNT; i++) {
		const struct option_row *row = &option_rows[i];

		if (!row->help)
			continue;
		if (row->letter)
			out_printf(o, "-%c ", row->letter);
		out_printf(o, "--%s%s ", row->name, row->argument == ARGUMENT_NEEDED ? "=" : "");
	}
}

static int bash(struct out *o)
{
	out_str(o, "# bash completion for tcpstate\n_tcpstate()\n{\n"
		   "    local cur prev words cword split\n"
		   "    _init_completion -s || return\n"
		   "    case $prev in\n");
	for (int i = 0; i < OPTION_COUNT; i++) {
		const struct option_row *row = &option_rows[i];

		if (!row->help || row->argument == ARGUMENT_NONE)
			continue;
		out_printf(o, "        --%s)\n", row->name);
		if (!strcmp(row->argument_name, "FILE")) {
			out_str(o, "            _filedir\n            return\n            ;;\n");
			continue;
		}
		out_str(o, "            COMPREPLY=($(compgen -W \"");
		put_words(o, row->name);
		out_str(o, "\" -- \"$cur\"))\n            return\n            ;;\n");
	}
	out_str(o, "    esac\n    $split && return\n    if [[ $cur == -* ]]; then\n"
		   "        COMPREPLY=($(compgen -W \"");
	put_option_words(o);
	out_str(o, "\" -- \"$cur\"))\n        [[ ${COMPREPLY-} == *= ]] && compopt -o nospace\n"
		   "    else\n        COMPREPLY=($(compgen -W \"");
	put_words(o, "");
	out_str(o, "\" -- \"$cur\"))\n    fi\n} && complete -F _tcpstate tcpstate\n");
	return 0;
}

/* Single-quoted text of both shells. */
static void put_quoted(struct out *o, const char *s, const char *special)
{
	for (; *s; s++) {
		if (*s == '\'')
			out_str(o, "'\\'");
		else if (strchr(special, *s))
			out_char(o, '\\');
		out_char(o, *s);
	}
}

static int zsh(struct out *o)
{
	out_str(o, "#compdef tcpstate\n_arguments -s \\\n");
	for (int i = 0; i < OPTION_COUNT; i++) {
		const struct option_row *row = &option_rows[i];
		const char *equals = row->argument == ARGUMENT_NONE     ? ""
				     : row->argument == ARGUMENT_NEEDED ? "="
									: "=-";

		if (!row->help)
			continue;
		if (row->letter)
			out_printf(o, "  '(-%c --%s)'{-%c,--%s%s}'[", row->letter, row->name,
				   row->letter, row->name, equals);
		else
			out_printf(o, "  '--%s%s[", row->name, equals);
		put_quoted(o, row->help, "[]:");
		out_char(o, ']');
		if (row->argument != ARGUMENT_NONE) {
			out_printf(o, "%s:%s:", row->argument == ARGUMENT_MAYBE ? ":" : "",
				   row->argument_name);
			if (!strcmp(row->argument_name, "FILE")) {
				out_str(o, "_files");
			} else {
				out_char(o, '(');
				put_words(o, row->name);
				out_char(o, ')');
			}
		}
		out_str(o, "' \\\n");
	}
	out_str(o, "  '*:FILTER:(");
	put_words(o, "");
	out_str(o, ")'\n");
	return 0;
}

static int fish(struct out *o)
{
	for (int i = 0; i < OPTION_COUNT; i++) {
		const struct option_row *row = &option_rows[i];

		if (!row->help)
			continue;
		out_str(o, "complete -c tcpstate");
		if (row->letter)
			out_printf(o, " -s %c", row->letter);
		out_printf(o, " -l %s -d '", row->name);
		put_quoted(o, row->help, "\\");
		out_char(o, '\'');
		if (row->argument != ARGUMENT_NONE && strcmp(row->argument_name, "FILE")) {
			out_str(o, " -x -a '");
			put_words(o, row->name);
			out_char(o, '\'');
		} else if (row->argument != ARGUMENT_NONE) {
			out_str(o, " -r");
		}
		out_char(o, '\n');
	}
	out_str(o, "complete -c tcpstate -f -a '");
	put_words(o, "");
	out_str(o, "'\n");
	return 0;
}

/*
 * The tables whose texts are message ids: where it is, what each text is, the entry, its texts (a
 * NULL is none). A new table is one more pair of lines.
 */
static const struct {
	const char *file, *parts, *entry;
	const char *texts[8];
} translated[] = {
#define SITUATION(name, id, ...) \
	{"explain/situations.def", "line more next todo", id, {__VA_ARGS__}},
#include "explain/situations.def"
#define STATE_TEXT(name, ...)                               \
	{"explain/states_text.def",                         \
	 "short meaning enter leave lasts worry side todo", \
	 #name,                                             \
	 {__VA_ARGS__}},
#include "explain/states_text.def"
#define FINDING(name, id, states, ...) \
	{"explain/findings.def", "when line mild more unknown todo", id, {__VA_ARGS__}},
#include "explain/findings.def"
#define EVIDENCE(name, key, kind, source) {"explain/evidence.def", "source", key, {source}},
#include "explain/evidence.def"
#define TRANSITION(from, to, event, action, ...) \
	{"explain/transitions.def", "remark wording", #from " to " #to, {__VA_ARGS__}},
#include "explain/transitions.def"
#define BLOCKER(name, id, when, ...) {"explain/blockers.def", "line until", id, {__VA_ARGS__}},
#include "explain/blockers.def"
#define CLOSER(name, id, text) {"explain/closers.def", "text", id, {text}},
#include "explain/closers.def"
#define REMEDY(name, id, text) {"explain/remedies.def", "text", id, {text}},
#include "explain/remedies.def"
#define PASS(name, text) {"explain/passes.def", "text", #name, {text}},
#include "explain/passes.def"
#define EFFECT(name, id, when, text) {"explain/kill_effects.def", "text", id, {text}},
#include "explain/kill_effects.def"
#define OUTCOME(name, id, gone, text) {"explain/kill_outcomes.def", "text", id, {text}},
#include "explain/kill_outcomes.def"
#define NOTE(name, id, text) {"explain/bind_notes.def", "text", id, {text}},
#include "explain/bind_notes.def"
#define ANSWER(error, ...) {"explain/bind_answers.def", "is would-be", #error, {__VA_ARGS__}},
#include "explain/bind_answers.def"
#define ACTION(group, name, keys, where, place, stay, label, help) \
	{"ui/actions.def", "help label", #name, {help, label}},
#include "ui/actions.def"
#define MARK(group, name, sign, ascii, help) {"ui/marks.def", "help", #name, {help}},
#include "ui/marks.def"
#define SIGNAL(name, help) {"ui/signals.def", "help", #name, {help}},
#include "ui/signals.def"
};

/* A string of a PO file: printable ASCII, with the escapes of C. */
static void put_po_string(struct out *o, const char *keyword, const char *s)
{
	out_printf(o, "%s \"", keyword);
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			out_char(o, '\\');
		out_char(o, *s);
	}
	out_str(o, "\"\n");
}

/* A PO template; an id that stands in several places comes several times. */
static int messages(struct out *o)
{
	for (size_t i = 0; i < sizeof(translated) / sizeof(translated[0]); i++) {
		const char *part = translated[i].parts;

		for (const char *const *text = translated[i].texts; *part; text++) {
			size_t n = strcspn(part, " ");

			if (*text) {
				out_printf(o, "#. %s: %.*s\n#: src/%s\n", translated[i].entry,
					   (int)n, part, translated[i].file);
				put_po_string(o, "msgid", *text);
				put_po_string(o, "msgstr", "");
			}
			part += n + strspn(part + n, " ");
		}
	}
	return 0;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *word;
		int (*write)(struct out *o);
	} kinds[] = {
		{"man", man}, {"bash", bash}, {"zsh", zsh}, {"fish", fish}, {"messages", messages}};
	struct out o = {.fd = STDOUT_FILENO};
	int error = -1;

	for (size_t i = 0; argc == 2 && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!strcmp(argv[1], kinds[i].word))
			error = kinds[i].write(&o);
	}
	error = out_flush(&o) || error;
	out_free(&o);
	return error ? 1 : 0;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "cli/help.h"
#include "cli/say.h"
#include "model/pipeline.h"
#include "util/nearest.h"

enum { LONG_BASE = 256 }; /* getopt's value of option i is LONG_BASE + i */

const struct option_row option_rows[OPTION_COUNT] = {
#define OPTION(group, name, letter, long_name, argument, argument_name, help) \
	[OPTION_##name] = {group, letter, long_name, ARGUMENT_##argument, argument_name, help},
#include "cli/options.def"
#undef OPTION
};

static void fill_getopt(char *letters, struct option *longs)
{
	*letters++ = ':'; /* a missing argument is told from an unknown option */
	for (int i = 0; i < OPTION_COUNT; i++) {
		const struct option_row *row = &option_rows[i];

		longs[i] = (struct option){row->name, (int)row->argument, NULL, LONG_BASE + i};
		if (!row->letter)
			continue;
		*letters++ = row->letter;
		if (row->argument == ARGUMENT_NEEDED)
			*letters++ = ':';
	}
	*letters = '\0';
	longs[OPTION_COUNT] = (struct option){0};
}

static int option_of(int value)
{
	if (value >= LONG_BASE)
		return value - LONG_BASE;
	for (int i = 0; i < OPTION_COUNT; i++) {
		if (option_rows[i].letter == value)
			return i;
	}
	return -1;
}

static void wrong_option(char **argv, int value)
{
	char word[SAY_WORD];
	struct nearest near = {.word = word + 2};

	say_word(word, argv[optind - 1], strcspn(argv[optind - 1], "="));
	if (value == ':') {
		say("option '%s' needs an argument", word);
		return;
	}
	if (optopt && optopt < LONG_BASE) {
		say("unknown option '-%c'; --help lists them", optopt);
		return;
	}
	if (optopt) {
		say("option '--%s' takes no argument", option_rows[optopt - LONG_BASE].name);
		return;
	}
	for (int i = 0; i < OPTION_COUNT; i++)
		nearest_offer(&near, option_rows[i].name);
	if (near.best)
		say("unknown option '%s'; did you mean '--%s'?", word, near.best);
	else
		say("unknown option '%s'; --help lists them", word);
}

static bool set_color(struct options *o, const char *when)
{
	static const char *const words[] = {"auto", "always", "never"};
	struct nearest near = {.word = when};

	for (unsigned i = 0; i < 3; i++) {
		if (!strcmp(when, words[i])) {
			o->color = i;
			return true;
		}
		nearest_offer(&near, words[i]);
	}
	say_unknown("value of --color", when, strlen(when), near.best,
		    "it takes auto, always or never");
	return false;
}

/* What other protocols' letters asked for, to say once that they are not TCP. */
struct habits {
	bool tcp, other;
	bool w; /* -w: netstat's raw sockets beside another protocol's letter, else --watch */
};

/* Whether a word is in a list separated by spaces. */
static bool in_words(const char *word, size_t n, const char *list)
{
	for (size_t len; *list; list += len + strspn(list + len, " ")) {
		len = strcspn(list, " ");
		if (len == n && !memcmp(word, list, n))
			return true;
	}
	return false;
}

/* ss's -A and its list: this tool knows the TCP part of the tables. */
static bool set_family(struct options *o, const char *list, struct habits *habits)
{
	static const struct {
		const char *word;
		uint32_t families;
	} tables[] = {
		{"tcp", FAMILY_BOTH},   {"inet", FAMILY_BOTH},   {"all", FAMILY_BOTH},
		{"inet4", FAMILY_INET}, {"inet6", FAMILY_INET6},
	};
	uint32_t families = 0;

	for (size_t n; *list; list += n + (list[n] == ',')) {
		size_t i = 0, count = sizeof(tables) / sizeof(tables[0]);

		n = strcspn(list, ",");
		while (i < count &&
		       (strlen(tables[i].word) != n || memcmp(list, tables[i].word, n)))
			i++;
		if (i < count)
			families |= tables[i].families;
		else if (in_words(list, n, "udp raw unix packet netlink vsock xdp mptcp sctp dccp"))
			habits->other = true;
		else {
			say_unknown("socket table", list, n, NULL,
				    "tcpstate shows tcp, inet, inet6");
			return false;
		}
	}
	if (!families) {
		say("-A leaves TCP out, and tcpstate shows nothing else");
		return false;
	}
	o->families = families;
	return true;
}

static bool set_form(struct options *o, enum form_name form)
{
	if (o->form != FORM_TEXT && o->form != form) {
		say("choose one form: --json or --csv");
		return false;
	}
	o->form = form;
	return true;
}

static bool set_view(struct options *o, enum view_name view)
{
	if (o->view != VIEW_TABLE && o->view != view) {
		say("choose one view: --listening, --ports, --summary, --explain, --diagnose, "
		    "--diagram, --watch, --why or --kill");
		return false;
	}
	o->view = view;
	return true;
}

/* Seconds, with a fraction if need be, that a person will wait. */
static bool set_interval(struct options *o, const char *option, const char *seconds)
{
	enum { LONGEST_S = 86400 };
	char *end;
	double value;

	if (!seconds)
		return true;
	value = strtod(seconds, &end);
	if (strspn(seconds, "0123456789.") != strlen(seconds) || *end ||
	    !(value >= 0.1 && value <= LONGEST_S)) {
		say("--%s takes seconds from 0.1 to %d, not '%s'", option, LONGEST_S,
		    say_word((char[SAY_WORD]){0}, seconds, strlen(seconds)));
		return false;
	}
	o->interval_ms = (uint32_t)(value * 1000 + 0.5);
	return true;
}

/* "--diagnose 10": seconds, or a port? With more than one point it is an address. */
static bool refuse_bare_number(const struct options *o, enum option_name name, const char *word)
{
	const char *option = option_rows[name].name;

	if (o->interval_ms || !word || !*word || strspn(word, "0123456789.") != strlen(word) ||
	    strchr(word, '.') != strrchr(word, '.'))
		return true;
	say("--%s %s is unclear: --%s=%s %s, --%s :%s looks at that port", option, word, option,
	    word, name == OPTION_WATCH ? "refreshes so often" : "waits that many seconds", option,
	    word);
	return false;
}

static bool set_option(struct options *o, int name, const char *argument, struct habits *habits)
{
	switch (name) {
	case OPTION_LISTENING: return set_view(o, VIEW_LISTENERS);
	case OPTION_PORTS: return set_view(o, VIEW_PORTS);
	case OPTION_SUMMARY: return set_view(o, VIEW_SUMMARY);
	case OPTION_EXPLAIN: o->explain = argument; return set_view(o, VIEW_EXPLAIN);
	case OPTION_DIAGNOSE:
		return set_interval(o, "diagnose", argument) && set_view(o, VIEW_DIAGNOSE);
	case OPTION_WATCH: return set_interval(o, "watch", argument) && set_view(o, VIEW_WATCH);
	case OPTION_DIAGRAM: return set_view(o, VIEW_DIAGRAM);
	case OPTION_WHY: o->why = argument; return set_view(o, VIEW_WHY);
	case OPTION_KILL: return set_view(o, VIEW_KILL);
	case OPTION_YES: o->yes = true; break;
	case OPTION_DRY_RUN: o->dry_run = true; break;
	case OPTION_USER: o->user = argument; break;
	case OPTION_IPV4:
		o->families = o->families == FAMILY_INET6 ? FAMILY_BOTH : FAMILY_INET;
		break;
	case OPTION_IPV6:
		o->families = o->families == FAMILY_INET ? FAMILY_BOTH : FAMILY_INET6;
		break;
	case OPTION_EXTENDED: o->blocks |= BLOCK_EXTENDED; break;
	case OPTION_TIMERS: o->blocks |= BLOCK_TIMER; break;
	case OPTION_MEMORY: o->blocks |= BLOCK_MEMORY; break;
	case OPTION_INFO: o->blocks |= BLOCK_INFO; break;
	case OPTION_COLUMNS: o->columns = argument; break;
	case OPTION_SORT: o->sort = argument; break;
	case OPTION_NO_HEADER: o->header = false; break;
	case OPTION_WIDE: o->wide = true; break;
	case OPTION_COLOR: return set_color(o, argument);
	case OPTION_JSON: return set_form(o, FORM_JSON);
	case OPTION_CSV: return set_form(o, FORM_CSV);
	case OPTION_READ:
		if (o->read) {
			say("--read takes one snapshot");
			return false;
		}
		o->read = argument;
		break;
	case OPTION_DEBUG: o->debug = true; break;
	case OPTION_STRICT: o->strict = true; break;
	case OPTION_TCP: habits->tcp = true; break;
	case OPTION_UDP:
	case OPTION_UNIX:
	case OPTION_RAW: habits->other = true; break;
	case OPTION_FAMILY: return set_family(o, argument, habits);
	default: break;
	}
	return true;
}

/* --explain takes the next word too, unless that is an option. */
static void take_explained(struct options *o, char **argv)
{
	if (!o->explain && argv[optind] && argv[optind][0] != '-')
		o->explain = argv[optind++];
}

static char *join_words(char **words)
{
	struct out o = OUT_MEMORY;

	for (; *words; words++) {
		if (o.len)
			out_char(&o, ' ');
		out_str(&o, *words);
	}
	out_text(&o);
	return o.data;
}

enum options_outcome options_parse(struct options *o, int argc, char **argv)
{
	struct option longs[OPTION_COUNT + 1];
	char letters[OPTION_COUNT * 2 + 2];
	struct habits habits = {0};
	const char *behind_w = NULL;
	int value;

	*o = (struct options){.families = FAMILY_BOTH, .header = true};
	fill_getopt(letters, longs);
	opterr = 0;
	while ((value = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		int name = option_of(value);

		if (value == '?' || value == ':' || name < 0) {
			wrong_option(argv, value);
			return OPTIONS_WRONG;
		}
		if (name == OPTION_HELP)
			return help_print();
		if (name == OPTION_VERSION)
			return help_version();
		if (value == 'w') {
			habits.w = true;
			behind_w = argv[optind];
		} else if (!set_option(o, name, optarg, &habits)) {
			return OPTIONS_WRONG;
		}
		if (name == OPTION_EXPLAIN)
			take_explained(o, argv);
		if ((name == OPTION_DIAGNOSE || (name == OPTION_WATCH && value != 'w')) &&
		    !refuse_bare_number(o, name, argv[optind]))
			return OPTIONS_WRONG;
	}
	if (habits.w && (habits.tcp || habits.other))
		habits.other = true;
	else if (habits.w && (!set_view(o, VIEW_WATCH) ||
			      !refuse_bare_number(o, OPTION_WATCH, behind_w)))
		return OPTIONS_WRONG;
	if (o->columns && !strcmp(o->columns, "help"))
		return help_columns();
	if (habits.other)
		say("shows TCP only; UDP, raw and UNIX sockets are left out");
	o->filter = join_words(argv + optind);
	if (o->filter)
		return OPTIONS_RUN;
	say("out of memory");
	return OPTIONS_FAILED;
}

void options_free(struct options *o)
{
	free(o->filter);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/help.h"
#include "cli/lsof.h"
#include "cli/say.h"
#include "cli/spelling.h"
#include "cli/words.h"
#include "model/pipeline.h"
#include "util/nearest.h"

const struct option_row option_rows[OPTION_COUNT] = {
#define OPTION(group, name, letter, long_name, argument, argument_name, help) \
	[OPTION_##name] = {group, letter, long_name, ARGUMENT_##argument, argument_name, help},
#include "cli/options.def"
#undef OPTION
};

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
	bool tcp, numeric, other;
	bool w; /* -w: netstat's raw sockets beside another protocol's letter, else --watch */
	const char *behind_w; /* the word behind it */
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

/* ss's -f: one family of sockets. */
static bool set_protocol(struct options *o, const char *name)
{
	static const char others[] = "link unix netlink vsock tipc xdp";

	if (!strcmp(name, "inet"))
		o->families = FAMILY_INET;
	else if (!strcmp(name, "inet6"))
		o->families = FAMILY_INET6;
	else if (in_words(name, strlen(name), others))
		say("-f %s leaves TCP out, and tcpstate shows nothing else", name);
	else
		say_unknown("family", name, strlen(name), NULL, "tcpstate shows inet and inet6");
	return !strcmp(name, "inet") || !strcmp(name, "inet6");
}

static bool set_filter_file(struct options *o, const char *name)
{
	if (o->filter_file) {
		say("--filter takes one file");
		return false;
	}
	o->filter_file = name;
	return true;
}

static bool set_netns(struct options *o, const char *name)
{
	if (o->netns || !strcmp(name, "all")) {
		say("--net takes one network namespace");
		return false;
	}
	o->netns = name;
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
	case OPTION_RESOLVE: o->resolve = true; break;
	case OPTION_ONELINE: o->oneline = true; break;
	case OPTION_TOS: o->blocks |= BLOCK_TOS; break;
	case OPTION_CGROUP: o->blocks |= BLOCK_CGROUP; break;
	case OPTION_SOCKOPT: o->blocks |= BLOCK_SOCKOPT; break;
	case OPTION_FILTER: return set_filter_file(o, argument);
	case OPTION_NET: return set_netns(o, argument);
	case OPTION_TCP: habits->tcp = true; break;
	case OPTION_NUMERIC: o->numeric = habits->numeric = true; break;
	case OPTION_UDP:
	case OPTION_UNIX:
	case OPTION_RAW: habits->other = true; break;
	case OPTION_FAMILY: return set_family(o, argument, habits);
	case OPTION_PROTOCOL: return set_protocol(o, argument);
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

/* "-p 812" is lsof's: a process here, or a port? */
static bool refuse_lone_process(const char *typed, const char *word)
{
	if (strcmp(typed, "-p") || !word || !*word || strspn(word, "0123456789") != strlen(word))
		return true;
	say("-p %s is unclear: 'pid %s' is a process, ':%s' is a port", word, word, word);
	return false;
}

/* netstat's routing table; with -t beside them they are ss's: no names of ports. */
static bool refuse_routes(const struct options *o, const struct habits *habits, int argc)
{
	if (!o->resolve || !habits->numeric || habits->tcp || argc > 3)
		return true;
	say("-r and -n say the opposite: -r shows names (the routing table: ip route)");
	return false;
}

static bool settle_w(struct options *o, struct habits *habits)
{
	if (!habits->w)
		return true;
	if (habits->tcp || habits->other) {
		habits->other = true;
		return true;
	}
	return set_view(o, VIEW_WATCH) && refuse_bare_number(o, OPTION_WATCH, habits->behind_w);
}

/* The letter alone, as hands that want to know it type it. */
static bool asks_version(int name, int argc)
{
	return name == OPTION_VERSION || (name == OPTION_VERBOSE && argc == 2);
}

static enum options_outcome read_options(struct options *o, int argc, char **argv,
					 struct habits *habits)
{
	struct option longs[SPELLING_LONGS];
	char letters[SPELLING_LETTERS];
	int value;

	spelling_fill(letters, longs);
	opterr = 0;
	while ((value = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		const struct spelling *s = spelling_of(value);

		if (!s || s->answer) {
			if (s)
				spelling_say_answer(s, value);
			else
				spelling_say_wrong(argv, value);
			return OPTIONS_WRONG;
		}
		if (s->option == OPTION_HELP)
			return help_print();
		if (asks_version(s->option, argc))
			return help_version();
		if (value == 'w') {
			habits->w = true;
			habits->behind_w = argv[optind];
		} else if (!set_option(o, s->option, optarg, habits)) {
			return OPTIONS_WRONG;
		}
		if (s->option == OPTION_EXPLAIN)
			take_explained(o, argv);
		if ((s->option == OPTION_DIAGNOSE || (s->option == OPTION_WATCH && value != 'w')) &&
		    !refuse_bare_number(o, s->option, argv[optind]))
			return OPTIONS_WRONG;
		if (s->option == OPTION_PROCESSES &&
		    !refuse_lone_process(argv[optind - 1], argv[optind]))
			return OPTIONS_WRONG;
	}
	if (!settle_w(o, habits) || !refuse_routes(o, habits, argc))
		return OPTIONS_WRONG;
	if (o->columns && !strcmp(o->columns, "help"))
		return help_columns();
	if (habits->other)
		say("shows TCP only; UDP, raw and UNIX sockets are left out");
	return OPTIONS_RUN;
}

static enum options_outcome read_filter(struct options *o, const struct lsof *lsof)
{
	int error = words_join(&o->filter, lsof->argv + optind, lsof->filter.data, o->filter_file);

	if (error == -ENOMEM)
		say("out of memory");
	return !error ? OPTIONS_RUN : error == -EINVAL ? OPTIONS_WRONG : OPTIONS_FAILED;
}

enum options_outcome options_parse(struct options *o, int argc, char **argv)
{
	enum options_outcome outcome = OPTIONS_WRONG;
	struct habits habits = {0};
	struct lsof lsof;
	int error = lsof_take(&lsof, argc, argv);

	*o = (struct options){.families = FAMILY_BOTH, .header = true};
	if (error == -ENOMEM) {
		say("out of memory");
		outcome = OPTIONS_FAILED;
	}
	if (!error)
		outcome = read_options(o, lsof.argc, lsof.argv, &habits);
	if (outcome == OPTIONS_RUN)
		outcome = read_filter(o, &lsof);
	lsof_free(&lsof);
	return outcome;
}

void options_free(struct options *o)
{
	free(o->filter);
}

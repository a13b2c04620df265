// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/spelling.h"

#include <string.h>

#include "cli/say.h"
#include "util/nearest.h"

enum { LONG_BASE = 256 }; /* getopt's value of a long name: LONG_BASE + its place */

static const struct spelling spellings[SPELLING_COUNT] = {
#define OPTION(group, name, letter, long_name, argument, argument_name, help) \
	{letter, long_name, ARGUMENT_##argument, OPTION_##name, NULL},
#include "cli/options.def"
#undef OPTION
#define SAME(letter, name, argument, option) \
	{letter, name, ARGUMENT_##argument, OPTION_##option, NULL},
#define ANSWER(letter, name, argument, text) \
	{letter, name, ARGUMENT_##argument, OPTION_COUNT, text},
#include "cli/habits.def"
#undef SAME
#undef ANSWER
};

void spelling_fill(char *letters, struct option *longs)
{
	*letters++ = ':'; /* a missing argument is told from an unknown option */
	for (int i = 0; i < SPELLING_COUNT; i++) {
		const struct spelling *s = &spellings[i];

		longs[i] = (struct option){s->name, (int)s->argument, NULL, LONG_BASE + i};
		if (!s->letter)
			continue;
		*letters++ = s->letter;
		if (s->argument == ARGUMENT_NEEDED)
			*letters++ = ':';
	}
	*letters = '\0';
	longs[SPELLING_COUNT] = (struct option){0};
}

const struct spelling *spelling_of(int value)
{
	if (value == '?' || value == ':')
		return NULL;
	if (value >= LONG_BASE)
		return &spellings[value - LONG_BASE];
	for (int i = 0; i < SPELLING_COUNT; i++) {
		if (spellings[i].letter == value)
			return &spellings[i];
	}
	return NULL;
}

/* The number of "-w0.5", which is no value of -w: -w4 is two letters. NULL: it is another word. */
static const char *number_behind_w(const char *word)
{
	const char *w = word && word[0] == '-' && word[1] != '-' ? strchr(word, 'w') : NULL;

	return w && w[1] && strspn(w + 1, "0123456789.") == strlen(w + 1) ? w + 1 : NULL;
}

void spelling_say_wrong(char **argv, int value)
{
	/* Within a word of letters it is not passed yet. */
	const char *number = number_behind_w(argv[optind]);
	char word[SAY_WORD];
	struct nearest near = {.word = word + 2};

	say_word(word, argv[optind - 1], strcspn(argv[optind - 1], "="));
	if (value == ':') {
		say("option '%s' needs an argument", word);
		return;
	}
	if (!number)
		number = number_behind_w(argv[optind - 1]);
	if (optopt && optopt < LONG_BASE && number && strchr("0123456789.", optopt)) {
		say("-w takes no number; --watch=%s refreshes so often", number);
		return;
	}
	if (optopt && optopt < LONG_BASE) {
		say("unknown option '-%c'; --help lists them", optopt);
		return;
	}
	if (optopt) {
		say("option '--%s' takes no argument", spellings[optopt - LONG_BASE].name);
		return;
	}
	for (int i = 0; i < SPELLING_COUNT; i++) {
		if (!spellings[i].answer)
			nearest_offer(&near, spellings[i].name);
	}
	if (near.best)
		say("unknown option '%s'; did you mean '--%s'?", word, near.best);
	else
		say("unknown option '%s'; --help lists them", word);
}

void spelling_say_answer(const struct spelling *s, int value)
{
	bool typed = !strncmp(s->answer, "type: ", strlen("type: "));
	char letter[] = {'-', (char)value, '\0'};
	const char *dashes = value < LONG_BASE ? "" : "--";
	const char *name = value < LONG_BASE ? letter : s->name;

	say(typed ? "for %s%s %s" : "%s%s: %s", dashes, name, s->answer);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan.h"

#include "util.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_LIMIT = 600 };

// How many characters must be put in, left out or exchanged (Levenshtein), up to some length.
static size_t distance(const char *a, size_t a_len, const char *b)
{
	enum { MAX = 63 };
	size_t row[MAX + 1], b_len = strnlen(b, MAX);

	for (size_t j = 0; j <= b_len; j++)
		row[j] = j;
	for (size_t i = 0; i < a_len; i++) {
		size_t diagonal = row[0];

		row[0] = i + 1;
		for (size_t j = 0; j < b_len; j++) {
			size_t best = diagonal + (a[i] != b[j]);

			diagonal = row[j + 1];
			if (best > row[j] + 1)
				best = row[j] + 1;
			if (best > diagonal + 1)
				best = diagonal + 1;
			row[j + 1] = best;
		}
	}
	return row[b_len];
}

// The kind whose name is most like the word.
static const struct kind *nearest_kind(const char *word, size_t len)
{
	const struct kind *nearest = kinds;

	for (const struct kind *kind = kinds; kind->name; kind++)
		if (distance(word, len, kind->name) < distance(word, len, nearest->name))
			nearest = kind;
	return nearest;
}

static void usage(FILE *out)
{
	fputs("usage: lab [--limit SECONDS] KIND[:FAMILY]=N ... [-- COMMAND [ARG...]]\n"
	      "       lab [--limit SECONDS] all=N [-- COMMAND [ARG...]]\n"
	      "       lab --list\n"
	      "FAMILY is 4, 6, mapped or link; without it N are made in each that KIND has.\n"
	      "COMMAND finds what it must see in the file $LAB_MANIFEST.\n",
	      out);
}

static void list_kinds(void)
{
	for (const struct kind *kind = kinds; kind->name; kind++) {
		char names[32] = "";

		for (const struct family *family = families; family->name; family++)
			if (kind_families(kind) & family->bit) {
				strcat(names, *names ? "," : "");
				strcat(names, family->name);
			}
		printf("%-33s %-15s %s\n", kind->name, names, kind->about);
	}
}

static void add_wish(struct plan *plan, const struct kind *kind, unsigned wanted, unsigned count)
{
	plan->wishes = xgrow(plan->wishes, &plan->capacity, plan->count + 1, sizeof(*plan->wishes));
	plan->wishes[plan->count++] = (struct wish){kind, kind_families(kind) & wanted, count};
}

static unsigned parse_family(const char *word, const char *name, size_t len)
{
	for (const struct family *family = families; family->name; family++)
		if (strlen(family->name) == len && memcmp(family->name, name, len) == 0)
			return family->bit;
	die(EXIT_USAGE, "%s: the family is 4, 6, mapped or link", word);
}

static unsigned parse_number(const char *word, const char *digits)
{
	char *end;
	unsigned long number = strtoul(digits, &end, 10);

	if (*digits < '0' || *digits > '9' || *end || number > 50000)
		die(EXIT_USAGE, "%s: %s is not a number from 0 to 50000", word, digits);
	return (unsigned)number;
}

// KIND=N, KIND:FAMILY=N or all=N.
static void parse_wish(struct plan *plan, const char *word)
{
	size_t len = strcspn(word, ":=");
	const char *rest = word + len;
	unsigned wanted = ALL_FAMILIES, count;
	const struct kind *kind = kind_find(word, len);
	bool all = len == 3 && memcmp(word, "all", 3) == 0;

	if (!kind && !all)
		die(EXIT_USAGE, "%s: no such kind, nearest is %s (see --list)", word,
		    nearest_kind(word, len)->name);
	if (*rest == ':') {
		size_t family = strcspn(++rest, "=");

		wanted = parse_family(word, rest, family);
		rest += family;
	}
	if (*rest != '=')
		die(EXIT_USAGE, "%s: =N is missing", word);
	count = parse_number(word, rest + 1);
	if (kind && !(kind_families(kind) & wanted))
		die(EXIT_USAGE, "%s: %s is not made in this family (see --list)", word, kind->name);
	if (kind)
		add_wish(plan, kind, wanted, count);
	for (kind = kinds; all && kind->name; kind++)
		add_wish(plan, kind, wanted, count);
}

void plan_read(struct plan *plan, int argc, char **argv)
{
	static const struct option options[] = {{"list", no_argument, NULL, 'l'},
						{"limit", required_argument, NULL, 'm'},
						{"help", no_argument, NULL, 'h'},
						{NULL, 0, NULL, 0}};
	int option;

	*plan = (struct plan){.limit = DEFAULT_LIMIT};
	// The leading "-" hands over each KIND=N as option 1, up to the "--".
	while ((option = getopt_long(argc, argv, "-", options, NULL)) != -1) {
		switch (option) {
		case 1: parse_wish(plan, optarg); break;
		case 'l': list_kinds(); exit(0);
		case 'h': usage(stdout); exit(0);
		case 'm': plan->limit = parse_number("--limit", optarg); break;
		default: exit(EXIT_USAGE);
		}
	}
	if (strcmp(argv[optind - 1], "--") == 0)
		plan->command = argv + optind;
	if (plan->count == 0 || (plan->command && !*plan->command)) {
		usage(stderr);
		exit(EXIT_USAGE);
	}
	// Somebody sits at a shell for as long as they like.
	if (!plan->command)
		plan->limit = 0;
}

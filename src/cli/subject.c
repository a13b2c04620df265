// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/subject.h"

#include <string.h>

#include "cli/say.h"
#include "cli/status.h"
#include "explain/finding.h"
#include "explain/situation.h"
#include "model/state.h"
#include "util/nearest.h"

enum subject subject_of(const struct options *o)
{
	const char *what = o->view == VIEW_EXPLAIN ? o->explain : NULL;
	uint32_t states = what ? state_parse(what, strlen(what)) : 0;

	if (!what)
		return SUBJECT_NONE;
	if (finding_find(what))
		return SUBJECT_FINDING;
	if (situation_find(what))
		return SUBJECT_SITUATION;
	if (states && o->form != FORM_JSON && !(states & (states - 1)))
		return SUBJECT_STATE; /* a page of its own */
	if (states)
		return SUBJECT_STATES;
	return SUBJECT_SOCKETS;
}

/* A word that is nearly a finding's id is not meant as a filter. */
static bool wrong_finding(const char *what)
{
	struct nearest near = {.word = what};

	if (!strchr(what, '-') || strchr(what, ' '))
		return false;
	for (unsigned i = 0; i < FINDING_COUNT; i++)
		nearest_offer(&near, finding_kinds[i].id);
	if (near.best)
		say_unknown("finding", what, strlen(what), near.best, "");
	return near.best;
}

/* A word with a slash can only be a situation. */
static int wrong_situation(const char *what)
{
	struct nearest near = {.word = what};

	for (unsigned i = 0; i < SITUATION_COUNT; i++)
		nearest_offer(&near, situations[i].id);
	say_unknown("situation", what, strlen(what), near.best, "tcpstate -s names those here");
	return STATUS_USAGE;
}

/* A filter may hold slashes too, in a prefix or between other words. */
static bool may_be_situation(const char *what)
{
	return strchr(what, '/') && !strchr(what, ' ') &&
	       strspn(what, "0123456789.:abcdefABCDEF[]/ ") < strlen(what);
}

int subject_refuse_misspelt(const struct options *o)
{
	enum subject subject = subject_of(o);

	if (subject < SUBJECT_STATES)
		return 0;
	if (subject == SUBJECT_SOCKETS && wrong_finding(o->explain))
		return STATUS_USAGE;
	return may_be_situation(o->explain) ? wrong_situation(o->explain) : 0;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/misuse.h"

#include <string.h>

#include "cli/consent.h"
#include "cli/say.h"
#include "cli/status.h"
#include "cli/views.h"

/* An option that a view would have to pass over is a mistake. */
static int refuse_idle_options(const struct options *o)
{
	const char *idle = o->columns            ? "--columns"
			   : o->sort             ? "--sort"
			   : o->form == FORM_CSV ? "--csv"
			   : o->blocks           ? "-e, -o, -m or -i"
						 : NULL;

	if (o->view == VIEW_WATCH && o->form != FORM_TEXT) {
		say("%s does not go with --watch", o->form == FORM_CSV ? "--csv" : "--json");
		return STATUS_USAGE;
	}
	if (!idle || view_row(o->view)->table)
		return 0;
	say("%s does not go with %s", idle, view_row(o->view)->option);
	return STATUS_USAGE;
}

/* What goes with one view only, with a live host only, or with rows of text only. */
static int refuse_misplaced(const struct options *o)
{
	const char *wrong = NULL;

	if (o->user && o->view != VIEW_WHY)
		wrong = "--user goes with --why only";
	else if (o->read && o->netns)
		wrong = "--net looks into this host: it does not go with --read";
	else if (o->read && o->filter_file && !strcmp(o->read, "-") && !strcmp(o->filter_file, "-"))
		wrong = "--read - and --filter - both take standard input";
	else if (o->resolve && o->form != FORM_TEXT)
		wrong = "--resolve is for people: --json and --csv have addresses as numbers";
	else if (o->resolve && o->view == VIEW_WATCH)
		wrong = "--resolve does not go with --watch";
	else if (o->oneline && !view_row(o->view)->table)
		wrong = "--oneline goes with tables only";
	else if (o->read && o->interval_ms && o->view == VIEW_DIAGNOSE)
		wrong = "--diagnose=SECONDS takes two samples, and a snapshot is one; with --read it is "
			"--diagnose";
	if (!wrong)
		return 0;
	say("%s", wrong);
	return STATUS_USAGE;
}

int misuse_refuse(const struct options *o)
{
	int status = refuse_idle_options(o);

	if (!status)
		status = consent_refuse(o);
	return status ? status : refuse_misplaced(o);
}

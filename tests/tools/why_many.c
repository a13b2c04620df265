// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Many questions of --why about one snapshot. Reads lines "[ADDRESS:]PORT USER" ("-" is oneself) and
 * answers each with a line for every address that it stands for, separated by tabs:
 *
 *	question user address predicted:PLAIN,REUSEADDR,REUSEPORT kernel:... reasons
 *
 * Everything that --why does is done, but for rendering. Exit status 1 when anything failed.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "act/held.h"
#include "cli/inquiry.h"
#include "collect/kernel.h"
#include "explain/classify.h"
#include "render/rows.h"
#include "render/why_cases.h"

struct keeper {
	struct sink sink;
	struct rows rows;
	struct held held;
};

static int take(struct sink *sink, struct row *row)
{
	struct keeper *k = (struct keeper *)sink;
	struct socket sk;

	classify(row);
	memcpy(&sk, row->socket, socket_size(row->socket));
	held_read_options(&k->held, &row->snapshot->owners, &sk);
	row->socket = &sk;
	return rows_keep(&k->rows, row);
}

static void put_answers(const char *name, const struct bind_answers *a)
{
	char room[WHY_TOKEN];

	printf("\t%s:", name);
	for (int i = 0; i < BIND_ATTEMPTS; i++)
		printf("%s%s", i ? "," : "", why_token(room, a->of[i]));
}

static void put_case(struct why_case *c, const char *question, const char *user)
{
	printf("%s\t%s\t%s", question, user, c->asked->text);
	put_answers("predicted", &c->asked->predicted);
	put_answers("kernel", &c->asked->kernel);
	printf("\t");
	for (size_t i = 0; i < c->count; i++)
		printf("%s%s", i ? "," : "", blocker_kinds[c->blockers[i].name].id);
	printf("\n");
	free(c->blockers);
}

static int answer(struct why *w, const char *question, const char *user)
{
	struct options o = {.why = question,
			    .user = strcmp(user, "-") ? user : NULL,
			    .families = FAMILY_BOTH,
			    .filter = (char[]){""}};
	struct view_options options = {0};
	struct inquiry q;

	if (inquiry_make(&q, &o) || inquiry_try(&q))
		return 1;
	options.inquiry = &q.bind;
	w->view.options = &options;
	if (why_judge(w))
		return 1;
	for (unsigned i = 0; i < q.bind.count; i++)
		put_case(&w->cases[i], question, user);
	return 0;
}

int main(void)
{
	struct request request = {.states = UINT32_MAX,
				  .families = FAMILY_BOTH,
				  .want = WANT_PROCESS | WANT_OWNERS | WANT_SITUATION | WANT_HOST |
					  WANT_BOUND,
				  .all_seen = true};
	struct keeper keeper = {.sink.take = take, .held = HELD};
	struct source *source = kernel_source();
	struct snapshot snapshot = {0};
	struct why w = {.view.snapshot = &snapshot};
	char line[256], question[128], user[64];
	int status = 0;

	if (!source || source->refresh(source, &request, &snapshot, &keeper.sink))
		return 1;
	held_close(&keeper.held);
	w.rows = keeper.rows;
	while (fgets(line, sizeof(line), stdin)) {
		if (sscanf(line, "%127s %63s", question, user) != 2)
			return 1;
		fflush(stdout);
		status |= answer(&w, question, user);
	}
	rows_free(&w.rows);
	snapshot_free(&snapshot);
	source->close(source);
	return status;
}

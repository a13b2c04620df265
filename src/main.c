// SPDX-License-Identifier: GPL-2.0-or-later
#include <locale.h>
#include <signal.h>

#include "cli/options.h"
#include "cli/plan.h"
#include "cli/run.h"
#include "cli/standard.h"
#include "cli/status.h"
#include "cli/watch.h"

/* options -> plan -> run: collect -> filter -> explain -> render, or ui again and again. */
int main(int argc, char **argv)
{
	struct options options;
	struct plan plan;
	int status;

	standard_hold();
	setlocale(LC_CTYPE, "");
	signal(SIGPIPE, SIG_DFL);
	switch (options_parse(&options, argc, argv)) {
	case OPTIONS_DONE: return STATUS_DONE;
	case OPTIONS_WRONG: return STATUS_USAGE;
	case OPTIONS_FAILED: return STATUS_FAILED;
	case OPTIONS_RUN: break;
	}
	status = plan_make(&plan, &options);
	if (!status)
		status = options.view == VIEW_WATCH ? watch(&plan, &options) : run(&plan, &options);
	plan_free(&plan);
	options_free(&options);
	return status;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/apart.h"
#include "cli/feed_saved.h"
#include "cli/report.h"
#include "cli/run.h"
#include "cli/say.h"
#include "cli/status.h"
#include "collect/ssh.h"
#include "ui/loop.h"
#include "util/new_file.h"
#include "util/privilege.h"

enum { DEFAULT_MS = 1000 };

/* What is found out before the process that collects takes all privilege away. */
struct user {
	bool may_close; /* sockets by force */
	bool may_see;   /* all owners that privileges show */
	bool over_ssh;
	struct ssh_connection connection;
};

static int failed(int error)
{
	const char *term = getenv("TERM");

	if (error == -ENXIO || error == -EOPNOTSUPP)
		say("TERM=%s is not a terminal that --watch can draw on; pipe it for plain tables",
		    term ? term : "");
	else if (error == -ENOTTY)
		say("--watch takes keys from a terminal, and standard input is none");
	else
		say("--watch: %s", strerror(-error));
	return STATUS_FAILED;
}

/* Keys come from standard input, unless a snapshot does. */
static int keyboard(const struct options *o)
{
	if (o->read && !strcmp(o->read, "-"))
		return open("/dev/tty", O_RDWR | O_CLOEXEC);
	return STDIN_FILENO;
}

static void find_user(struct user *u)
{
	u->may_close = privilege_held(CAP_NET_ADMIN);
	u->may_see = privilege_held(CAP_SYS_PTRACE) && privilege_held(CAP_DAC_READ_SEARCH);
	u->over_ssh = ssh_connection_find(&u->connection);
}

static bool is_session(const void *session, const struct socket *sk)
{
	const struct user *u = session;

	return u->over_ssh && ssh_connection_is(&u->connection, sk);
}

static int interact(struct plan *plan, const struct options *o, struct feed *feed,
		    const struct user *user)
{
	struct app_options options = {
		.columns = plan->view_options.columns,
		.sort = plan->view_options.sort,
		.filter = plan->view_options.filter ? plan->view_options.filter : "",
		.interval_ms = o->interval_ms ? o->interval_ms : DEFAULT_MS,
		.color = plan->view_options.style.color,
		.may_close = user->may_close,
		.may_see = user->may_see,
		.is_session = is_session,
		.session = user,
		.write_file = new_file_write,
	};
	struct live live = {0};
	int in = keyboard(o), result;

	result = loop_run(&options, feed, &live, in, STDOUT_FILENO);
	live_free(&live);
	if (in != STDIN_FILENO && in >= 0)
		close(in);
	if (result > 0) {
		signal(result, SIG_DFL);
		raise(result);
	}
	return result ? failed(result) : STATUS_DONE;
}

/* One table after another, a blank line between them. */
static int write_tables(struct plan *plan, const struct options *o)
{
	uint32_t ms = o->interval_ms ? o->interval_ms : DEFAULT_MS;
	const struct timespec interval = {ms / 1000, ms % 1000 * 1000000L};

	for (;;) {
		int status = run(plan, o);

		if (status == STATUS_FAILED || o->read)
			return status;
		nanosleep(&interval, NULL);
		if (plan_make_view(plan, o)) {
			say("out of memory");
			return STATUS_FAILED;
		}
		out_char(&plan->out, '\n');
	}
}

/* The feed of the host or of what was saved; NULL after saying why there is none. */
static struct feed *open_feed(struct plan *plan, const struct options *o)
{
	struct request all = {.states = UINT32_MAX, .families = o->families, .want = UINT32_MAX};
	struct feed *feed;
	int error;

	feed = o->read ? feed_saved(plan->source, &all, plan->view_options.style.width, &error)
		       : feed_apart(&error);
	if (!feed && o->read)
		report_failure(plan->source, o, error);
	else if (!feed)
		say("cannot start the process that collects: %s", strerror(-error));
	return feed;
}

int watch(struct plan *plan, const struct options *o)
{
	struct feed *feed;
	struct user user;
	int status;

	if (!isatty(STDOUT_FILENO))
		return write_tables(plan, o);
	find_user(&user);
	feed = open_feed(plan, o);
	if (!feed)
		return STATUS_FAILED;
	status = interact(plan, o, feed, &user);
	feed->close(feed);
	return status;
}

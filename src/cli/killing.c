// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/killing.h"

#include <errno.h>
#include <stdlib.h>

#include "act/destroy.h"
#include "cli/say.h"
#include "collect/ssh.h"
#include "render/cell.h"
#include "render/message.h"
#include "util/translate.h"

static struct killed destroy_one(struct destroyer *d, int opened, const struct socket *sk)
{
	bool remains = false;
	int error = opened;

	if (!opened && sk->have & HAVE_COOKIE)
		error = destroy_socket(d, sk, &remains);
	return (struct killed){kill_outcome_of(sk, error, remains), error};
}

static int destroy_all(struct plan *plan)
{
	struct killing *k = &plan->killing;
	struct destroyer destroyer;
	int opened;

	k->done = calloc(k->rows.count, sizeof(*k->done));
	if (!k->done)
		return k->rows.count ? -ENOMEM : 0;
	opened = destroy_open(&destroyer);
	for (size_t i = 0; i < k->rows.count; i++) {
		k->done[i] = destroy_one(&destroyer, opened, k->rows.rows[i].socket);
		plan->view->alarm |= !kill_outcomes[k->done[i].outcome].gone;
	}
	destroy_close(&destroyer);
	return 0;
}

static bool agreed(struct plan *plan, const struct options *o)
{
	const struct message_value count = {.name = "count", .number = plan->killing.rows.count};
	struct out question = OUT_MEMORY;
	bool yes = o->yes;

	if (!yes) {
		message_fill(&question,
			     count.number == 1 ? N_("Close this socket?")
					       : N_("Close these {count} sockets?"),
			     &count, 1);
		out_str(&question, " [y/N] ");
		yes = consent_given(&plan->consent, out_text(&question));
	}
	out_free(&question);
	if (!yes)
		say("declined, nothing was closed");
	return yes;
}

/* Who cuts the connection under their own feet is told before. */
static void find_session(struct killing *k)
{
	struct ssh_connection connection;

	if (!k->rows.count || !ssh_connection_find(&connection))
		return;
	for (size_t i = 0; i < k->rows.count; i++) {
		if (ssh_connection_is(&connection, k->rows.rows[i].socket))
			k->session = k->rows.rows[i].socket;
	}
}

/* Where nobody is asked, or the output is a document, it stands on standard error. */
static void say_session(const struct plan *plan, const struct socket *session)
{
	struct out ends = OUT_MEMORY;

	cell_endpoint(&ends, plan->view->snapshot, session, &session->local);
	out_char(&ends, ' ');
	cell_endpoint(&ends, plan->view->snapshot, session, &session->peer);
	say("careful: %s is the ssh connection that you work over; closing it ends your session",
	    out_text(&ends));
	out_free(&ends);
}

/* One who is asked has to see first what it is about; a document is written once, at the end. */
int kill_matched(struct plan *plan, const struct options *o)
{
	bool text = o->form == FORM_TEXT, act = plan->killing.rows.count && !o->dry_run;
	int error;

	find_session(&plan->killing);
	if (plan->killing.session && (o->yes || !text))
		say_session(plan, plan->killing.session);
	error = text ? plan->view->end(plan->view) : 0;
	if (text && !error)
		error = plan_flush(plan);
	if (error)
		return error;
	if (act && !agreed(plan, o)) {
		plan->view->alarm = true;
		return 0;
	}
	if (act)
		error = destroy_all(plan);
	if (error)
		return error;
	if (!text)
		return plan->view->end(plan->view);
	kill_tell(plan->view);
	return 0;
}

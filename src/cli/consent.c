// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/consent.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <termios.h>
#include <unistd.h>

#include "cli/say.h"
#include "cli/status.h"

int consent_refuse(const struct options *o)
{
	const char *wrong = NULL;

	if (o->view != VIEW_KILL) {
		if (o->yes || o->dry_run)
			wrong = o->yes ? "--yes goes with --kill only"
				       : "--dry-run goes with --kill only";
	} else if (!o->filter[0]) {
		wrong = "--kill takes a FILTER: it never closes everything";
	} else if (o->read) {
		wrong = "--kill closes sockets of this host: it does not go with --read";
	} else if (o->form == FORM_CSV) {
		wrong = "--csv does not go with --kill";
	} else if (o->yes && o->dry_run) {
		wrong = "choose one: --yes or --dry-run";
	} else if (o->form == FORM_JSON && !o->yes && !o->dry_run) {
		wrong = "--kill --json cannot ask: it takes --yes or --dry-run";
	}
	if (!wrong)
		return 0;
	say("%s", wrong);
	return STATUS_USAGE;
}

int consent_open(struct consent *c, const struct options *o)
{
	if (o->yes || o->dry_run)
		return 0;
	c->from = c->to = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	c->opened = c->from >= 0;
	if (c->opened)
		return 0;
	if (isatty(STDIN_FILENO)) {
		c->from = STDIN_FILENO;
		c->to = STDERR_FILENO;
		return 0;
	}
	say("--kill asks before it closes, and there is no terminal: --yes closes without asking, "
	    "--dry-run shows what would be closed");
	return STATUS_USAGE;
}

static void tell(int to, const char *text)
{
	size_t n = strlen(text);

	while (n) {
		ssize_t written = write(to, text, n);

		if (written < 0 && errno != EINTR)
			return;
		text += written > 0 ? written : 0;
		n -= written > 0 ? (size_t)written : 0;
	}
}

/* A line without its end, cut to the room; "" at the end of input. */
static void read_answer(int from, char *answer, size_t room)
{
	size_t n = 0;
	char c = '\0';

	while (c != '\n') {
		ssize_t got = read(from, &c, 1);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		if (c != '\n' && n + 1 < room)
			answer[n++] = c;
	}
	answer[c == '\n' ? n : 0] = '\0';
}

bool consent_given(const struct consent *c, const char *question)
{
	char answer[16];

	tcflush(c->from, TCIFLUSH);
	tell(c->to, question);
	read_answer(c->from, answer, sizeof(answer));
	return !strcasecmp(answer, "y") || !strcasecmp(answer, "yes");
}

void consent_close(struct consent *c)
{
	if (c->opened)
		close(c->from);
	*c = (struct consent)CONSENT;
}

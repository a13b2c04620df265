// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/probe.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "collect/cookies.h"

static bool set_up(struct probe *p)
{
	struct sockaddr_in any = {.sin_family = AF_INET};
	socklen_t len = sizeof(p->cookie);

	return !bind(p->fd, (struct sockaddr *)&any, sizeof(any)) &&
	       !getsockopt(p->fd, SOL_SOCKET, SO_COOKIE, &p->cookie, &len);
}

void probe_open(struct probe *p)
{
	p->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (p->fd >= 0 && !set_up(p))
		probe_close(p);
}

bool probe_is(struct probe *p, const struct socket *sk)
{
	if (p->fd < 0 || sk->cookie != p->cookie)
		return false;
	p->met = true;
	return true;
}

/* A filter that the kernel judged has kept the probe out: it takes a walk without. */
static bool walk_meets(const struct probe *p, struct diag *d)
{
	struct diag_query query = {.states = STATES_BOUND, .families = FAMILY_INET};
	struct cookies bound = {0};
	bool met;

	cookies_ask(&bound, d, &query);
	met = cookies_have(&bound, p->cookie);
	cookies_free(&bound);
	return met;
}

bool probe_judge(struct probe *p, struct diag *d, bool bytecode)
{
	return p->fd < 0 || p->met || (bytecode && walk_meets(p, d));
}

void probe_close(struct probe *p)
{
	if (p->fd >= 0)
		close(p->fd);
	p->fd = -1;
}

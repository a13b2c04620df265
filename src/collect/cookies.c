// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/cookies.h"

#include <errno.h>
#include <stdlib.h>

#include "collect/diag_decode.h"
#include "util/compare.h"
#include "util/grow.h"

static int on_message(const struct nlmsghdr *nlh, void *ctx)
{
	struct cookies *c = ctx;
	struct socket sk;

	if (diag_decode(nlh, &sk) || !(sk.have & HAVE_COOKIE))
		return 0;
	if (GROW(c->all, c->cap, c->count + 1))
		return -ENOMEM;
	c->all[c->count++] = sk.cookie;
	return 0;
}

static int by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return COMPARE(x, y);
}

int cookies_ask(struct cookies *c, struct diag *d, const struct diag_query *query)
{
	struct diag_handler handler = {.message = on_message, .ctx = c};
	int result;

	c->count = 0;
	result = diag_walk(d, query, &handler);
	if (c->count)
		qsort(c->all, c->count, sizeof(*c->all), by_number);
	return result;
}

bool cookies_have(const struct cookies *c, uint64_t cookie)
{
	return c->count && bsearch(&cookie, c->all, c->count, sizeof(*c->all), by_number);
}

void cookies_free(struct cookies *c)
{
	free(c->all);
	*c = (struct cookies){0};
}

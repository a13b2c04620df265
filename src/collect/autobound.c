// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/autobound.h"

#include <errno.h>
#include <linux/inet_diag.h>
#include <stdlib.h>

#include "collect/diag_decode.h"
#include "util/compare.h"
#include "util/grow.h"

static int on_message(const struct nlmsghdr *nlh, void *ctx)
{
	struct autobound *a = ctx;
	struct socket sk;

	if (diag_decode(nlh, &sk) || !(sk.have & HAVE_COOKIE))
		return 0;
	if (GROW(a->cookies, a->cap, a->count + 1))
		return -ENOMEM;
	a->cookies[a->count++] = sk.cookie;
	return 0;
}

static int by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return COMPARE(x, y);
}

int autobound_ask(struct autobound *a, struct diag *d, uint32_t states, uint32_t families)
{
	const struct inet_diag_bc_op program = {
		.code = INET_DIAG_BC_AUTO, .yes = sizeof(program), .no = 2 * sizeof(program)};
	struct diag_query query = {.states = states,
				   .families = families,
				   .bytecode = &program,
				   .bytecode_len = sizeof(program)};
	struct diag_handler handler = {.message = on_message, .ctx = a};
	int result = states ? diag_walk(d, &query, &handler) : 0;

	if (result == -ENOMEM)
		return result;
	a->known = result == 0;
	if (a->count)
		qsort(a->cookies, a->count, sizeof(*a->cookies), by_number);
	return 0;
}

void autobound_note(const struct autobound *a, struct socket *sk)
{
	if (!a->known || !(sk->have & HAVE_COOKIE))
		return;
	sk->have |= HAVE_AUTOBOUND;
	sk->autobound = a->count &&
			bsearch(&sk->cookie, a->cookies, a->count, sizeof(*a->cookies), by_number);
}

void autobound_free(struct autobound *a)
{
	free(a->cookies);
	*a = (struct autobound){0};
}

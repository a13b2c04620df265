// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/autobound.h"

#include <errno.h>
#include <linux/inet_diag.h>

int autobound_ask(struct autobound *a, struct diag *d, uint32_t states, uint32_t families)
{
	const struct inet_diag_bc_op program = {
		.code = INET_DIAG_BC_AUTO, .yes = sizeof(program), .no = 2 * sizeof(program)};
	struct diag_query query = {.states = states,
				   .families = families,
				   .bytecode = &program,
				   .bytecode_len = sizeof(program)};
	int result = states ? cookies_ask(&a->cookies, d, &query) : 0;

	if (result == -ENOMEM)
		return result;
	a->known = result == 0;
	return 0;
}

void autobound_note(const struct autobound *a, struct socket *sk)
{
	if (!a->known || !(sk->have & HAVE_COOKIE))
		return;
	sk->have |= HAVE_AUTOBOUND;
	sk->autobound = cookies_have(&a->cookies, sk->cookie);
}

void autobound_free(struct autobound *a)
{
	cookies_free(&a->cookies);
	a->known = false;
}

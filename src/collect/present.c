// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/present.h"

enum { WALKS = 8 };

bool present_has(struct present *s, struct diag *d, uint32_t states, uint64_t datagram,
		 uint64_t cookie)
{
	struct diag_query query = {.states = states, .families = FAMILY_BOTH};

	if (cookies_have(&s->cookies, cookie))
		return true;
	if (s->walks == WALKS || (s->walks && s->as_of == datagram))
		return false;
	s->walks++;
	s->as_of = datagram;
	return cookies_ask(&s->cookies, d, &query) >= 0 && cookies_have(&s->cookies, cookie);
}

void present_free(struct present *s)
{
	cookies_free(&s->cookies);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "refresh.h"

#include "kinds.h"
#include "peer.h"
#include "util.h"

#include <netinet/tcp.h>
#include <string.h>

enum { TIME_WAIT_MS = 20000, FIN_WAIT_2_MS = 50000 };

static const struct family *family_of(const struct row *row)
{
	unsigned bit = row->family == AF_INET     ? INET
		       : row->link_local          ? LINK
		       : end_is_ipv4(&row->local) ? MAPPED
						  : INET6;
	const struct family *family = families;

	while (family->bit != bit)
		family++;
	return family;
}

// The steps add a row, which takes the old one's place.
static void make_again(struct lab *lab, size_t index)
{
	struct row *row = &lab->manifest.rows[index];
	uint16_t next_local = lab->next_local, next_peer = lab->next_peer;

	peer_reset(lab->peer, row->with);
	lab->next_local = row->local.port;
	lab->next_peer = row->peer.port;
	make_one(lab, kind_find(row->kind, strlen(row->kind)), family_of(row));
	lab->next_local = next_local;
	lab->next_peer = next_peer;
	lab->manifest.rows[index] = lab->manifest.rows[--lab->manifest.count];
	peer_pump(lab->peer, 1);
}

static void refresh_state(struct lab *lab, int state)
{
	size_t count = lab->manifest.count;

	for (size_t i = 0; i < count; i++) {
		const struct row *row = &lab->manifest.rows[i];

		if (!(row->expect.detail & MINISOCKET) || row->expect.state != state)
			continue;
		if (state == TCP_TIME_WAIT)
			peer_ack(lab->peer, row->with);
		else
			make_again(lab, i);
	}
}

void refresh(struct lab *lab)
{
	int64_t now = now_ms();

	if (!lab->time_wait_at) {
		lab->time_wait_at = now + TIME_WAIT_MS;
		lab->fin_wait_2_at = now + FIN_WAIT_2_MS;
	}
	if (now >= lab->time_wait_at) {
		refresh_state(lab, TCP_TIME_WAIT);
		lab->time_wait_at = now + TIME_WAIT_MS;
	}
	if (now >= lab->fin_wait_2_at) {
		refresh_state(lab, TCP_FIN_WAIT2);
		lab->fin_wait_2_at = now + FIN_WAIT_2_MS;
	}
}

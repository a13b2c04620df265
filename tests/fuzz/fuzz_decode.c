// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A message of sock_diag: what is read of it is a socket that every view can show, and that a
 * snapshot keeps.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "collect/diag_decode.h"
#include "render/json.h"

#include "../unit/explained.h"
#include "fuzz.h"
#include "rewrite.h"

static bool is_text(const char *s, size_t room)
{
	return *s && memchr(s, '\0', room);
}

static void check_socket(const struct socket *sk)
{
	const uint32_t always = HAVE_COOKIE | HAVE_QUEUES | HAVE_TIMER | HAVE_BACKLOG;

	HOLDS(sk->family == AF_INET || sk->family == AF_INET6);
	HOLDS((sk->have & always) == always && sk->have < HAVE_BACKLOG * 2);
	HOLDS(sk->owners == OWNER_NONE && sk->absence == OWNER_NOT_ASKED && !sk->netns);
	HOLDS(sk->info_len <= sizeof(sk->info));
	HOLDS(!(sk->have & HAVE_CONG) || is_text(sk->cong, sizeof(sk->cong)));
	HOLDS(!(sk->have & HAVE_ULP) || is_text(sk->ulp, sizeof(sk->ulp)));
	HOLDS(!(sk->have & HAVE_CONG_INFO) ||
	      (sk->cong_info.kind >= CONG_INFO_BBR && sk->cong_info.kind <= CONG_INFO_DCTCP));
}

/* The snapshot that has it alone. */
static void check_written(const struct socket *sk)
{
	struct view *view = json_view();
	struct out written = OUT_MEMORY;
	struct snapshot s = {0};
	struct row row = {.snapshot = &s, .socket = sk};
	struct explained e;

	HOLDS(view);
	explained_begin(&e, view, &written, &s, &plain);
	HOLDS(!e.sink.take(&e.sink, &row));
	HOLDS(!view->end(view) && !written.error);
	view->free(view);
	rewrite_same(&written);
	out_free(&written);
	snapshot_free(&s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nlmsghdr none = {0}, *message;
	struct socket sk;
	int result;

	message = size < sizeof(none) ? &none : fuzz_copy(data, size);
	message->nlmsg_len = (uint32_t)size;
	result = diag_decode(message, &sk);
	HOLDS(result == 0 || result == -EBADMSG, "%d", result);
	if (!result) {
		check_socket(&sk);
		check_written(&sk);
	}
	if (message != &none)
		free(message);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

#include "explain/classify.h"

#include "look.h"

struct look now, before;
struct finding_list found;

int set_up(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct look *look = i ? &before : &now;

		*look = (struct look){0};
		look->snapshot.namespaces = calloc(1, sizeof(struct netns));
		look->snapshot.namespace_count = 1;
		look->snapshot.monotonic.tv_sec = i ? 100 : 100 + INTERVAL_S;
	}
	found = (struct finding_list){0};
	return !now.snapshot.namespaces || !before.snapshot.namespaces;
}

int tear_down(void **state)
{
	(void)state;
	finding_list_free(&found);
	snapshot_free(&now.snapshot);
	snapshot_free(&before.snapshot);
	return 0;
}

static void prepare(struct look *look)
{
	socket_list_free(&look->snapshot.listeners);
	look->snapshot.listeners = (struct socket_list){0};
	for (size_t i = 0; i < look->count; i++) {
		if (look->sockets[i].kernel_state == STATE_LISTEN)
			assert_non_null(
				socket_list_add(&look->snapshot.listeners, &look->sockets[i]));
	}
	for (size_t i = 0; i < look->count; i++) {
		struct socket *sk = &look->sockets[i];

		look->rows[i] = (struct row){.snapshot = &look->snapshot, .socket = sk};
		classify(&look->rows[i]);
	}
}

const struct finding *judge(const char *id, bool two)
{
	struct sample later = {&now.snapshot, now.rows, now.count, false};
	struct sample earlier = {&before.snapshot, before.rows, before.count, false};

	prepare(&now);
	prepare(&before);
	finding_list_free(&found);
	assert_int_equal(diagnose(&later, two ? &earlier : NULL, &found), 0);
	for (size_t i = 0; i < found.count; i++) {
		if (found.findings[i]->kind == finding_find(id))
			return found.findings[i];
	}
	return NULL;
}

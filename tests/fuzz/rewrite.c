// SPDX-License-Identifier: GPL-2.0-or-later
#include "rewrite.h"

#include <errno.h>
#include <string.h>

#include "collect/read.h"
#include "render/json.h"
#include "util/text.h"

#include "../unit/explained.h"
#include "fuzz.h"

static void check_complaint(const struct source *source)
{
	HOLDS(*source->complaint);
	HOLDS(memchr(source->complaint, '\0', sizeof(source->complaint)));
}

int rewrite(struct source *source, struct out *o)
{
	struct view *view = json_view();
	struct snapshot s = {0};
	struct explained e;
	int result;

	HOLDS(source && view);
	explained_begin(&e, view, o, &s, &plain);
	result = source->refresh(source, &everything, &s, &e.sink);
	HOLDS(result == 0 || result == -EBADMSG, "%d", result);
	if (result)
		check_complaint(source);
	else
		HOLDS(!view->end(view) && !o->error);
	view->free(view);
	source->close(source);
	snapshot_free(&s);
	return result;
}

void rewrite_same(struct out *written)
{
	struct out again = OUT_MEMORY;

	HOLDS(text_is_utf8(written->data, written->len));
	HOLDS(!rewrite(snapshot_source_text(written->data, written->len), &again), "%s",
	      out_text(written));
	HOLDS(written->len == again.len && !memcmp(written->data, again.data, again.len), "%s\n%s",
	      out_text(written), out_text(&again));
	out_free(&again);
}

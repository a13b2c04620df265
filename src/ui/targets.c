// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/targets.h"

#include <errno.h>
#include <stdlib.h>

#include "util/translate.h"

static int add(struct targets *t, const struct live_socket *s)
{
	struct target *target = &t->list[t->count];

	*target = (struct target){.id = s->id};
	if (kept_take(&target->kept, s))
		return -ENOMEM;
	t->count++;
	return 0;
}

static bool is_meant(const struct live_socket *s)
{
	return s->tagged && !s->went;
}

int targets_gather(struct targets *t, const struct app *a)
{
	struct pane *top = app_top(a);
	const struct live_socket *chosen = top->ops->chosen ? top->ops->chosen(top) : NULL;
	size_t tagged = 0;
	int error = 0;

	*t = (struct targets){0};
	for (size_t i = 0; i < a->live->count && !a->page_count; i++)
		tagged += is_meant(a->live->sockets[i]);
	if (!tagged && (!chosen || chosen->went))
		return 0;
	t->list = calloc(tagged ? tagged : 1, sizeof(*t->list));
	if (!t->list)
		return -ENOMEM;
	if (!tagged)
		return add(t, chosen);
	for (size_t i = 0; i < a->live->count && !error; i++) {
		if (is_meant(a->live->sockets[i]))
			error = add(t, a->live->sockets[i]);
	}
	return error;
}

void targets_refresh(struct targets *t, const struct live *live)
{
	for (size_t i = 0; i < t->count; i++) {
		const struct live_socket *s = live_find(live, t->list[i].id);

		t->list[i].gone = !s || s->went;
		if (!t->list[i].gone)
			kept_take(&t->list[i].kept, s); /* without memory an earlier one is kept */
	}
}

struct row targets_row(struct target *t, const struct live *live)
{
	return kept_row(&t->kept, live);
}

void targets_free(struct targets *t)
{
	for (size_t i = 0; i < t->count; i++)
		kept_free(&t->list[i].kept);
	free(t->list);
	*t = (struct targets){0};
}

bool targets_allowed(struct app *a)
{
	if (a->live->saved)
		app_note(a, N_("a saved snapshot: nothing can be closed or signalled here"));
	else if (!a->feed->act)
		app_note(a, N_("nothing can be closed or signalled here"));
	else if (a->over)
		app_note(a, N_("not any more: the collecting process, which does it, has ended"));
	else
		return true;
	return false;
}

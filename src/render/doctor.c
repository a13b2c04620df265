// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/doctor.h"

#include <stdlib.h>

static int take(struct sink *sink, struct row *row)
{
	struct doctor *d = (struct doctor *)sink;

	d->view.shown++;
	return rows_keep(&d->rows, row);
}

static void begin_again(struct view *view, struct snapshot *earlier)
{
	struct doctor *d = (struct doctor *)view;

	d->earlier = earlier;
	d->before = d->rows;
	d->rows = (struct rows){0};
	view->shown = 0;
}

uint64_t doctor_interval(const struct doctor *d)
{
	return d->earlier ? snapshot_interval(d->earlier, d->view.snapshot) : 0;
}

static int end(struct view *view)
{
	struct doctor *d = (struct doctor *)view;
	bool narrowed = view->options->filter || view->snapshot->filter;
	struct sample now = {view->snapshot, d->rows.rows, d->rows.count, narrowed};
	struct sample before = {d->earlier, d->before.rows, d->before.count, narrowed};
	int error = diagnose(&now, d->earlier ? &before : NULL, &d->found);

	if (error)
		return error;
	for (size_t i = 0; i < d->found.count; i++)
		view->alarm |= d->found.findings[i]->severity > SEVERITY_NOTE;
	d->put(d);
	return 0;
}

static void free_doctor(struct view *view)
{
	struct doctor *d = (struct doctor *)view;

	finding_list_free(&d->found);
	rows_free(&d->before);
	rows_free(&d->rows);
	free(d);
}

struct view *doctor_view(void (*put)(struct doctor *d))
{
	struct doctor *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	d->put = put;
	d->view.sink.take = take;
	d->view.begin_again = begin_again;
	d->view.end = end;
	d->view.free = free_doctor;
	return &d->view;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UI_PROCESSES_H
#define UI_PROCESSES_H

#include "ui/app.h"
#include "ui/fold.h"
#include "ui/list.h"
#include "ui/port_tree.h"

/* The tree of programs. processes.c is the pane, processes_draw.c writes it on the screen. */
struct processes {
	struct pane pane;
	struct port_tree tree;     /* that is shown */
	struct port_tree counting; /* its successor */
	bool is_counting, due;
	uint64_t began; /* live.now when counting was last begun */
	bool first;     /* nothing was counted yet */
	struct list list;
	struct fold fold;
	uint32_t *lines; /* indexes of nodes that are not folded away */
	size_t line_count;
	struct out text;
};

/* What a line that is shown stands for. */
const struct node *processes_node(const struct processes *t, size_t line);

/* Whether something stands below it. */
bool processes_folds(const struct processes *t, const struct node *node);

/* Puts what its line says into t->text; of a program, its name. */
void processes_put_text(struct processes *t, const struct node *node);

void processes_draw(struct pane *p, struct screen *s, const struct box *b);

#endif

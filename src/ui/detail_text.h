// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UI_DETAIL_TEXT_H
#define UI_DETAIL_TEXT_H

#include "model/live.h"
#include "render/style.h"

/* What the page of one socket tells. */
struct detail_facts {
	struct row row;                 /* classified */
	const struct live_socket *past; /* came, changed, went, was; its row is not looked at */
	const struct trail *trail;      /* NULL has none */
	const char *command;            /* as struct live has it; NULL is not known */
	size_t command_len;
	uint64_t now; /* milliseconds, in the clock of `past` */
	bool saved;   /* from a saved snapshot: there is no history */
};

/* Appends the page, lines fitted to the style's width. */
void detail_text(struct out *o, const struct style *style, const struct detail_facts *f);

#endif

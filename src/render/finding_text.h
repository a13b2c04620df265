// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef RENDER_FINDING_TEXT_H
#define RENDER_FINDING_TEXT_H

#include "explain/finding.h"
#include "util/out.h"

/*
 * Appends a message of a finding, translated: each {name} is its evidence of that key with its
 * unit, {process}, or a field of its first example; [brackets] as in message_put().
 */
void finding_text(struct out *o, const char *message, const struct finding *f);

/* Appends "head: what was found". */
void finding_headed(struct out *o, const char *head, const struct finding *f);

/* The severity as a word for people; JSON has severity_token(). */
const char *finding_severity(enum severity severity);

/* Appends the finding's numbers with where they were read: "sockets 37 (sock_diag), ...". */
void finding_proof(struct out *o, const struct finding *f);

#endif

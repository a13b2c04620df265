// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/victims.h"

#include <errno.h>
#include <stdlib.h>

#include "render/cell.h"
#include "render/message.h"
#include "render/page.h"
#include "util/text.h"
#include "util/translate.h"

static bool is_listed(const struct victims *v, int32_t pid)
{
	for (size_t i = 0; i < v->count; i++) {
		if (v->list[i].process.pid == pid)
			return true;
	}
	return false;
}

static int add(struct victims *v, const struct process *p)
{
	struct victim *more;

	if (!p->pid || is_listed(v, p->pid))
		return 0;
	more = realloc(v->list, (v->count + 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	v->list = more;
	v->list[v->count++] = (struct victim){.process = process_copy(p)};
	return 0;
}

/* Counts what each holds, in one walk of all sockets. */
static void count_sockets(struct victims *v, const struct app *a)
{
	const struct owner_table *t = &a->live->snapshot.owners;

	for (size_t s = 0; s < a->live->count; s++) {
		const struct live_socket *socket = a->live->sockets[s];
		int32_t last = 0;

		if (socket->went)
			continue;
		for (uint32_t i = socket->row.socket->owners; i != OWNER_NONE;
		     i = owner_table_next(t, i)) {
			int32_t pid = t->processes[t->owners[i].process].pid;

			for (size_t k = 0; k < v->count && pid != last; k++) {
				if (v->list[k].process.pid != pid)
					continue;
				v->list[k].sockets++;
				v->list[k].socket = socket->id;
				v->list[k].session |= app_is_session(a, socket->row.socket);
			}
			last = pid;
		}
	}
}

int victims_of(struct victims *v, struct targets *t, const struct app *a)
{
	*v = (struct victims){0};
	for (size_t i = 0; i < t->count; i++) {
		const struct owner_table *owners = &t->list[i].kept.owners;

		for (uint32_t k = 0; k < owners->process_count; k++) {
			if (add(v, &owners->processes[k]))
				return -ENOMEM;
		}
	}
	count_sockets(v, a);
	return 0;
}

int victims_one(struct victims *v, const struct process *p, const struct app *a)
{
	*v = (struct victims){0};
	if (add(v, p))
		return -ENOMEM;
	count_sockets(v, a);
	return 0;
}

void victims_free(struct victims *v)
{
	for (size_t i = 0; i < v->count; i++) {
		process_clear(&v->list[i].process);
		free(v->list[i].command);
	}
	free(v->list);
	*v = (struct victims){0};
}

/* A text from outside, made safe. */
static const char *safe(struct out *o, const char *text)
{
	if (text)
		text_safe(o, text, strlen(text), TEXT_LINE);
	return out_text(o);
}

/* The command line of one process among pairs of "812\0nginx: worker\0"; a copy, NULL none. */
static char *command_of(int32_t pid, const char *p, size_t len)
{
	const char *end = p ? p + len : NULL;

	while (p < end) {
		size_t n = strnlen(p, (size_t)(end - p));
		const char *line = p + n + (p + n < end);
		size_t line_len = strnlen(line, (size_t)(end - line));

		if (strtol(p, NULL, 10) == pid && line_len)
			return strndup(line, line_len);
		p = line + line_len + 1;
	}
	return NULL;
}

uint64_t victims_ask(const struct victims *v)
{
	for (size_t i = 0; i < v->count; i++) {
		if (!v->list[i].command && !v->list[i].asked && v->list[i].socket)
			return v->list[i].socket;
	}
	return 0;
}

void victims_take_commands(struct victims *v, const struct live *l)
{
	for (size_t i = 0; i < v->count && l->command_id; i++) {
		struct victim *one = &v->list[i];

		if (!one->command)
			one->command = command_of(one->process.pid, l->command, l->command_len);
		one->asked |= one->socket == l->command_id;
	}
}

static void put_command(struct out *o, const struct style *style, const char *command)
{
	struct out text = OUT_MEMORY;

	if (command)
		page_text(o, style, PAGE_LABEL("runs"), safe(&text, command));
	out_free(&text);
}

static void put_warning(struct out *o, const struct style *style, const char *message)
{
	page_painted(o, style, "", message_translate(message), PAINT_BAD);
}

void victim_put(struct out *o, const struct style *style, const struct victim *v)
{
	const struct process *p = &v->process;
	struct out texts[6] = {OUT_MEMORY, OUT_MEMORY, OUT_MEMORY, OUT_MEMORY, OUT_MEMORY};
	struct out text = OUT_MEMORY;

	texts[5] = (struct out)OUT_MEMORY;
	cell_process(&texts[0], p);
	message_fill(&text,
		     N_("{process}[, user {user}][, unit {unit}][, container {container}][, exe "
			"{exe}]; sockets it holds: {count}"),
		     (struct message_value[]){
			     {.name = "process", .text = out_text(&texts[0])},
			     {.name = "user", .text = safe(&texts[1], p->user), .absent = !p->user},
			     {.name = "unit", .text = safe(&texts[2], p->unit), .absent = !p->unit},
			     {.name = "container",
			      .text = safe(&texts[3], p->container),
			      .absent = !p->container},
			     {.name = "exe", .text = safe(&texts[4], p->exe), .absent = !p->exe},
			     {.name = "count", .number = v->sockets},
		     },
		     6);
	page_text(o, style, PAGE_LABEL("owner"), out_text(&text));
	put_command(o, style, v->command);
	if (v->session)
		put_warning(o, style,
			    N_("Careful: it holds the ssh connection that you work over. If it "
			       "ends or stops, so does your session."));
	if (p->pid == 1)
		put_warning(o, style,
			    N_("Careful: this is process 1, from which all others descend."));
	for (int i = 0; i < 6; i++)
		out_free(&texts[i]);
	out_free(&text);
}

/* What kill(2) said of it, or the feed before. */
static const char *outcome_text(int error)
{
	switch (-error) {
	case 0: return N_("sent");
	case ESRCH: return N_("ended meanwhile, and its number may be another's: nothing sent");
	case EPERM: return N_("not permitted: it belongs to another user (sudo)");
	case EOPNOTSUPP: return N_("not sent: this cannot be done here");
	default: return N_("failed: {error}");
	}
}

void victim_put_told(struct out *o, const struct victim *v, const char *text)
{
	struct out name = OUT_MEMORY;

	cell_process(&name, &v->process);
	message_headed(o, out_text(&name), text);
	out_char(o, '\n');
	out_free(&name);
}

void victim_put_outcome(struct out *o, const struct victim *v)
{
	struct out text = OUT_MEMORY, error = OUT_MEMORY;

	out_str(&error, strerror(-v->error));
	message_fill(&text, outcome_text(v->error),
		     &(struct message_value){.name = "error", .text = out_text(&error)}, 1);
	victim_put_told(o, v, out_text(&text));
	out_free(&text);
	out_free(&error);
}

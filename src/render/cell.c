// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/cell.h"

#include <sys/socket.h>

#include "render/message.h"
#include "render/units.h"
#include "util/text.h"

void cell_process(struct out *o, const struct process *p)
{
	text_safe(o, p->comm, strnlen(p->comm, sizeof(p->comm)), TEXT_CELL);
	out_char(o, '[');
	out_i64(o, p->pid);
	out_char(o, ']');
}

static void put_owners(struct out *o, const struct snapshot *s, const struct socket *sk,
		       uint8_t reason, enum cell_form form)
{
	const struct owner_table *t = &s->owners;
	uint32_t last = UINT32_MAX, others = 0;

	if (sk->owners == OWNER_NONE) {
		if (reason == OWNER_KNOWN || reason == OWNER_NOT_ASKED) {
			out_char(o, '-');
			return;
		}
		out_char(o, '(');
		out_str(o, owner_absence_token(reason));
		out_char(o, ')');
		return;
	}
	for (uint32_t i = sk->owners; i != OWNER_NONE; i = owner_table_next(t, i)) {
		if (t->owners[i].process == last)
			continue;
		if (last != UINT32_MAX && form == CELL_BRIEF) {
			others++;
		} else {
			if (last != UINT32_MAX)
				out_char(o, ',');
			cell_process(o, &t->processes[t->owners[i].process]);
		}
		last = t->owners[i].process;
	}
	if (others) {
		out_char(o, '+');
		out_u64(o, others);
	}
}

static void put_scope(struct out *o, const struct snapshot *s, const struct socket *sk)
{
	const char *name;

	if (!sk->interface)
		return;
	name = snapshot_interface(s, sk->interface);
	out_char(o, '%');
	if (name)
		text_safe(o, name, strlen(name), TEXT_CELL);
	else
		out_u64(o, sk->interface);
}

/* A wildcard is nobody's address. */
static const char *host_name(const struct snapshot *s, const struct socket *sk,
			     const struct endpoint *e)
{
	if (!s->resolver || address_scope(sk->family, &e->address) == SCOPE_ANY)
		return NULL;
	return s->resolver->host(s->resolver, sk->family, &e->address);
}

void cell_address(struct out *o, const struct snapshot *s, const struct socket *sk,
		  const struct endpoint *e)
{
	const char *name = host_name(s, sk, e);

	if (name)
		text_safe(o, name, strlen(name), TEXT_CELL);
	else
		address_put(o, sk->family, &e->address);
	if (e == &sk->local)
		put_scope(o, s, sk);
}

void cell_endpoint(struct out *o, const struct snapshot *s, const struct socket *sk,
		   const struct endpoint *e)
{
	const char *service =
		s->resolver && e->port ? s->resolver->service(s->resolver, e->port) : NULL;
	bool brackets = sk->family == AF_INET6 && !host_name(s, sk, e);

	if (brackets)
		out_char(o, '[');
	cell_address(o, s, sk, e);
	if (brackets)
		out_char(o, ']');
	out_char(o, ':');
	if (service)
		text_safe(o, service, strlen(service), TEXT_CELL);
	else if (e->port)
		out_u64(o, e->port);
	else
		out_char(o, '*');
}

void cell_details(struct out *o, uint64_t details, char separator)
{
	bool first = true;

	for (unsigned i = 0; i < DETAIL_COUNT; i++) {
		if (!(details & 1u << i))
			continue;
		if (!first)
			out_char(o, separator);
		out_str(o, detail_tokens[i]);
		first = false;
	}
}

void cell_flags(struct out *o, uint64_t flags, char separator)
{
	bool first = true;

	for (unsigned i = 0; i < SOCKOPT_COUNT; i++) {
		if (!(flags >> i & 1))
			continue;
		if (!first)
			out_char(o, separator);
		out_str(o, sockopt_tokens[i]);
		first = false;
	}
	if (first)
		out_str(o, "none");
}

static void put_timer(struct out *o, unsigned timer)
{
	const char *token = timer_token(timer);

	if (token)
		out_str(o, token);
	else
		out_printf(o, "unknown(%u)", timer);
}

void cell_value(struct out *o, const struct field *f, const struct row *row, const struct value *v,
		enum cell_form form)
{
	switch (f->kind) {
	case KIND_COUNT:
	case KIND_BYTES: out_u64(o, v->number); break;
	case KIND_US: units_us(o, v->number); break;
	case KIND_MS: units_ms(o, v->number); break;
	case KIND_RATE: units_rate(o, v->number); break;
	case KIND_PERCENT:
		out_u64(o, v->number);
		out_char(o, '%');
		break;
	case KIND_HEX:
		out_str(o, "0x");
		out_hex(o, v->number);
		break;
	case KIND_STATE: state_put(o, (unsigned)v->number); break;
	case KIND_TIMER: put_timer(o, (unsigned)v->number); break;
	case KIND_TOKEN: out_put(o, v->text.bytes, v->text.len); break;
	case KIND_TEXT: text_safe(o, v->text.bytes, v->text.len, TEXT_CELL); break;
	case KIND_ADDRESS: cell_address(o, row->snapshot, v->socket, v->endpoint); break;
	case KIND_ENDPOINT: cell_endpoint(o, row->snapshot, v->socket, v->endpoint); break;
	case KIND_OWNERS:
		put_owners(o, row->snapshot, v->socket,
			   v->socket == row->socket ? row->verdict.reason : v->socket->absence,
			   form);
		break;
	case KIND_FLAGS: cell_flags(o, v->number, ','); break;
	case KIND_DETAILS: cell_details(o, v->number, ','); break;
	case KIND_WHAT: message_put(o, row->verdict.situation->line, row); break;
	}
}

/* Moves what was written from `p` on to the right end of the column. */
static char *align_right(char *p, char *end, size_t width)
{
	size_t n = (size_t)(end - p);

	if (n >= width)
		return end;
	memmove(p + width - n, p, n);
	memset(p, ' ', width - n);
	return p + width;
}

char *cell_quick_number(char *p, size_t width, const struct field *f, const struct row *row)
{
	struct value v;

	if (!field_get(f, row, &v))
		return NULL;
	if (v.number >= 10)
		return align_right(p, digits_put(p, v.number), width);
	return digits_put(width > 1 ? put_blanks(p, p + width - 1) : p, v.number);
}

static char *quick_us(char *p, size_t width, const struct field *f, const struct row *row)
{
	struct value v;

	return field_get(f, row, &v) ? align_right(p, units_format_us(p, v.number), width) : NULL;
}

static char *quick_ms(char *p, size_t width, const struct field *f, const struct row *row)
{
	struct value v;

	return field_get(f, row, &v) ? align_right(p, units_format_ms(p, v.number), width) : NULL;
}

static char *quick_rate(char *p, size_t width, const struct field *f, const struct row *row)
{
	struct value v;

	return field_get(f, row, &v) ? align_right(p, units_format_rate(p, v.number), width) : NULL;
}

static char *quick_state(char *p, size_t width, const struct field *f, const struct row *row)
{
	struct value v;

	(void)width;
	return field_get(f, row, &v) ? state_format(p, (unsigned)v.number) : NULL;
}

static char *quick_endpoint(char *p, size_t width, const struct field *f, const struct row *row)
{
	struct value v;

	(void)width;
	if (!field_get(f, row, &v) || v.socket->interface || !v.endpoint->port ||
	    row->snapshot->resolver)
		return NULL;
	if (v.socket->family == AF_INET6) {
		*p++ = '[';
		p = address_format(p, AF_INET6, &v.endpoint->address);
		*p++ = ']';
	} else {
		p = address_format(p, AF_INET, &v.endpoint->address);
	}
	*p++ = ':';
	return digits_put(p, v.endpoint->port);
}

cell_writer *cell_quick(const struct field *f)
{
	switch (f->kind) {
	case KIND_COUNT:
	case KIND_BYTES: return cell_quick_number;
	case KIND_US: return quick_us;
	case KIND_MS: return quick_ms;
	case KIND_RATE: return quick_rate;
	case KIND_STATE: return quick_state;
	case KIND_ENDPOINT: return quick_endpoint;
	default: return NULL;
	}
}

void cell_put(struct out *o, const struct field *f, const struct row *row, enum cell_form form)
{
	struct value v;

	if (field_get(f, row, &v))
		cell_value(o, f, row, &v, form);
	else
		out_char(o, '-');
}

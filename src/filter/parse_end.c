// SPDX-License-Identifier: GPL-2.0-or-later
/* The ends of a connection: ports, addresses, and both in one word. */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <strings.h>

#include "filter/parser.h"

static const struct {
	const char *field;
	enum expr_kind kind;
	unsigned side;
} sides[] = {
	{"sport", EXPR_PORT, SIDE_LOCAL},    {"dport", EXPR_PORT, SIDE_PEER},
	{"local", EXPR_ADDRESS, SIDE_LOCAL}, {"peer", EXPR_ADDRESS, SIDE_PEER},
	{"laddr", EXPR_ADDRESS, SIDE_LOCAL}, {"raddr", EXPR_ADDRESS, SIDE_PEER},
};

bool parse_side(const struct parser *p, unsigned *side, enum expr_kind *kind)
{
	const struct field *f = p->len ? field_find(p->word, p->len) : NULL;

	for (size_t i = 0; f && i < sizeof(sides) / sizeof(sides[0]); i++) {
		if (strcmp(sides[i].field, f->name))
			continue;
		*side = sides[i].side;
		*kind = sides[i].kind;
		return true;
	}
	return false;
}

static bool read_port(const char *s, size_t n, uint16_t *port)
{
	char name[64], *end;
	struct servent *service;
	unsigned long number;

	if (!n || n >= sizeof(name))
		return false;
	memcpy(name, s, n);
	name[n] = '\0';
	if (strspn(name, "0123456789") == n) {
		number = strtoul(name, &end, 10);
		*port = (uint16_t)number;
		return number <= UINT16_MAX;
	}
	service = getservbyname(name, "tcp");
	if (!service)
		return false;
	*port = ntohs((uint16_t)service->s_port);
	return true;
}

/* Takes %eth0 off an address, as it is printed; false where the name is too long for one. */
static bool read_scope(const char *s, size_t *n, struct expr *e)
{
	const char *percent = memchr(s, '%', *n);
	size_t len = percent ? *n - (size_t)(percent - s) - 1 : 0;

	if (!percent)
		return true;
	if (!len || len >= sizeof(e->interface))
		return false;
	memcpy(e->interface, percent + 1, len);
	*n -= len + 1;
	return true;
}

/* Takes inet: or inet6: off a host; false where there is none. */
static bool take_family(const char **s, size_t *n, int *family)
{
	static const struct {
		const char *word;
		int family;
	} words[] = {{"inet6:", AF_INET6}, {"inet:", AF_INET}};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t len = strlen(words[i].word);

		if (*n < len || strncasecmp(*s, words[i].word, len))
			continue;
		*s += len;
		*n -= len;
		*family = words[i].family;
		return true;
	}
	return false;
}

/* 193.233.7 is 193.233.7.0, as in ss's manual; only with the bits that make it a network. */
static int parse_short(struct address *a, const char *s, size_t n)
{
	char padded[ADDRESS_TEXT];
	unsigned dots = 0;

	for (size_t i = 0; i < n; i++)
		dots += s[i] == '.';
	if (!n || dots > 2 || n + 6 >= sizeof(padded))
		return -1;
	memcpy(padded, s, n);
	for (; dots < 3; dots++) {
		memcpy(padded + n, ".0", 2);
		n += 2;
	}
	return address_parse(a, padded, n);
}

static bool read_bits(const char *s, size_t n, unsigned most, unsigned *bits)
{
	if (!n || n > 3 || strspn(s, "0123456789") < n)
		return false;
	*bits = (unsigned)strtoul(s, NULL, 10);
	return *bits <= most;
}

/* ADDRESS or ADDRESS/BITS, IPv6 with or without brackets, with or without %INTERFACE. */
static bool read_address(const char *s, size_t n, struct expr *e)
{
	const char *slash = memchr(s, '/', n), *end = s + n;
	size_t len = slash ? (size_t)(slash - s) : n;

	if (len >= 2 && s[0] == '[' && s[len - 1] == ']') {
		s++;
		len -= 2;
	}
	if (!read_scope(s, &len, e))
		return false;
	e->family = address_parse(&e->address, s, len);
	if (e->family < 0 && slash && !memchr(s, ':', len))
		e->family = parse_short(&e->address, s, len);
	if (e->family < 0)
		return false;
	e->bits = e->family == AF_INET6 ? 128 : 32;
	return !slash || read_bits(slash + 1, (size_t)(end - slash) - 1, e->bits, &e->bits);
}

/* Where the port of ADDRESS:PORT begins: the last colon, but inside no IPv6 address. */
static const char *port_of(const char *s, size_t n)
{
	const char *colon = memrchr(s, ':', n);

	if (!colon || (s[0] != '[' && memchr(s, ':', (size_t)(colon - s))))
		return NULL;
	if (s[0] == '[' && (colon == s || (colon[-1] != ']' && !memchr(s, ']', colon - s))))
		return NULL;
	return colon;
}

static bool is_star(const char *s, size_t n)
{
	return n == 1 && *s == '*';
}

/* A host taken apart. */
struct host {
	int family; /* AF_UNSPEC: not named */
	const char *address, *port;
	size_t address_len, port_len; /* 0 where there is none, or any will do */
};

static bool split_host(const char *s, size_t n, struct host *h)
{
	const char *colon;
	bool named;

	*h = (struct host){.family = AF_UNSPEC};
	named = take_family(&s, &n, &h->family);
	colon = port_of(s, n);
	if (colon) {
		h->port = colon + 1;
		h->port_len = n - (size_t)(colon - s) - 1;
		n = (size_t)(colon - s);
		if (!h->port_len)
			return false;
		if (is_star(h->port, h->port_len))
			h->port_len = 0;
	} else if (n && strspn(s, "0123456789") >= n) {
		h->port = s;
		h->port_len = n;
		return true;
	}
	if (!n && !named && !h->port)
		return false;
	h->address = s;
	h->address_len = is_star(s, n) ? 0 : n;
	return true;
}

static struct expr *host_port(struct parser *p, const struct host *h, unsigned side)
{
	struct expr *e = parser_node(p, EXPR_PORT);

	if (e && read_port(h->port, h->port_len, &e->port)) {
		e->side = side;
		return e;
	}
	expr_free(e);
	return NULL;
}

static struct expr *host_address(struct parser *p, const struct host *h, unsigned side)
{
	struct expr *e = parser_node(p, EXPR_ADDRESS);

	if (!e)
		return NULL;
	e->side = side;
	e->family = AF_UNSPEC;
	if (!h->address_len)
		return e;
	if (read_address(h->address, h->address_len, e) &&
	    (h->family == AF_UNSPEC || h->family == e->family))
		return e;
	expr_free(e);
	return NULL;
}

/* As in ss, a family that is named is the socket's own: IPv4 inside IPv6 is inet6. */
static struct expr *of_family(struct parser *p, int family, struct expr *inner)
{
	struct expr *e = inner ? parser_node(p, EXPR_FIELD) : NULL;

	if (!e) {
		expr_free(inner);
		return NULL;
	}
	e->field = field_find("family", strlen("family"));
	e->test = TEST_TEXT;
	e->pattern = strdup(family == AF_INET6 ? "inet6" : "inet");
	if (!e->pattern) {
		p->failure = -ENOMEM;
		expr_free(e);
		expr_free(inner);
		return NULL;
	}
	return parser_join(p, EXPR_AND, e, inner);
}

struct expr *parse_endpoint(struct parser *p, unsigned side)
{
	struct expr *port = NULL, *address = NULL;
	struct host h;

	if (p->quoted || !split_host(p->word, p->len, &h))
		return NULL;
	if (h.port_len) {
		port = host_port(p, &h, side);
		if (!port)
			return NULL;
	}
	if (!port || h.address_len) {
		address = host_address(p, &h, side);
		if (!address) {
			expr_free(port);
			return NULL;
		}
	}
	parser_next(p);
	if (port && address)
		port = parser_join(p, EXPR_AND, address, port);
	else if (!port)
		port = address;
	return h.family == AF_UNSPEC ? port : of_family(p, h.family, port);
}

/* [FAMILY:][:]PORT */
struct expr *parse_port(struct parser *p, unsigned side)
{
	enum expr_op op = parser_op(p);
	const char *s = p->word;
	size_t n = p->len;
	int family = AF_UNSPEC;
	struct host h = {0};
	struct expr *e;

	take_family(&s, &n, &family);
	if (n && *s == ':') {
		s++;
		n--;
	}
	h.port = s;
	h.port_len = p->quoted ? 0 : n;
	e = is_star(s, n) ? host_address(p, &h, side) : host_port(p, &h, side);
	if (!e)
		return parser_fail(p, "a port from 0 to 65535 or a service name", NULL);
	e->op = op;
	parser_next(p);
	return family == AF_UNSPEC ? e : of_family(p, family, e);
}

struct expr *parse_address(struct parser *p, unsigned side)
{
	const char *at = p->word;
	size_t len = p->len;
	enum expr_op op = parser_op(p);
	struct expr *e;

	if (op != OP_EQ && op != OP_NE)
		return parser_fail_at(p, at, len, "= or !=, which is all that addresses take",
				      NULL);
	e = parse_endpoint(p, side);
	if (!e)
		return parser_fail(p, "an address in numbers, ADDRESS/BITS or ADDRESS:PORT", NULL);
	return op == OP_NE ? parser_not(p, e) : e;
}

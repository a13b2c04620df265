// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef MODEL_ADDRESS_H
#define MODEL_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "util/out.h"

/* An address in network byte order: 4 bytes for AF_INET, 16 for AF_INET6; the rest is zero. */
struct address {
	uint8_t bytes[16];
};

struct endpoint {
	struct address address;
	uint16_t port; /* host byte order; 0 is none */
};

/* What an address lets in or reaches. */
enum address_scope {
	SCOPE_ANY,      /* 0.0.0.0 or :: */
	SCOPE_LOOPBACK, /* 127.0.0.0/8, ::1, and the first mapped into ::ffff:0:0/96 */
	SCOPE_LINK,     /* 169.254.0.0/16, fe80::/10 */
	SCOPE_GLOBAL,   /* all others */
};

/* Of AF_INET or AF_INET6. */
enum address_scope address_scope(int family, const struct address *a);

/* ::ffff:a.b.c.d: an IPv4 connection on an IPv6 socket. */
bool address_is_mapped(int family, const struct address *a);

enum { ADDRESS_TEXT = 46 }; /* bytes that the text form may take, INET6_ADDRSTRLEN */

/* Writes the text form at `p`, no NUL; returns where it ends. */
char *address_format(char *p, int family, const struct address *a);

/* Appends the text form: dotted quad, or RFC 5952 (mapped ones as ::ffff:a.b.c.d). */
void address_put(struct out *o, int family, const struct address *a);

/* Total order: bytes of the address, then the port. */
int address_compare(const struct address *a, const struct address *b);

/*
 * Reads an IPv4 or IPv6 address. Returns its family, or -EINVAL where the text is neither.
 */
int address_parse(struct address *a, const char *text, size_t n);

/*
 * Whether the first `bits` bits agree. An IPv4 prefix also matches an IPv4-mapped IPv6 address;
 * otherwise the families must be the same.
 */
bool address_in_prefix(int family, const struct address *a, int prefix_family,
		       const struct address *prefix, unsigned bits);

#endif

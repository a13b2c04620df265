// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>

static const uint8_t mapped_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
static const uint8_t zeros[16];

bool address_is_mapped(int family, const struct address *a)
{
	return family == AF_INET6 && !memcmp(a->bytes, mapped_prefix, sizeof(mapped_prefix));
}

static enum address_scope scope4(const uint8_t *b)
{
	if (!memcmp(b, zeros, 4))
		return SCOPE_ANY;
	if (b[0] == 127)
		return SCOPE_LOOPBACK;
	return b[0] == 169 && b[1] == 254 ? SCOPE_LINK : SCOPE_GLOBAL;
}

enum address_scope address_scope(int family, const struct address *a)
{
	const uint8_t *b = a->bytes;

	if (family != AF_INET6)
		return scope4(b);
	if (address_is_mapped(family, a))
		return scope4(b + 12);
	if (!memcmp(b, zeros, 15)) {
		if (b[15] == 0)
			return SCOPE_ANY;
		if (b[15] == 1)
			return SCOPE_LOOPBACK;
	}
	return b[0] == 0xfe && (b[1] & 0xc0) == 0x80 ? SCOPE_LINK : SCOPE_GLOBAL;
}

/* "0." to "255." */
static const struct {
	char text[7];
	uint8_t len;
} octets[256] = {
#define OCTET(n)                                  \
	{                                         \
		.text = #n ".", .len = sizeof(#n) \
	}
#define TEN(tens)                                                                       \
	OCTET(tens##0), OCTET(tens##1), OCTET(tens##2), OCTET(tens##3), OCTET(tens##4), \
		OCTET(tens##5), OCTET(tens##6), OCTET(tens##7), OCTET(tens##8), OCTET(tens##9)
	TEN(),   TEN(1),     TEN(2),     TEN(3),     TEN(4),     TEN(5),     TEN(6),     TEN(7),
	TEN(8),  TEN(9),     TEN(10),    TEN(11),    TEN(12),    TEN(13),    TEN(14),    TEN(15),
	TEN(16), TEN(17),    TEN(18),    TEN(19),    TEN(20),    TEN(21),    TEN(22),    TEN(23),
	TEN(24), OCTET(250), OCTET(251), OCTET(252), OCTET(253), OCTET(254), OCTET(255),
#undef TEN
#undef OCTET
};

/* Four bytes are touched. */
static char *put_octet(char *p, uint8_t v)
{
	memcpy(p, octets[v].text, 4);
	return p + octets[v].len;
}

static char *put_quad(char *p, const uint8_t *b)
{
	return put_octet(put_octet(put_octet(put_octet(p, b[0]), b[1]), b[2]), b[3]) - 1;
}

static char *put_group(char *p, unsigned v)
{
	static const char digits[] = "0123456789abcdef";

	if (v >= 0x1000)
		*p++ = digits[v >> 12];
	if (v >= 0x100)
		*p++ = digits[v >> 8 & 15];
	if (v >= 0x10)
		*p++ = digits[v >> 4 & 15];
	*p++ = digits[v & 15];
	return p;
}

/* RFC 5952, section 4: the longest run of zero groups, the first of equals, at least two. */
static char *put_groups(char *p, const uint8_t *b)
{
	int start = -1, length = 1;

	for (int i = 0, run = 0; i < 8; i++) {
		run = b[2 * i] || b[2 * i + 1] ? 0 : run + 1;
		if (run > length) {
			length = run;
			start = i - run + 1;
		}
	}
	for (int i = 0; i < 8; i++) {
		if (i == start) {
			*p++ = ':';
			*p++ = ':';
			i += length - 1;
			continue;
		}
		if (i && i != start + length)
			*p++ = ':';
		p = put_group(p, (unsigned)(b[2 * i] << 8 | b[2 * i + 1]));
	}
	return p;
}

char *address_format(char *p, int family, const struct address *a)
{
	if (family != AF_INET6)
		return put_quad(p, a->bytes);
	if (!address_is_mapped(family, a))
		return put_groups(p, a->bytes);
	memcpy(p, "::ffff:", 7);
	return put_quad(p + 7, a->bytes + 12);
}

void address_put(struct out *o, int family, const struct address *a)
{
	char *p = out_reserve(o, ADDRESS_TEXT);

	if (p)
		o->len += (size_t)(address_format(p, family, a) - p);
}

int address_compare(const struct address *a, const struct address *b)
{
	return memcmp(a->bytes, b->bytes, sizeof(a->bytes));
}

int address_parse(struct address *a, const char *text, size_t n)
{
	char copy[ADDRESS_TEXT];
	int family;

	if (n >= sizeof(copy) || memchr(text, '\0', n))
		return -EINVAL;
	memcpy(copy, text, n);
	copy[n] = '\0';
	memset(a, 0, sizeof(*a));
	family = strchr(copy, ':') ? AF_INET6 : AF_INET;
	return inet_pton(family, copy, a->bytes) == 1 ? family : -EINVAL;
}

bool address_in_prefix(int family, const struct address *a, int prefix_family,
		       const struct address *prefix, unsigned bits)
{
	const uint8_t *bytes = a->bytes;
	unsigned whole = bits / 8, rest = bits % 8;

	if (prefix_family == AF_INET && address_is_mapped(family, a))
		bytes += sizeof(mapped_prefix);
	else if (family != prefix_family)
		return false;
	if (memcmp(bytes, prefix->bytes, whole))
		return false;
	return !rest || !((bytes[whole] ^ prefix->bytes[whole]) >> (8 - rest));
}

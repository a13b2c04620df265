// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the rest stands on: addresses, states, owners, the window of sockets seen, units, arrays,
 * text made safe, and lines of /proc/net/tcp.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#include <wchar.h>

#include "collect/procnet.h"
#include "collect/seen.h"
#include "model/share.h"
#include "model/snapshot.h"
#include "render/units.h"
#include "util/grow.h"
#include "util/nearest.h"
#include "util/text.h"

static uint64_t random_state = 88172645463325252ULL;

/* xorshift64: the same numbers in each run, none of them twice. */
static uint64_t random_u64(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

/* ---- addresses */

static struct address address_of(int family, const char *text)
{
	struct address a = {{0}};

	assert_int_equal(inet_pton(family, text, a.bytes), 1);
	return a;
}

static void assert_put(int family, const struct address *a, const char *wanted)
{
	struct out o = OUT_MEMORY;

	address_put(&o, family, a);
	assert_string_equal(out_text(&o), wanted);
	out_free(&o);
}

static void test_every_ipv4_byte(void **state)
{
	(void)state;
	for (unsigned place = 0; place < 4; place++) {
		for (unsigned v = 0; v < 256; v++) {
			struct address a = {{10, 100, 9, 99}};
			char text[INET_ADDRSTRLEN];

			a.bytes[place] = (uint8_t)v;
			assert_non_null(inet_ntop(AF_INET, a.bytes, text, sizeof(text)));
			assert_put(AF_INET, &a, text);
		}
	}
}

/*
 * RFC 5952. inet_ntop() writes some addresses that are not mapped with an IPv4 tail (::1.2.3.4):
 * those are no such here.
 */
static bool has_ipv4_tail(const char *text)
{
	return strchr(text, '.') && strncmp(text, "::ffff:", 7);
}

/* musl takes the second of two equal runs where the first begins the address. */
static bool is_musls_own(const char *text)
{
#ifdef __GLIBC__
	(void)text;
	return false;
#else
	return !strncmp(text, "0:0:", 4);
#endif
}

static void assert_like_libc(const struct address *a)
{
	char text[INET6_ADDRSTRLEN];

	assert_non_null(inet_ntop(AF_INET6, a->bytes, text, sizeof(text)));
	if (!has_ipv4_tail(text) && !is_musls_own(text))
		assert_put(AF_INET6, a, text);
}

/* Each choice of which of the eight groups are zero, with values of one to four digits. */
static void test_every_pattern_of_zero_groups(void **state)
{
	static const uint16_t values[] = {0x1, 0x12, 0x123, 0xabcd};

	(void)state;
	for (unsigned pattern = 0; pattern < 256; pattern++) {
		for (unsigned v = 0; v < 4; v++) {
			struct address a = {{0}};

			for (unsigned g = 0; g < 8; g++) {
				uint16_t group = pattern >> g & 1 ? 0 : values[(g + v) % 4];

				a.bytes[2 * g] = (uint8_t)(group >> 8);
				a.bytes[2 * g + 1] = (uint8_t)group;
			}
			assert_like_libc(&a);
		}
	}
}

static void test_random_addresses(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 20000; i++) {
		uint64_t bits[2] = {random_u64(), random_u64()}, sparse = random_u64();
		struct address a = {{0}};
		char text[INET6_ADDRSTRLEN];

		memcpy(a.bytes, bits, sizeof(bits));
		/* Most random addresses hold no zero group at all: make some. */
		for (unsigned b = 0; i % 2 && b < 16; b++) {
			if (sparse >> b & 1)
				a.bytes[b] = 0;
		}
		assert_like_libc(&a);
		memset(a.bytes + 4, 0, 12);
		assert_non_null(inet_ntop(AF_INET, a.bytes, text, sizeof(text)));
		assert_put(AF_INET, &a, text);
	}
}

static void test_addresses_of_the_rfc(void **state)
{
	static const char *const canonical[] = {
		"::",
		"::1",
		"1::",
		"2001:db8::1",
		"2001:db8::2:1",
		"2001:db8:0:1:1:1:1:1", /* one zero group stays */
		"2001:db8::1:0:0:1",    /* the first of equal runs */
		"2001:0:0:1::1",        /* the longest */
		"0:0:1::",
		"::1:0:0:0", /* the longest again */
		"fe80::1",
		"ff02::1:ff00:1",
		"64:ff9b::102:304",
		"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		"::ffff:0.0.0.0",
		"::ffff:1.2.3.4",
		"::ffff:255.255.255.255",
		"::ffff:0:102:304", /* one group too far: not mapped */
		"::fffe:102:304",
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(canonical) / sizeof(canonical[0]); i++) {
		struct address a = address_of(AF_INET6, canonical[i]);

		assert_put(AF_INET6, &a, canonical[i]);
	}
}

static void test_address_parse(void **state)
{
	static const char *const good4[] = {"0.0.0.0", "127.0.0.1", "255.255.255.255", "1.2.3.4"};
	static const char *const good6[] = {
		"::",
		"::1",
		"1::",
		"FE80::ABCD",
		"::ffff:1.2.3.4",
		"::1.2.3.4",
		"2001:0db8:0000:0000:0000:0000:0000:0001",
		"1:2:3:4:5:6:7:8",
		"ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255",
	};
	static const char *const bad[] = {
		"",
		".",
		":",
		":::",
		"1.2.3",
		"1.2.3.4.5",
		"256.1.1.1",
		"1.2.3.",
		"1..2.3",
		"0x7f.1",
		"127.1",
		" 127.0.0.1",
		"127.0.0.1 ",
		"1.2.3.4/8",
		"1:2:3:4:5:6:7",
		"1::2::3",
		"g::1",
		"12345::",
		"1:2:3:4:5:6:7:8:9",
		"fe80::1%eth0",
		"[::1]",
		"::1.2.3",
		"localhost",
		"ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255:1",
		"-1.0.0.0",
		"1111111111111111111111111111111111111111111111111111111111111111111111111111111111",
	};
	struct address a;

	(void)state;
	for (unsigned i = 0; i < sizeof(good4) / sizeof(good4[0]); i++) {
		struct address wanted = address_of(AF_INET, good4[i]);

		assert_int_equal(address_parse(&a, good4[i], strlen(good4[i])), AF_INET);
		assert_memory_equal(&a, &wanted, sizeof(a));
	}
	for (unsigned i = 0; i < sizeof(good6) / sizeof(good6[0]); i++) {
		struct address wanted = address_of(AF_INET6, good6[i]);

		assert_int_equal(address_parse(&a, good6[i], strlen(good6[i])), AF_INET6);
		assert_memory_equal(&a, &wanted, sizeof(a));
	}
	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (address_parse(&a, bad[i], strlen(bad[i])) != -EINVAL)
			fail_msg("'%s' was taken for an address", bad[i]);
	}
	/* Only the n bytes count, and a NUL among them ends no address. */
	assert_int_equal(address_parse(&a, "1.2.3.4garbage", 7), AF_INET);
	assert_int_equal(address_parse(&a, "1.2.3.44", 7), AF_INET);
	assert_int_equal(a.bytes[3], 4);
	assert_int_equal(address_parse(&a, "1.2.3.4\0junk", 12), -EINVAL);
}

/* What is printed reads back the same. */
static void test_address_round_trip(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 5000; i++) {
		uint64_t bits[2] = {random_u64(), random_u64()};
		struct address a = {{0}}, back;
		struct out o = OUT_MEMORY;
		int family = i % 3 ? AF_INET6 : AF_INET;

		memcpy(a.bytes, bits, family == AF_INET6 ? 16 : 4);
		if (i % 3 == 2)
			memset(a.bytes, 0, i % 15);
		address_put(&o, family, &a);
		assert_int_equal(address_parse(&back, o.data, o.len), family);
		assert_memory_equal(&a, &back, sizeof(a));
		out_free(&o);
	}
}

static void test_scopes(void **state)
{
	static const struct {
		const char *text;
		enum address_scope scope;
	} rows[] = {
		{"0.0.0.0", SCOPE_ANY},
		{"0.0.0.1", SCOPE_GLOBAL},
		{"127.0.0.0", SCOPE_LOOPBACK},
		{"127.255.255.255", SCOPE_LOOPBACK},
		{"126.255.255.255", SCOPE_GLOBAL},
		{"128.0.0.0", SCOPE_GLOBAL},
		{"169.254.0.0", SCOPE_LINK},
		{"169.254.255.255", SCOPE_LINK},
		{"169.253.255.255", SCOPE_GLOBAL},
		{"169.255.0.0", SCOPE_GLOBAL},
		{"10.0.0.1", SCOPE_GLOBAL},
		{"::", SCOPE_ANY},
		{"::1", SCOPE_LOOPBACK},
		{"::2", SCOPE_GLOBAL},
		{"1::", SCOPE_GLOBAL},
		{"fe7f:ffff::", SCOPE_GLOBAL},
		{"fe80::", SCOPE_LINK},
		{"febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", SCOPE_LINK},
		{"fec0::", SCOPE_GLOBAL},
		{"::ffff:0.0.0.0", SCOPE_ANY},
		{"::ffff:127.1.2.3", SCOPE_LOOPBACK},
		{"::ffff:169.254.9.9", SCOPE_LINK},
		{"::ffff:8.8.8.8", SCOPE_GLOBAL},
		{"2001:db8::1", SCOPE_GLOBAL},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int family = strchr(rows[i].text, ':') ? AF_INET6 : AF_INET;
		struct address a = address_of(family, rows[i].text);

		assert_int_equal(address_scope(family, &a), rows[i].scope);
		assert_int_equal(address_is_mapped(family, &a),
				 !strncmp(rows[i].text, "::ffff:", 7));
	}
}

/* Bit by bit, the slow and plain way. */
static bool same_bits(const uint8_t *a, const uint8_t *b, unsigned bits)
{
	for (unsigned i = 0; i < bits; i++) {
		if ((a[i / 8] ^ b[i / 8]) >> (7 - i % 8) & 1)
			return false;
	}
	return true;
}

static void test_prefixes(void **state)
{
	(void)state;
	for (unsigned round = 0; round < 4000; round++) {
		int family = round % 2 ? AF_INET6 : AF_INET;
		unsigned width = family == AF_INET6 ? 128 : 32;
		uint64_t bits[2] = {random_u64(), random_u64()};
		struct address a = {{0}}, b, mapped = {{[10] = 0xff, [11] = 0xff}};
		unsigned flip = round / 2 % width;

		memcpy(a.bytes, bits, width / 8);
		b = a;
		b.bytes[flip / 8] ^= (uint8_t)(0x80 >> flip % 8);
		memcpy(mapped.bytes + 12, b.bytes, 4);
		for (unsigned n = 0; n <= width; n++) {
			assert_true(address_in_prefix(family, &a, family, &a, n));
			assert_int_equal(address_in_prefix(family, &b, family, &a, n),
					 same_bits(a.bytes, b.bytes, n));
			assert_int_equal(address_in_prefix(family, &b, family, &a, n), n <= flip);
			if (family == AF_INET6)
				continue;
			assert_int_equal(address_in_prefix(AF_INET6, &mapped, AF_INET, &a, n),
					 n <= flip);
			assert_false(address_in_prefix(AF_INET, &a, AF_INET6, &mapped, n));
		}
	}
}

static void test_prefixes_by_name(void **state)
{
	struct address ten = address_of(AF_INET, "10.0.0.0"), zero = address_of(AF_INET, "0.0.0.0");
	struct address any6 = address_of(AF_INET6, "::"), v6 = address_of(AF_INET6, "a00::");
	struct address mapped = address_of(AF_INET6, "::ffff:10.1.2.3");
	struct address v4 = address_of(AF_INET, "10.1.2.3");

	(void)state;
	assert_true(address_in_prefix(AF_INET, &v4, AF_INET, &ten, 8));
	assert_true(address_in_prefix(AF_INET6, &mapped, AF_INET, &ten, 8));
	/* 0.0.0.0/0 is all of IPv4, and no more; the same bytes are another address in IPv6. */
	assert_true(address_in_prefix(AF_INET6, &mapped, AF_INET, &zero, 0));
	assert_false(address_in_prefix(AF_INET6, &v6, AF_INET, &zero, 0));
	assert_false(address_in_prefix(AF_INET6, &v6, AF_INET, &ten, 8));
	assert_false(address_in_prefix(AF_INET, &v4, AF_INET6, &any6, 0));
	assert_true(address_in_prefix(AF_INET6, &v6, AF_INET6, &any6, 0));
	assert_true(address_in_prefix(AF_INET6, &mapped, AF_INET6, &any6, 0));
	assert_true(address_in_prefix(AF_INET6, &mapped, AF_INET6, &mapped, 128));
	assert_false(address_in_prefix(AF_INET6, &mapped, AF_INET6, &v6, 8));
}

static int sign(int v)
{
	return (v > 0) - (v < 0);
}

static void test_address_order(void **state)
{
	static const char *const ascending[] = {"0.0.0.0",   "0.0.0.1",        "0.0.1.0",
						"9.9.9.9",   "10.0.0.0",       "127.0.0.1",
						"128.0.0.0", "255.255.255.255"};
	int n = sizeof(ascending) / sizeof(ascending[0]);

	(void)state;
	for (int i = 0; i < n; i++) {
		for (int j = 0; j < n; j++) {
			struct address a = address_of(AF_INET, ascending[i]);
			struct address b = address_of(AF_INET, ascending[j]);

			assert_int_equal(sign(address_compare(&a, &b)), sign(i - j));
		}
	}
}

/* ---- states */

static uint32_t parse_state(const char *word)
{
	return state_parse(word, strlen(word));
}

/* Each spelling in each of eight dresses. */
static void assert_state(const char *word, uint32_t mask)
{
	for (unsigned dress = 0; dress < 8; dress++) {
		char text[64];
		size_t n = 0;

		for (const char *p = word; *p; p++) {
			bool dash = *p == '-' || *p == '_';

			if (dash && dress & 4)
				continue;
			text[n++] = dash        ? (dress & 2 ? '_' : '-')
				    : dress & 1 ? (char)toupper((unsigned char)*p)
						: (char)tolower((unsigned char)*p);
		}
		text[n] = '\0';
		if (state_parse(text, n) != mask)
			fail_msg("'%s' is %#x instead of %#x", text, state_parse(text, n), mask);
	}
}

static void test_state_spellings(void **state)
{
	static const struct {
		const char *words;
		unsigned number; /* include/net/tcp_states.h */
	} rows[] = {
		{"LISTEN listening", 10},
		{"SYN_SENT syn-sent SYNSENT", 2},
		{"SYN_RECEIVED syn-recv SYN_RECV syn-rcvd", 3},
		{"ESTABLISHED estab ESTAB", 1},
		{"FIN_WAIT_1 fin-wait-1 FIN_WAIT1 finwait1", 4},
		{"FIN_WAIT_2 fin-wait-2 FIN-WAIT2 FinWait2", 5},
		{"CLOSE_WAIT close-wait CloseWait", 8},
		{"CLOSING", 11},
		{"LAST_ACK last-ack", 9},
		{"TIME_WAIT time-wait TimeWait", 6},
		{"CLOSED closed CLOSE unconn unconnected", 7},
	};
	uint32_t all = 0;

	(void)state;
	for (unsigned i = 0; i < STATE_COUNT; i++) {
		char words[96];

		strcpy(words, rows[i].words);
		for (char *word = strtok(words, " "); word; word = strtok(NULL, " "))
			assert_state(word, 1u << rows[i].number);
		strcpy(words, rows[i].words);
		assert_string_equal(state_token(rows[i].number), strtok(words, " "));
		assert_int_equal(state_order[i], rows[i].number);
		assert_int_equal(state_rank(rows[i].number), i);
		all |= 1u << rows[i].number;
	}
	assert_int_equal(all, STATES_ALL);
}

static void test_state_groups(void **state)
{
	const uint32_t listen = 1u << 10, closed = 1u << 7, syn_sent = 1u << 2;
	const uint32_t small = 1u << 3 | 1u << 6, all = 0xffe;

	(void)state;
	assert_state("all", UINT32_MAX); /* also what nobody knows yet */
	assert_state("connected", all & ~(listen | closed));
	assert_state("synchronized", all & ~(listen | closed | syn_sent));
	assert_state("bucket", small);
	assert_state("big", all & ~small);
}

static void test_no_states(void **state)
{
	static const char *const bad[] = {"",
					  "-",
					  "_",
					  "list",
					  "listenx",
					  "xlisten",
					  "fin-wait",
					  "fin-wait-3",
					  "established ",
					  " established",
					  "close wait",
					  "time",
					  "1",
					  "10",
					  "unknown",
					  "synchronised"};

	(void)state;
	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (parse_state(bad[i]))
			fail_msg("'%s' was taken for a state", bad[i]);
	}
	/* Only the n bytes count. */
	assert_int_equal(state_parse("listening", 6), 1u << 10);
	assert_int_equal(state_parse("listening", 5), 0);
	assert_int_equal(state_parse("all\0x", 5), 0);
}

static void test_state_words(void **state)
{
	unsigned i = 0, count = 0;
	const char *word;

	(void)state;
	while ((word = state_word(&i))) {
		assert_int_not_equal(parse_state(word), 0);
		if (count < STATE_COUNT)
			assert_string_equal(word, state_token(state_order[count]));
		count++;
	}
	assert_int_equal(count, STATE_COUNT + 5);
}

static void test_unknown_states(void **state)
{
	unsigned unknown = 0, last = STATE_COUNT;

	(void)state;
	for (unsigned n = 0; n < 300; n++) {
		struct out o = OUT_MEMORY;
		char wanted[32];

		state_put(&o, n);
		if (n >= 1 && n <= 11) {
			assert_string_equal(out_text(&o), state_token(n));
		} else {
			assert_null(state_token(n));
			snprintf(wanted, sizeof(wanted), "UNKNOWN(%u)", n);
			assert_string_equal(out_text(&o), wanted);
			/* They come last, by number. */
			assert_true(state_rank(n) >= last);
			last = state_rank(n) + 1;
			unknown++;
		}
		out_free(&o);
	}
	assert_int_equal(unknown, 289);
}

/* ---- owners */

static uint32_t add_process(struct owner_table *t, int32_t pid)
{
	struct process p = {.pid = pid};
	int64_t index = owner_table_process(t, &p);

	assert_true(index >= 0);
	return (uint32_t)index;
}

static void test_many_owners(void **state)
{
	enum { OWNERS = 100000, PROCESSES = 1000 };
	struct owner_table t = {0};

	(void)state;
	assert_int_equal(owner_table_find(&t, 1), OWNER_NONE);
	for (uint32_t i = 0; i < PROCESSES; i++)
		assert_int_equal(add_process(&t, (int32_t)(100 + i)), i);
	for (uint32_t i = 0; i < OWNERS; i++)
		assert_int_equal(
			owner_table_add(&t, 3 * i + 1, i % PROCESSES, i / PROCESSES, i % 3), 0);
	assert_int_equal(owner_table_index(&t), 0);
	for (uint32_t i = 0; i < OWNERS; i++) {
		uint32_t at = owner_table_find(&t, 3 * i + 1);

		assert_int_not_equal(at, OWNER_NONE);
		assert_int_equal(t.owners[at].inode, 3 * i + 1);
		assert_int_equal(t.owners[at].fd, i / PROCESSES);
		assert_int_equal(t.owners[at].via, i % 3);
		assert_int_equal(t.processes[t.owners[at].process].pid, 100 + i % PROCESSES);
		assert_int_equal(owner_table_next(&t, at), OWNER_NONE);
		/* The inodes between have none. */
		assert_int_equal(owner_table_find(&t, 3 * i + 2), OWNER_NONE);
	}
	assert_int_equal(owner_table_find(&t, 0), OWNER_NONE);
	assert_int_equal(owner_table_pid(&t, 100 + PROCESSES - 1)->pid, 100 + PROCESSES - 1);
	assert_null(owner_table_pid(&t, 99));
	owner_table_free(&t);
	assert_int_equal(owner_table_find(&t, 1), OWNER_NONE);
}

static void test_many_holders_of_one(void **state)
{
	enum { HOLDERS = 10000, INODE = 77, ROUNDS = 4 };
	struct owner_table t = {0};
	uint32_t process = add_process(&t, 1), count = 0;

	(void)state;
	/* Others between them, and the index made anew as they come. */
	for (uint32_t i = 0; i < HOLDERS; i++) {
		assert_int_equal(owner_table_add(&t, INODE, process, i, VIA_DESCRIPTOR), 0);
		assert_int_equal(owner_table_add(&t, 1000 + i, process, i, VIA_DESCRIPTOR), 0);
		if (i % (HOLDERS / ROUNDS) == 0)
			assert_int_equal(owner_table_index(&t), 0);
	}
	assert_int_equal(owner_table_index(&t), 0);
	for (uint32_t i = owner_table_find(&t, INODE); i != OWNER_NONE;
	     i = owner_table_next(&t, i)) {
		assert_int_equal(t.owners[i].inode, INODE);
		assert_int_equal(t.owners[i].fd, count); /* in the order they were added */
		count++;
	}
	assert_int_equal(count, HOLDERS);
	owner_table_free(&t);
}

static void test_owner_found_only_when_indexed(void **state)
{
	struct owner_table t = {0};
	uint32_t process = add_process(&t, 1);

	(void)state;
	assert_int_equal(owner_table_index(&t), 0);
	assert_int_equal(owner_table_find(&t, 5), OWNER_NONE);
	/* The largest numbers that there may be. */
	assert_int_equal(owner_table_add(&t, UINT32_MAX, process, (1u << 30) - 1, VIA_IO_URING), 0);
	assert_int_equal(owner_table_index(&t), 0);
	assert_int_equal(t.owners[owner_table_find(&t, UINT32_MAX)].fd, (1u << 30) - 1);
	assert_int_equal(t.owners[owner_table_find(&t, UINT32_MAX)].via, VIA_IO_URING);
	owner_table_free(&t);
}

static void test_absence_tokens(void **state)
{
	(void)state;
	for (unsigned i = 0; i < OWNER_ABSENCE_COUNT; i++) {
		assert_non_null(owner_absence_token(i));
		assert_int_equal(owner_absence_parse(owner_absence_token(i)), i);
	}
	assert_int_equal(owner_absence_parse("nobody"), OWNER_NOT_ASKED);
}

/* ---- sockets seen */

enum { COOKIES = 1000000 };

/* Cookies as the kernel gives them: counted up, in runs of each processor; or at random. */
static uint64_t cookie_of(uint32_t i, unsigned kind)
{
	if (kind == 0)
		return i + 1;
	if (kind == 1)
		return (uint64_t)(i % 8) << 32 | (i + 1);
	return (uint64_t)(i + 1) << 40; /* alike in all low bits */
}

static void check_window(unsigned kind)
{
	struct seen s;

	assert_int_equal(seen_open(&s, false), 0);
	for (uint32_t i = 0; i < 20 * SEEN_WINDOW; i++) {
		assert_int_equal(seen_before(&s, cookie_of(i, kind)), 0);
		/* The oldest that must still be known, and the newest. */
		if (i >= SEEN_WINDOW - 1 && i % 7 == 0)
			assert_int_equal(seen_before(&s, cookie_of(i - (SEEN_WINDOW - 1), kind)),
					 1);
		assert_int_equal(seen_before(&s, cookie_of(i, kind)), 1);
	}
	/* All of the last ones at once. */
	for (uint32_t i = 19 * SEEN_WINDOW; i < 20 * SEEN_WINDOW; i++)
		assert_int_equal(seen_before(&s, cookie_of(i, kind)), 1);
	seen_close(&s);
}

static void test_window_knows_the_last(void **state)
{
	(void)state;
	for (unsigned kind = 0; kind < 3; kind++)
		check_window(kind);
}

static void check_no_false_alarm(bool all)
{
	struct seen s;

	assert_int_equal(seen_open(&s, all), 0);
	for (uint32_t i = 0; i < COOKIES; i++) {
		if (seen_before(&s, random_u64()))
			fail_msg("cookie %u was taken for an earlier one", i);
	}
	seen_close(&s);
}

/* xorshift64 gives no number twice. */
static void test_new_cookies_are_new(void **state)
{
	(void)state;
	check_no_false_alarm(false);
	check_no_false_alarm(true);
}

static void test_all_are_known(void **state)
{
	enum { MANY = 200000 };
	struct seen s;

	(void)state;
	for (unsigned kind = 0; kind < 3; kind++) {
		assert_int_equal(seen_open(&s, true), 0);
		for (uint32_t i = 0; i < MANY; i++)
			assert_int_equal(seen_before(&s, cookie_of(i, kind)), 0);
		for (uint32_t i = 0; i < MANY; i++)
			assert_int_equal(seen_before(&s, cookie_of(i, kind)), 1);
		seen_close(&s);
	}
}

/* ---- units */

static void test_units(void **state)
{
	static const struct {
		void (*put)(struct out *o, uint64_t v);
		uint64_t v;
		const char *wanted;
	} rows[] = {
		{units_us, 0, "0us"},
		{units_us, 75, "75us"},
		{units_us, 999, "999us"},
		{units_us, 1000, "1ms"},
		{units_us, 1049, "1ms"},
		{units_us, 1300, "1.3ms"},
		{units_us, 9944, "9.9ms"},
		{units_us, 99999, "99.9ms"},
		{units_us, 100000, "100ms"},
		{units_us, 999999, "999ms"},
		{units_us, 1000000, "1s"},
		{units_us, 9944000, "9.9s"}, /* ss says 9.944ms */
		{units_us, 10000000, "10s"},
		{units_ms, 0, "0ms"},
		{units_ms, 999, "999ms"},
		{units_ms, 1000, "1s"},
		{units_ms, 1099, "1s"},
		{units_ms, 9999, "9.9s"},
		{units_ms, 10000, "10s"},
		{units_ms, 10999, "10s"},
		{units_ms, 59999, "59s"},
		{units_ms, 60000, "1m"},
		{units_ms, 61000, "1m1s"},
		{units_ms, 200000, "3m20s"},
		{units_ms, 3599999, "59m59s"},
		{units_ms, 3600000, "1h"},
		{units_ms, 3659999, "1h"},
		{units_ms, 3660000, "1h1m"},
		{units_ms, 18720000, "5h12m"},
		{units_ms, 86399999, "23h59m"},
		{units_ms, 86400000, "1d"},
		{units_ms, 90000000, "1d1h"},
		{units_ms, 702000000, "8d3h"},
		{units_ms, UINT32_MAX, "49d17h"},
		{units_ms, UINT64_MAX, "213503982334d14h"},
		{units_us, UINT64_MAX, "213503982d8h"},
		{units_bytes, 0, "0B"},
		{units_bytes, 512, "512B"},
		{units_bytes, 1023, "1023B"},
		{units_bytes, 1024, "1KiB"},
		{units_bytes, 1126, "1KiB"},
		{units_bytes, 1127, "1.1KiB"},
		{units_bytes, 12800, "12.5KiB"},
		{units_bytes, 102399, "99.9KiB"},
		{units_bytes, 102400, "100KiB"},
		{units_bytes, 1048575, "1023KiB"},
		{units_bytes, 1048576, "1MiB"},
		{units_bytes, 3565158, "3.3MiB"},
		{units_bytes, 1ULL << 30, "1GiB"},
		{units_bytes, 1ULL << 40, "1TiB"},
		{units_bytes, 1ULL << 50, "1PiB"},
		{units_bytes, 1ULL << 60, "1EiB"},
		{units_bytes, UINT64_MAX, "15.9EiB"},
		{units_rate, 0, "0bit/s"},
		{units_rate, 1, "8bit/s"},
		{units_rate, 124, "992bit/s"},
		{units_rate, 125, "1kbit/s"},
		{units_rate, 1562500, "12.5Mbit/s"},
		{units_rate, 124999, "999kbit/s"},
		{units_rate, 125000, "1Mbit/s"},
		{units_rate, 125000000, "1Gbit/s"},
		{units_rate, 125000000000, "1Tbit/s"},
		{units_rate, 125000000000000, "1000Tbit/s"},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct out o = OUT_MEMORY;

		rows[i].put(&o, rows[i].v);
		assert_string_equal(out_text(&o), rows[i].wanted);
		out_free(&o);
	}
}

/* Larger is never shown as less, and no cell ever holds a space. */
static void test_units_are_words(void **state)
{
	void (*const puts[])(struct out *, uint64_t) = {units_us, units_ms, units_bytes,
							units_rate};

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		for (unsigned n = 0; n < 4000; n++) {
			uint64_t v = random_u64() >> n % 64;
			struct out o = OUT_MEMORY;

			puts[i](&o, v);
			assert_true(o.len > 1 && o.len < 24);
			assert_true(isdigit((unsigned char)out_text(&o)[0]));
			assert_null(strpbrk(o.data, " \t\n-"));
			assert_int_equal(strspn(o.data, "0123456789.") < o.len, true);
			out_free(&o);
		}
	}
}

static void test_numbers(void **state)
{
	(void)state;
	for (unsigned n = 0; n < 5000; n++) {
		uint64_t v = n < 300 ? n : random_u64() >> n % 64;
		struct out o = OUT_MEMORY;
		char wanted[128];

		if (n == 4999)
			v = UINT64_MAX;
		out_u64(&o, v);
		out_char(&o, ' ');
		out_i64(&o, (int64_t)v);
		out_char(&o, ' ');
		out_hex(&o, v);
		snprintf(wanted, sizeof(wanted), "%llu %lld %llx", (unsigned long long)v,
			 (long long)v, (unsigned long long)v);
		assert_string_equal(out_text(&o), wanted);
		out_free(&o);
	}
}

/* ---- shares of the time with data to send */

static struct socket with_counters(uint64_t busy, uint64_t rwnd, uint64_t sndbuf)
{
	return (struct socket){.kernel_state = STATE_ESTABLISHED,
			       .info_len = sizeof(struct tcp_metrics),
			       .info = {.busy_time = busy,
					.rwnd_limited = rwnd,
					.sndbuf_limited = sndbuf,
					.last_data_recv = 1000}};
}

static void test_shares(void **state)
{
	static const struct {
		uint64_t busy, rwnd, sndbuf;
		unsigned percents[3];
	} cases[] = {
		{100, 0, 0, {0, 0, 100}},
		{1, 1, 0, {100, 0, 0}},
		{1000, 209, 199, {20, 19, 61}},
		{4000, 0, 4000, {0, 100, 0}},
		/* Only what is no kernel's: it adds up all the same. */
		{100, 101, 50, {100, 0, 0}},
		{100, 60, 60, {60, 40, 0}},
		{UINT64_MAX, UINT64_MAX / 2, UINT64_MAX, {50, 50, 0}},
		{UINT64_MAX, 0, 1, {0, 0, 100}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct socket sk = with_counters(cases[i].busy, cases[i].rwnd, cases[i].sndbuf);
		struct shares shares;

		assert_true(socket_shares(&sk, &shares));
		assert_int_equal(shares.rwnd, cases[i].percents[0]);
		assert_int_equal(shares.sndbuf, cases[i].percents[1]);
		assert_int_equal(shares.network, cases[i].percents[2]);
	}
}

static void test_no_shares(void **state)
{
	struct socket sk = with_counters(0, 0, 0);
	struct shares shares;

	(void)state;
	assert_false(socket_shares(&sk, &shares));
	sk = with_counters(100, 50, 0);
	sk.kernel_state = STATE_LISTEN;
	assert_false(socket_shares(&sk, &shares));
	sk.kernel_state = STATE_ESTABLISHED;
	sk.info_len = offsetof(struct tcp_metrics, sndbuf_limited);
	assert_false(socket_shares(&sk, &shares));
	sk.info_len += sizeof(uint64_t);
	assert_true(socket_shares(&sk, &shares));
}

/* A lower bound, never all of the time. */
static void test_app_share(void **state)
{
	struct socket sk = with_counters(250000, 0, 0);
	uint64_t percent;

	(void)state;
	assert_true(socket_app_share(&sk, &percent));
	assert_int_equal(percent, 74);
	sk.info.busy_time = 0;
	assert_true(socket_app_share(&sk, &percent));
	assert_int_equal(percent, 99);
	sk.info.busy_time = 999999;
	assert_true(socket_app_share(&sk, &percent));
	assert_int_equal(percent, 0);
	sk.info.busy_time = 1000000;
	assert_false(socket_app_share(&sk, &percent));
	sk.info.last_data_recv = UINT32_MAX;
	assert_true(socket_app_share(&sk, &percent));
	assert_int_equal(percent, 99);
	sk.kernel_state = STATE_LISTEN;
	assert_false(socket_app_share(&sk, &percent));
	sk.kernel_state = STATE_ESTABLISHED;
	sk.info_len = 0;
	assert_false(socket_app_share(&sk, &percent));
}

/* ---- text */

/* A second opinion on RFC 3629: the length of the character at `p`, 0 where there is none. */
static size_t utf8_length(const unsigned char *p, size_t n)
{
	static const struct {
		unsigned char first[2], second[2];
		size_t len;
	} rows[] = {
		{{0x00, 0x7f}, {0, 0}, 1},       {{0xc2, 0xdf}, {0x80, 0xbf}, 2},
		{{0xe0, 0xe0}, {0xa0, 0xbf}, 3}, {{0xe1, 0xec}, {0x80, 0xbf}, 3},
		{{0xed, 0xed}, {0x80, 0x9f}, 3}, {{0xee, 0xef}, {0x80, 0xbf}, 3},
		{{0xf0, 0xf0}, {0x90, 0xbf}, 4}, {{0xf1, 0xf3}, {0x80, 0xbf}, 4},
		{{0xf4, 0xf4}, {0x80, 0x8f}, 4},
	};

	for (unsigned i = 0; n && i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (p[0] < rows[i].first[0] || p[0] > rows[i].first[1])
			continue;
		if (n < rows[i].len)
			return 0;
		if (rows[i].len > 1 && (p[1] < rows[i].second[0] || p[1] > rows[i].second[1]))
			return 0;
		for (size_t k = 2; k < rows[i].len; k++) {
			if (p[k] < 0x80 || p[k] > 0xbf)
				return 0;
		}
		return rows[i].len;
	}
	return 0;
}

static bool is_utf8(const char *s, size_t n)
{
	size_t len;

	for (size_t i = 0; i < n; i += len) {
		len = utf8_length((const unsigned char *)s + i, n - i);
		if (!len)
			return false;
	}
	return true;
}

/* C0, DEL and C1 (U+0080 to U+009F) do things to a terminal. */
static bool has_control(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c < 0x20 || c == 0x7f)
			return true;
		if (c == 0xc2 && i + 1 < n && (unsigned char)s[i + 1] < 0xa0)
			return true;
	}
	return false;
}

static const char *const trojan_source[] = {
	"\xe2\x80\xaa", "\xe2\x80\xab", "\xe2\x80\xac", "\xe2\x80\xad",
	"\xe2\x80\xae",                                                 /* LRE-RLO */
	"\xe2\x81\xa6", "\xe2\x81\xa7", "\xe2\x81\xa8", "\xe2\x81\xa9", /* LRI-PDI */
	"\xe2\x80\x8e", "\xe2\x80\x8f", "\xd8\x9c",                     /* marks */
	"\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\x8b", "\xef\xbb\xbf",
	"\xc2\x85",
};

enum { TROJANS = sizeof(trojan_source) / sizeof(trojan_source[0]) };

/* Undoes text_safe(). */
static size_t unescape(const char *s, size_t n, char *to)
{
	size_t len = 0;

	for (size_t i = 0; i < n;) {
		if (s[i] != '\\') {
			to[len++] = s[i++];
		} else if (s[i + 1] == '\\') {
			to[len++] = '\\';
			i += 2;
		} else {
			char hex[3] = {s[i + 2], s[i + 3], 0};

			assert_int_equal(s[i + 1], 'x');
			to[len++] = (char)strtoul(hex, NULL, 16);
			i += 4;
		}
	}
	return len;
}

static void check_safe(const char *bytes, size_t n, bool utf8)
{
	text_set_utf8(utf8);
	for (unsigned safety = TEXT_CELL; safety <= TEXT_LINE; safety++) {
		struct out o = OUT_MEMORY;
		char back[512];

		text_safe(&o, bytes, n, safety);
		out_text(&o);
		assert_true(o.len < sizeof(back));
		assert_false(has_control(o.data, o.len));
		assert_true(is_utf8(o.data, o.len));
		if (safety == TEXT_CELL)
			assert_null(strpbrk(o.data, " "));
		for (unsigned i = 0; i < TROJANS; i++)
			assert_null(strstr(o.data, trojan_source[i]));
		for (size_t i = 0; !utf8 && i < o.len; i++)
			assert_true((unsigned char)o.data[i] < 0x80);
		/* No byte is lost: different names never look the same. */
		assert_int_equal(unescape(o.data, o.len, back), n);
		assert_memory_equal(back, bytes, n);
		out_free(&o);
	}
	text_set_utf8(false);
}

static void check_json(const char *bytes, size_t n)
{
	struct out o = OUT_MEMORY;

	text_json(&o, bytes, n);
	out_text(&o);
	assert_true(o.len >= 2 && o.data[0] == '"' && o.data[o.len - 1] == '"');
	assert_false(has_control(o.data, o.len));
	assert_true(is_utf8(o.data, o.len));
	/* No quote ends the string early, and each escape is one that JSON has. */
	for (size_t i = 1; i < o.len - 1; i++) {
		assert_int_not_equal(o.data[i], '"');
		if (o.data[i] != '\\')
			continue;
		i++;
		assert_true(i < o.len - 1 && strchr("\"\\bfnrtu/", o.data[i]));
		for (unsigned k = 0; o.data[i] == 'u' && k < 4; k++)
			assert_true(isxdigit((unsigned char)o.data[i + 1 + k]));
	}
	out_free(&o);
}

static void check_text(const char *bytes, size_t n)
{
	size_t width = text_width(bytes, n);

	assert_int_equal(text_is_utf8(bytes, n), is_utf8(bytes, n));
	assert_true(width <= n);
	check_safe(bytes, n, true);
	check_safe(bytes, n, false);
	check_json(bytes, n);
	for (size_t columns = 0; columns <= width + 1 && columns < 40; columns++) {
		size_t fits = text_fit(bytes, n, columns);
		bool valid = is_utf8(bytes, n);

		assert_true(fits <= n);
		assert_true(text_width(bytes, fits) <= columns);
		/* Not inside a character, and nothing that still had room is cut. */
		assert_true(!valid || is_utf8(bytes, fits));
		if (fits < n) {
			size_t len = utf8_length((const unsigned char *)bytes + fits, n - fits);

			assert_true(text_width(bytes, fits + (len ? len : 1)) > columns);
		}
	}
}

static void test_every_two_bytes(void **state)
{
	(void)state;
	for (unsigned v = 0; v < 0x10000; v++) {
		const char bytes[2] = {(char)(v >> 8), (char)v};

		check_text(bytes, 2);
	}
}

static size_t encode(uint32_t cp, char *to)
{
	if (cp < 0x80) {
		to[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		to[0] = (char)(0xc0 | cp >> 6);
		to[1] = (char)(0x80 | (cp & 63));
		return 2;
	}
	if (cp < 0x10000) {
		to[0] = (char)(0xe0 | cp >> 12);
		to[1] = (char)(0x80 | (cp >> 6 & 63));
		to[2] = (char)(0x80 | (cp & 63));
		return 3;
	}
	to[0] = (char)(0xf0 | cp >> 18);
	to[1] = (char)(0x80 | (cp >> 12 & 63));
	to[2] = (char)(0x80 | (cp >> 6 & 63));
	to[3] = (char)(0x80 | (cp & 63));
	return 4;
}

/* Each code point there is, surrogates and what lies beyond the last included. */
static void test_every_code_point(void **state)
{
	unsigned valid = 0;

	(void)state;
	for (uint32_t cp = 0; cp < 0x120000; cp++) {
		char bytes[4];
		size_t n = encode(cp, bytes);
		uint32_t back = 0;
		size_t len = text_decode(bytes, bytes + n, &back);

		assert_int_equal(len, utf8_length((const unsigned char *)bytes, n));
		if (len) {
			assert_int_equal(back, cp);
			valid++;
		}
		for (size_t cut = 0; cut < n; cut++)
			assert_int_equal(text_decode(bytes, bytes + cut, &back), 0);
		if (cp % 61 == 0 || cp < 0x3000)
			check_text(bytes, n);
	}
	assert_int_equal(valid, 0x110000 - 0x800);
}

static void test_hostile_text(void **state)
{
	static const char *const names[] = {
		"",
		"nginx",
		"\033[2J\033[31mroot",
		"\033]0;title\007",
		"\x9b"
		"31m", /* CSI as one byte */
		"\xc2\x9b"
		"31m", /* and as a character */
		"a\nb\rc\td\be\vf\f",
		"\x7f\x7f",
		"back\\slash \\x41 \\\\",
		"quo\"te'and`tick",
		"\xff\xfe\xfd",
		"\xc0\xaf\xe0\x80\xaf\xf0\x80\x80\xaf", /* overlong */
		"\xed\xa0\x80\xed\xbf\xbf",             /* surrogates */
		"\xf4\x90\x80\x80",                     /* beyond the last */
		"cut\xe4\xbd",
		"\xe4\xbd\xa0\xe5\xa5\xbd", /* wide */
		"e\xcc\x81"
		"a\xcd\xa1",
		"\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb",
		"a b\xc2\xa0"
		"c\xe3\x80\x80"
		"d",
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		check_text(names[i], strlen(names[i]));
	for (unsigned i = 0; i < TROJANS; i++)
		check_text(trojan_source[i], strlen(trojan_source[i]));
	check_text("nul\0inside", 10);
}

static void test_random_text(void **state)
{
	(void)state;
	for (unsigned round = 0; round < 20000; round++) {
		char bytes[64];
		size_t n = random_u64() % sizeof(bytes);

		for (size_t i = 0; i < n; i++) {
			uint64_t r = random_u64();

			/* Bytes that begin or go on in UTF-8 more often than chance would. */
			bytes[i] = (char)(r % 3 == 0   ? 0x80 | (r >> 8 & 63)
					  : r % 3 == 1 ? 0xc0 | (r >> 8 & 63)
						       : r >> 8);
		}
		check_text(bytes, n);
	}
}

static void test_escapes(void **state)
{
	static const struct {
		const char *in, *cell, *line, *ascii, *json;
	} rows[] = {
		{"nginx", "nginx", "nginx", "nginx", "\"nginx\""},
		{"a b", "a\\x20b", "a b", "a b", "\"a b\""},
		{"\033[m", "\\x1b[m", "\\x1b[m", "\\x1b[m", "\"\\u001b[m\""},
		{"a\\b", "a\\\\b", "a\\\\b", "a\\\\b", "\"a\\\\b\""},
		{"\"", "\"", "\"", "\"", "\"\\\"\""},
		{"\xc3\xa9", "\xc3\xa9", "\xc3\xa9", "\\xc3\\xa9", "\"\xc3\xa9\""},
		{"\xff", "\\xff", "\\xff", "\\xff", "\"\xef\xbf\xbd\""},
		{"\xe2\x80\xae", "\\xe2\\x80\\xae", "\\xe2\\x80\\xae", "\\xe2\\x80\\xae",
		 "\"\\u202e\""},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct out o = OUT_MEMORY;
		size_t n = strlen(rows[i].in);

		text_set_utf8(true);
		text_safe(&o, rows[i].in, n, TEXT_CELL);
		assert_string_equal(out_text(&o), rows[i].cell);
		o.len = 0;
		text_safe(&o, rows[i].in, n, TEXT_LINE);
		assert_string_equal(out_text(&o), rows[i].line);
		o.len = 0;
		text_set_utf8(false);
		text_safe(&o, rows[i].in, n, TEXT_LINE);
		assert_string_equal(out_text(&o), rows[i].ascii);
		o.len = 0;
		text_json(&o, rows[i].in, n);
		assert_string_equal(out_text(&o), rows[i].json);
		out_free(&o);
	}
}

/* Of a UTF-8 locale where this system has one. */
static void test_widths(void **state)
{
	static const struct {
		const char *text;
		size_t width;
	} rows[] = {
		{"", 0},
		{"abc", 3},
		{"abcdefghijklmnopqrstuvwxyz", 26},
		{"\xc3\xa9t\xc3\xa9", 3},
		{"\xe4\xbd\xa0\xe5\xa5\xbd", 4},
		{"e\xcc\x81", 1},
		{"\xff\xff", 2},
		{"ab\xe4\xbd", 4},
	};

	(void)state;
	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		skip();
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(text_width(rows[i].text, strlen(rows[i].text)), rows[i].width);
	assert_int_equal(text_fit("\xe4\xbd\xa0\xe5\xa5\xbd", 6, 3), 3);
	assert_int_equal(text_fit("\xe4\xbd\xa0\xe5\xa5\xbd", 6, 1), 0);
	setlocale(LC_CTYPE, "C");
}

/* ---- arrays */

/* An array whose room is counted in a byte: it doubles while that can be said, and then stays. */
static void test_growth(void **state)
{
	uint8_t cap = 0, moves = 0;
	int *numbers = NULL;

	(void)state;
	for (int i = 0; i < 128; i++) {
		uint8_t before = cap;

		assert_int_equal(GROW(numbers, cap, i + 1u), 0);
		assert_true(cap > i);
		moves += cap != before;
		numbers[i] = i;
	}
	assert_int_equal(cap, 128);
	assert_int_equal(moves, 5);
	assert_int_equal(GROW(numbers, cap, 129u), -ENOMEM);
	assert_int_equal(cap, 128);
	for (int i = 0; i < 128; i++)
		assert_int_equal(numbers[i], i);
	free(numbers);
}

/* ---- the word that was meant */

static const char *nearest_of(const char *word, const char *const *words)
{
	struct nearest n = {.word = word};

	for (; *words; words++)
		nearest_offer(&n, *words);
	return n.best;
}

static void test_nearest(void **state)
{
	static const char *const words[] = {"state", "local", "peer",       "process",
					    "what",  "recvq", "close-wait", NULL};
	static const struct {
		const char *word, *meant;
	} rows[] = {
		{"stte", "state"},
		{"satte", "state"},
		{"STATE", "state"},
		{"close_wait", "close-wait"},
		{"closewait", "close-wait"},
		{"clsoe-wiat", "close-wait"},
		{"wat", "what"},
		{"pere", "peer"},
		{"recv-q", "recvq"},
		{"x", NULL},
		{"", NULL},
		{"nonsense", NULL},
		{"pexx", NULL}, /* two of four letters */
	};
	char huge[5000];

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *got = nearest_of(rows[i].word, words);

		if (!rows[i].meant)
			assert_null(got);
		else
			assert_string_equal(got ? got : "", rows[i].meant);
	}
	memset(huge, 's', sizeof(huge) - 1);
	huge[sizeof(huge) - 1] = '\0';
	assert_null(nearest_of(huge, words));
	assert_null(nearest_of("state", (const char *const[]){huge, NULL}));
	/* The first of equals: the answer does not depend on chance. */
	assert_string_equal(nearest_of("cat", (const char *const[]){"bat", "rat", NULL}), "bat");
}

/* ---- /proc/net/tcp */

#define HEADING                                                                               \
	"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  " \
	"timeout inode\n"

/* The kernel prints addresses as numbers of the machine's byte order. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define HEX_127_0_0_1 "0100007F"
#define HEX_192_0_2_7 "070200C0"
#define HEX_DB8       "B80D0120000000000000000009000000"
#define HEX_MAPPED    "0000000000000000FFFF0000070200C0"
#else
#define HEX_127_0_0_1 "7F000001"
#define HEX_192_0_2_7 "C0000207"
#define HEX_DB8       "20010DB8000000000000000000000009"
#define HEX_MAPPED    "00000000000000000000FFFFC0000207"
#endif

static const char line4[] = "   3: " HEX_127_0_0_1 ":0016 " HEX_192_0_2_7
			    ":C3CB 01 00000024:00000102 01:00000018 00000002 "
			    " 1000        4 123456 4 00000000a1b2c3d4 24 4 29 10 -1\n";
static const char line_probed[] = "   4: " HEX_127_0_0_1 ":0016 " HEX_192_0_2_7
				  ":C3CB 01 00000000:00000000 02:00000018 00000000 "
				  " 1000        5 123457 4 00000000a1b2c3d4 24 4 29 10 -1\n";
static const char line6[] = "1234: " HEX_DB8 ":01BB " HEX_MAPPED
			    ":FFFF 06 00000000:00000000 03:000016A8 00000000     0  "
			    "      0 0 3 0000000012345678\n";

static void assert_ends(const struct socket *sk, const char *local, unsigned port, const char *peer,
			unsigned peer_port)
{
	struct address a = address_of(sk->family, local), b = address_of(sk->family, peer);

	assert_memory_equal(sk->local.address.bytes, a.bytes, sizeof(a.bytes));
	assert_memory_equal(sk->peer.address.bytes, b.bytes, sizeof(b.bytes));
	assert_int_equal(sk->local.port, port);
	assert_int_equal(sk->peer.port, peer_port);
}

static void test_procnet_lines(void **state)
{
	struct socket sk;

	(void)state;
	assert_int_equal(procnet_decode(line4, AF_INET, &sk), 0);
	assert_int_equal(sk.family, AF_INET);
	assert_ends(&sk, "127.0.0.1", 22, "192.0.2.7", 50123);
	assert_int_equal(sk.kernel_state, 1);
	assert_int_equal(sk.send_queue, 0x24);
	assert_int_equal(sk.recv_queue, 0x102);
	assert_int_equal(sk.timer, TIMER_RETRANSMIT);
	assert_int_equal(sk.expires, 240); /* ticks of 10 ms */
	assert_int_equal(sk.retrans, 2);
	assert_int_equal(sk.uid, 1000);
	assert_int_equal(sk.inode, 123456);
	assert_int_equal(sk.info_len, 0);
	assert_int_equal(sk.interface, 0);
	/* No cookie, and a listener's backlog is not in there. */
	assert_int_equal(sk.have, HAVE_QUEUES | HAVE_TIMER);
	assert_int_equal(sk.owners, OWNER_NONE);
	/* Timers that probe count in the column "timeout", as in tcp4_seq_show() of the kernel. */
	assert_int_equal(procnet_decode(line_probed, AF_INET, &sk), 0);
	assert_int_equal(sk.timer, TIMER_KEEPALIVE);
	assert_int_equal(sk.retrans, 5);
	assert_int_equal(procnet_decode(line6, AF_INET6, &sk), 0);
	assert_int_equal(sk.family, AF_INET6);
	assert_ends(&sk, "2001:db8::9", 443, "::ffff:192.0.2.7", 65535);
	assert_int_equal(sk.kernel_state, 6);
	assert_int_equal(sk.timer, TIMER_TIME_WAIT);
	assert_int_equal(sk.expires, 58000);
	assert_int_equal(sk.uid, 0);
	assert_int_equal(sk.inode, 0);
}

static void test_procnet_not_lines(void **state)
{
	static const char *const bad[] = {
		"",
		"\n",
		HEADING,
		"garbage",
		"   3: 0100007F 070200C0 01",
		"   3: XX00007F:0016 070200C0:C3CB 01 00000024:00000102 01:00000018 00000002 1000 0 1",
		"   3: 0100007:0016 070200C0:C3CB 01 00000024:00000102 01:00000018 00000002 1000 0 1",
		"   3: 0100007F1:0016 070200C0:C3CB 01 00000024:00000102 01:00000018 00000002 1000 0 1",
		"   3: 0100007F:0016 070200C0 01 00000024:00000102 01:00000018 00000002 1000 0 1",
	};
	struct socket sk;

	(void)state;
	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(procnet_decode(bad[i], AF_INET, &sk), -EBADMSG);
		assert_int_equal(procnet_decode(bad[i], AF_INET6, &sk), -EBADMSG);
	}
	/* The line of one family is damaged in the other's file. */
	assert_int_equal(procnet_decode(line4, AF_INET6, &sk), -EBADMSG);
	assert_int_equal(procnet_decode(line6, AF_INET, &sk), -EBADMSG);
}

static char *edge; /* the first byte that cannot be touched */

/* Decodes the first `n` bytes of a line, in memory that ends behind its NUL. */
static int decode_cut(const char *line, size_t n, int family, struct socket *sk)
{
	char *at = edge - n - 1;

	memcpy(at, line, n);
	at[n] = '\0';
	return procnet_decode(at, family, sk);
}

/* A line cut before its inode is damaged; what follows the inode does not matter. */
static void check_cuts(const char *line, int family, const char *inode)
{
	size_t first = (size_t)(strstr(line, inode) - line), end = first + strlen(inode) - 1;
	struct socket whole, sk;

	assert_int_equal(procnet_decode(line, family, &whole), 0);
	for (size_t n = 0; n < strlen(line); n++) {
		/* Where the first digits of the inode are cut off, nobody can tell. */
		int wanted = n <= first + 1 ? -EBADMSG : 0;

		assert_int_equal(decode_cut(line, n, family, &sk), wanted);
		if (n < end)
			continue;
		assert_int_equal(sk.inode, whole.inode);
		assert_memory_equal(&sk.local, &whole.local, sizeof(sk.local));
		assert_memory_equal(&sk.peer, &whole.peer, sizeof(sk.peer));
		assert_int_equal(sk.have, whole.have);
	}
}

static void test_procnet_every_length(void **state)
{
	(void)state;
	check_cuts(line4, AF_INET, " 123456 ");
	check_cuts(line6, AF_INET6, " 0 3 0000000012345678");
}

static void test_procnet_damage(void **state)
{
	unsigned decoded = 0;

	(void)state;
	for (unsigned round = 0; round < 40000; round++) {
		char line[sizeof(line4)];
		struct socket sk;
		unsigned changes = 1 + random_u64() % 3;

		memcpy(line, line4, sizeof(line));
		while (changes--)
			line[random_u64() % (sizeof(line) - 1)] = (char)random_u64();
		if (decode_cut(line, sizeof(line) - 1, AF_INET, &sk))
			continue;
		decoded++;
		assert_int_equal(sk.family, AF_INET);
		assert_int_equal(sk.have, HAVE_QUEUES | HAVE_TIMER);
		assert_int_equal(sk.owners, OWNER_NONE);
	}
	assert_in_range(decoded, 1000, 39000);
}

static int make_edge(void **state)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *two =
		mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)state;
	if (two == MAP_FAILED || mprotect(two + page, page, PROT_NONE))
		return -1;
	edge = two + page;
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_ipv4_byte),
		cmocka_unit_test(test_every_pattern_of_zero_groups),
		cmocka_unit_test(test_random_addresses),
		cmocka_unit_test(test_addresses_of_the_rfc),
		cmocka_unit_test(test_address_parse),
		cmocka_unit_test(test_address_round_trip),
		cmocka_unit_test(test_scopes),
		cmocka_unit_test(test_prefixes),
		cmocka_unit_test(test_prefixes_by_name),
		cmocka_unit_test(test_address_order),
		cmocka_unit_test(test_state_spellings),
		cmocka_unit_test(test_state_groups),
		cmocka_unit_test(test_no_states),
		cmocka_unit_test(test_state_words),
		cmocka_unit_test(test_unknown_states),
		cmocka_unit_test(test_many_owners),
		cmocka_unit_test(test_many_holders_of_one),
		cmocka_unit_test(test_owner_found_only_when_indexed),
		cmocka_unit_test(test_absence_tokens),
		cmocka_unit_test(test_window_knows_the_last),
		cmocka_unit_test(test_new_cookies_are_new),
		cmocka_unit_test(test_all_are_known),
		cmocka_unit_test(test_shares),
		cmocka_unit_test(test_no_shares),
		cmocka_unit_test(test_app_share),
		cmocka_unit_test(test_units),
		cmocka_unit_test(test_units_are_words),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_every_two_bytes),
		cmocka_unit_test(test_every_code_point),
		cmocka_unit_test(test_hostile_text),
		cmocka_unit_test(test_random_text),
		cmocka_unit_test(test_escapes),
		cmocka_unit_test(test_widths),
		cmocka_unit_test(test_growth),
		cmocka_unit_test(test_nearest),
		cmocka_unit_test(test_procnet_lines),
		cmocka_unit_test(test_procnet_not_lines),
		cmocka_unit_test(test_procnet_every_length),
		cmocka_unit_test(test_procnet_damage),
	};

	return cmocka_run_group_tests(tests, make_edge, NULL);
}

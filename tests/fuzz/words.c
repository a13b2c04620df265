// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes the words of filters as a dictionary for fuzz_filter, from the tables they stand in. */
#include <stdio.h>
#include <string.h>

#include "explain/situation.h"
#include "filter/filter.h"
#include "model/field.h"

/* What no table holds: joints, operators, values of each kind. */
static const char *const others[] = {
	"and",
	"or",
	"not",
	"(",
	")",
	"&",
	"&&",
	"|",
	"||",
	"!",
	"=",
	"==",
	"!=",
	"<",
	"<=",
	">",
	">=",
	"eq",
	"ne",
	"neq",
	"lt",
	"le",
	"leq",
	"gt",
	"ge",
	"geq",
	"'",
	"\"",
	"none",
	"any",
	"*",
	"?",
	":",
	"::",
	"/",
	"%eth0",
	"eth0",
	"[fe80::1]",
	"fe80::/10",
	"::ffff:10.0.0.1",
	"10.0.0.1",
	"10/8",
	"10.0/16",
	"inet:",
	"inet6:",
	":22",
	"ssh",
	"65535",
	"65536",
	"root",
	"0x15",
	"0x1/0x3",
	"100ms",
	"5m",
	"64k",
	"1.5s",
	"10Mbit/s",
	"1.2MB/s",
	"50%",
	"18446744073709551615",
	"nginx",
	"persist",
	"keepalive",
	"loopback",
	"inet",
	"inet6",
	"/sys/fs/cgroup",
	"sport < :12",
	"dport >= :11",
	"src 10.0.0.1:10",
	"( listen or pid 12 )",
};

/* More than any place for a word has room for. */
static const char longer[] = "a23456789b123456789c123456789d123456789e123456789"
			     "f123456789g123456789h123456789i123456789j123456789";

static void put_word(const char *word, size_t len)
{
	putchar('"');
	for (size_t i = 0; i < len; i++)
		printf("\\x%02x", (unsigned char)word[i]);
	printf("\"\n");
}

static void put_names(const char *names)
{
	while (*names) {
		size_t len = strcspn(names, " ");

		if (len)
			put_word(names, len);
		names += len + (names[len] == ' ');
	}
}

int main(void)
{
	const char *word;

	for (unsigned i = 0; (word = filter_word(&i));)
		put_word(word, strlen(word));
	for (unsigned i = 0; (word = state_word(&i));)
		put_word(word, strlen(word));
	for (size_t i = 0; i < field_count; i++)
		put_names(fields[i].aliases);
	for (unsigned i = 0; i < SITUATION_COUNT; i++)
		put_word(situations[i].id, strlen(situations[i].id));
	for (unsigned i = 0; i < SOCKOPT_COUNT; i++)
		put_word(sockopt_tokens[i], strlen(sockopt_tokens[i]));
	for (unsigned i = OWNER_NOT_ASKED + 1; i < OWNER_ABSENCE_COUNT; i++)
		put_word(owner_absence_token(i), strlen(owner_absence_token(i)));
	put_word(longer, strlen(longer));
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		put_word(others[i], strlen(others[i]));
	return 0;
}

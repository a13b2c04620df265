// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/lsof.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/say.h"
#include "model/address.h"

/* What is gathered while the words are looked at. */
struct gathering {
	struct lsof *lsof;
	struct out ends;   /* of all -i: sockets that any of them is about */
	struct out states; /* of all -s */
	bool terse;        /* lsof's -t */
	bool anything;     /* an -i that sets no condition: all sockets are chosen */
};

static const char decimal[] = "0123456789";

/* Letters of this tool's and lsof's that may stand before i or s in one word. */
static const char before[] = "nPat";

/* A protocol at the start of what -i or -s takes: its length, 0 for none. */
static size_t protocol_len(const char *s)
{
	static const char *const names[] = {"TCP", "UDPLITE", "UDP", "SCTP"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t n = strlen(names[i]);

		if (!strncasecmp(s, names[i], n) && (!s[n] || s[n] == ':' || s[n] == '@'))
			return n;
	}
	return 0;
}

static bool is_tcp(const char *s)
{
	return !strncasecmp(s, "TCP", 3);
}

/* [4|6][PROTOCOL][@HOST][:PORTS], but for what this tool's own letters are. */
static bool chooses_ends(const char *s)
{
	s += *s == '4' || *s == '6';
	return *s == '@' || *s == ':' || protocol_len(s);
}

static bool chooses_states(const char *s)
{
	size_t n = protocol_len(s);

	return n && s[n] == ':';
}

/* What stands behind -i or -s in a word that may have other letters before; NULL: it is no such. */
static const char *behind(const char *word, char letter)
{
	size_t letters = word[0] == '-' ? strspn(word + 1, before) : 0;

	return word[0] == '-' && word[1 + letters] == letter ? word + 2 + letters : NULL;
}

static int refuse(const char *word, const char *why)
{
	say("'%s' %s", say_word((char[SAY_WORD]){0}, word, strlen(word)), why);
	return -EINVAL;
}

/* "1-1024": how long the first number is, 0 for what is no range. */
static size_t range_first(const char *ports, size_t n)
{
	size_t first = strspn(ports, decimal);

	return first && first + 1 < n && ports[first] == '-' &&
			       first + 1 + strspn(ports + first + 1, decimal) == n
		       ? first
		       : 0;
}

/* A range at either end, and at the same the address if there is one. */
static void put_range(struct out *o, const char *host, size_t host_len, const char *ports, size_t n)
{
	static const char *const sides[][2] = {{"src", "sport"}, {"dst", "dport"}};
	size_t first = range_first(ports, n);

	for (int i = 0; i < 2; i++) {
		out_str(o, i ? " or " : "");
		if (host_len)
			out_printf(o, "%s %.*s and ", sides[i][0], (int)host_len, host);
		out_printf(o, "%s >= %.*s and %s <= %.*s", sides[i][1], (int)first, ports,
			   sides[i][1], (int)(n - first - 1), ports + first + 1);
	}
}

/* An address, a port or range of a list, or both. */
static void put_end(struct out *o, const char *host, size_t host_len, const char *ports, size_t n)
{
	if (o->len)
		out_str(o, " or ");
	if (range_first(ports, n)) {
		put_range(o, host, host_len, ports, n);
		return;
	}
	out_put(o, host, host_len);
	if (n)
		out_printf(o, ":%.*s", (int)n, ports);
}

/* HOST is an address: nothing is looked up. Its length, or -EINVAL after saying so. */
static int host_len(const char *word, const char *host)
{
	const char *end = *host == '[' ? strchr(host, ']') : NULL;
	size_t n = end ? (size_t)(end - host) + 1 : strcspn(host, ":");
	struct address address;
	int family = address_parse(&address, host + !!end, n - (end ? 2 : 0));

	if (family < 0 || (host[n] && host[n] != ':'))
		return refuse(word, "has no address behind '@': names are not looked up, IPv6 "
				    "stands in brackets");
	return (int)n;
}

/* @HOST:PORT,PORT as a condition. */
static int put_ends(struct out *o, const char *word, const char *s)
{
	const char *host = "";
	int len = 0;

	if (*s == '@') {
		host = s + 1;
		len = host_len(word, host);
		if (len < 0)
			return len;
		s = host + len;
	}
	if (*s && !s[1])
		return refuse(word, "names no port behind ':'");
	if (!*s) {
		if (len)
			put_end(o, host, (size_t)len, "", 0);
		return 0;
	}
	for (size_t n; *s; s += n) {
		n = strcspn(++s, ",");
		if (!n)
			return refuse(word, "names no port between its commas");
		put_end(o, host, (size_t)len, s, n);
	}
	return 0;
}

static int take_ends(struct gathering *g, const char *word, const char *s)
{
	struct out ends = OUT_MEMORY;
	char family = *s == '4' || *s == '6' ? *s++ : 0;
	size_t n = protocol_len(s);
	int error;

	if (n && !is_tcp(s))
		return refuse(word, "leaves TCP out, and tcpstate shows nothing else");
	error = put_ends(&ends, word, s + n);
	g->anything |= !error && !family && !ends.len;
	if (!error && (family || ends.len)) {
		out_str(&g->ends, g->ends.len ? " or " : "");
		if (family)
			out_str(&g->ends, family == '4' ? "family inet" : "family inet6");
		if (family && ends.len)
			out_str(&g->ends, " and (");
		out_put(&g->ends, ends.data, ends.len);
		if (family && ends.len)
			out_char(&g->ends, ')');
	}
	out_free(&ends);
	return error;
}

static int take_states(struct gathering *g, const char *word, const char *s)
{
	if (!is_tcp(s))
		return refuse(word, "leaves TCP out, and tcpstate shows nothing else");
	s += protocol_len(s);
	for (size_t n; *s; s += n) {
		bool not = s[1] == '^';

		s += 1 + not ;
		n = strcspn(s, ",");
		if (!n)
			return refuse(word, "names no state behind ':' or ','");
		out_printf(&g->states, "%s%s %.*s", g->states.len ? " " : "",
			   not ? "exclude" : "state", (int)n, s);
	}
	return 0;
}

/* What a word is of lsof's: the count of words taken, 0 for none, or a negative errno. */
static int take_word(struct gathering *g, char **words)
{
	const char *word = words[0], *next = words[1] ? words[1] : "";
	const char *ends = behind(word, 'i'), *states = behind(word, 's');
	bool separate = (ends && !*ends) || (states && !*states);
	int error;

	if (ends && !*ends && next[0] != ':' &&
	    (chooses_ends(next) || !strcmp(next, "4") || !strcmp(next, "6")))
		error = take_ends(g, next, next);
	else if (ends && *ends && chooses_ends(ends))
		error = take_ends(g, word, ends);
	else if (states && chooses_states(*states ? states : next))
		error = take_states(g, *states ? word : next, *states ? states : next);
	else
		return 0;
	g->terse |= memchr(word, 't', strcspn(word, "is")) != NULL;
	return error ? error : 1 + separate;
}

static int take_words(struct gathering *g, char **words)
{
	struct lsof *l = g->lsof;
	bool terse = false;

	for (l->argv[l->argc++] = *words++; *words && strcmp(*words, "--");) {
		int taken = take_word(g, words);

		if (taken < 0)
			return taken;
		terse |= !strcmp(*words, "-t");
		if (!taken)
			l->argv[l->argc++] = *words;
		words += taken ? taken : 1;
	}
	while (*words)
		l->argv[l->argc++] = *words++;
	g->terse |= terse && (g->ends.len || g->states.len);
	return 0;
}

static void put_filter(struct out *filter, const struct gathering *g)
{
	bool ends = g->ends.len && !g->anything;

	if (g->states.len)
		out_put(filter, g->states.data, g->states.len);
	if (ends && g->states.len)
		out_str(filter, " (");
	if (ends)
		out_put(filter, g->ends.data, g->ends.len);
	if (ends && g->states.len)
		out_char(filter, ')');
	out_text(filter);
}

int lsof_take(struct lsof *l, int argc, char **argv)
{
	struct gathering g = {.lsof = l, .ends = OUT_MEMORY, .states = OUT_MEMORY};
	int error;

	*l = (struct lsof){.filter = OUT_MEMORY};
	l->argv = calloc((size_t)argc + 1, sizeof(*l->argv));
	error = l->argv ? take_words(&g, argv) : -ENOMEM;
	if (!error)
		put_filter(&l->filter, &g);
	if (!error && g.terse) {
		say("lsof's -t prints process ids alone; type: tcpstate -H --columns pid '%s'",
		    l->filter.len ? l->filter.data : "owner any");
		error = -EINVAL;
	}
	if (!error)
		error = l->filter.error;
	out_free(&g.ends);
	out_free(&g.states);
	return error;
}

void lsof_free(struct lsof *l)
{
	free(l->argv);
	out_free(&l->filter);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/inquiry.h"

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "act/try_bind.h"
#include "cli/say.h"
#include "cli/status.h"
#include "model/pipeline.h"

static int usage(const char *text, const char *wrong)
{
	char word[SAY_WORD];

	say("--why '%s': %s", say_word(word, text, strlen(text)), wrong);
	return STATUS_USAGE;
}

static bool read_port(uint16_t *port, const char *text)
{
	unsigned long n = strspn(text, "0123456789") == strlen(text) && strlen(text) <= 5
				  ? strtoul(text, NULL, 10)
				  : 0;

	*port = (uint16_t)n;
	return n && n <= UINT16_MAX;
}

/* The address without brackets and the name behind its '%', in place; false: brackets are wrong. */
static bool take_apart(char *host, char **address, char **interface)
{
	char *close;

	*address = host;
	*interface = NULL;
	if (*host == '[') {
		close = strchr(host, ']');
		if (!close || (close[1] && close[1] != '%'))
			return false;
		memmove(close, close + 1, strlen(close)); /* "fe80::1]%eth0" has it behind */
		++*address;
	}
	close = strchr(*address, '%');
	if (close) {
		*close = '\0';
		*interface = close + 1;
	}
	return true;
}

static void write_text(struct bind_case *c, const char *interface)
{
	char address[ADDRESS_TEXT + 1];
	bool brackets = c->family == AF_INET6;

	*address_format(address, c->family, &c->local.address) = '\0';
	snprintf(c->text, sizeof(c->text), "%s%s%s%s%s:%u", brackets ? "[" : "", address,
		 interface ? "%" : "", interface ? interface : "", brackets ? "]" : "",
		 c->local.port);
}

static void ask(struct bind_inquiry *q, int family, const struct address *a, uint16_t port)
{
	struct bind_case *c = &q->cases[q->count++];

	*c = (struct bind_case){.family = (uint8_t)family, .local = {*a, port}};
	write_text(c, NULL);
}

static int ask_wildcards(struct bind_inquiry *q, const struct options *o, uint16_t port)
{
	const struct address any = {0};

	if (o->families & FAMILY_INET6)
		ask(q, AF_INET6, &any, port);
	if (o->families & FAMILY_INET)
		ask(q, AF_INET, &any, port);
	return 0;
}

static int ask_address(struct bind_inquiry *q, const struct options *o, char *host, uint16_t port)
{
	bool bare = *host != '[' && strchr(host, ':') && !strchr(host, '%');
	char *text, *interface;
	struct address a;
	int family;

	if (bare || !take_apart(host, &text, &interface))
		return usage(o->why, "an IPv6 address stands in brackets: [::1]:8080");
	family = address_parse(&a, text, strlen(text));
	if (family < 0)
		return usage(o->why, "takes a numeric address; host names are not resolved");
	if (!(o->families & (family == AF_INET ? FAMILY_INET : FAMILY_INET6)))
		return usage(o->why, "the address is of the other family than -4 or -6 asks for");
	ask(q, family, &a, port);
	if (!interface)
		return 0;
	if (!q->live)
		return usage(o->why, "with --read, no interface can be asked for");
	q->cases[0].interface = if_nametoindex(interface);
	if (!q->cases[0].interface)
		return usage(o->why, "there is no such interface here");
	write_text(&q->cases[0], interface);
	return 0;
}

static int read_question(struct bind_inquiry *q, const struct options *o)
{
	char copy[BIND_TEXT * 2], *colon;
	uint16_t port;

	if (strlen(o->why) >= sizeof(copy))
		return usage(o->why, "takes [ADDRESS:]PORT");
	strcpy(copy, o->why);
	colon = strrchr(copy, ':');
	if (!read_port(&port, colon ? colon + 1 : copy))
		return usage(o->why, "takes [ADDRESS:]PORT, the port a number from 1 to 65535");
	if (colon)
		*colon = '\0';
	if (!colon || !*copy || !strcmp(copy, "*"))
		return ask_wildcards(q, o, port);
	return ask_address(q, o, copy, port);
}

static int find_user(struct inquiry *q, const char *name)
{
	char word[SAY_WORD];
	int error = as_user_find(&q->as, name);

	say_word(word, name, strlen(name));
	if (error == -ENOENT) {
		say("--user '%s': there is no such user", word);
		return STATUS_USAGE;
	}
	if (error) {
		say("--user '%s': cannot look the user up: %s", word, strerror(-error));
		return STATUS_FAILED;
	}
	q->bind.user = name;
	q->bind.uid = q->as.uid;
	return 0;
}

int inquiry_make(struct inquiry *q, const struct options *o)
{
	int status;

	*q = (struct inquiry){.bind.live = !o->read, .bind.uid = o->read ? 0 : geteuid()};
	if (o->filter[0]) {
		say("--why takes one [ADDRESS:]PORT and no FILTER");
		return STATUS_USAGE;
	}
	status = read_question(&q->bind, o);
	return status || !o->user ? status : find_user(q, o->user);
}

int inquiry_try(struct inquiry *q)
{
	struct bind_inquiry *bind = &q->bind;
	int error = try_bind(bind, bind->user ? &q->as : NULL);

	if (error == -EPERM && bind->user) {
		say("cannot try as user %s: that takes root (CAP_SETUID, CAP_SETGID)", bind->user);
		return STATUS_FAILED;
	}
	if (error) {
		say("cannot try to bind: %s", strerror(-error));
		return STATUS_FAILED;
	}
	if (bind->count > 1 && bind->cases[0].place.socket_error == EAFNOSUPPORT)
		bind->cases[0] = bind->cases[--bind->count];
	return 0;
}

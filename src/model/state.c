// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/state.h"

#include <ctype.h>

struct state {
	const char *token;
	const char *aliases;
	uint8_t number;
};

static const struct state states[STATE_COUNT] = {
#define STATE(name, number, token, aliases) {token, aliases, number},
#include "model/states.def"
#undef STATE
};

const uint8_t state_order[STATE_COUNT] = {
#define STATE(name, number, token, aliases) number,
#include "model/states.def"
#undef STATE
};

/* The groups of ss(8), "STATE-FILTER". */
static const struct {
	const char *name;
	uint32_t mask;
} groups[] = {
	{"all", UINT32_MAX}, /* also what nobody knows yet */
	{"connected", STATES_CONNECTED},
	{"synchronized", STATES_CONNECTED & ~STATE_BIT(SYN_SENT)},
	{"bucket", STATE_BIT(SYN_RECEIVED) | STATE_BIT(TIME_WAIT)},
	{"big", STATES_ALL & ~(STATE_BIT(SYN_RECEIVED) | STATE_BIT(TIME_WAIT))},
};

enum { GROUP_COUNT = sizeof(groups) / sizeof(groups[0]) };

/* By number: this is on the path of every row. */
static const struct {
	char text[STATE_ROOM];
	size_t len; /* 0: no state */
} tokens[] = {
#define STATE(name, number, token, aliases) [number] = {token, sizeof(token) - 1},
#include "model/states.def"
#undef STATE
};

static bool is_state(unsigned number)
{
	return number < sizeof(tokens) / sizeof(tokens[0]) && tokens[number].len;
}

const char *state_token(unsigned number)
{
	return is_state(number) ? tokens[number].text : NULL;
}

char *state_format(char *p, unsigned number)
{
	if (!is_state(number))
		return NULL;
	memcpy(p, tokens[number].text, STATE_ROOM);
	return p + tokens[number].len;
}

void state_put(struct out *o, unsigned number)
{
	const char *token = state_token(number);

	if (token)
		out_str(o, token);
	else
		out_printf(o, "UNKNOWN(%u)", number);
}

unsigned state_rank(unsigned number)
{
	for (unsigned i = 0; i < STATE_COUNT; i++) {
		if (states[i].number == number)
			return i;
	}
	return STATE_COUNT + number;
}

bool state_next(unsigned *i, unsigned *number)
{
	while (*i >= STATE_COUNT && state_token(*i - STATE_COUNT))
		++*i;
	if (*i > STATE_COUNT + UINT8_MAX)
		return false;
	*number = *i < STATE_COUNT ? state_order[*i] : *i - STATE_COUNT;
	++*i;
	return true;
}

/* Compares with case, '-' and '_' left out. */
static bool same_word(const char *word, size_t n, const char *name, size_t name_len)
{
	const char *end = word + n, *name_end = name + name_len;

	for (;;) {
		while (word < end && (*word == '-' || *word == '_'))
			word++;
		while (name < name_end && (*name == '-' || *name == '_'))
			name++;
		if (word == end || name == name_end)
			return word == end && name == name_end;
		if (tolower((unsigned char)*word++) != tolower((unsigned char)*name++))
			return false;
	}
}

static bool in_list(const char *word, size_t n, const char *list)
{
	while (*list) {
		size_t len = strcspn(list, " ");

		if (same_word(word, n, list, len))
			return true;
		list += len + strspn(list + len, " ");
	}
	return false;
}

uint32_t state_parse(const char *word, size_t n)
{
	for (unsigned i = 0; i < STATE_COUNT; i++) {
		const struct state *s = &states[i];

		if (same_word(word, n, s->token, strlen(s->token)) || in_list(word, n, s->aliases))
			return 1u << s->number;
	}
	for (unsigned i = 0; i < GROUP_COUNT; i++) {
		if (same_word(word, n, groups[i].name, strlen(groups[i].name)))
			return groups[i].mask;
	}
	return 0;
}

const char *state_word(unsigned *i)
{
	unsigned at = (*i)++;

	if (at < STATE_COUNT)
		return states[at].token;
	if (at < STATE_COUNT + GROUP_COUNT)
		return groups[at - STATE_COUNT].name;
	return NULL;
}

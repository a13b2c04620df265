// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/key.h"

#include <string.h>

#include "util/text.h"

static const struct {
	const char *name;
	uint32_t code;
} names[] = {
	{"Tab", PRESS_TAB},     {"Enter", PRESS_ENTER},         {"Esc", PRESS_ESCAPE},
	{"Space", PRESS_SPACE}, {"Backspace", PRESS_BACKSPACE},
#define NAMED(name, text) {text, PRESS_##name},
#include "ui/keys.def"
#undef NAMED
};

uint32_t key_named(const char *name, size_t n)
{
	uint32_t cp;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (strlen(names[i].name) == n && !memcmp(names[i].name, name, n))
			return names[i].code;
	}
	if (n == 2 && name[0] == '^')
		return (uint32_t)PRESS_CTRL(name[1]);
	return n && text_decode(name, name + n, &cp) == n ? cp : 0;
}

bool key_in(const char *list, uint32_t code)
{
	for (size_t n; *list; list += n + strspn(list + n, " ")) {
		n = strcspn(list, " ");
		if (n && key_named(list, n) == code)
			return true;
	}
	return false;
}

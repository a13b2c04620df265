// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/bind.h"

const struct bind_attempt_row bind_attempts[BIND_ATTEMPTS] = {
#define BIND_ATTEMPT(name, key, shown) {key, shown},
	BIND_ATTEMPT_TABLE
#undef BIND_ATTEMPT
};

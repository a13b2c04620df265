// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/verdict.h"

const char *const detail_tokens[DETAIL_COUNT] = {
#define DETAIL(name, token, help) token,
	DETAIL_TABLE
#undef DETAIL
};

// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef EXPLAIN_LIMITED_H
#define EXPLAIN_LIMITED_H

#include "explain/situation.h"

/*
 * What limits an established connection over which data is being sent, as the situation; false
 * where it is not in use for that, too young, or the evidence is not clear.
 */
bool limited_situation(const struct socket *sk, enum situation_name *situation);

#endif

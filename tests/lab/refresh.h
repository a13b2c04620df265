// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef LAB_REFRESH_H
#define LAB_REFRESH_H

#include "making.h"

// Keeps the minisockets alive, which the kernel ends after 60 seconds. To be called all the time.
// TIME_WAIT just begins anew. FIN_WAIT_2 cannot: after 50 seconds it is ended and made again on
// the same ports, and is away for about a millisecond.
void refresh(struct lab *lab);

#endif

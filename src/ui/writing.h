// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UI_WRITING_H
#define UI_WRITING_H

#include "ui/app.h"

/*
 * Asks for the name of a file and writes what the view shows to it: sockets and listeners as the
 * snapshot that --read takes where the name ends in .json, all else as text. A file that is there is
 * asked about.
 */
void writing_open(struct app *a);

#endif

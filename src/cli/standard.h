// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef CLI_STANDARD_H
#define CLI_STANDARD_H

/*
 * Puts something that can be neither read nor written in the place of a standard descriptor that
 * was closed, so that no socket or file opened later gets its number. To be called before any is.
 */
void standard_hold(void);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UTIL_TRANSLATE_H
#define UTIL_TRANSLATE_H

/*
 * Marks a literal as a message id, so that po/template finds it; render translates it where it is
 * shown. What stands in a table (*.def) needs no mark: docgen knows the tables.
 */
#define N_(message) message

#endif

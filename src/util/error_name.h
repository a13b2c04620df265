// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef UTIL_ERROR_NAME_H
#define UTIL_ERROR_NAME_H

/*
 * Names of the errors that collecting meets, for files that travel: their numbers differ between
 * machines (errno(3)).
 */

/* "EPERM" for EPERM; NULL for a number that has no name here. */
const char *error_name(int number);

/* EPERM for "EPERM"; 0 for a name that is none of these. */
int error_by_name(const char *name);

#endif

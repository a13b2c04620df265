// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef CLI_WORDS_H
#define CLI_WORDS_H

/*
 * Makes one filter of the words of the command line, of `condition` before them (NULL: none) and
 * of a file's text behind them (NULL: none; "-" is standard input). Of several words one that holds
 * a blank, and stands behind a field whose values are names, is one name: comm 'my prog'. *filter
 * is the caller's to free. 0, -ENOMEM, -EINVAL or another negative errno of the file after saying
 * what is wrong.
 */
int words_join(char **filter, char *const *words, const char *condition, const char *file);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef CLI_LSOF_H
#define CLI_LSOF_H

#include "util/out.h"

/*
 * A command line in which lsof's own ways to choose sockets are replaced by a filter:
 *
 *	-iTCP -i:22 -iTCP@10.0.0.1:80,443 -i4TCP:1-1024   also with letters before: -nPi:22
 *	-sTCP:LISTEN,ESTABLISHED -sTCP:^TIME_WAIT
 *
 * or with a blank behind the letter, where what follows can be nothing else of this tool's: -i
 * TCP:80, -i 4, -s TCP:LISTEN. -i4 alone is ss's -i -4.
 */
struct lsof {
	int argc;
	char **argv;       /* of the caller's words, without those; ended by NULL */
	struct out filter; /* a memory buffer: empty where there was nothing of lsof's */
};

/*
 * 0; -EINVAL after standard error said in a line what cannot be understood; or -ENOMEM. Free with
 * lsof_free() in any case.
 */
int lsof_take(struct lsof *l, int argc, char **argv);
void lsof_free(struct lsof *l);

#endif

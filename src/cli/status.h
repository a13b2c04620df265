// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef CLI_STATUS_H
#define CLI_STATUS_H

/* Exit statuses, as the manual states them. */
enum status {
	STATUS_DONE = 0,
	STATUS_NO_MATCH = 1,
	STATUS_USAGE = 2,
	STATUS_MISSING = 3, /* done, but sockets are missing */
	STATUS_FAILED = 4,
};

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef LAB_VERIFY_H
#define LAB_VERIFY_H

#include "diag.h"
#include "manifest.h"

enum { COMPLAINT_SIZE = 512 };

// True if the kernel's list and the manifest tell of the same sockets in the same states, nothing
// missing and nothing extra. Otherwise complaint is one line about the first difference.
bool verify(const struct manifest *manifest, struct found_list *found,
	    char complaint[COMPLAINT_SIZE]);

#endif

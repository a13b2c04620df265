// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef COLLECT_DOCKER_H
#define COLLECT_DOCKER_H

#include <stddef.h>

/* What a docker-proxy passes connections on to. The strings are untrusted bytes. */
struct docker_target {
	char *address;   /* "172.17.0.2:80", "[fd00::2]:80"; NULL: it is no docker-proxy for TCP */
	char *container; /* name, or else 12 hex digits of the id; NULL is unknown */
};

/*
 * Reads the command line of process `pid` where it runs docker-proxy, and looks the address up in
 * containers/ID/config.v2.json below `root` (NULL: /var/lib/docker), which only root may read.
 * Returns 0, also where there is nothing to tell, or -ENOMEM, or why /proc could not be read.
 */
int docker_proxy_target(const char *root, int pid, struct docker_target *target);

/* The same from the bytes of /proc/PID/cmdline. */
int docker_proxy_parse(const char *root, const char *cmdline, size_t len,
		       struct docker_target *target);

void docker_target_free(struct docker_target *target);

#endif

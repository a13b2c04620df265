// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a filter asks the host for, always the same: so an input means the same on every machine,
 * and a fuzzer need not read files. These take the place of libc's own.
 */
#include <arpa/inet.h>
#include <net/if.h>
#include <netdb.h>
#include <pwd.h>
#include <string.h>

struct servent *getservbyname(const char *name, const char *protocol)
{
	static struct servent ssh;

	(void)protocol;
	if (strcmp(name, "ssh"))
		return NULL;
	ssh.s_port = htons(22);
	return &ssh;
}

struct passwd *getpwnam(const char *name)
{
	static struct passwd root;

	return strcmp(name, "root") ? NULL : &root;
}

unsigned int if_nametoindex(const char *name)
{
	return strcmp(name, "eth0") ? 0 : 2;
}

// SPDX-License-Identifier: GPL-2.0-or-later
// nonetlink: runs a command that can make no netlink socket, as in a container's cage.
//
//   nonetlink [EPERM|EAFNOSUPPORT] -- COMMAND [ARGUMENT...]
//
// A seccomp filter lets socket(AF_NETLINK, ...) fail with that error (EPERM); all else works.
// Exit status: the command's; 77 where no filter can be installed; 2: usage; 127: no command.

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { EXIT_USAGE = 2, EXIT_SKIP = 77, EXIT_NO_COMMAND = 127 };

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define LOW_WORD 0
#else
#define LOW_WORD 4
#endif

static int refuse_netlink(int error)
{
	const unsigned number = offsetof(struct seccomp_data, nr);
	const unsigned family = offsetof(struct seccomp_data, args) + LOW_WORD;
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, number),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, family),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_NETLINK, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)error),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {.len = sizeof(code) / sizeof(code[0]), .filter = code};

	// Without it only root could install a filter; it changes nothing for what is run here.
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -1;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

static int error_named(const char *name)
{
	if (!strcmp(name, "EPERM"))
		return EPERM;
	return !strcmp(name, "EAFNOSUPPORT") ? EAFNOSUPPORT : 0;
}

int main(int argc, char **argv)
{
	int error = EPERM, at = 1;

	if (argc > at && strcmp(argv[at], "--"))
		error = error_named(argv[at++]);
	if (!error || argc < at + 2 || strcmp(argv[at], "--")) {
		fputs("usage: nonetlink [EPERM|EAFNOSUPPORT] -- COMMAND [ARGUMENT...]\n", stderr);
		return EXIT_USAGE;
	}
	if (refuse_netlink(error)) {
		fprintf(stderr, "nonetlink: cannot install a seccomp filter: %s\n",
			strerror(errno));
		return EXIT_SKIP;
	}
	if (socket(AF_NETLINK, SOCK_RAW, 0) >= 0 || errno != error) {
		fputs("nonetlink: the filter does not work here\n", stderr);
		return EXIT_SKIP;
	}
	execvp(argv[at + 1], argv + at + 1);
	fprintf(stderr, "nonetlink: %s: %s\n", argv[at + 1], strerror(errno));
	return EXIT_NO_COMMAND;
}

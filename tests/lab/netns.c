// SPDX-License-Identifier: GPL-2.0-or-later
#include "netns.h"

#include "util.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { ADDRESS_MS = 5000 };

#define RTO_MIN "/proc/sys/net/ipv4/tcp_rto_min_us"

// struct in6_ifreq of linux/ipv6.h, which cannot be included beside netinet/in.h.
struct address6_request {
	struct in6_addr address;
	uint32_t prefix;
	int index;
	char rest[sizeof(struct ifreq) - 24]; // valgrind takes it for a struct ifreq
};

static const struct sysctl {
	const char *path, *value;
	bool optional;
} sysctls[] = {
	// No state may run out of retransmissions while a test looks at it.
	{"net/ipv4/tcp_syn_retries", "60", false},
	{"net/ipv4/tcp_synack_retries", "60", false},
	{"net/ipv4/tcp_retries2", "200", false},
	{"net/ipv4/tcp_orphan_retries", "200", false},
	// A tail loss probe is a retransmission that comes before its time.
	{"net/ipv4/tcp_early_retrans", "0", false},
	// Over 60 seconds an orphan in FIN_WAIT_2 stays a full socket.
	{"net/ipv4/tcp_fin_timeout", "3600", false},
	// Request sockets must stand in the table, not in a cookie.
	{"net/ipv4/tcp_syncookies", "0", false},
	{"net/ipv4/tcp_max_syn_backlog", "65535", false},
	{"net/core/somaxconn", "65535", false},
	// Fast Open for a server, without cookies.
	{"net/ipv4/tcp_fastopen", "0x203", false},
	// Link-local addresses of our own choice only.
	{"net/ipv6/conf/default/addr_gen_mode", "1", true},
	{"net/ipv6/conf/default/accept_dad", "0", true},
	{"net/ipv6/conf/default/router_solicitations", "0", true},
	{"net/mptcp/enabled", "1", true},
};

static void become_root_in_user_namespace(void)
{
	char map[64];
	uid_t uid = geteuid();
	gid_t gid = getegid();

	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
		die(EXIT_SKIP, "cannot make a user and network namespace: %s", strerror(errno));
	write_text("/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "0 %u 1\n", uid);
	if (!write_text("/proc/self/uid_map", map))
		die(EXIT_SKIP, "cannot map the user: %s", strerror(errno));
	snprintf(map, sizeof(map), "0 %u 1\n", gid);
	if (!write_text("/proc/self/gid_map", map))
		die(EXIT_SKIP, "cannot map the group: %s", strerror(errno));
}

static void set_sysctls(void)
{
	char path[128];

	for (size_t i = 0; i < sizeof(sysctls) / sizeof(*sysctls); i++) {
		snprintf(path, sizeof(path), "/proc/sys/%s", sysctls[i].path);
		if (!write_text(path, sysctls[i].value) && !sysctls[i].optional)
			die(EXIT_SKIP, "cannot set %s: %s", path, strerror(errno));
	}
}

static void bring_up(int control, const char *device)
{
	struct ifreq request = {.ifr_flags = IFF_UP};

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", device);
	if (ioctl(control, SIOCSIFFLAGS, &request) < 0)
		die(EXIT_SKIP, "cannot bring %s up: %s", device, strerror(errno));
}

static void set_address4(int control, unsigned long what, const char *address)
{
	struct ifreq request = {.ifr_name = LAB_DEVICE};
	struct sockaddr_in in = {.sin_family = AF_INET};

	inet_pton(AF_INET, address, &in.sin_addr);
	memcpy(&request.ifr_addr, &in, sizeof(in));
	if (ioctl(control, what, &request) < 0)
		die(EXIT_SKIP, "cannot give %s to %s: %s", address, LAB_DEVICE, strerror(errno));
}

// A new IPv6 address cannot be used before a kernel worker has looked at it.
static bool is_usable(const struct in6_addr *address)
{
	struct sockaddr_in6 local = {.sin6_family = AF_INET6,
				     .sin6_addr = *address,
				     .sin6_scope_id = netns_device_index()};
	int probe = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool usable = bind(probe, (struct sockaddr *)&local, sizeof(local)) == 0;

	close(probe);
	return usable;
}

static void add_address6(int control, const char *address)
{
	struct address6_request request = {.prefix = 64, .index = (int)netns_device_index()};
	int64_t deadline = now_ms() + ADDRESS_MS;

	inet_pton(AF_INET6, address, &request.address);
	if (ioctl(control, SIOCSIFADDR, &request) < 0)
		die(EXIT_SKIP, "cannot give %s to %s: %s", address, LAB_DEVICE, strerror(errno));
	while (!is_usable(&request.address)) {
		if (now_ms() > deadline)
			die(EXIT_LAB, "%s does not become usable", address);
		usleep(1000);
	}
}

static int open_tun(void)
{
	struct ifreq request = {.ifr_name = LAB_DEVICE, .ifr_flags = IFF_TUN | IFF_NO_PI};
	int tun = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);

	if (tun < 0)
		die(EXIT_SKIP, "cannot open /dev/net/tun: %s", strerror(errno));
	if (ioctl(tun, TUNSETIFF, &request) < 0)
		die(EXIT_SKIP, "cannot make a TUN device: %s", strerror(errno));
	return tun;
}

unsigned netns_device_index(void)
{
	return if_nametoindex(LAB_DEVICE);
}

bool netns_slow_retransmission(bool slow)
{
	return write_text(RTO_MIN, slow ? "120000000" : "200000");
}

int netns_enter(void)
{
	int tun, control4, control6;

	if (unshare(CLONE_NEWNET) < 0)
		become_root_in_user_namespace();
	set_sysctls();
	tun = open_tun();
	control4 = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	control6 = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (control4 < 0 || control6 < 0)
		die(EXIT_SKIP, "no IPv4 or no IPv6 here: %s", strerror(errno));
	bring_up(control4, "lo");
	bring_up(control4, LAB_DEVICE);
	set_address4(control4, SIOCSIFADDR, "10.77.0.1");
	set_address4(control4, SIOCSIFNETMASK, "255.255.0.0");
	add_address6(control6, "fd77::1");
	add_address6(control6, "fe80::77:1");
	close(control4);
	close(control6);
	return tun;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "act/place.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "util/privilege.h"

/* For a link-local address the interface is its scope, which binds the socket to it. */
static bool is_scope(const struct bind_case *c)
{
	return c->family == AF_INET6 && !address_is_mapped(c->family, &c->local.address) &&
	       address_scope(c->family, &c->local.address) == SCOPE_LINK;
}

int place_socket(const struct bind_case *c)
{
	int fd = socket(c->family, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP), off = 0, error = 0;
	char name[IF_NAMESIZE];

	if (fd < 0)
		return -errno;
	if (c->family == AF_INET6 && setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off)))
		error = -errno;
	if (!error && c->interface && !is_scope(c) &&
	    (!if_indextoname(c->interface, name) ||
	     setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, (socklen_t)strlen(name))))
		error = errno == ENXIO ? -ENODEV : -errno;
	if (!error)
		return fd;
	close(fd);
	return error;
}

int place_bind(int fd, const struct bind_case *c, uint16_t port)
{
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(port)};
	int result;

	if (c->family == AF_INET6) {
		memcpy(&in6.sin6_addr, c->local.address.bytes, sizeof(in6.sin6_addr));
		in6.sin6_scope_id = is_scope(c) ? c->interface : 0;
		result = bind(fd, (struct sockaddr *)&in6, sizeof(in6));
	} else {
		memcpy(&in.sin_addr, c->local.address.bytes, sizeof(in.sin_addr));
		result = bind(fd, (struct sockaddr *)&in, sizeof(in));
	}
	return result ? errno : 0;
}

static void look_at_address(struct bind_case *c)
{
	int fd = place_socket(c), on = 1;

	if (fd < 0) {
		c->place.socket_error = -fd;
		return;
	}
	/* Without the option, bind() to port 0 would take some port for a moment. */
	if (!setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof(on)))
		c->place.address_error = place_bind(fd, c, 0);
	close(fd);
}

/* Capabilities count in a network namespace that belongs to our user namespace, or to one in it. */
static bool rules_this_netns(void)
{
	int netns = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC), owner;

	if (netns < 0)
		return true;
	owner = ioctl(netns, NS_GET_USERNS);
	close(netns);
	if (owner < 0)
		return errno != EPERM;
	close(owner);
	return true;
}

/* /proc/net/if_inet6: address, index, prefix length, scope and flags in hexadecimal, name. */
static void look_at_detection(struct bind_case *c)
{
	enum { DUPLICATE = 0x08, TENTATIVE = 0x40 }; /* IFA_F_DADFAILED, IFA_F_TENTATIVE */
	FILE *f = fopen("/proc/thread-self/net/if_inet6", "re");
	char line[128], wanted[33];

	if (!f)
		return;
	for (int i = 0; i < 16; i++)
		snprintf(wanted + 2 * i, 3, "%02x", c->local.address.bytes[i]);
	while (fgets(line, sizeof(line), f)) {
		unsigned index, flags;

		if (strncmp(line, wanted, 32) ||
		    sscanf(line + 32, "%x %*x %*x %x", &index, &flags) != 2 ||
		    (c->interface && c->interface != index))
			continue;
		c->place.duplicate |= (flags & DUPLICATE) != 0;
		c->place.tentative |= (flags & TENTATIVE) != 0;
	}
	fclose(f);
}

void place_look(struct bind_case *c)
{
	c->place = (struct bind_place){.known = true};
	look_at_address(c);
	c->place.low_ports = privilege_held(CAP_NET_BIND_SERVICE) && rules_this_netns();
	if (c->family == AF_INET6 && c->place.address_error == EADDRNOTAVAIL)
		look_at_detection(c);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef MODEL_SNAPSHOT_H
#define MODEL_SNAPSHOT_H

#include <time.h>

#include "model/owner.h"
#include "model/socket.h"

enum sysctl_name {
#define SYSCTL(name, ...) SYSCTL_##name,
#include "model/sysctl.def"
#undef SYSCTL
	SYSCTL_COUNT,
};

/* What a setting is about. A namespace of its own has no file for what is the host's. */
enum sysctl_scope { SYSCTL_NETNS, SYSCTL_HOST };

/* Name, file (below /proc/sys/net) and shape of a setting. */
struct sysctl {
	const char *name, *file;
	uint8_t numbers; /* it consists of: 1 to SYSCTL_NUMBERS */
	bool host;       /* one for the whole host */
};

enum { SYSCTL_NUMBERS = 3 };

extern const struct sysctl sysctls[SYSCTL_COUNT];

/* Values as read: a range ends at `upper`; a triple is least, middle and most. */
struct sysctl_value {
	bool known;
	int64_t value, upper, third;
};

/* Ports from `first` to `last`. */
struct port_range {
	uint16_t first, last;
};

/*
 * A kernel counter by group and name: "Tcp.CurrEstab" (net/snmp, net/netstat), "Ip6.InTooBigErrors"
 * (net/snmp6), "sockstat.TCP.inuse".
 */
struct counter {
	char *name;
	uint64_t value;
};

struct netns {
	uint64_t id; /* inode of the namespace; 0 is unknown */
	char *name;  /* NULL has none */
	struct sysctl_value sysctls[SYSCTL_COUNT];
	struct counter *counters;
	size_t counter_count, counter_cap;
	struct port_range *reserved; /* net.ipv4.ip_local_reserved_ports, ascending */
	size_t reserved_count;
	bool have_reserved;
};

enum missing_class { MISSING_CLASS_SOCKETS, MISSING_CLASS_HIDDEN, MISSING_CLASS_OLD };

enum missing_name {
#define MISSING(name, ...) MISSING_##name,
#include "model/missing.def"
#undef MISSING
	MISSING_COUNT,
};

struct missing_kind {
	const char *token, *text;
	enum missing_class class;
};

extern const struct missing_kind missing_kinds[MISSING_COUNT];

/* Something the snapshot lacks. */
struct missing {
	bool set;
	uint64_t sockets;   /* rows it touched */
	uint64_t processes; /* that could not be read */
	int error;          /* negative errno, 0 has none */
};

/* A network interface some socket is bound to. */
struct interface {
	uint32_t index;
	char name[16];
};

/* The systemd socket unit for which pid 1 opened a listener. */
struct socket_unit {
	uint32_t inode;
	char *unit;
};

/* Sockets kept, each in its own run of bytes; pointers stay good until the list is freed. */
struct socket_list {
	struct socket **sockets;
	size_t count, cap;
	struct arena_block *blocks;
};

/* Copies a socket into the list; returns the copy, or NULL without memory. */
struct socket *socket_list_add(struct socket_list *l, const struct socket *sk);
void socket_list_free(struct socket_list *l);

/*
 * What people call addresses and ports: asked while rows are shown, only for those. Each returns a
 * text from outside that stays good until it is freed; NULL where there is none, or the answer would
 * take too long.
 */
struct resolver {
	const char *(*host)(struct resolver *r, int family, const struct address *a);
	const char *(*service)(struct resolver *r, uint16_t port);
};

/*
 * All that is known of a host's TCP at a time, but for the sockets that go to a sink. Collect fills
 * it before it hands on the first socket, except that `listeners` grows by each listener it meets
 * (they come first) and `missing` is final only at the end.
 */
struct snapshot {
	char *host;
	struct timespec time;      /* wall clock; 0 is unknown */
	struct timespec monotonic; /* CLOCK_BOOTTIME, for intervals; 0 is unknown */
	char *filter;              /* the snapshot was narrowed by this; NULL: it is whole */
	struct netns *namespaces;
	size_t namespace_count;
	struct interface *interfaces;
	size_t interface_count;
	struct socket_unit *socket_units;
	size_t socket_unit_count;
	struct owner_table owners;
	struct socket_list listeners;
	struct socket_list kept;  /* by a sink that needs all of them */
	uint32_t asked;           /* WANT_* that were asked for */
	bool other_pid_namespace; /* not in the initial one: some owners are out of sight */
	struct missing missing[MISSING_COUNT];
	struct resolver
		*resolver; /* the caller's; NULL: addresses and ports are shown as numbers */
};

void snapshot_free(struct snapshot *s);

/* Whether sockets may be missing: a dump cut short, a namespace refused. */
bool snapshot_lacks_sockets(const struct snapshot *s);

/* Milliseconds from one snapshot of a host to a later one. */
uint64_t snapshot_interval(const struct snapshot *earlier, const struct snapshot *later);

/* The name of an interface some socket is bound to; NULL where it is unknown. */
const char *snapshot_interface(const struct snapshot *s, uint32_t index);
int snapshot_add_interface(struct snapshot *s, uint32_t index, const char *name);

/* The socket unit of a listener, by its inode; NULL where there is none. */
const char *snapshot_socket_unit(const struct snapshot *s, uint32_t inode);
int snapshot_add_socket_unit(struct snapshot *s, uint32_t inode, const char *unit);

/* The namespace's counter by name; false where it is unknown. */
bool netns_counter(const struct netns *ns, const char *name, uint64_t *value);
int netns_add_counter(struct netns *ns, const char *name, uint64_t value);

/* Frees its memory and empties it. */
void netns_clear(struct netns *ns);

/*
 * The setting in a socket's namespace, or NULL where it is unknown. What is the host's is taken from
 * whichever namespace has it.
 */
const struct sysctl_value *snapshot_sysctl(const struct snapshot *s, uint32_t netns,
					   enum sysctl_name name);

/*
 * The listener that takes connections to `sk`'s local end, an exact address before a wildcard; NULL
 * where none does. With `waiting` the one in whose accept queue `sk` waits: of a SO_REUSEPORT group
 * the one that has a queue, NULL where that settles nothing.
 */
const struct socket *snapshot_listener(const struct snapshot *s, const struct socket *sk,
				       bool waiting);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
// load: holds many real TCP sockets in a network namespace of its own, until SIGTERM.
//
// Worker w serves 127.(w+1).0.1:8080 and [fd00::w+1:1]:8443 and connects to itself from many
// addresses of 127.(w+1)/16 and fd00::w+1:*, so that no address runs out of ports. Workers die
// with the first process however it ends. When every socket is there, one line "ready pid=..."
// is printed (and the pid written to -f FILE); enter by /proc/PID/ns/net.

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef IP_BIND_ADDRESS_NO_PORT
#define IP_BIND_ADDRESS_NO_PORT 24
#endif
#ifndef IPV6_FREEBIND
#define IPV6_FREEBIND 78
#endif

#define MAX_ENDPOINTS     1000000
#define MAX_WORKERS       250
#define SPARE_FDS         32    // a worker's descriptors beside its load
#define PORTS_PER_ADDRESS 20000 // connections from one IPv6 address
#define EXTRA_PORT        10000 // first port of -l
#define EXIT_SKIP         77    // no privilege: not a failure of the load
#define SECOND_NS         1000000000L

struct options {
	long endpoints;
	long timewait;
	long listeners;
	long churn;
	int workers;
	int percent6;
	const char *pidfile;
	bool with_parent;
};

// One worker's share, and what it reports when it is ready.
struct share {
	int worker;
	long connections;
	long connections6; // of them
	long timewait;
	long listeners;
};

struct report {
	long sockets; // all but TIME_WAIT
	long listeners;
	long timewait;
};

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

static _Noreturn void fail(const char *what)
{
	fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
	_exit(1);
}

// ---- addresses and sockets

static union address address4(int worker, uint32_t host, uint16_t port)
{
	uint32_t ip = 0x7f000000u + ((uint32_t)(worker + 1) << 16) + host;

	return (union address){
		.v4 = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(ip)}}};
}

static union address address6(int worker, uint16_t host, uint16_t port)
{
	union address a = {.v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)}};
	uint8_t *ip = a.v6.sin6_addr.s6_addr;

	ip[0] = 0xfd;
	ip[13] = (uint8_t)(worker + 1);
	ip[14] = (uint8_t)(host >> 8);
	ip[15] = (uint8_t)host;
	return a;
}

static union address server_address(int worker, bool v6)
{
	return v6 ? address6(worker, 1, 8443) : address4(worker, 1, 8080);
}

// Spreads a worker's k-th client over enough addresses that ports never run short.
static union address client_address(int worker, bool v6, long k)
{
	uint32_t group = (uint32_t)(k / PORTS_PER_ADDRESS) % 250;

	if (v6)
		return address6(worker, (uint16_t)(2 + group), 0);
	return address4(worker, (group << 8) + 2 + (uint32_t)(k % 199), 0);
}

static socklen_t length_of(const union address *a)
{
	return a->any.sa_family == AF_INET ? sizeof(a->v4) : sizeof(a->v6);
}

static int bound_socket(const union address *a)
{
	const int one = 1;
	int fd = socket(a->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		fail("socket");
	if (a->any.sa_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_FREEBIND, &one, sizeof(one));
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof(one));
	if (bind(fd, &a->any, length_of(a)))
		fail("bind");
	return fd;
}

static int listener(const union address *a)
{
	const struct timeval patience = {.tv_sec = 5};
	int fd = bound_socket(a);

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (listen(fd, 4096))
		fail("listen");
	return fd;
}

struct pair {
	int client;
	int server;
};

static struct pair connection(int listening, int worker, bool v6, long k)
{
	union address from = client_address(worker, v6, k);
	union address to = server_address(worker, v6);
	struct pair p = {.client = bound_socket(&from)};

	if (connect(p.client, &to.any, length_of(&to)))
		fail("connect");
	p.server = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
	if (p.server < 0)
		fail("accept");
	return p;
}

// The client's end then resets: neither the end of a load nor churn leaves TIME_WAIT behind.
static void reset_on_close(int fd)
{
	const struct linger hard = {.l_onoff = 1};

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
}

// ---- workers

struct servers {
	int v4;
	int v6;
};

static struct servers start_servers(int worker, bool v6)
{
	union address a4 = server_address(worker, false);
	union address a6 = server_address(worker, true);

	return (struct servers){.v4 = listener(&a4), .v6 = v6 ? listener(&a6) : -1};
}

static struct report hold(const struct share *s)
{
	struct servers servers = start_servers(s->worker, s->connections6 > 0);
	struct report r = {.listeners = 1 + (s->connections6 > 0) + s->listeners};

	for (long i = 0; i < s->listeners; i++) {
		union address a = address4(s->worker, 1, (uint16_t)(EXTRA_PORT + i));

		listener(&a);
	}
	for (long i = 0; i < s->connections; i++) {
		bool v6 = i < s->connections6;
		struct pair p = connection(v6 ? servers.v6 : servers.v4, s->worker, v6, i);

		reset_on_close(p.client);
	}
	for (long i = 0; i < s->timewait; i++) {
		struct pair p = connection(servers.v4, s->worker, false, i);

		close(p.client);
		close(p.server);
	}
	r.sockets = r.listeners + 2 * s->connections;
	r.timewait = s->timewait;
	return r;
}

static void sleep_until(struct timespec *next, long step_ns)
{
	next->tv_nsec += step_ns;
	if (next->tv_nsec >= SECOND_NS) {
		next->tv_sec++;
		next->tv_nsec -= SECOND_NS;
	}
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, next, NULL) == EINTR)
		;
}

// Opens `rate` connections a second, in a hundred steps, each open for up to a second.
static _Noreturn void churn(const struct share *s, long rate, long most)
{
	struct servers servers = start_servers(s->worker, false);
	long held = rate < most ? rate : most;
	struct pair *ring = calloc((size_t)held, sizeof(*ring));
	struct timespec next;
	long done = 0;

	if (!ring)
		fail("calloc");
	clock_gettime(CLOCK_MONOTONIC, &next);
	for (long step = 1;; step++) {
		for (long due = step * rate / 100; done < due; done++) {
			struct pair *p = &ring[done % held];

			if (done >= held) {
				close(p->client);
				close(p->server);
			}
			*p = connection(servers.v4, s->worker, false, done);
			reset_on_close(p->client);
		}
		sleep_until(&next, SECOND_NS / 100);
	}
}

static void set_name(int worker)
{
	char name[16];

	snprintf(name, sizeof(name), "load-%d", worker);
	prctl(PR_SET_NAME, name);
}

static pid_t start(const struct share *s, long rate, long most, int reports)
{
	pid_t parent = getpid();
	pid_t child = fork();
	struct report r;

	if (child < 0)
		fail("fork");
	if (child)
		return child;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	set_name(s->worker);
	if (rate)
		churn(s, rate, most);
	r = hold(s);
	if (write(reports, &r, sizeof(r)) != sizeof(r))
		fail("report");
	close(reports);
	for (;;)
		pause();
}

// ---- the namespace

static void set_sysctl(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		fprintf(stderr, "load: %s: %s\n", path, strerror(errno));
	if (fd >= 0)
		close(fd);
}

static void raise_loopback(void)
{
	struct ifreq lo = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &lo))
		fail("loopback");
	close(fd);
}

// ip -6 route add local fd00::/64 dev lo
static void add_route6(void)
{
	struct {
		struct nlmsghdr header;
		struct rtmsg route;
		struct rtattr to;
		struct in6_addr prefix;
		struct rtattr through;
		unsigned device;
	} q = {
		.header = {.nlmsg_len = sizeof(q),
			   .nlmsg_type = RTM_NEWROUTE,
			   .nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE | NLM_F_ACK},
		.route = {.rtm_family = AF_INET6,
			  .rtm_dst_len = 64,
			  .rtm_table = RT_TABLE_LOCAL,
			  .rtm_protocol = RTPROT_STATIC,
			  .rtm_scope = RT_SCOPE_UNIVERSE,
			  .rtm_type = RTN_LOCAL},
		.to = {.rta_len = RTA_LENGTH(sizeof(q.prefix)), .rta_type = RTA_DST},
		.prefix = {.s6_addr = {0xfd}},
		.through = {.rta_len = RTA_LENGTH(sizeof(q.device)), .rta_type = RTA_OIF},
		.device = if_nametoindex("lo"),
	};
	struct {
		struct nlmsghdr header;
		struct nlmsgerr error;
		char rest[256];
	} answer = {0};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	if (fd < 0 || send(fd, &q, sizeof(q), 0) < 0 || recv(fd, &answer, sizeof(answer), 0) < 0)
		fail("rtnetlink");
	close(fd);
	errno = -answer.error.error;
	if (answer.header.nlmsg_type != NLMSG_ERROR || errno)
		fail("IPv6 route");
}

// The number in a sysctl; -1 where it cannot be read.
static long get_sysctl(int fd)
{
	char text[32] = "";

	return pread(fd, text, sizeof(text) - 1, 0) > 0 ? strtol(text, NULL, 10) : -1;
}

static void put_sysctl(int fd, long value)
{
	char text[32];
	int n = snprintf(text, sizeof(text), "%ld", value);

	if (pwrite(fd, text, (size_t)n, 0) != n)
		fprintf(stderr, "load: a hash table of its own: %s\n", strerror(errno));
}

// A network namespace with a hash table of its own, as large as the one that all others share
// (Linux 6.2): each walk passes also what other namespaces have left in that. -1 and errno.
static int unshare_network(void)
{
	int entries = open("/proc/sys/net/ipv4/tcp_ehash_entries", O_RDONLY | O_CLOEXEC);
	int child = open("/proc/sys/net/ipv4/tcp_child_ehash_entries", O_RDWR | O_CLOEXEC);
	long before = get_sysctl(child);
	int result, error;

	if (before == 0)
		put_sysctl(child, labs(get_sysctl(entries)));
	result = unshare(CLONE_NEWNET);
	error = errno;
	if (before == 0)
		put_sysctl(child, 0);
	close(entries);
	close(child);
	errno = error;
	return result;
}

static void make_namespace(bool v6)
{
	if (unshare_network()) {
		fprintf(stderr, "load: a network namespace: %s\n", strerror(errno));
		exit(errno == EPERM ? EXIT_SKIP : 1);
	}
	raise_loopback();
	set_sysctl("/proc/sys/net/ipv4/ip_local_port_range", "1024 65535");
	set_sysctl("/proc/sys/net/ipv4/tcp_max_tw_buckets", "4000000");
	set_sysctl("/proc/sys/net/ipv4/tcp_tw_reuse", "0");
	if (v6)
		add_route6();
}

// ---- sharing the work out

static long descriptors(void)
{
	struct rlimit limit = {1048576, 1048576};

	if (setrlimit(RLIMIT_NOFILE, &limit)) {
		getrlimit(RLIMIT_NOFILE, &limit);
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	return (long)limit.rlim_cur - SPARE_FDS;
}

// `total` split evenly: what falls to worker w.
static long part(long total, int workers, int w)
{
	return total / workers + (w < total % workers);
}

static struct share share_of(const struct options *o, int w)
{
	struct share s = {
		.worker = w,
		.connections = part(o->endpoints / 2, o->workers, w),
		.timewait = part(o->timewait, o->workers, w),
		.listeners = part(o->listeners, o->workers, w),
	};

	s.connections6 = s.connections * o->percent6 / 100;
	return s;
}

static void fit_workers(struct options *o, long fds)
{
	long need = fds > 0 ? (o->endpoints + o->listeners) / fds + 1 : MAX_WORKERS + 1;

	if (need > MAX_WORKERS) {
		fprintf(stderr, "load: RLIMIT_NOFILE is too low for %ld endpoints\n", o->endpoints);
		exit(EXIT_SKIP);
	}
	if (o->workers < need)
		o->workers = (int)need;
}

static struct report gather(int reports, int workers)
{
	struct report sum = {0};

	for (int i = 0; i < workers; i++) {
		struct report r;
		ssize_t n = read(reports, &r, sizeof(r));

		if (n != sizeof(r)) {
			fputs("load: a worker failed\n", stderr);
			exit(1);
		}
		sum.sockets += r.sockets;
		sum.listeners += r.listeners;
		sum.timewait += r.timewait;
	}
	return sum;
}

static void announce(const struct options *o, const struct report *r)
{
	printf("ready pid=%d sockets=%ld listeners=%ld timewait=%ld workers=%d\n", getpid(),
	       r->sockets, r->listeners, r->timewait, o->workers);
	fflush(stdout);
	if (o->pidfile) {
		FILE *f = fopen(o->pidfile, "we");

		if (!f || fprintf(f, "%d\n", getpid()) < 0 || fclose(f))
			fail(o->pidfile);
	}
}

// Waits to be told to end, or for a worker's death: 0 or 1.
static int wait_for_end(const sigset_t *signals)
{
	for (;;) {
		int signal = sigwaitinfo(signals, NULL);

		if (signal == SIGTERM || signal == SIGINT)
			return 0;
		if (signal == SIGCHLD) {
			fputs("load: a worker died\n", stderr);
			return 1;
		}
	}
}

static int run(const struct options *o, long fds)
{
	pid_t children[MAX_WORKERS + 1];
	struct report r;
	sigset_t signals;
	int count = 0;
	int reports[2];
	int status;

	if (pipe2(reports, O_CLOEXEC))
		fail("pipe");
	// A death is kept for later from here on; the signals that end simply end during the start.
	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	for (; count < o->workers; count++) {
		struct share s = share_of(o, count);

		children[count] = start(&s, 0, 0, reports[1]);
	}
	close(reports[1]);
	r = gather(reports[0], o->workers);
	close(reports[0]);
	if (o->churn) {
		struct share s = {.worker = count};

		children[count++] = start(&s, o->churn, fds / 2, -1);
	}
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	announce(o, &r);
	status = wait_for_end(&signals);
	for (int i = 0; i < count; i++)
		kill(children[i], SIGKILL);
	while (wait(NULL) > 0)
		;
	if (o->pidfile)
		unlink(o->pidfile);
	return status;
}

// ---- options

static void usage(void)
{
	fputs("usage: load [-n ENDPOINTS] [-p PROCESSES] [-6 PERCENT] [-t TIME_WAIT]\n"
	      "            [-l LISTENERS] [-f PIDFILE] [--churn RATE] [--with-parent]\n"
	      "  -n  ends of established connections (10000), two a connection, at most 1000000\n"
	      "  -p  processes (8; more where RLIMIT_NOFILE asks for it)   -6  of them IPv6 (0)\n"
	      "  -l  listeners beside each process's own, ports from 10000 up\n"
	      "  --churn        open and close so many connections a second\n"
	      "  --with-parent  end when the calling process ends\n",
	      stderr);
	exit(2);
}

static long number(const char *text, long least, long most)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end || value < least || value > most) {
		fprintf(stderr, "load: %s: not a number from %ld to %ld\n", text, least, most);
		exit(2);
	}
	return value;
}

static void parse(int argc, char **argv, struct options *o)
{
	static const struct option longs[] = {
		{"churn", required_argument, NULL, 'c'},
		{"with-parent", no_argument, NULL, 'w'},
		{0},
	};
	int option;

	while ((option = getopt_long(argc, argv, "n:p:6:t:l:f:", longs, NULL)) != -1) {
		switch (option) {
		case 'n': o->endpoints = number(optarg, 0, MAX_ENDPOINTS); break;
		case 'p': o->workers = (int)number(optarg, 1, MAX_WORKERS); break;
		case '6': o->percent6 = (int)number(optarg, 0, 100); break;
		case 't': o->timewait = number(optarg, 0, MAX_ENDPOINTS); break;
		case 'l': o->listeners = number(optarg, 0, 50000); break;
		case 'f': o->pidfile = optarg; break;
		case 'c': o->churn = number(optarg, 0, 100000); break;
		case 'w': o->with_parent = true; break;
		default: usage();
		}
	}
	if (optind != argc)
		usage();
}

int main(int argc, char **argv)
{
	struct options o = {.endpoints = 10000, .workers = 8};
	pid_t parent = getppid();
	long fds;

	parse(argc, argv, &o);
	if (o.with_parent) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		if (getppid() != parent)
			return 1;
	}
	fds = descriptors();
	fit_workers(&o, fds);
	make_namespace(o.percent6 > 0);
	return run(&o, fds);
}

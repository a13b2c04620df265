// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "collect/read.h"
#include "render/csv.h"
#include "render/json.h"

#include "explained.h"

enum { SOCKETS_MAX = 600 };

/* A snapshot and its sockets, made up. */
struct world {
	struct snapshot snapshot;
	struct socket sockets[SOCKETS_MAX];
	size_t count;
};

static char *finish(struct view *view, struct out *o)
{
	char *text;

	assert_int_equal(view->end(view), 0);
	assert_int_equal(o->error, 0);
	text = strdup(out_text(o));
	view->free(view);
	out_free(o);
	return text;
}

static char *write_world(struct world *w, struct view *view, const struct view_options *options)
{
	struct out o = OUT_MEMORY;
	struct explained e;

	explained_begin(&e, view, &o, &w->snapshot, options);
	for (size_t i = 0; i < w->count; i++) {
		struct row row = {.snapshot = &w->snapshot, .socket = &w->sockets[i]};

		assert_int_equal(e.sink.take(&e.sink, &row), 0);
	}
	return finish(view, &o);
}

/* What a text reads and writes as; NULL with the complaint where it cannot be read. */
static char *rewrite(const char *text, size_t n, char complaint[160])
{
	struct source *source = snapshot_source_text(text, n);
	struct out o = OUT_MEMORY;
	struct snapshot s = {0};
	struct view *view = json_view();
	struct explained e;
	char *again;
	int error;

	explained_begin(&e, view, &o, &s, &plain);
	error = source->refresh(source, &everything, &s, &e.sink);
	again = finish(view, &o);
	if (error) {
		assert_int_equal(error, -EBADMSG);
		assert_true(source->complaint[0]);
		free(again);
		again = NULL;
	}
	if (complaint)
		memcpy(complaint, source->complaint, sizeof(source->complaint));
	source->close(source);
	snapshot_free(&s);
	return again;
}

static void assert_lossless(const char *text)
{
	char complaint[160];
	char *again = rewrite(text, strlen(text), complaint);

	if (!again)
		fail_msg("%s", complaint);
	assert_string_equal(again, text);
	free(again);
}

static char *copy(const char *text)
{
	return text ? strdup(text) : NULL;
}

static uint32_t add_process(struct world *w, int32_t pid, const char *comm, const char *exe,
			    const char *cgroup)
{
	struct process p = {
		.pid = pid,
		.ppid = pid > 1,
		.uid = (uint32_t)pid * 10,
		.have_uid = pid % 2,
		.exe_deleted = pid % 3 == 0,
		.user = copy(pid % 2 ? "www-data" : NULL),
		.exe = copy(exe),
		.unit = copy(cgroup ? "a.service" : NULL),
		.container = copy(pid % 5 ? NULL : "0123456789ab"),
		.cgroup = copy(cgroup),
		.forwards = copy(pid % 7 ? NULL : "172.17.0.2"),
		.exe_replaced = pid % 6 == 0,
		.have_vitals = pid % 4 != 0,
		.state = pid % 4 ? "RSDTtZI"[pid % 7] : '\0',
		.threads = pid % 4 ? (uint32_t)pid : 0,
		.have_descriptors = pid % 3 != 0,
		.descriptors = pid % 3 == 1 ? UINT32_MAX : 0,
		.have_descriptor_limit = pid % 5 != 0,
		.descriptor_limit = pid % 5 == 0   ? 0
				    : pid % 5 == 1 ? UINT64_MAX
				    : pid % 5 == 2 ? UINT64_MAX - 1
						   : (uint64_t)pid % 5 - 3,
	};
	int64_t index;

	strncpy(p.comm, comm, sizeof(p.comm) - 1);
	strncpy(p.wait_channel, pid % 2 ? comm : "do_epoll_wait", sizeof(p.wait_channel) - 1);
	index = owner_table_process(&w->snapshot.owners, &p);
	assert_true(index >= 0);
	return (uint32_t)index;
}

static void add_owner(struct world *w, uint32_t inode, uint32_t process, uint32_t fd,
		      enum owner_via via)
{
	assert_int_equal(owner_table_add(&w->snapshot.owners, inode, process, fd, via), 0);
}

static struct socket *add_socket(struct world *w, int family, uint8_t state)
{
	struct socket *sk = &w->sockets[w->count++];

	assert_true(w->count <= SOCKETS_MAX);
	*sk = (struct socket){
		.family = (uint8_t)family,
		.kernel_state = state,
		.local.port = 443,
		.owners = OWNER_NONE,
		.absence = OWNER_NOT_ASKED,
	};
	return sk;
}

static const char *const hostile[] = {
	"nginx",
	"a b;c[1],\"d\"",
	"\\back\\slash\"quote'",
	"\x01\x1b[31m\r\n\t\x7f",
	"\xff\xfe\x80",
	"half \xe2\x82",
	"\xc0\xaf overlong",
	"\xed\xa0\x80 surrogate",
	"\xe2\x80\xae rtl \xf3\xa0\x81\xa1 tag \xef\xbf\xbf",
	"\xf0\x9f\x98\x80 \xc3\xa9",
	"{\"LISTEN\": [",
	"",
};

enum { HOSTILE = sizeof(hostile) / sizeof(hostile[0]) };

static struct world *new_world(void)
{
	struct world *w = calloc(1, sizeof(*w));
	struct netns *ns;

	assert_non_null(w);
	w->snapshot.host = strdup("h\xff\"st");
	w->snapshot.time = (struct timespec){1769860800, 123000000};
	w->snapshot.monotonic = (struct timespec){8639999, 999999000};
	w->snapshot.filter = strdup("sport = :443");
	w->snapshot.namespaces = calloc(3, sizeof(*w->snapshot.namespaces));
	w->snapshot.namespace_count = 3;
	ns = &w->snapshot.namespaces[0];
	ns->id = 4026531840;
	ns->sysctls[SYSCTL_tcp_fin_timeout] = (struct sysctl_value){true, .value = 60};
	ns->sysctls[SYSCTL_ip_local_port_range] = (struct sysctl_value){true, 32768, 60999, 0};
	ns->sysctls[SYSCTL_tcp_mem] = (struct sysctl_value){true, 0, INT64_MIN, INT64_MAX};
	assert_int_equal(netns_add_counter(ns, "Tcp.CurrEstab", UINT64_MAX), 0);
	assert_int_equal(netns_add_counter(ns, "sockstat.TCP.inuse", 0), 0);
	ns->reserved = calloc(2, sizeof(*ns->reserved));
	assert_non_null(ns->reserved);
	ns->reserved[0] = (struct port_range){0, 0};
	ns->reserved[1] = (struct port_range){9148, 65535};
	ns->reserved_count = 2;
	ns->have_reserved = ns[1].have_reserved = true;
	ns[1].id = UINT64_MAX;
	ns[1].name = strdup("blue\x80");
	return w;
}

static void free_world(struct world *w)
{
	snapshot_free(&w->snapshot);
	free(w);
}

/* Numbers of every length; a third of the seeds gives small ones with zeros between. */
static void fill_numbers(void *at, size_t n, unsigned seed)
{
	unsigned char *p = at;

	for (size_t i = 0; i < n; i++) {
		seed = seed * 1103515245 + 12345;
		p[i] = seed % 3 ? (unsigned char)(seed >> 16) : 0;
	}
}

static void fill_attributes(struct socket *sk, unsigned seed)
{
	fill_numbers(&sk->shutdown,
		     offsetof(struct socket, unknown_attributes) -
			     offsetof(struct socket, shutdown),
		     seed);
	fill_numbers(&sk->memory, sizeof(sk->memory), seed + 1);
	fill_numbers(&sk->info, sizeof(sk->info), seed + 2);
	fill_numbers(&sk->cong_info, sizeof(sk->cong_info), seed + 3);
	sk->cong_info.kind = CONG_INFO_BBR + seed % 3;
	if (seed % 4 == 0)
		sk->info.max_pacing_rate = sk->info.pacing_rate = UINT64_MAX;
	if (seed % 4 == 1)
		sk->info.bytes_sent = sk->info.bytes_acked = UINT64_MAX;
	sk->unknown_attributes = seed % 5 ? 0 : 0x8000000000400001;
	strncpy(sk->cong, hostile[seed % HOSTILE], sizeof(sk->cong) - 1);
	strncpy(sk->ulp, hostile[(seed + 1) % HOSTILE], sizeof(sk->ulp) - 1);
	sk->have = seed * 2654435761u >> 3 | (seed % 2 ? 0 : UINT32_MAX);
	sk->info_len = (uint16_t)(seed * 7 % (sizeof(sk->info) + 1));
	if (seed % 3)
		sk->info_len = sizeof(sk->info);
}

static void add_strange_socket(struct world *w, unsigned seed, uint8_t state)
{
	struct socket *sk = add_socket(w, seed % 2 ? AF_INET6 : AF_INET, state);
	size_t len = sk->family == AF_INET6 ? 16 : 4;

	fill_attributes(sk, seed);
	fill_numbers(&sk->local.address, len, seed + 4);
	fill_numbers(&sk->peer.address, len, seed + 5);
	if (sk->family == AF_INET6 && seed % 4 == 3)
		memcpy(&sk->peer.address, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);
	sk->peer.port = seed % 3 ? (uint16_t)(seed * 257) : 0;
	sk->timer = (uint8_t)(seed % 7);
	sk->retrans = (uint8_t)seed;
	sk->expires = seed * 65537;
	sk->recv_queue = seed % 4;
	sk->send_queue = seed * 1000003;
	sk->cookie = seed % 2 ? seed : UINT64_MAX - seed;
	sk->interface = seed % 5;
	sk->netns = seed % 3;
	sk->inode = seed % 4 ? 5000 + seed : 0;
	sk->uid = seed % 2 ? UINT32_MAX : 0;
	sk->absence = (uint8_t)(seed % OWNER_ABSENCE_COUNT);
	if (sk->absence == OWNER_KNOWN)
		sk->absence = OWNER_RACED;
	/* What no source leaves behind without its flag. */
	if (!(sk->have & HAVE_TIMER) || !sk->timer)
		sk->timer = sk->retrans = sk->expires = 0;
	if (!(sk->have & HAVE_QUEUES))
		sk->recv_queue = 0;
	if (!(sk->have & (state == STATE_LISTEN ? HAVE_BACKLOG : HAVE_QUEUES)))
		sk->send_queue = 0;
}

/* Every attribute, all states and some that are none, with and without each part. */
static struct world *strange_world(void)
{
	struct world *w = new_world();
	uint32_t processes[HOSTILE];
	struct snapshot *s = &w->snapshot;

	assert_int_equal(snapshot_add_interface(s, 1, "eth0"), 0);
	assert_int_equal(snapshot_add_interface(s, 2, "e\xff\"th"), 0);
	assert_int_equal(snapshot_add_interface(s, 3, "lo"), 0);
	for (unsigned seed = 1; seed < SOCKETS_MAX - 60; seed++)
		add_strange_socket(w, seed, seed % 40 < 16 ? seed % 40 : 1 + seed % 11);
	for (unsigned i = 0; i < 20; i++)
		add_strange_socket(w, 700 + i, (uint8_t)(200 + i));
	for (unsigned i = 0; i < HOSTILE; i++)
		processes[i] = add_process(w, (int32_t)(800 + i), hostile[i],
					   i % 2 ? hostile[(i + 3) % HOSTILE] : NULL,
					   i % 3 ? hostile[(i + 5) % HOSTILE] : NULL);
	for (size_t i = 0; i < w->count; i += 3) {
		const struct socket *sk = &w->sockets[i];

		for (unsigned n = 0; sk->inode && n <= i % 4; n++)
			add_owner(w, sk->inode, processes[(i + n * n) % HOSTILE],
				  (uint32_t)i + n * 0x3fff, (enum owner_via)((i + n) % 3));
	}
	for (size_t i = 0; i < w->count; i += 2) {
		if (w->sockets[i].kernel_state == STATE_LISTEN && w->sockets[i].inode)
			assert_int_equal(snapshot_add_socket_unit(s, w->sockets[i].inode,
								  hostile[i % HOSTILE]),
					 0);
	}
	/* MPTCP subflows: two sockets, one inode. */
	w->sockets[3].inode = w->sockets[6].inode;
	assert_int_equal(owner_table_index(&s->owners), 0);
	for (size_t i = 0; i < w->count; i++) {
		struct socket *sk = &w->sockets[i];

		sk->owners = owner_table_find(&s->owners, sk->inode);
		if (sk->kernel_state == STATE_LISTEN)
			assert_non_null(socket_list_add(&s->listeners, sk));
	}
	for (int i = 0; i < MISSING_COUNT; i++)
		s->missing[i] = (struct missing){.set = true,
						 .sockets = i % 2 ? UINT64_MAX : 0,
						 .processes = (uint64_t)i,
						 .error = i % 3 ? -EPERM : -95 - i};
	return w;
}

static void test_strange_world_is_lossless(void **state)
{
	struct world *w = strange_world();
	char *text = write_world(w, json_view(), &plain);
	const char *dump = getenv("TCPSTATE_TEST_JSON");

	(void)state;
	if (dump) {
		FILE *f = fopen(dump, "w");

		assert_non_null(f);
		fputs(text, f);
		fclose(f);
	}
	assert_lossless(text);
	free(text);
	free_world(w);
}

/* One listener with two owners and one connection: small enough to cut it at every byte. */
static struct world *small_world(void)
{
	struct world *w = new_world();
	struct socket *sk = add_socket(w, AF_INET6, STATE_LISTEN);
	uint32_t p = add_process(w, 812, "ngi\"nx", "/usr/sbin/\xffnginx", NULL);

	w->snapshot.owners.processes[p].have_vitals = true;
	w->snapshot.owners.processes[p].state = 'R';
	w->snapshot.owners.processes[p].threads = 3;
	w->snapshot.owners.processes[p].have_descriptors = true;
	w->snapshot.owners.processes[p].descriptors = UINT32_MAX;
	w->snapshot.owners.processes[p].have_descriptor_limit = true;
	w->snapshot.owners.processes[p].descriptor_limit = UINT64_MAX;
	sk->inode = 77;
	sk->have = HAVE_QUEUES | HAVE_BACKLOG | HAVE_COOKIE | HAVE_V6ONLY;
	sk->send_queue = 128;
	add_owner(w, 77, p, 3, VIA_DESCRIPTOR);
	add_owner(w, 77, p, 4, VIA_THREAD);
	assert_int_equal(owner_table_index(&w->snapshot.owners), 0);
	sk->owners = owner_table_find(&w->snapshot.owners, 77);
	assert_non_null(socket_list_add(&w->snapshot.listeners, sk));
	sk = add_socket(w, AF_INET, STATE_ESTABLISHED);
	fill_attributes(sk, 6);
	sk->have = UINT32_MAX;
	sk->unknown_attributes = 1ULL << 63 | 1;
	sk->info_len = sizeof(sk->info);
	sk->info.last_data_sent = sk->info.last_data_recv = 1;
	sk->timer = TIMER_KEEPALIVE;
	sk->peer.port = 4711;
	sk->interface = 1;
	assert_int_equal(snapshot_add_interface(&w->snapshot, 1, "eth0"), 0);
	return w;
}

static void test_empty_is_lossless(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	char *text;

	(void)state;
	assert_non_null(w);
	text = write_world(w, json_view(), &plain);
	assert_string_equal(text,
			    "{\"tcpstate\":{\"version\":\"" PACKAGE_VERSION "\",\"schema\":1},\n"
			    "\"namespaces\":[],\n\"sockets\":[],\n"
			    "\"end\":{\"complete\":true,\"missing\":[],\"sockets\":0}}\n");
	assert_lossless(text);
	free(text);
	free_world(w);
}

static uint64_t count_rows(const char *text, const struct request *request, bool *truncated,
			   int *error)
{
	struct source *source = snapshot_source_text(text, strlen(text));
	struct snapshot s = {0};
	struct explained e;

	explained_begin(&e, NULL, NULL, &s, NULL);
	*error = source->refresh(source, request, &s, &e.sink);
	*truncated = s.missing[MISSING_TRUNCATED].set;
	source->close(source);
	snapshot_free(&s);
	return e.rows;
}

/* A copy that ends exactly at the end of its memory. */
static void test_every_cut(void **state)
{
	struct world *w = small_world();
	char *text = write_world(w, json_view(), &plain);
	size_t n = strlen(text), whole = 0;
	uint64_t last = 0;

	(void)state;
	for (size_t cut = 0; cut + 2 < n; cut++) {
		char *part = strndup(text, cut);
		bool truncated;
		int error;
		uint64_t rows = count_rows(part, &everything, &truncated, &error);

		if (error) {
			assert_int_equal(error, -EBADMSG);
			assert_int_equal(rows, 0);
			assert_int_equal(whole, 0);
		} else {
			assert_true(truncated);
			assert_true(rows >= last && rows <= 2);
			last = rows;
			whole++;
		}
		free(part);
	}
	assert_int_equal(last, 2);
	free(text);
	free_world(w);
}

/* `from` once replaced by `to`. */
static char *replaced(const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);
	char *result = NULL;

	if (!at)
		fail_msg("%s is not in the text", from);
	assert_true(asprintf(&result, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from)) >
		    0);
	return result;
}

static const struct {
	const char *from, *to, *complaint;
} faults[] = {
	{"\"port\":443", "\"port\":65536", "line 4: local.port: not a port number"},
	{"\"port\":443", "\"port\":-1", "line 4: local.port: not a port number"},
	{"\"port\":443", "\"port\":1.5", "line 4: local.port: not a port number"},
	{"\"port\":443", "\"prt\":443", "line 4: local.port: missing"},
	{"\"port\":4711", "\"port\":\"4711\"", "line 5: peer.port: not a port number"},
	{"\"address\":\"::\"", "\"address\":\"0.0.0.0\"",
	 "line 4: local.address: not an address of the family"},
	{"\"address\":\"::\"", "\"address\":7", "line 4: local.address: not a string"},
	{"\"state\":\"LISTEN\"", "\"state\":\"LISTENING\"", "line 4: state: not a state"},
	{"\"state\":\"LISTEN\"", "\"state\":\"UNKNOWN(10)\"", "line 4: state: not a state"},
	{"\"state\":\"LISTEN\"", "\"state\":\"UNKNOWN(300)\"", "line 4: state: not a state"},
	{"\"state\":\"LISTEN\"", "\"state\":null", "line 4: state: not a string"},
	{"\"family\":\"inet6\"", "\"family\":\"unix\"", "line 4: family: neither inet nor inet6"},
	{"\"netns\":4026531840", "\"netns\":1", "line 4: netns: not among the namespaces"},
	{"\"inode\":77", "\"inode\":4294967296",
	 "line 4: inode: not a whole number from 0 to 4294967295"},
	{"\"inode\":77,", "", "line 4: owners: of a socket without inode"},
	{"\"inode\":77", "\"inode\":77,\"inode\":78", "line 4: sockets: duplicate object key"},
	{"\"uid\":0", "\"u\":0", "line 4: uid: missing"},
	{"\"fd\":3", "\"fd\":1073741824",
	 "line 4: owners.fd: not a whole number from 0 to 1073741823"},
	{"\"fd\":3", "\"f\":3", "line 4: owners.fd: missing"},
	{"\"pid\":812", "\"pid\":-812",
	 "line 4: owners.pid: not a whole number from 0 to 2147483647"},
	{"\"via\":\"thread\"", "\"via\":\"magic\"",
	 "line 4: owners.via: neither thread nor io_uring"},
	{"\"owners\":[{", "\"owners\":[7,{", "line 4: owners: not a list of objects"},
	{"\"owners\":[", "\"owners\":7,\"o\":[", "line 4: owners: not a list"},
	{"\"exe_hex\":\"2f", "\"exe_hex\":\"2", NULL},
	{"\"exe_hex\":\"2f", "\"exe_hex\":\"00",
	 "line 4: owners.exe_hex: not bytes as hexadecimal digits"},
	{"\"exe_hex\":\"2f", "\"exe_hex\":\"2F",
	 "line 4: owners.exe_hex: not bytes as hexadecimal digits"},
	{"\"comm\":\"ngi",
	 "\"comm\":\"nginxnginxnginxnginxnginxnginxnginxnginxnginxnginxnginxnginxnginx",
	 "line 4: owners.comm: too long"},
	{"\"comm\":\"ngi", "\"comm\":\"\\u0000ngi", NULL},
	{"\"comm\":\"ngi", "\"comm\":\"\xff", NULL},
	{"\"kind\":\"keepalive\"", "\"kind\":\"alarm\"", "line 5: timer.kind: not a timer"},
	{"\"kind\":\"keepalive\"", "\"kind\":\"unknown(2)\"", "line 5: timer.kind: not a timer"},
	{"\"expires_ms\":", "\"expires\":", "line 5: timer.expires_ms: missing"},
	{"\"count\":", "\"count\":256,\"c\":",
	 "line 5: timer.count: not a whole number from 0 to 255"},
	{"\"size\":", "\"size\":8,\"s\":", "line 5: tcp_info.rto_us: beyond size"},
	{"\"size\":", "\"size\":\"8\",\"s\":",
	 "line 5: tcp_info.size: not a whole number from 0 to 65535"},
	{"\"rtt_us\":", "\"rtt\":", "line 5: tcp_info.rtt_us: missing"},
	{"\"ca_state\":", "\"ca_state\":256,\"x\":",
	 "line 5: tcp_info.ca_state: not a whole number from 0 to 255"},
	{"\"snd_wscale\":", "\"snd_wscale\":16,\"x\":",
	 "line 5: tcp_info.snd_wscale: not a whole number from 0 to 15"},
	{"\"bytes_acked\":", "\"bytes_acked\":\"18446744073709551616\",\"x\":",
	 "line 5: tcp_info.bytes_acked: not a whole number from 0 to 18446744073709551615"},
	{"\"bytes_acked\":", "\"bytes_acked\":99999999999999999999,\"x\":",
	 "line 5: sockets: too big integer"},
	{"\"rcvbuf\":", "\"rcv\":", "line 5: memory.rcvbuf: missing"},
	{"\"unknown_attributes\":[", "\"unknown_attributes\":[64,", NULL},
	{"\"recv_queue\":", "\"rq\":", "line 5: recv_queue: missing"},
	{"\"cookie\":\"", "\"cookie\":\"g", "line 4: cookie: not a hexadecimal number of 64 bits"},
	{"\"sockets\":[", "\"sockets\":[7,", "line 3: sockets: not an object"},
	{"\"sockets\":[", "\"sockets\":{\"a\":[", NULL},
	{"\"sockets\":[", "\"rows\":[", "line 1: sockets: missing: this is another view's output"},
	{"\"sockets\":[", "\"sockets\":[],\"sockets\":[", "line 3: sockets: twice"},
	{"\"schema\":1", "\"schema\":2",
	 "line 1: tcpstate.schema: another than 1, which is all this program reads"},
	{"\"schema\":1", "\"s\":1", "line 1: tcpstate.schema: missing"},
	{"\"tcpstate\":", "\"other\":", "line 1: no snapshot of tcpstate"},
	{"2026-01-31T", "2026-02-31T", "line 1: tcpstate.time: not a time as in RFC 3339"},
	{"2026-01-31T", "2026-1-31T", "line 1: tcpstate.time: not a time as in RFC 3339"},
	{"\"namespaces\":[", "\"namespaces\":[[],", "line 2: namespaces: not a list of objects"},
	{"[32768,60999]", "[32768]",
	 "line 2: namespaces.sysctls.ip_local_port_range: not a range of two numbers"},
	{"\"tcp_fin_timeout\":60", "\"tcp_fin_timeout\":true",
	 "line 2: namespaces.sysctls.tcp_fin_timeout: not a whole number of 64 bits"},
	{"[0,\"-9223372036854775808\",", "[\"-9223372036854775808\",",
	 "line 2: namespaces.sysctls.tcp_mem: not three numbers"},
	{"[9148,65535]", "[9148]", "line 2: namespaces.reserved_ports: not pairs of two ports"},
	{"[9148,65535]", "9148", "line 2: namespaces.reserved_ports: not pairs of two ports"},
	{"[9148,65535]", "[9148,65536]",
	 "line 2: namespaces.reserved_ports: not a whole number from 0 to 65535"},
	{"\"uptime_us\":", "\"uptime_us\":-",
	 "line 1: tcpstate.uptime_us: not a whole number from 0 to 9223372036854775807"},
	{"\"state\":\"R\"", "\"state\":\"RS\"", "line 4: owners.state: not a letter"},
	{"\"state\":\"R\"", "\"state\":\"\"", "line 4: owners.state: not a letter"},
	{"\"threads\":", "\"threads\":-",
	 "line 4: owners.threads: not a whole number from 0 to 4294967295"},
	{"\"descriptors\":", "\"descriptors\":9",
	 "line 4: owners.descriptors: not a whole number from 0 to 4294967295"},
	{"\"descriptors_unlimited\":true", "\"descriptors_unlimited\":1", NULL},
	{"\"complete\":true,\"missing\":[", "\"missing\":[{\"what\":\"sense\"}",
	 "line 7: end.missing.what: a word that is not known"},
	{"\"complete\":true,\"missing\":[",
	 "\"missing\":[{\"what\":\"owners\",\"error\":\"EWHAT\"}",
	 "line 7: end.missing.error: not the name of an error"},
	{"\"end\":", "\"end\":[],\"e\":", "line 7: end: not an object"},
	{"}}\n", "}}\n{}", "line 8: something follows the document"},
};

static void test_faults(void **state)
{
	struct world *w = small_world();
	char *text = write_world(w, json_view(), &plain);

	(void)state;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		char *wrong = replaced(text, faults[i].from, faults[i].to);
		char complaint[160] = "";
		char *again = rewrite(wrong, strlen(wrong), complaint);

		if (again)
			fail_msg("%s was taken", faults[i].to);
		if (faults[i].complaint)
			assert_string_equal(complaint, faults[i].complaint);
		for (const char *p = complaint; *p; p++)
			assert_in_range(*p, ' ', '~');
		free(wrong);
	}
	free(text);
	free_world(w);
}

/* Every value of a document replaced by one of each other type: never more than an error. */
static void test_wrong_types(void **state)
{
	static const char *const values[] = {
		"null", "true", "[]", "{}", "-1", "1e9", "\"\"", "[{}]", "99999999999999999999"};
	struct world *w = small_world();
	char *text = write_world(w, json_view(), &plain);

	(void)state;
	for (const char *at = strstr(text, "\":"); at; at = strstr(at + 2, "\":")) {
		size_t head = (size_t)(at + 2 - text);
		size_t rest = head + strcspn(text + head, ",}]");

		for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
			char *wrong;

			assert_true(asprintf(&wrong, "%.*s%s%s", (int)head, text, values[i],
					     text + rest) > 0);
			free(rewrite(wrong, strlen(wrong), NULL));
			free(wrong);
		}
	}
	free(text);
	free_world(w);
}

/* Every byte replaced, and none. */
static void test_noise(void **state)
{
	static const char bytes[] = {0, '"', '\\', '{', '}', '[', ']', ',', '9', (char)0xff};
	struct world *w = small_world();
	char *text = write_world(w, json_view(), &plain);
	size_t n = strlen(text);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		char was = text[i];

		text[i] = bytes[i % sizeof(bytes)];
		free(rewrite(text, n, NULL));
		text[i] = was;
	}
	assert_lossless(text);
	free(text);
	free_world(w);
}

static void test_deep_nesting(void **state)
{
	enum { DEPTH = 100000 };
	char *text = malloc(DEPTH * 2 + 100), *p = text;
	char complaint[160];

	(void)state;
	p += sprintf(p, "{\"tcpstate\":{\"schema\":1},\"sockets\":[{\"x\":");
	memset(p, '[', DEPTH);
	memset(p + DEPTH, ']', DEPTH);
	p += DEPTH * 2;
	p += sprintf(p, "}],\"end\":{}}");
	assert_null(rewrite(text, (size_t)(p - text), complaint));
	assert_string_equal(complaint, "line 1: sockets: maximum parsing depth reached");
	free(text);
}

/* Members in another order, other white space, escaped keys, keys nobody knows. */
static void test_other_spelling(void **state)
{
	static const char text[] =
		"\r\n{ \"later\" : {\"x\": [1, \"]\\\"\"]} ,\n"
		"  \"end\": {\"sockets\": 1, \"complete\": true},\n"
		"  \"s\\u006fckets\": [\n    {\n      \"peer\": {\"port\": 1, \"address\": \"::1\"},\n"
		"      \"local\": {\"address\": \"0:0::1\", \"port\": 2, \"mood\": \"good\"},\n"
		"      \"n\\u0065tns\": 7, \"family\": \"inet6\", \"st\\u0061te\": \"CLOSE_WAIT\"\n"
		"    }\n  ],\n"
		"  \"namespaces\": [ {\"id\": 7} ],\n"
		"  \"tcpstate\": {\"schema\": 1, \"time\": \"2026-01-31T14:00:00.5+02:00\"}\n}\n\n";
	char *again = rewrite(text, strlen(text), NULL);

	(void)state;
	assert_non_null(again);
	assert_non_null(strstr(again, "\"time\":\"2026-01-31T12:00:00.500Z\""));
	assert_non_null(strstr(again, "\"local\":{\"address\":\"::1\",\"port\":2},"
				      "\"peer\":{\"address\":\"::1\",\"port\":1},\"netns\":7"));
	assert_lossless(again);
	free(again);
}

static void test_sockets_taken_out(void **state)
{
	static const char text[] =
		"{\"tcpstate\":{\"schema\":1},\"sockets\":[],\"end\":{\"sockets\":3}}";
	char *again = rewrite(text, strlen(text), NULL);

	(void)state;
	assert_non_null(strstr(again, "\"complete\":false,\"missing\":[{\"what\":\"truncated\","
				      "\"class\":\"sockets\",\"sockets\":3}]"));
	free(again);
}

/* Of lists that differ for one inode each brings what the others had not. */
static void test_shared_inode(void **state)
{
	static const char text[] =
		"{\"tcpstate\":{\"schema\":1},\"sockets\":["
		"{\"state\":\"LISTEN\",\"family\":\"inet\",\"inode\":7,\"uid\":0,"
		"\"local\":{\"address\":\"0.0.0.0\",\"port\":1},"
		"\"owners\":[{\"pid\":1,\"fd\":0},{\"pid\":2,\"fd\":5},{\"pid\":1,\"fd\":0}]},"
		"{\"state\":\"LISTEN\",\"family\":\"inet\",\"inode\":7,\"uid\":0,"
		"\"local\":{\"address\":\"0.0.0.0\",\"port\":2},"
		"\"owners\":[{\"pid\":2,\"fd\":5},{\"pid\":3,\"fd\":5},{\"pid\":1,\"fd\":0}]}"
		"],\"end\":{\"sockets\":2}}";
	static const char merged[] =
		"\"owners\":[{\"pid\":1,\"fd\":0},{\"pid\":2,\"fd\":5},{\"pid\":1,\"fd\":0},"
		"{\"pid\":3,\"fd\":5}]";
	char *again = rewrite(text, strlen(text), NULL), *first;

	(void)state;
	assert_non_null(again);
	first = strstr(again, merged);
	assert_non_null(first);
	assert_non_null(strstr(first + 1, merged));
	assert_lossless(again);
	free(again);
}

/* More processes and inodes than the reader's tables begin with. */
static void test_many_owners(void **state)
{
	struct out o = OUT_MEMORY;
	char *again;

	(void)state;
	out_str(&o, "{\"tcpstate\":{\"schema\":1},\"sockets\":[");
	for (unsigned i = 1; i <= 3000; i++)
		out_printf(&o,
			   "%s{\"state\":\"CLOSING\",\"family\":\"inet\",\"inode\":%u,\"uid\":0,"
			   "\"local\":{\"address\":\"10.0.0.1\",\"port\":1},"
			   "\"owners\":[{\"pid\":%u,\"fd\":1},{\"pid\":7,\"fd\":%u}]}",
			   i > 1 ? "," : "", i, i, i);
	out_str(&o, "],\"end\":{\"sockets\":3000}}");
	again = rewrite(out_text(&o), o.len, NULL);
	assert_non_null(again);
	for (unsigned i = 1; i <= 3000; i += 271) {
		char owners[80];

		snprintf(owners, sizeof(owners),
			 "\"owners\":[{\"pid\":%u,\"fd\":1},{\"pid\":7,\"fd\":%u}]", i, i);
		assert_non_null(strstr(again, owners));
	}
	assert_lossless(again);
	free(again);
	out_free(&o);
}

static void test_requests(void **state)
{
	struct world *w = new_world();
	struct request request = everything;
	bool truncated;
	int error;
	char *text;

	(void)state;
	for (unsigned i = 0; i <= 14; i++)
		add_socket(w, i % 2 ? AF_INET6 : AF_INET, (uint8_t)i);
	text = write_world(w, json_view(), &plain);
	assert_int_equal(count_rows(text, &request, &truncated, &error), 15);
	assert_false(truncated);
	request.families = FAMILY_INET;
	assert_int_equal(count_rows(text, &request, &truncated, &error), 8);
	request.families = FAMILY_BOTH;
	request.states = STATE_BIT(LISTEN);
	assert_int_equal(count_rows(text, &request, &truncated, &error), 1);
	request.states = STATES_BOUND;
	assert_int_equal(count_rows(text, &request, &truncated, &error), 1);
	request.states = STATE_BIT(CLOSED);
	assert_int_equal(count_rows(text, &request, &truncated, &error), 1);
	request.states = STATE_BIT(SYN_RECEIVED);
	assert_int_equal(count_rows(text, &request, &truncated, &error), 1);
	request.states = STATES_REQUEST;
	assert_int_equal(count_rows(text, &request, &truncated, &error), 1);
	request.states = STATES_CONNECTED;
	assert_int_equal(count_rows(text, &request, &truncated, &error), 9);
	request.states = 0;
	assert_int_equal(count_rows(text, &request, &truncated, &error), 0);
	assert_int_equal(error, 0);
	free(text);
	free_world(w);
}

/* The sink's refusal ends the reading and is returned as it is. */
static int refuse(struct sink *sink, struct row *row)
{
	(void)sink;
	assert_int_equal(row->snapshot->listeners.count, 1);
	assert_ptr_equal(row->socket, row->snapshot->listeners.sockets[0]);
	return -ECANCELED;
}

static void test_sink_refuses(void **state)
{
	struct world *w = small_world();
	char *text = write_world(w, json_view(), &plain);
	struct source *source = snapshot_source_text(text, strlen(text));
	struct sink sink = {.take = refuse};
	struct snapshot s = {0};

	(void)state;
	assert_int_equal(source->refresh(source, &everything, &s, &sink), -ECANCELED);
	snapshot_free(&s);
	source->close(source);
	free(text);
	free_world(w);
}

static void test_files(void **state)
{
	char path[] = "/tmp/test_json.XXXXXX";
	struct world *w = small_world();
	char *text = write_world(w, json_view(), &plain);
	int fd = mkstemp(path), error;
	struct source *source;

	(void)state;
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	source = snapshot_source(path, &error);
	assert_non_null(source);
	/* A source can be asked again. */
	for (int i = 0; i < 2; i++) {
		struct snapshot s = {0};
		struct explained e;

		explained_begin(&e, NULL, NULL, &s, NULL);
		assert_int_equal(source->refresh(source, &everything, &s, &e.sink), 0);
		assert_int_equal(e.rows, 2);
		snapshot_free(&s);
	}
	source->close(source);
	unlink(path);
	assert_null(snapshot_source(path, &error));
	assert_int_equal(error, -ENOENT);
	assert_null(snapshot_source("/", &error));
	assert_int_equal(error, -EISDIR);
	free(text);
	free_world(w);
}

static void test_filters_add_up(void **state)
{
	struct view_options options = {.filter = "state listen"};
	struct world *w = new_world();
	char *text = write_world(w, json_view(), &options);

	(void)state;
	assert_non_null(strstr(text, "\"filter\":\"(sport = :443) and (state listen)\""));
	free(text);
	options.filter = "sport = :443";
	text = write_world(w, json_view(), &options);
	assert_non_null(strstr(text, "\"filter\":\"sport = :443\""));
	free(text);
	free_world(w);
}

static void choose(struct columns *columns, const char *list)
{
	const char *word;
	size_t len;

	assert_int_equal(columns_parse(columns, list, &word, &len), 0);
}

static void test_csv(void **state)
{
	struct view_options options = plain;
	struct world *w = small_world();
	char *text;

	(void)state;
	w->snapshot.owners.processes[0].comm[0] = ';';
	choose(&options.columns, "state,local,sport,dport,process,situation,cookie,rtt,idle,comm");
	w->sockets[1].cookie = 0x3e9;
	w->sockets[1].info.rtt = 4294967295;
	text = write_world(w, csv_view(), &options);
	assert_string_equal(
		text,
		"state,local,local.port,peer.port,owners,situation,cookie,rtt_us,idle,owners.comm\r\n"
		"LISTEN,[::]:443,443,,\"\\x3bgi\"\"nx[812]\",listen/ready,0,,,\";gi\"\"nx\"\r\n"
		"ESTABLISHED,0.0.0.0%eth0:443,443,4711,,established/not-accepted,3e9,4294967295,"
		"1,\r\n");
	free(text);
	options.style.header = false;
	w->count = 0;
	text = write_world(w, csv_view(), &options);
	assert_string_equal(text, "");
	free(text);
	free_world(w);
}

static void test_sorted(void **state)
{
	struct view_options options = plain;
	struct world *w = small_world();
	const char *word;
	size_t len;
	char *text;

	(void)state;
	assert_int_equal(columns_parse_sort(&options.sort, "dport", &word, &len), 0);
	choose(&options.columns, "dport");
	text = write_world(w, csv_view(), &options);
	assert_string_equal(text, "peer.port\r\n4711\r\n\r\n");
	free(text);
	text = write_world(w, json_view(), &options);
	assert_true(strstr(text, "ESTABLISHED") < strstr(text, "LISTEN"));
	assert_lossless(text);
	free(text);
	free_world(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_strange_world_is_lossless),
		cmocka_unit_test(test_empty_is_lossless),
		cmocka_unit_test(test_every_cut),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_wrong_types),
		cmocka_unit_test(test_noise),
		cmocka_unit_test(test_deep_nesting),
		cmocka_unit_test(test_other_spelling),
		cmocka_unit_test(test_sockets_taken_out),
		cmocka_unit_test(test_shared_inode),
		cmocka_unit_test(test_many_owners),
		cmocka_unit_test(test_requests),
		cmocka_unit_test(test_sink_refuses),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_filters_add_up),
		cmocka_unit_test(test_csv),
		cmocka_unit_test(test_sorted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
